import { scan } from "./scan.ts";
import { baseType, normalizeType } from "./types.ts";

export interface ParsedType {
  readonly base: string;
  readonly args: readonly number[];
  readonly unsigned: boolean;
}

export function parseType(given: string): ParsedType {
  const { type } = normalizeType(given);
  const inside = /\(([^)]*)\)/.exec(type)?.[1] ?? "";
  const args = /^[\d,\s]*$/.test(inside) && inside !== "" ? inside.split(",").map(Number) : [];
  return { base: baseType(type), args, unsigned: / unsigned\b/.test(type) };
}

const texts = new Set(["char", "varchar", "tinytext", "text", "mediumtext", "longtext"]);
export const isText = ({ base }: ParsedType): boolean => texts.has(base);

const bits: Readonly<Record<string, bigint>> = { tinyint: 8n, smallint: 16n, mediumint: 24n, int: 32n, bigint: 64n };

/** The least and the greatest value; undefined for what is no integer. */
export function integerRange({ base, unsigned }: ParsedType): readonly [bigint, bigint] | undefined {
  const width = bits[base];
  if (width === undefined) return undefined;
  return unsigned ? [0n, 2n ** width - 1n] : [-(2n ** (width - 1n)), 2n ** (width - 1n) - 1n];
}

/** Characters of char and varchar, bytes of the texts; undefined for what has no such length. */
export function lengthOf({ base, args }: ParsedType): number | undefined {
  if (base === "char" || base === "varchar" || base === "binary" || base === "varbinary") return args[0] ?? 1;
  return textBytes[base];
}
const textBytes: Readonly<Record<string, number>> = {
  tinytext: 255,
  text: 65_535,
  mediumtext: 16_777_215,
  longtext: 4_294_967_295,
  tinyblob: 255,
  blob: 65_535,
  mediumblob: 16_777_215,
  longblob: 4_294_967_295,
};

/** Digits after the point; undefined for what keeps as many as it can. */
export function scaleOf({ base, args }: ParsedType): number | undefined {
  if (base === "decimal") return args[1] ?? 0;
  return base in bits ? 0 : undefined;
}

/** Digits of a second's fraction; undefined for what has no time of day. */
export function fractionOf({ base, args }: ParsedType): number | undefined {
  return base === "datetime" || base === "timestamp" || base === "time" ? (args[0] ?? 0) : undefined;
}

/** What an enum or set lists. */
export function valuesOf(type: string): readonly string[] {
  return scan(type).flatMap((token) => (token.kind === "string" ? [token.value] : []));
}
