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
const asciiWord = /[A-Za-z$_][\w$]*(?![\u0080-\uffff])/y;
const anyWord = /[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/uy;
const number = /[+-]?(?:0[xX][\da-fA-F]+|(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/y;
const plain: Readonly<Record<string, RegExp>> = { '"': /[^"\\\n]*/y, "'": /[^'\\\n]*/y, "`": /[^`\\$]*/y };
const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f", v: "\v", "0": "\0" };
const escaped = /\\(?:u\{([\da-fA-F]+)\}|u([\da-fA-F]{4})|x([\da-fA-F]{2})|(\r\n|[\s\S]))/y;
const slash = 47;
const words: Readonly<Record<string, Literal>> = { true: true, false: false, null: null, undefined: undefined };

/** White space and comments. Thousands of files are read at a time: what is nearly always there is met without a regular expression. */
export function skipBlank(cursor: Cursor): void {
  let code = cursor.text.charCodeAt(cursor.at);
  while (code === 32 || code === 10 || code === 13 || code === 9) code = cursor.text.charCodeAt(++cursor.at);
  if (code === slash || code > 127) take(cursor, blank);
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
  const name = takeWord(cursor);
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
  const name = takeWord(cursor);
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
  const simple = readSimple(cursor, quote);
  if (simple !== null) return simple;
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

/** A string in which nothing has a meaning, which is nearly every one. */
function readSimple(cursor: Cursor, quote: string): string | null {
  const end = cursor.text.indexOf(quote, cursor.at);
  const value = cursor.text.slice(cursor.at, end);
  if (end < 0 || quote === "`" || value.includes("\\") || value.includes("\n")) return null;
  cursor.at = end + 1;
  return apart(value);
}

/** A part of a text keeps the whole text in memory; this is one that does not. */
export const apart = (text: string): string => (text.length < 13 ? text : ` ${text}`.slice(1));

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

/** Names of other alphabets are rare, and their regular expression takes long to make ready. */
function takeWord(cursor: Cursor): string {
  const name = take(cursor, asciiWord);
  return name === "" && cursor.text[cursor.at] !== '"' ? take(cursor, anyWord) : name;
}

function take(cursor: Cursor, pattern: RegExp): string {
  pattern.lastIndex = cursor.at;
  const start = cursor.at;
  if (!pattern.test(cursor.text)) return "";
  cursor.at = pattern.lastIndex;
  return cursor.text.slice(start, cursor.at);
}
