import { typeNameOf } from "../../core/type-name.ts";
import { remembered } from "../shared/remember.ts";
import { cutName } from "./quote.ts";
import { nameOf, tokensOf } from "./scan.ts";

const aliases: Readonly<Record<string, string>> = {
  int: "integer",
  int4: "integer",
  int2: "smallint",
  int8: "bigint",
  float8: "double precision",
  float4: "real",
  decimal: "numeric",
  dec: "numeric",
  bool: "boolean",
  varchar: "character varying",
  "char varying": "character varying",
  "nchar varying": "character varying",
  "national character varying": "character varying",
  "national char varying": "character varying",
  char: "character",
  nchar: "character",
  "national character": "character",
  "national char": "character",
  varbit: "bit varying",
  timestamp: "timestamp without time zone",
  timestamptz: "timestamp with time zone",
  time: "time without time zone",
  timetz: "time with time zone",
};

const known = new Set([
  ...Object.values(aliases),
  ..."smallint text json jsonb uuid xml money bytea bit interval date inet cidr macaddr macaddr8 bpchar name oid".split(" "),
  ..."point line lseg box path polygon circle tsvector tsquery jsonpath pg_lsn txid_snapshot".split(" "),
  ..."int4range int8range numrange tsrange tstzrange daterange".split(" "),
  ..."int4multirange int8multirange nummultirange tsmultirange tstzmultirange datemultirange".split(" "),
]);

/** A type's name, what stands in its parentheses, and whether it is an array. */
export interface TypeParts {
  readonly base: string;
  readonly args: string;
  readonly array: boolean;
}

/** Every word the server itself uses for its own types; others it must be asked about. */
export const isKnownType = (type: string): boolean =>
  known.has(partsOf(type).base.replace(/ (?:year|month|day|hour|minute|second)\b.*/, ""));

export function partsOf(type: string): TypeParts {
  const element = type.replace(/(?:\s*\[\d*\])+$/, "");
  const array = element !== type;
  if (element.includes('"')) return { base: element, args: "", array };
  const found = /\(([^()]*)\)/.exec(element);
  const base = element.replace(/\s*\([^()]*\)/, "");
  return { base, args: found?.[1] ?? "", array };
}

/** As format_type prints it: `varchar(20)` is `character varying(20)`, `timestamptz(3)` is `timestamp(3) with time zone`. */
export const normalizeType = remembered((said: string, defaultSchema: string): string => {
  if (known.has(said) && said !== "bit" && said !== "character") return said;
  const text = said
    .trim()
    .replace(/\s+array\s*(?=\[|$)/i, "[]")
    .replace(/(?:\s*\[\d*\])+$/, "[]");
  const element = text.replace(/\[\]$/, "");
  const brackets = text.slice(element.length);
  return normalizeElement(element.trim(), defaultSchema) + brackets;
});

function normalizeElement(text: string, defaultSchema: string): string {
  if (/["`.]/.test(text)) return ownType(text, defaultSchema);
  const { base: spelled, args: said } = partsOf(text);
  const base = spelled.toLowerCase().replace(/\s+/g, " ").trim();
  const args = said.replace(/\s*,\s*/g, ",").trim();
  const name = aliases[base] ?? base;
  if (base === "float") return args !== "" && Number(args) <= 24 ? "real" : "double precision";
  if (name === "numeric") return args === "" ? name : `numeric(${args.includes(",") ? args : `${args},0`})`;
  if (args === "") return name === "character" || name === "bit" ? `${name}(1)` : name;
  const time = /^(time|timestamp)( with(?:out)? time zone)$/.exec(name);
  return time === null ? `${name}(${args})` : `${time[1]}(${args})${time[2]}`;
}

/** A name with quotes or a schema; that of the default schema is not said. */
function ownType(text: string, defaultSchema: string): string {
  const tokens = tokensOf(text).filter(({ kind }) => kind !== "space");
  const [first, dot, second, ...rest] = tokens;
  if (first === undefined) return text;
  if (dot === undefined) return first.text === '"char"' ? text : typeNameOf({ name: cutName(nameOf(first)) });
  if (dot.text !== "." || second === undefined) return text;
  const after = rest.map((token) => token.text).join("");
  const schema = nameOf(first);
  const name = cutName(nameOf(second));
  if (schema === "pg_catalog") return normalizeElement(name + after, defaultSchema);
  return typeNameOf(schema === defaultSchema ? { name } : { schema, name }) + after;
}

export const serials: Readonly<Record<string, string>> = {
  serial: "integer",
  serial4: "integer",
  serial2: "smallint",
  smallserial: "smallint",
  serial8: "bigint",
  bigserial: "bigint",
};
