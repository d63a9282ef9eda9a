import { closingOf, type Token } from "./scan.ts";

/** How tightly operators bind, from loose to tight. */
const strengths: Readonly<Record<string, number>> = Object.fromEntries(
  [
    ["or"],
    ["xor"],
    ["and", "&&"],
    [],
    ["=", "<=>", ">=", ">", "<=", "<", "<>", "!=", "is", "like", "regexp", "rlike", "in"],
    ["|"],
    ["&"],
    ["<<", ">>"],
    ["-", "+"],
    ["*", "/", "div", "%", "mod"],
    ["^"],
  ].flatMap((words, at) => words.map((word) => [word, at + 1])),
);
const comparison = strengths["="];
const chained = new Set(["or", "and", "&&"]);
const unary = 20;
const atom = 30;

/** Words whose reach is not that of one operator: what stands beside or within is left as it is written. */
const opaque = new Set(
  "between not case when then else end select interval escape collate binary distinct exists any all over !".split(" "),
);

/** Without the parentheses that change nothing: MySQL prints them all, MariaDB none, people some. */
export function withoutIdleParentheses(tokens: readonly Token[]): readonly Token[] {
  let rest = tokens;
  for (let open = rest.length - 1; open >= 0; open--) {
    if (rest[open]?.text !== "(" || rest[open]?.kind !== "sign") continue;
    const close = closingOf(rest, open);
    if (close > 0 && isIdle(rest, open, close)) rest = [...rest.slice(0, open), ...rest.slice(open + 1, close), ...rest.slice(close + 1)];
  }
  return rest;
}

function isIdle(tokens: readonly Token[], open: number, close: number): boolean {
  const within = strengthOf(levelWithin(tokens, open + 1, close));
  const [before, after] = [tokens[open - 1], tokens[close + 1]];
  if (within === undefined || opaqueAround(tokens, open, close)) return false;
  if (before?.kind === "sign" && before.text !== "(" && before.text !== "," && isUnary(tokens, open - 1)) return within > unary;
  const left = neighbour(before, "(");
  const right = neighbour(after, ")");
  if (left === undefined || right === undefined || before?.text === "in") return false;
  // MySQL takes no operator for a pattern
  if (before?.text === "like" && within < unary) return false;
  const chains = (token: Token | undefined): boolean => token !== undefined && chained.has(token.text);
  // comparisons bind alike only in the manual: `(a = b) in (c)` is not `a = b in (c)`
  return (within > left || (within === left && chains(before))) && (within > right || (within === right && right !== comparison));
}

/** The strength of the operator beside; undefined: it is none, so these may be a call's parentheses. */
function neighbour(token: Token | undefined, end: string): number | undefined {
  if (token === undefined || token.text === "," || (token.kind === "sign" && token.text === end)) return 0;
  return token.kind === "sign" || token.kind === "word" ? strengths[token.text] : undefined;
}

/** The loosest operator; undefined where that can't be told. */
function strengthOf(level: readonly Token[]): number | undefined {
  let loosest = level.length === 0 ? undefined : atom;
  for (const [at, token] of level.entries()) {
    if (loosest === undefined || token.text === "," || token.text === "||" || isOpaque(token)) return undefined;
    if (token.kind !== "sign" && token.kind !== "word") continue;
    const strength = isUnary(level, at) ? unary : strengths[token.text];
    if (strength !== undefined) loosest = Math.min(loosest, strength);
  }
  return loosest;
}

function isUnary(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  if (token?.kind !== "sign" || !["-", "+", "~"].includes(token.text)) return false;
  const before = tokens[at - 1];
  return before === undefined || before.text === "(" || before.text === "," || strengths[before.text] !== undefined;
}

function isOpaque(token: Token): boolean {
  return (token.kind === "word" || token.kind === "sign") && opaque.has(token.text);
}

/** The tokens that stand directly within; of inner parentheses the closing one, which is enough to be an operand. */
function levelWithin(tokens: readonly Token[], from: number, to: number): readonly Token[] {
  const level: Token[] = [];
  let depth = 0;
  for (const token of tokens.slice(from, to)) {
    if (token.kind === "sign" && token.text === "(") depth++;
    else if (token.kind === "sign" && token.text === ")") depth--;
    if (depth === 0) level.push(token);
  }
  return level;
}

/** Whether an opaque word stands on the level around. */
function opaqueAround(tokens: readonly Token[], open: number, close: number): boolean {
  return [...around(tokens, open, -1), ...around(tokens, close, 1)].some(isOpaque);
}

function around(tokens: readonly Token[], from: number, step: 1 | -1): readonly Token[] {
  const level: Token[] = [];
  let depth = 0;
  for (let at = from + step; at >= 0 && at < tokens.length && depth >= 0; at += step) {
    const token = tokens[at];
    if (token === undefined) break;
    const opens = token.kind === "sign" && token.text === (step === 1 ? "(" : ")");
    const closes = token.kind === "sign" && token.text === (step === 1 ? ")" : "(");
    if (closes) depth--;
    if (depth === 0 && !opens && !closes) level.push(token);
    if (opens) depth++;
  }
  return level;
}
