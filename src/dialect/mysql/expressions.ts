import { mayBeColumn } from "../../core/tokens.ts";
import { withoutIdleParentheses } from "./parentheses.ts";
import { literal, quoted, scan, type Token, withoutOuterParentheses } from "./scan.ts";

/**
 * An expression as MariaDB prints it, as far as that can be known without asking a server: names in backticks, the rest in lower
 * case, strings in one spelling, no parentheses around the whole. What still differs the server decides.
 */
export function normalizeExpression(text: string, columns: readonly string[] = []): string {
  return printTokens(withoutOuterParentheses(withoutIdleParentheses(withoutIntroducers(scan(text)))), columns);
}

/** `_utf8mb4'a'` is `'a'`: the connection speaks it anyway. */
export function withoutIntroducers(tokens: readonly Token[]): readonly Token[] {
  return tokens.filter((token, at) => !(introducers.has(token.text) && tokens[at + 1]?.kind === "string"));
}
const introducers = new Set(["_utf8mb4", "_utf8mb3", "_utf8"]);

/** Words that may stand before a parenthesis without being a function's name. */
const keywords = new Set(
  "and or not in is xor like rlike regexp between when then else case div mod interval as on from where select distinct over using exists any all by having values".split(
    " ",
  ),
);
export function printTokens(tokens: readonly Token[], columns: readonly string[] = []): string {
  const names = new Map(columns.map((column) => [column.toLowerCase(), column]));
  const print = (token: Token, at: number): string => {
    const followed = tokens[at + 1]?.text === "(";
    if (token.kind === "string") return literal(token.value);
    if (token.kind === "bytes") return token.text.toLowerCase();
    if (token.kind === "name") return quoted(names.get(token.value.toLowerCase()) ?? token.value);
    if (token.kind === "sign") return token.text === "!=" ? "<>" : token.text === "&&" ? "and" : token.text;
    if (token.kind !== "word" || followed) return functions[token.text] ?? token.text;
    const column = mayBeColumn(tokens, at) ? names.get(token.text) : undefined;
    return column === undefined ? (bare[token.text] ?? token.text) : quoted(column);
  };
  let text = "";
  tokens.forEach((token, at) => {
    const previous = tokens[at - 1];
    if (previous !== undefined && spaced(previous, token, tokens[at - 2])) text += " ";
    text += print(token, at);
  });
  return text;
}

/** Names that the servers know under several spellings. */
const functions: Readonly<Record<string, string>> = {
  now: "current_timestamp",
  localtime: "current_timestamp",
  localtimestamp: "current_timestamp",
  current_date: "curdate",
  current_time: "curtime",
  lcase: "lower",
  ucase: "upper",
  character_length: "char_length",
  power: "pow",
  substring: "substr",
  ceil: "ceiling",
};
const bare: Readonly<Record<string, string>> = {
  current_timestamp: "current_timestamp()",
  localtime: "current_timestamp()",
  localtimestamp: "current_timestamp()",
  current_date: "curdate()",
  current_time: "curtime()",
  utc_timestamp: "utc_timestamp()",
  utc_date: "utc_date()",
  utc_time: "utc_time()",
};

function spaced(previous: Token, token: Token, before: Token | undefined): boolean {
  if ([")", ",", "."].includes(token.text) || [".", "(", ","].includes(previous.text) || isUnarySign(previous, before)) return false;
  if (token.text === "(") return previous.kind === "sign" || (previous.kind === "word" && keywords.has(previous.text));
  return true;
}

function isUnarySign(token: Token, before: Token | undefined): boolean {
  if (token.kind !== "sign" || !["-", "+", "!", "~"].includes(token.text)) return false;
  return before === undefined || (before.kind === "sign" && before.text !== ")") || (before.kind === "word" && keywords.has(before.text));
}
