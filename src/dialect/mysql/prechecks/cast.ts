import { atLeast, type Server } from "../../../core/db.ts";
import type { AlterColumn } from "../../../core/operation.ts";
import type { Misfit } from "../../shared/prechecks/column.ts";
import { integerRange, isText, lengthOf, type ParsedType, parseType, valuesOf } from "../parse-type.ts";
import { quoteLiteral } from "../quote.ts";

/** Null where nothing can be said beforehand, or where every value becomes the new type. */
export function misfit(op: AlterColumn, server: Server): Misfit | null {
  const from = parseType(op.from.type);
  const to = parseType(op.to.type);
  if (op.from.type === op.to.type) return null;
  if (to.base === "enum" || to.base === "set") return notListed(op, from, to);
  if (lengthOf(to) !== undefined) return tooLong(from, to);
  if (isText(from)) return notReadable(to);
  if (numbers.has(from.base)) return clocks[to.base] === undefined ? overflow(from, to) : { code: "cast", test: clocks[to.base] as Test };
  if (clocks[from.base] !== undefined && numbers.has(to.base)) return asDigits(to);
  if (to.base === "timestamp" && (from.base === "datetime" || from.base === "date")) return outOfTime(server);
  return null;
}

/** What of a value the column's new character set cannot hold. */
export function lostCharacters({ from, to }: AlterColumn): Misfit | null {
  const { charset } = to;
  if (charset === undefined || charset === from.charset || /^utf8mb4$|^binary$|^utf16|^utf32/.test(charset)) return null;
  return {
    code: "cast",
    test: (value) =>
      `CONVERT(CONVERT(${value} USING ${charset}) USING utf8mb4) COLLATE utf8mb4_bin <> CONVERT(${value} USING utf8mb4) COLLATE utf8mb4_bin`,
  };
}

const numbers = new Set(["tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "float", "double"]);

function tooLong(from: ParsedType, to: ParsedType): Misfit | null {
  const [had, limit] = [lengthOf(from), lengthOf(to)];
  if (limit === undefined) return null;
  const inCharacters = to.base === "char" || to.base === "varchar";
  if (from.base === to.base && had !== undefined && had <= limit) return null;
  const widest = from.base === "char" || from.base === "varchar" ? (had ?? 0) * (inCharacters ? 1 : 4) : (had ?? Number.POSITIVE_INFINITY);
  if (isText(from) && widest <= limit) return null;
  return { code: "too-long", test: (value) => `${inCharacters ? "CHAR_LENGTH" : "LENGTH"}(${value}) > ${limit}` };
}

function notListed({ from: { type: before }, to: { type: after } }: AlterColumn, from: ParsedType, to: ParsedType): Misfit | null {
  const [had, wanted] = [valuesOf(before), valuesOf(after)];
  if (to.base === "enum") {
    if (from.base === "enum" && had.every((value) => wanted.includes(value))) return null;
    // a number is taken for a value's place
    if (numbers.has(from.base)) return { code: "enum-value", test: (value) => `ROUND(${value}) NOT BETWEEN 1 AND ${wanted.length}` };
    return { code: "enum-value", test: (value) => `CONVERT(${value} USING utf8mb4) NOT IN (${wanted.map(quoteLiteral).join(", ")})` };
  }
  if (numbers.has(from.base))
    return { code: "enum-value", test: (value) => `ROUND(${value}) NOT BETWEEN 0 AND ${2n ** BigInt(wanted.length) - 1n}` };
  if (from.base !== "set") return notAmong(wanted);
  const removed = had.filter((value) => !wanted.includes(value));
  if (removed.length === 0) return null;
  return {
    code: "enum-value",
    test: (value) => `(${removed.map((one) => `FIND_IN_SET(${quoteLiteral(one)}, CONVERT(${value} USING utf8mb4)) > 0`).join(" OR ")})`,
  };
}

/** A set's value is some of its list, with commas between. */
function notAmong(wanted: readonly string[]): Misfit {
  const one = wanted.map((value) => value.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|");
  const pattern = quoteLiteral(`^((${one}),)*$`);
  return { code: "enum-value", test: (value) => `${value} <> '' AND CONCAT(CONVERT(${value} USING utf8mb4), ',') NOT REGEXP ${pattern}` };
}

const number = "^[[:space:]]*[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)?[[:space:]]*$";

function notReadable(to: ParsedType): Misfit | null {
  if (numbers.has(to.base)) {
    const large = tooLarge(to);
    const reads = (value: string): string => `${value} REGEXP '${number}'`;
    if (large === null) return { code: "cast", test: (value) => `NOT (${reads(value)})` };
    return { code: "cast", test: (value) => `CASE WHEN ${reads(value)} THEN ${large(`CAST(${value} AS DECIMAL(65, 20))`)} ELSE TRUE END` };
  }
  const test = tests[to.base];
  return test === undefined ? null : { code: "cast", test };
}

/** A date is read as far as it goes; what comes after it is refused. */
const moment = (type: string) => (value: string) => `(CAST(${value} AS ${type}) IS NULL OR ${value} REGEXP '[a-su-zA-SU-Z]')`;
type Test = Misfit["test"];
const clocks: Readonly<Record<string, Test>> = {
  date: moment("DATE"),
  datetime: moment("DATETIME"),
  timestamp: moment("DATETIME"),
  time: moment("TIME"),
  year: (value) => `NOT (${value} BETWEEN 1901 AND 2155 OR ${value} BETWEEN 0 AND 99)`,
};
const tests: Readonly<Record<string, Test>> = {
  ...clocks,
  json: (value) => `NOT JSON_VALID(${value})`,
  uuid: (value) => `${value} NOT REGEXP '^[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}$'`,
  inet4: (value) => `NOT IS_IPV4(${value})`,
  inet6: (value) => `NOT IS_IPV6(${value})`,
};

function asDigits(to: ParsedType): Misfit | null {
  const large = tooLarge(to);
  return large === null ? null : { code: "out-of-range", test: (value) => large(`(${value} + 0)`) };
}

function overflow(from: ParsedType, to: ParsedType): Misfit | null {
  const test = tooLarge(to);
  if (test === null || holds(from, to)) return null;
  return { code: "out-of-range", test };
}

/** Rounding is not refused, only what is too large when rounded. */
function tooLarge(to: ParsedType): ((value: string) => string) | null {
  const range = integerRange(to);
  if (range !== undefined) return (value) => `ROUND(${value}) NOT BETWEEN ${range[0]} AND ${range[1]}`;
  const negative = (value: string): string => `${value} < 0`;
  if (to.base !== "decimal") return to.unsigned ? negative : null;
  const [precision = 10, scale = 0] = to.args;
  const large = (value: string): string => `ABS(ROUND(${value}, ${scale})) >= 1${"0".repeat(precision - scale)}`;
  return to.unsigned ? (value) => `(${large(value)} OR ${negative(value)})` : large;
}

function holds(from: ParsedType, to: ParsedType): boolean {
  const [had, range] = [integerRange(from), integerRange(to)];
  if (had !== undefined && range !== undefined) return range[0] <= had[0] && range[1] >= had[1];
  if (to.unsigned && !from.unsigned) return false;
  if (to.base !== "decimal") return true;
  const [precision = 10, scale = 0] = to.args;
  const beyond = 10n ** BigInt(precision - scale);
  if (had !== undefined) return had[0] > -beyond && had[1] < beyond;
  const [hadPrecision = 10, hadScale = 0] = from.args;
  return from.base === "decimal" && scale >= hadScale && precision - scale >= hadPrecision - hadScale;
}

function outOfTime(server: Server): Misfit {
  const last = server.flavor === "mariadb" && atLeast(server, 11, 5) ? "2106-02-07 06:28:15.999999" : "2038-01-19 03:14:07.999999";
  return { code: "out-of-range", test: (value) => `${value} NOT BETWEEN '1970-01-01 00:00:01' AND '${last}'` };
}
