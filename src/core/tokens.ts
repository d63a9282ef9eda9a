import type { Flavor } from "./operation.ts";

export interface Token {
  readonly kind: "space" | "string" | "bytes" | "name" | "word" | "number" | "sign";
  readonly text: string;
  /** where it begins in the text */
  readonly start: number;
}

const postgres = new RegExp(
  [
    String.raw`(?<space>(?:\s|--[^\n]*|/\*[\s\S]*?\*/)+)`,
    String.raw`(?<string>[eE]'(?:[^'\\]|\\[\s\S]|'')*'|(?:[bBxXnN]|[uU]&)?'(?:[^']|'')*'|(?<tag>\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$)[\s\S]*?\k<tag>)`,
    '(?<name>"(?:[^"]|"")*")',
    String.raw`(?<word>[\p{L}_][\p{L}\p{N}_$]*)`,
    String.raw`(?<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)`,
    String.raw`(?<sign>::|[\s\S])`,
  ].join("|"),
  "gu",
);
const mysql = new RegExp(
  [
    String.raw`(?<space>\s+|/\*[\s\S]*?\*/|#[^\n]*|--\s[^\n]*)`,
    String.raw`(?<bytes>[xX]'[0-9a-fA-F]*'|0x[0-9a-fA-F]+\b|[bB]'[01]*'|0b[01]+\b)`,
    String.raw`(?<string>[nN]?'(?:[^'\\]|\\[\s\S]|'')*'|"(?:[^"\\]|\\[\s\S]|"")*")`,
    "(?<name>`(?:[^`]|``)*`)",
    String.raw`(?<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\p{L}\p{N}_$]))`,
    String.raw`(?<word>[\p{L}\p{N}_$@]+)`,
    String.raw`(?<sign><=>|<=|>=|<>|!=|:=|->>|->|\|\||&&|<<|>>|[\s\S])`,
  ].join("|"),
  "gu",
);
const patterns: Readonly<Record<Flavor, RegExp>> = { postgres, mysql, mariadb: mysql };

/** SQL cut at the borders of what must not be looked into: strings, names in quotes, comments. */
export function tokensOf(sql: string, flavor: Flavor): readonly Token[] {
  return Array.from(sql.matchAll(patterns[flavor]), ({ groups = {}, 0: text, index: start }): Token => {
    if (groups.space !== undefined) return { kind: "space", text, start };
    if (groups.string !== undefined) return { kind: "string", text, start };
    if (groups.name !== undefined) return { kind: "name", text, start };
    if (groups.word !== undefined) return { kind: "word", text, start };
    if (groups.number !== undefined) return { kind: "number", text, start };
    return { kind: groups.bytes === undefined ? "sign" : "bytes", text, start };
  });
}

/** What a name or a word says: PostgreSQL takes bare ones for lower case. */
export function nameIn({ kind, text }: Token, flavor: Flavor): string {
  if (kind !== "name") return flavor === "postgres" ? text.toLowerCase() : text;
  const quote = text.slice(0, 1);
  return text.slice(1, -1).replaceAll(quote + quote, quote);
}

/** Words that stand for themselves also where a column has their name: units and types. In the server's own words such a column has quotes. */
const ambiguous = new Set(
  "year quarter month week day hour minute second microsecond date time timestamp datetime char binary signed unsigned json decimal true false null".split(
    " ",
  ),
);

/** Whether the name or word at this place of an expression may be a column's: no function's, no type's. Without spaces between the tokens. */
export function mayBeColumn(tokens: readonly Pick<Token, "kind" | "text">[], at: number): boolean {
  const [before, token, next] = [tokens[at - 1], tokens[at], tokens[at + 1]];
  if (before?.text === "::" || next?.text === "(") return false;
  return token?.kind === "name" || (token?.kind === "word" && next?.kind !== "string" && !ambiguous.has(token.text.toLowerCase()));
}
