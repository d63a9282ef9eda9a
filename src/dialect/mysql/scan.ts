import { type Token as Cut, nameIn, tokensOf } from "../../core/tokens.ts";

/** The words of an SQL text, as far as spellings are compared. Spaces and comments are not kept. */
export interface Token {
  readonly kind: Exclude<Cut["kind"], "space">;
  /** as it stands in the text; words in lower case */
  readonly text: string;
  /** what a name, a string or bytes (in hexadecimal) say */
  readonly value: string;
  /** where it begins in the text, and where the next thing begins */
  readonly start: number;
  readonly end: number;
}

export function scan(sql: string): readonly Token[] {
  const tokens: Token[] = [];
  for (const token of tokensOf(sql, "mysql")) {
    const { kind, text, start } = token;
    if (kind === "space") continue;
    tokens.push({ kind, text: kind === "word" ? text.toLowerCase() : text, value: meaningOf(token), start, end: start + text.length });
  }
  return tokens;
}

function meaningOf(token: Cut): string {
  if (token.kind === "string") return withoutEscapes(token.text.replace(/^[nN]/, ""));
  return token.kind === "bytes" ? hexOf(token.text) : nameIn(token, "mysql");
}

function withoutEscapes(quoted: string): string {
  const quote = quoted[0] ?? "'";
  return quoted
    .slice(1, -1)
    .replace(/\\([\s\S])|''|""/g, (all, escaped: string | undefined) =>
      escaped === undefined ? (all[0] === quote ? quote : all) : (escapes[escaped] ?? (escaped === "%" || escaped === "_" ? all : escaped)),
    );
}
const escapes: Readonly<Record<string, string>> = { 0: "\0", b: "\b", n: "\n", r: "\r", t: "\t", Z: "\x1a" };

function hexOf(text: string): string {
  if (/^(x'|0x)/i.test(text)) return text.replace(/^(x'|0x)|'$/gi, "").toLowerCase();
  const bits = text.replace(/^(b'|0b)|'$/gi, "");
  return BigInt(`0b${bits || "0"}`).toString(16);
}

/** A string as the one spelling that both flavors read alike. */
export function literal(value: string): string {
  return `'${[...value].map((character) => spelled[character] ?? character).join("")}'`;
}
const spelled: Readonly<Record<string, string>> = { "'": "''", "\\": "\\\\", "\0": "\\0", "\n": "\\n", "\r": "\\r", "\x1a": "\\Z" };

/** Without the parentheses around the whole, however many. */
export function withoutOuterParentheses(tokens: readonly Token[]): readonly Token[] {
  let rest = tokens;
  while (rest.length > 1 && rest[0]?.text === "(" && closingOf(rest, 0) === rest.length - 1) rest = rest.slice(1, -1);
  return rest;
}

/** The place of the parenthesis that closes the one at `open`; -1 when none does. */
export function closingOf(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    const text = tokens[at]?.text;
    if (text === "(") depth++;
    if (text === ")" && --depth === 0) return at;
  }
  return -1;
}

export function quoted(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}

/** What the server takes off the values of an enum, a set and a char: spaces, and no other blanks. */
export const withoutTrailingSpaces = (text: string): string => text.replace(/ +$/, "");

/** A query that others are put around ends with its last word. */
export const withoutEnd = (sql: string): string => sql.replace(/[;\s]+$/, "");
