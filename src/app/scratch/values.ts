import type { Column } from "../../core/schema.ts";
import { elementType } from "../../diff/mentions.ts";

/** How a value is made for the n-th row: as SQL. */
type Maker = (n: number, match: RegExpExecArray) => string;

const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;
/** Letters that a careless step may break, and short enough for short columns to differ. */
const words = ["a", "b", "c", "Zoë's", 'd"e', "f%_g"];
const wordOf = (n: number, length: number): string => {
  const word = words[(n + 3) % words.length] ?? "";
  return text(length < word.length ? String.fromCharCode(97 + (n % 26)) : word);
};
const two = (n: number): string => String(n + 1).padStart(2, "0");

/** Types in the servers' own words, both engines'. The first that fits is taken. */
const makers: readonly (readonly [RegExp, Maker])[] = [
  [/^(?:boolean|bool|tinyint\(1\))$/, (n) => (n % 2 === 0 ? "true" : "false")],
  [/^(?:bigint|integer|int|mediumint|smallint|tinyint|oid)\b/, (n) => String(n + 1)],
  [
    /^(?:numeric|decimal)(?:\((\d+)(?:,\s*(\d+))?\))?/,
    (n, [, precision, scale]) => decimal(n, Number(precision ?? 10), Number(scale ?? 0)),
  ],
  [/^(?:real|double(?: precision)?|float)/, (n) => `${n + 1}.5`],
  [/^money$/, (n) => `'${n + 1}.50'`],
  [/^(?:character varying|varchar|character|char|bpchar)(?:\((\d+)\))?/, (n, [, length]) => wordOf(n, Number(length ?? 1))],
  [/^(?:text|citext|tinytext|mediumtext|longtext|name)$/, (n) => wordOf(n, 255)],
  [/^uuid$/, (n) => `'00000000-0000-4000-8000-0000000000${two(n)}'`],
  [/^date$/, (n) => `'2024-02-${two(n + 27)}'`],
  [/^(?:timestamp|datetime)/, (n) => `'2024-02-29 23:59:${two(n)}'`],
  [/^time\b/, (n) => `'23:59:${two(n)}'`],
  [/^interval/, (n) => `'${n + 1} days 01:02:03'`],
  [/^year/, (n) => String(2000 + n)],
  [/^jsonb?$/, (n) => `'{"n": ${n}, "list": ["ä"]}'`],
  [/^bytea$/, (n) => `'\\x00ff${two(n)}'`],
  [/^(?:binary|varbinary)(?:\((\d+)\))?/, (n) => `x'${two(n)}'`],
  [/^(?:tinyblob|blob|mediumblob|longblob)/, (n) => `x'00ff${two(n)}'`],
  [/^(?:bit varying|varbit)/, () => "B'1'"],
  [/^bit\((\d+)\)$|^bit$/, (n, [, length]) => `B'${(n % 2 === 0 ? "1" : "0").repeat(Number(length ?? 1))}'`],
  [/^inet$/, (n) => `'10.0.0.${n + 1}'`],
  [/^inet4$/, (n) => `'10.0.0.${n + 1}'`],
  [/^inet6$/, (n) => `'2001:db8::${n + 1}'`],
  [/^cidr$/, (n) => `'10.${n}.0.0/16'`],
  [/^macaddr8?$/, (n) => `'08:00:2b:01:02:${two(n)}'`],
  [/^point$/, (n) => `POINT(${n}, 1)`],
  [/^(?:geometry|linestring|polygon|multi\w+|geometrycollection)/, () => ""],
  [/^int[48]range$/, (n) => `'[${n},${n + 10})'`],
  [/^numrange$/, (n) => `'[${n}.5,${n + 10})'`],
  [/^(?:ts|tstz)range$/, (n) => `'[2024-02-${two(n)} 10:00, 2024-02-${two(n)} 11:00)'`],
  [/^daterange$/, (n) => `'[2024-02-${two(n)},2024-03-01)'`],
  [/^tsvector$/, (n) => `'word${n}'`],
  [/^tsquery$/, (n) => `'word${n}'`],
  [/^xml$/, (n) => `'<n>${n}</n>'`],
  [/^hstore$/, (n) => `'n => ${n}'`],
  [/^ltree$/, (n) => `'top.n${n}'`],
];

function decimal(n: number, precision: number, scale: number): string {
  const whole = precision - scale;
  const fraction = scale === 0 ? "" : `.${"5".padStart(scale, "0")}`;
  return `${whole <= 0 ? "0" : n % 10 ** Math.min(whole, 6)}${fraction}`;
}

/** Values of `enum('a','b')` and `set('a','b')` as the type says them. */
export function listedValues(type: string): readonly string[] | null {
  const listed = /^(?:enum|set)\((.*)\)/is.exec(type);
  return listed === null ? null : [...(listed[1] ?? "").matchAll(/'(?:[^']|'')*'/g)].map(([value]) => value);
}

/** A value for the column in the n-th row, as SQL; null where nobody knows one. */
export function valueFor({ type }: Pick<Column, "type">, n: number, enumValues: readonly string[] | null): string | null {
  const element = elementType(type);
  if (element !== type) {
    const inner = valueFor({ type: element }, n, enumValues);
    return inner === null ? `'{}'` : `ARRAY[${inner}]::${type}`;
  }
  const values = enumValues ?? listedValues(type);
  if (values !== null) return values[n % values.length] ?? null;
  const words = type.toLowerCase();
  for (const [pattern, maker] of makers) {
    const match = pattern.exec(words);
    if (match !== null) return maker(n, match) || null;
  }
  return null;
}

/** What a check speaks of, as values that may fulfil it: its texts, its numbers and their neighbours. */
export function valuesIn(expression: string): readonly string[] {
  const texts = [...expression.matchAll(/'(?:[^']|'')*'/g)].map(([value]) => value);
  const numbers = [...expression.replaceAll(/'(?:[^']|'')*'/g, "").matchAll(/(?<![\w.])\d+(?:\.\d+)?/g)].map(([value]) => Number(value));
  return [...texts, ...numbers.flatMap((n) => [n + 1, n, n - 1].map(String))];
}
