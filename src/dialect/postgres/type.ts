/** A type's text taken apart: `numeric(12,2)[]` is numeric, [12, 2], array. */
export interface TypeText {
  readonly base: string;
  readonly args: readonly number[];
  readonly array: boolean;
}

export function parseType(text: string): TypeText {
  const array = /\[\]$/.test(text);
  const element = text.replace(/(?:\[\d*\])+$/, "");
  if (element.includes('"')) return { base: element, args: [], array };
  const args = /\(([\d,\s-]+)\)/.exec(element);
  return {
    base: element
      .replace(/\([\d,\s-]+\)/, "")
      .replace(/\s+/g, " ")
      .trim(),
    args: args?.[1] === undefined ? [] : args[1].split(",").map(Number),
    array,
  };
}

const texts = new Set(["text", "character varying", "character", "bpchar", "citext", "name"]);
export const isText = (type: TypeText): boolean => texts.has(type.base);

const builtin = /^(?:[a-z][a-z0-9_ ]*)$/;
/** A type that is quoted, qualified or not one of the server's usual words: an enum or a domain most often. */
export function isOwnType(type: TypeText): boolean {
  return !builtin.test(type.base) || !known.has(type.base);
}

const integers: Readonly<Record<string, readonly [string, string]>> = {
  smallint: ["-32768", "32767"],
  integer: ["-2147483648", "2147483647"],
  bigint: ["-9223372036854775808", "9223372036854775807"],
};
export const integerRange = (type: TypeText): readonly [string, string] | undefined => integers[type.base];

const known = new Set([
  ...texts,
  ...Object.keys(integers),
  "numeric",
  "real",
  "double precision",
  "money",
  "boolean",
  "date",
  "time without time zone",
  "time with time zone",
  "timestamp without time zone",
  "timestamp with time zone",
  "interval",
  "uuid",
  "json",
  "jsonb",
  "xml",
  "bytea",
  "bit",
  "bit varying",
  "inet",
  "cidr",
  "macaddr",
  "macaddr8",
  "point",
  "line",
  "lseg",
  "box",
  "path",
  "polygon",
  "circle",
  "tsvector",
  "tsquery",
  "int4range",
  "int8range",
  "numrange",
  "tsrange",
  "tstzrange",
  "daterange",
  "hstore",
  "ltree",
]);

export interface RetypeCost {
  /** the server writes every row anew */
  readonly rewrite: boolean;
  /** what values can lose without an error */
  readonly lossy?: string;
}

/** What a change of type costs. The pairs without a rewrite are the ones PostgreSQL documents as binary compatible. */
export function retypeCost(fromText: string, toText: string): RetypeCost {
  const from = parseType(fromText);
  const to = parseType(toText);
  if (from.array !== to.array) return { rewrite: true };
  if (from.base === to.base) return sameBase(from, to);
  if (isText(from) && to.base === "text" && from.base !== "character" && from.base !== "name") return { rewrite: false };
  if (from.base === "text" && to.base === "character varying") return { rewrite: to.args.length > 0 };
  if (from.base === "cidr" && to.base === "inet") return { rewrite: false };
  const lossy = lossyPair(from, to);
  return lossy === undefined ? { rewrite: true } : { rewrite: true, lossy };
}

function sameBase(from: TypeText, to: TypeText): RetypeCost {
  const [had, hadScale = 0] = from.args;
  const [want, wantScale = 0] = to.args;
  if (from.base === "numeric") {
    if (want === undefined) return { rewrite: false };
    const grows = had !== undefined && want >= had && wantScale === hadScale;
    const rounds = had === undefined || wantScale < hadScale;
    return rounds ? { rewrite: !grows, lossy: "decimals are rounded" } : { rewrite: !grows };
  }
  if (from.base === "character" || from.base === "bit") return { rewrite: had !== want };
  const shrinks = want !== undefined && (had === undefined || want < had);
  if (/^(?:time|timestamp|interval)/.test(from.base)) {
    return shrinks ? { rewrite: true, lossy: "fractions of a second are rounded" } : { rewrite: false };
  }
  return { rewrite: shrinks };
}

function lossyPair(from: TypeText, to: TypeText): string | undefined {
  const fraction = ["numeric", "real", "double precision", "money"];
  if (fraction.includes(from.base) && integerRange(to) !== undefined) return "decimals are rounded";
  if (from.base === "double precision" && to.base === "real") return "digits are lost";
  if (from.base === "numeric" && (to.base === "real" || to.base === "double precision")) return "digits are lost";
  if (from.base.startsWith("timestamp") && to.base === "date") return "the time of day is lost";
  if (from.base.startsWith("timestamp") && to.base.startsWith("time ")) return "the date is lost";
  if (from.base === "json" && to.base === "jsonb") return "the order of keys, duplicate keys and white space are lost";
  if (integerRange(from) !== undefined && to.base === "boolean") return "every number but zero becomes true";
  return undefined;
}
