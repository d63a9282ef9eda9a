import { atLeast, type Server } from "../../../core/db.ts";
import type { Misfit } from "../../shared/prechecks/column.ts";
import { quoteLiteral } from "../quote.ts";
import { integerRange, parseType } from "../type.ts";
import { isNoJson } from "./json.ts";

/** Texts that the type's input function does not take. */
export function unreadable(type: string, server: Server): Misfit | null {
  const element = type.replace(/(?:\[\d*\])+$/, "");
  // a type of an extension that is not there yet cannot be asked about
  if (atLeast(server, 16) && !["hstore", "ltree"].includes(parseType(type).base)) {
    return { code: "cast", test: (value) => `NOT pg_input_is_valid(${value}::text, ${quoteLiteral(element)})` };
  }
  const test = unreadBefore16(type);
  return test === null ? null : { code: "cast", test };
}

type Test = Misfit["test"];

/** Before PostgreSQL 16 a value cannot be tried without an error: what is refused is certain not to be read. */
function unreadBefore16(type: string): Test | null {
  const { base, args } = parseType(type);
  if (base === "json" || base === "jsonb") return isNoJson;
  if (base === "numeric") return (value) => numberTest(value, args);
  if (/^(?:date|time)/.test(base)) return (value) => momentTest(value, base.startsWith("time ") ? clockDigits : dayDigits);
  const range = integerRange({ base, args, array: false });
  if (range !== undefined) {
    const [low, high] = range;
    return (value) => `CASE WHEN ${value} ~ '^\\s*[-+]?\\d+\\s*$' THEN ${value}::numeric NOT BETWEEN ${low} AND ${high} ELSE true END`;
  }
  const pattern = patterns[base];
  return pattern === undefined ? null : (value) => `${value}::text !~* '${pattern}'`;
}

const number = "^\\s*([-+]?(\\d+\\.?\\d*|\\.\\d+)(e[-+]?\\d+)?|nan|[-+]?inf(inity)?)\\s*$";
const address = "^\\s*[0-9a-f:.]+(/\\d+)?\\s*$";
const patterns: Readonly<Record<string, string>> = {
  real: number,
  "double precision": number,
  uuid: "^\\{?([0-9a-f]{4}-?){7}[0-9a-f]{4}\\}?$",
  boolean: "^\\s*(t|tr|tru|true|f|fa|fal|fals|false|y|ye|yes|n|no|on|of|off|0|1)\\s*$",
  inet: address,
  cidr: address,
  macaddr: "^[0-9a-f:.\\s-]+$",
};

function numberTest(value: string, args: readonly number[]): string {
  const [precision, scale = 0] = args;
  const reads = `${value}::text ~* '${number}'`;
  if (precision === undefined) return `NOT (${reads})`;
  return `CASE WHEN ${reads} THEN ${tooLarge(`${value}::numeric`, precision, scale)} ELSE true END`;
}

/** Rounding is not refused, only what is too large when rounded; NaN fits every numeric. */
export function tooLarge(value: string, precision: number, scale: number): string {
  return `(${value} <> 'NaN'::numeric AND abs(round(${value}, ${scale})) >= 10::numeric ^ ${precision - scale})`;
}

const word = "\\d|^\\s*(now|today|tomorrow|yesterday|epoch|[-+]?infinity|allballs)\\s*$";
const day = "^\\s*(\\d{4})-(\\d{1,2})-(\\d{1,2})(?!\\d)";
const impossibleHour = "(^|[T\\s])(2[5-9]|[3-9]\\d):\\d|(^|[T\\s])\\d{1,2}:[6-9]\\d";

/** What a text of digits alone can be: 200131, 20200131; 1030, 103059. */
const dayDigits = "^\\s*\\d{2,7}(0[1-9]|1[0-2])(0[1-9]|[12]\\d|3[01])\\s*$";
const clockDigits = "^\\s*([01]\\d|2[0-4])[0-5]\\d([0-5]\\d|60)?\\s*$";

/** No digit at all, digits that are no date, a thirteenth month, a thirtieth of February, a hundredth minute. */
function momentTest(value: string, digits: string): string {
  const parts = `regexp_match(${value}::text, '${day}')`;
  const [year, month, date] = [1, 2, 3].map((at) => `(${parts})[${at}]::integer`);
  const leap = `${year} % 4 = 0 AND (${year} % 100 <> 0 OR ${year} % 400 = 0)`;
  const days = `CASE ${month} WHEN 2 THEN CASE WHEN ${leap} THEN 29 ELSE 28 END WHEN 4 THEN 30 WHEN 6 THEN 30 WHEN 9 THEN 30 WHEN 11 THEN 30 ELSE 31 END`;
  const impossible = `(${year} = 0 OR ${month} NOT BETWEEN 1 AND 12 OR ${date} NOT BETWEEN 1 AND ${days})`;
  const noDigits = `${value}::text ~ '^\\s*\\d+\\s*$' AND ${value}::text !~ '${digits}'`;
  return `(${value}::text !~* '${word}' OR (${noDigits}) OR ${value}::text ~* '${impossibleHour}' OR CASE WHEN ${value}::text ~ '${day}' THEN ${impossible} ELSE false END)`;
}
