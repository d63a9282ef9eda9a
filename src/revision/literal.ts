/** What plain data in JavaScript's notation gives. */
export type Literal = string | number | boolean | null | undefined | readonly Literal[] | { readonly [key: string]: Literal };

/** A place in a source text, moved on by the readers. */
export interface Cursor {
  readonly text: string;
  at: number;
}

/** Something else than plain data stands at `at`. */
export class NotLiteral extends Error {
  readonly at: number;
  readonly expected: string;
  constructor(at: number, expected: string) {
    super(expected);
    this.at = at;
    this.expected = expected;
  }
}

const blank = /(?:\s|\uFEFF|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;
const word = /[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/uy;
const number = /[+-]?(?:0[xX][\da-fA-F]+|(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/y;
const plain: Readonly<Record<string, RegExp>> = { '"': /[^"\\\n]*/y, "'": /[^'\\\n]*/y, "`": /[^`\\$]*/y };
const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f", v: "\v", "0": "\0" };
const escaped = /\\(?:u\{([\da-fA-F]+)\}|u([\da-fA-F]{4})|x([\da-fA-F]{2})|(\r\n|[\s\S]))/y;
const words: Readonly<Record<string, Literal>> = { true: true, false: false, null: null, undefined: undefined };

/** White space and comments. */
export function skipBlank(cursor: Cursor): void {
  take(cursor, blank);
}

/** Whether `text` comes next, after white space; it is passed then. */
export function next(cursor: Cursor, text: string): boolean {
  skipBlank(cursor);
  if (!cursor.text.startsWith(text, cursor.at)) return false;
  cursor.at += text.length;
  return true;
}

/** A name before a colon or parenthesis: bare or quoted. */
export function readKey(cursor: Cursor): string {
  skipBlank(cursor);
  const name = take(cursor, word);
  if (name !== "") return name;
  const quote = cursor.text[cursor.at];
  if (quote === '"' || quote === "'") return readString(cursor);
  throw new NotLiteral(cursor.at, "a name");
}

export function readLiteral(cursor: Cursor): Literal {
  skipBlank(cursor);
  const start = cursor.at;
  switch (cursor.text[start]) {
    case '"':
    case "'":
    case "`":
      return readString(cursor);
    case "[":
      return readArray(cursor);
    case "{":
      return readObject(cursor);
  }
  const digits = take(cursor, number);
  if (digits !== "") return Number(digits.replaceAll("_", ""));
  const name = take(cursor, word);
  if (name !== "" && Object.hasOwn(words, name)) return words[name];
  // what compilers make of undefined
  if (name === "void" && next(cursor, "0")) return undefined;
  throw new NotLiteral(start, "a plain string, number, array or object");
}

function readArray(cursor: Cursor): readonly Literal[] {
  const values: Literal[] = [];
  cursor.at++;
  while (!next(cursor, "]")) {
    values.push(readLiteral(cursor));
    if (!next(cursor, ",") && !ahead(cursor, "]")) throw new NotLiteral(cursor.at, "a comma or ]");
  }
  return values;
}

function readObject(cursor: Cursor): { readonly [key: string]: Literal } {
  const entries: [string, Literal][] = [];
  cursor.at++;
  while (!next(cursor, "}")) {
    const key = readKey(cursor);
    if (!next(cursor, ":")) throw new NotLiteral(cursor.at, `a colon after ${key}`);
    const value = readLiteral(cursor);
    if (value !== undefined) entries.push([key, value]);
    if (!next(cursor, ",") && !ahead(cursor, "}")) throw new NotLiteral(cursor.at, "a comma or }");
  }
  return Object.fromEntries(entries);
}

function readString(cursor: Cursor): string {
  const start = cursor.at;
  const quote = cursor.text[start] ?? "";
  let value = "";
  cursor.at++;
  for (;;) {
    value += take(cursor, plain[quote] ?? blank);
    const char = cursor.text[cursor.at];
    if (char === quote) {
      cursor.at++;
      return quote === "`" ? value.replaceAll("\r\n", "\n") : value;
    }
    if (char === "\\") value += readEscape(cursor);
    else if (char === "$" && cursor.text[cursor.at + 1] !== "{") {
      value += char;
      cursor.at++;
    } else throw new NotLiteral(start, char === "$" ? "a string with nothing computed in it" : "a closed string");
  }
}

function readEscape(cursor: Cursor): string {
  escaped.lastIndex = cursor.at;
  const found = escaped.exec(cursor.text);
  if (found === null) throw new NotLiteral(cursor.at, "an escape");
  cursor.at = escaped.lastIndex;
  const code = found[1] ?? found[2] ?? found[3];
  if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16));
  const char = found[4] ?? "";
  if (char === "\n" || char === "\r\n") return "";
  return escapes[char] ?? char;
}

function ahead(cursor: Cursor, text: string): boolean {
  skipBlank(cursor);
  return cursor.text.startsWith(text, cursor.at);
}

function take(cursor: Cursor, pattern: RegExp): string {
  pattern.lastIndex = cursor.at;
  const found = pattern.exec(cursor.text);
  if (found === null) return "";
  cursor.at = pattern.lastIndex;
  return found[0];
}
