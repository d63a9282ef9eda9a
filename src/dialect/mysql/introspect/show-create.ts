import { closingOf, scan, type Token } from "../scan.ts";

/** What only SHOW CREATE TABLE says without loss. */
export interface Shown {
  readonly columns: ReadonlyMap<string, ShownColumn>;
  readonly checks: ReadonlyMap<string, string>;
  readonly parsers: ReadonlyMap<string, string>;
}
interface ShownColumn {
  readonly default?: string;
  readonly generated?: string;
}

export function parseShown(create: string): Shown {
  const columns = new Map<string, ShownColumn>();
  const checks = new Map<string, string>();
  const parsers = new Map<string, string>();
  for (const part of partsOf(create)) {
    const [first, second] = part;
    if (first === undefined || second === undefined) continue;
    const raw = create.slice(first.start, part.at(-1)?.end);
    if (first.kind === "name") columns.set(first.value, columnOf(part, create));
    else if (first.text === "constraint") checkInto(checks, second.value, part, create);
    else if (first.text === "fulltext") {
      // a comment to scan(), which is cut off at the part's last word: the search runs on to the line's end
      const line = create.slice(first.start, create.indexOf("\n", first.start) + 1) || raw;
      const parser = /WITH PARSER `?(\w+)/i.exec(line)?.[1];
      const name = part.find((token) => token.kind === "name")?.value;
      if (parser !== undefined && name !== undefined) parsers.set(name, parser);
    }
  }
  return { columns, checks, parsers };
}

/** The list between the outermost parentheses, cut at its commas. */
function partsOf(create: string): readonly (readonly Token[])[] {
  const tokens = scan(create);
  const open = tokens.findIndex((token) => token.text === "(");
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens.slice(open + 1, closingOf(tokens, open))) {
    if (token.text === "(") depth++;
    if (token.text === ")") depth--;
    if (token.text === "," && depth === 0) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}

function checkInto(checks: Map<string, string>, name: string, part: readonly Token[], create: string): void {
  const open = part.findIndex((token, at) => token.text === "(" && part[at - 1]?.text === "check");
  if (open > 0) checks.set(name, inside(part, open, create));
}

const ends = new Set(["on", "comment", "check", "invisible", "constraint", "collate"]);

function columnOf(part: readonly Token[], create: string): ShownColumn {
  const found: { default?: string; generated?: string } = {};
  let depth = 0;
  for (const [at, token] of part.entries()) {
    if (token.text === "(") depth++;
    if (token.text === ")") depth--;
    if (depth > 0 || token.kind !== "word") continue;
    if (token.text === "as" && part[at + 1]?.text === "(") found.generated = inside(part, at + 1, create);
    if (token.text === "default" && found.default === undefined) found.default = expressionFrom(part, at + 1, create);
  }
  return found;
}

function expressionFrom(part: readonly Token[], from: number, create: string): string {
  let depth = 0;
  let to = from;
  for (; to < part.length; to++) {
    const token = part[to];
    if (token?.text === "(") depth++;
    if (token?.text === ")") depth--;
    if (depth === 0 && token?.kind === "word" && ends.has(token.text)) break;
  }
  return create.slice(part[from]?.start, part[to - 1]?.end);
}

function inside(part: readonly Token[], open: number, create: string): string {
  const close = closingOf(part, open);
  return create.slice(part[open]?.end, part[close]?.start).trim();
}
