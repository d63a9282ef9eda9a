import type { Conversion, Rules } from "../../core/rules.ts";
import type { Column } from "../../core/schema.ts";
import { typeNameOf } from "../../core/type-name.ts";
import { cutName, quoteName } from "./quote.ts";
import { spatialOf } from "./spatial.ts";
import { integerRange, isOwnType, isText, parseType, type TypeText } from "./type.ts";

export const rules: Rules = {
  conversion,
  enumTypes: true,
  enumValuesInPlace: true,
  dependentsBlock: true,
  defaultRenamed: (value) => value,
  foreignKeysBlockRetype: false,
  restrictIsNoAction: false,
  foreignKeysNeedIndex: false,
  fitsIdentifier: (name) => Buffer.byteLength(name) <= 63,
  keptName: (name) => cutName(name),
  typeName: typeNameOf,
};

/**
 * `assign` is what ALTER TYPE does by an assignment cast. Within a family no cast is ever written: an explicit one cuts values silently
 * where the assignment fails loudly.
 */
function conversion(from: Column, to: Column): Conversion {
  if (from.type === to.type) return { kind: "none" };
  const [a, b] = [parseType(from.type), parseType(to.type)];
  const name = quoteName(to.name);
  const moved = elsewhere(from.type, to.type, name);
  if (moved !== null) return moved;
  if (a.array !== b.array) return ask(a, b, name, to.type);
  if (a.array) return elements(a, b, name, to.type);
  return between(a, b, name, to.type);
}

/** The same numbers are another place in another reference system. */
function elsewhere(from: string, to: string, name: string): Conversion | null {
  const [a, b] = [spatialOf(from), spatialOf(to)];
  if (a?.srid === undefined || b?.srid === undefined || a.srid === b.srid) return null;
  const because = `coordinates of SRID ${a.srid} are others in SRID ${b.srid}`;
  return { kind: "ask", because, guess: `ST_Transform(${name}::geometry, ${b.srid})::${to}` };
}

function between(a: TypeText, b: TypeText, name: string, type: string): Conversion {
  const cast: Conversion = { kind: "using", expression: `${name}::${type}` };
  const assign: Conversion = { kind: "assign" };
  if (a.base === "bit" && b.base === "bit") {
    return { kind: "ask", because: "bits are cut or padded on the right", guess: `${name}::${type}` };
  }
  if (a.base === b.base) return assign;
  if (isText(b)) return isOwnType(a) ? { kind: "using", expression: `${name}::text` } : assign;
  if (isText(a)) return castable.has(b.base) || isOwnType(b) ? cast : unknown(a, b);
  if (isNumber(a) && isNumber(b)) return a.base === "money" || b.base === "money" ? money(a, b, name, type) : assign;
  if (a.base === "boolean" && integerRange(b) !== undefined) return { kind: "using", expression: `${name}::integer` };
  if (integerRange(a) !== undefined && b.base === "boolean") return { kind: "using", expression: `${name} <> 0` };
  if (isTemporal(a) && isTemporal(b)) return temporal(a, b, name, type);
  if (a.base === "json" || a.base === "jsonb") return b.base === "json" || b.base === "jsonb" ? cast : unknown(a, b);
  if (bits.has(a.base) && bits.has(b.base)) return assign;
  if (networks.has(a.base) && networks.has(b.base)) return a.base === "inet" ? cast : assign;
  if (isOwnType(a) && isOwnType(b)) return { kind: "using", expression: `${name}::text::${type}` };
  if (isNumber(a) && b.base === "interval")
    return { kind: "ask", because: "a number may be of any unit", guess: `make_interval(secs => ${name})` };
  return unknown(a, b);
}

/** Both are arrays: what holds for the elements holds for them, with a cast of the whole. */
function elements(a: TypeText, b: TypeText, name: string, type: string): Conversion {
  if (a.base === b.base) return { kind: "assign" };
  const one = between({ ...a, array: false }, { ...b, array: false }, name, type);
  if (one.kind === "ask") return one;
  return isOwnType(a) || isOwnType(b)
    ? { kind: "using", expression: `${name}::text[]::${type}` }
    : { kind: "using", expression: `${name}::${type}` };
}

function ask(a: TypeText, b: TypeText, name: string, type: string): Conversion {
  if (b.array && isText(a)) {
    return { kind: "ask", because: "the text must be taken apart", guess: `string_to_array(${name}, ',')::${type}` };
  }
  if (b.array) return { kind: "ask", because: "one value becomes a list", guess: `ARRAY[${name}]::${type}` };
  if (isText(b)) return { kind: "ask", because: "the list must be put into one text", guess: `array_to_string(${name}, ',')` };
  return { kind: "ask", because: "a list becomes one value", guess: `${name}[1]::${type}` };
}

const unknown = (a: TypeText, b: TypeText): Conversion => ({ kind: "ask", because: `PostgreSQL has no cast from ${a.base} to ${b.base}` });

function money(a: TypeText, b: TypeText, name: string, type: string): Conversion {
  return a.base === "numeric" || b.base === "numeric" ? { kind: "assign" } : { kind: "using", expression: `${name}::numeric::${type}` };
}

const numbers = new Set(["smallint", "integer", "bigint", "numeric", "real", "double precision", "money"]);
const isNumber = ({ base }: TypeText): boolean => numbers.has(base);
const isTemporal = ({ base }: TypeText): boolean => /^(?:timestamp |date$|time )|^interval/.test(base);

/** Where the session's time zone would decide, it is said to be UTC. */
function temporal(a: TypeText, b: TypeText, name: string, type: string): Conversion {
  const [from, to] = [momentOf(a), momentOf(b)];
  const utc = `${name} AT TIME ZONE 'UTC'`;
  if (from === "timestamp with" && to === "timestamp without") return { kind: "using", expression: utc };
  if (from === "timestamp without" && to === "timestamp with") return { kind: "using", expression: utc };
  if (from === "date" && to === "timestamp with") return { kind: "using", expression: `${name}::timestamp AT TIME ZONE 'UTC'` };
  if (from === "timestamp with" && (to === "date" || to === "time without")) return { kind: "using", expression: `(${utc})::${type}` };
  if (assigned[from]?.includes(to)) return { kind: "assign" };
  if (from === "time without" && to === "time with") {
    return { kind: "ask", because: "nobody knows the time zone of the values", guess: `${name}::${type}` };
  }
  return unknown(a, b);
}

const momentOf = ({ base }: TypeText): string => /^(?:time(?:stamp)? with(?:out)?|[a-z]+)/.exec(base)?.[0] ?? base;

const assigned: Readonly<Record<string, readonly string[]>> = {
  interval: ["interval"],
  date: ["timestamp without"],
  "timestamp without": ["date", "time without"],
  "time without": ["interval"],
  "time with": ["time without"],
};

const bits = new Set(["bit", "bit varying"]);
const networks = new Set(["inet", "cidr"]);
/** What a text is cast to by its input function. */
const castable = new Set([
  ...numbers,
  "boolean",
  "date",
  "uuid",
  "json",
  "jsonb",
  "xml",
  "interval",
  "inet",
  "cidr",
  "macaddr",
  "time without time zone",
  "time with time zone",
  "timestamp without time zone",
  "timestamp with time zone",
  "hstore",
  "ltree",
]);
