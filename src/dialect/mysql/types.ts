import { remembered } from "../shared/remember.ts";
import type { Characters } from "./charsets.ts";
import { closingOf, literal, scan, type Token, withoutTrailingSpaces } from "./scan.ts";

interface Typed extends Characters {
  readonly type: string;
}

/** The one spelling of a column's type; a character set and collation that stand among its words are set apart. */
export const normalizeType = remembered((text: string): Typed => {
  const tokens = scan(text);
  const { base, rest } = takeName(tokens);
  const { parts, words } = takeArguments(rest);
  const said = charactersAmong(words);
  const flags = new Set(words.map((word) => word.text));
  return { type: spell(base, parts, flags), ...said };
});

/** The type's first word: `varchar` of `varchar(20)`. */
export function baseType(type: string): string {
  return /^[a-z0-9_]+/i.exec(type)?.[0]?.toLowerCase() ?? type;
}

const phrases: readonly (readonly [string, string])[] = [
  ["national character varying", "varchar"],
  ["national char varying", "varchar"],
  ["national varchar", "varchar"],
  ["national character", "char"],
  ["national char", "char"],
  ["nchar varchar", "varchar"],
  ["nchar varying", "varchar"],
  ["character varying", "varchar"],
  ["char varying", "varchar"],
  ["double precision", "double"],
  ["long varbinary", "mediumblob"],
  ["long varchar", "mediumtext"],
];
const synonyms: Readonly<Record<string, string>> = {
  integer: "int",
  int1: "tinyint",
  int2: "smallint",
  int3: "mediumint",
  int4: "int",
  int8: "bigint",
  middleint: "mediumint",
  dec: "decimal",
  numeric: "decimal",
  fixed: "decimal",
  number: "decimal",
  real: "double",
  float4: "float",
  float8: "double",
  nchar: "char",
  character: "char",
  nvarchar: "varchar",
  varcharacter: "varchar",
  long: "mediumtext",
  geomcollection: "geometrycollection",
};

function takeName(tokens: readonly Token[]): { readonly base: string; readonly rest: readonly Token[] } {
  for (const [phrase, base] of phrases) {
    const words = phrase.split(" ");
    if (words.every((word, at) => tokens[at]?.text === word)) return { base, rest: tokens.slice(words.length) };
  }
  const first = tokens[0]?.text ?? "";
  return { base: synonyms[first] ?? first, rest: tokens.slice(1) };
}

function takeArguments(tokens: readonly Token[]): { readonly parts: readonly Token[]; readonly words: readonly Token[] } {
  const open = tokens.findIndex((token) => token.text === "(");
  const close = open < 0 ? -1 : closingOf(tokens, open);
  if (close < 0) return { parts: [], words: tokens };
  const parts = tokens.slice(open + 1, close).filter((token) => token.text !== ",");
  return { parts, words: [...tokens.slice(0, open), ...tokens.slice(close + 1)] };
}

function charactersAmong(words: readonly Token[]): Characters {
  const said: { charset?: string; collation?: string } = {};
  words.forEach((word, at) => {
    const next = words[at + 1];
    if (next === undefined) return;
    if (word.text === "charset" || (word.text === "set" && words[at - 1]?.text === "character")) said.charset = next.value;
    if (word.text === "collate") said.collation = next.value;
  });
  return said;
}

const integers: Readonly<Record<string, number>> = { tinyint: 3, smallint: 5, mediumint: 8, int: 10, bigint: 20 };

function spell(base: string, parts: readonly Token[], flags: ReadonlySet<string>): string {
  const numbers = parts.map((part) => part.text);
  const signs = flags.has("zerofill") ? " unsigned zerofill" : flags.has("unsigned") ? " unsigned" : "";
  if (base === "bool" || base === "boolean") return "tinyint(1)";
  if (base === "serial") return "bigint unsigned";
  if (base === "enum" || base === "set") return `${base}(${parts.map((part) => literal(withoutTrailingSpaces(part.value))).join(",")})`;
  const width = integers[base];
  if (width !== undefined) {
    if (flags.has("zerofill")) return `${base}(${numbers[0] ?? width})${signs}`;
    return base === "tinyint" && numbers[0] === "1" && signs === "" ? "tinyint(1)" : base + signs;
  }
  if (base === "decimal") return `decimal(${numbers[0] ?? 10},${numbers[1] ?? 0})${signs}`;
  if (base === "float" && numbers.length === 1) return (Number(numbers[0]) > 24 ? "double" : "float") + signs;
  if (base === "double" && numbers.length === 1) return base + signs;
  if (base === "bit" || base === "char" || base === "binary") return `${base}(${numbers[0] ?? 1})`;
  if (base === "year") return "year";
  const fraction = ["datetime", "timestamp", "time"].includes(base) && numbers[0] === "0";
  return base + (numbers.length === 0 || fraction ? "" : `(${numbers.join(",")})`) + signs;
}
