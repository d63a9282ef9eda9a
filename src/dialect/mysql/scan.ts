/** The words of an SQL text, as far as spellings are compared. Spaces and comments are not kept. */
export interface Token {
  readonly kind: "word" | "name" | "string" | "bytes" | "number" | "sign";
  /** as it stands in the text; words in lower case */
  readonly text: string;
  /** what a name, a string or bytes (in hexadecimal) say */
  readonly value: string;
  /** where it begins in the text, and where the next thing begins */
  readonly start: number;
  readonly end: number;
}

const pattern =
  /(?<space>\s+|\/\*[\s\S]*?\*\/|#[^\n]*|--\s[^\n]*)|(?<bytes>[xX]'[0-9a-fA-F]*'|0x[0-9a-fA-F]+\b|[bB]'[01]*'|0b[01]+\b)|(?<string>[nN]?'(?:[^'\\]|\\[\s\S]|'')*'|"(?:[^"\\]|\\[\s\S]|"")*")|(?<name>`(?:[^`]|``)*`)|(?<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\p{L}\p{N}_$]))|(?<word>[\p{L}\p{N}_$@]+)|(?<sign><=>|<=|>=|<>|!=|:=|->>|->|\|\||&&|<<|>>|[\s\S])/gu;

export function scan(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (const match of text.matchAll(pattern)) {
    const kind = kinds.find((each) => match.groups?.[each] !== undefined);
    if (kind === undefined) continue;
    const [found] = match;
    tokens.push({
      kind,
      text: kind === "word" ? found.toLowerCase() : found,
      value: meaningOf(kind, found),
      start: match.index,
      end: match.index + found.length,
    });
  }
  return tokens;
}
const kinds = ["word", "name", "string", "bytes", "number", "sign"] as const;

function meaningOf(kind: Token["kind"], text: string): string {
  if (kind === "name") return text.slice(1, -1).replaceAll("``", "`");
  if (kind === "string") return withoutEscapes(text.replace(/^[nN]/, ""));
  if (kind === "bytes") return hexOf(text);
  return text;
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
