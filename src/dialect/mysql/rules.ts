import { renamedIn } from "../../core/operations/expressions.ts";
import type { Conversion, Rules } from "../../core/rules.ts";
import type { Column } from "../../core/schema.ts";
import { baseType } from "./types.ts";

const longestName = 64;

export const rules: Rules = {
  conversion,
  enumTypes: false,
  enumValuesInPlace: false,
  dependentsBlock: false,
  defaultRenamed: (value, name) => renamedIn(value, name, "mysql"),
  foreignKeysBlockRetype: true,
  restrictIsNoAction: true,
  foreignKeysNeedIndex: true,
  fitsIdentifier: (name) => [...name].length <= longestName,
  keptName: (name) => name,
  typeName: ({ schema, name }) => (schema === undefined ? name : `${schema}.${name}`),
};

type Family =
  | "number"
  | "bit"
  | "text"
  | "bytes"
  | "choice"
  | "date"
  | "time"
  | "moment"
  | "year"
  | "json"
  | "uuid"
  | "address"
  | "geometry"
  | "other";

/**
 * MODIFY converts the values by itself, and in strict mode it fails on a row that it can't convert: the data is asked before.
 * What it would take silently for something else is asked of a person.
 */
export function conversion(from: Column, to: Column): Conversion {
  if (from.type === to.type) return { kind: "none" };
  const [before, after] = [familyOf(from.type), familyOf(to.type)];
  if (before === after && before !== "geometry" && before !== "address" && before !== "other") return { kind: "assign" };
  if (assigned[before]?.includes(after) || (before === "geometry" && to.type === "geometry")) return { kind: "assign" };
  return {
    kind: "ask",
    because: reasons[before]?.[after] ?? `${from.type} does not become ${to.type} by itself`,
    ...guessOf(before, after, from.name),
  };
}

const assigned: Readonly<Partial<Record<Family, readonly Family[]>>> = {
  number: ["text"],
  bit: ["number"],
  text: ["number", "choice", "date", "time", "moment", "json", "uuid", "address", "bytes"],
  choice: ["text"],
  date: ["moment", "text"],
  time: ["text"],
  moment: ["date", "text"],
  year: ["number", "text"],
  json: ["text"],
  uuid: ["text"],
  address: ["text"],
};

const reasons: Readonly<Partial<Record<Family, Readonly<Partial<Record<Family, string>>>>>> = {
  number: {
    moment: "a number is read as the digits of a date, not as seconds",
    date: "a number is read as the digits of a date, not as days",
    time: "a number is read as the digits of a time, not as seconds",
    choice: "a number is read as the place of the value in the list",
    bytes: "the bytes would be the number's digits",
    json: "a number that is stored as text",
    uuid: "a number has no uuid of its own",
  },
  moment: {
    number: "a date becomes its digits, not seconds",
    time: "the date is lost",
    year: "only the year is kept",
  },
  date: { number: "a date becomes its digits" },
  time: { moment: "the time is put on today's date", number: "a time becomes its digits" },
  bytes: { text: "the bytes are read in the column's character set" },
  uuid: { bytes: "the order of the bytes must be chosen" },
};

function guessOf(before: Family, after: Family, name: string): { readonly guess?: string } {
  const column = `\`${name.replaceAll("`", "``")}\``;
  if (before === "number" && after === "moment") return { guess: `FROM_UNIXTIME(${column})` };
  if (before === "number" && after === "date") return { guess: `DATE(FROM_UNIXTIME(${column}))` };
  if (before === "number" && after === "time") return { guess: `SEC_TO_TIME(${column})` };
  if (before === "moment" && after === "number") return { guess: `UNIX_TIMESTAMP(${column})` };
  if (before === "time" && after === "number") return { guess: `TIME_TO_SEC(${column})` };
  if (before === "moment" && after === "year") return { guess: `YEAR(${column})` };
  if (before === "moment" && after === "time") return { guess: `TIME(${column})` };
  // the same number gives the same uuid wherever it stands: foreign keys hold
  if (before === "number" && after === "uuid") return { guess: `CONCAT('00000000-0000-0000-0000-', LPAD(HEX(${column}), 12, '0'))` };
  if (before === "uuid" && after === "number") return { guess: `CONV(RIGHT(${column}, 12), 16, 10)` };
  if (before === "bytes" && after === "text") return { guess: `CONVERT(${column} USING utf8mb4)` };
  if (before === "number" && (after === "json" || after === "choice")) return { guess: `CAST(${column} AS CHAR)` };
  if (before === "geometry" && after === "text") return { guess: `ST_AsText(${column})` };
  if (before === "text" && after === "geometry") return { guess: `ST_GeomFromText(${column})` };
  return {};
}

const families: Readonly<Record<string, Family>> = {
  tinyint: "number",
  smallint: "number",
  mediumint: "number",
  int: "number",
  bigint: "number",
  decimal: "number",
  float: "number",
  double: "number",
  bit: "bit",
  char: "text",
  varchar: "text",
  tinytext: "text",
  text: "text",
  mediumtext: "text",
  longtext: "text",
  binary: "bytes",
  varbinary: "bytes",
  tinyblob: "bytes",
  blob: "bytes",
  mediumblob: "bytes",
  longblob: "bytes",
  enum: "choice",
  set: "choice",
  date: "date",
  time: "time",
  datetime: "moment",
  timestamp: "moment",
  year: "year",
  json: "json",
  uuid: "uuid",
  inet4: "address",
  inet6: "address",
  geometry: "geometry",
  point: "geometry",
  linestring: "geometry",
  polygon: "geometry",
  multipoint: "geometry",
  multilinestring: "geometry",
  multipolygon: "geometry",
  geometrycollection: "geometry",
};

function familyOf(type: string): Family {
  return families[baseType(type)] ?? "other";
}
