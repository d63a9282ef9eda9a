import type { Server } from "../../../core/db.ts";
import type { AlterColumn } from "../../../core/operation.ts";
import type { QualifiedName } from "../../../core/schema.ts";
import type { Before } from "../../shared/prechecks/before.ts";
import type { Misfit } from "../../shared/prechecks/column.ts";
import { quoteLiteral } from "../quote.ts";
import { spatialOf } from "../spatial.ts";
import { integerRange, isOwnType, isText, parseType } from "../type.ts";
import { tooLarge, unreadable } from "./readable.ts";

/** Null where nothing can be said beforehand, or where every value becomes the new type. */
export function misfit(op: AlterColumn, before: Before, server: Server): Misfit | null {
  const from = parseType(op.from.type);
  const to = parseType(op.to.type);
  if (from.array !== to.array) return null;
  if (isText(to)) return tooLong(op);
  if (to.base === "bit" || to.base === "bit varying") return bits(op);
  const placed = spatial(op.from.type, op.to.type) ?? dimensions(op);
  if (placed !== null) return placed;
  if (isOwnType(to)) return op.from.type === op.to.type ? null : notListed(op, before);
  if (isText(from)) return unreadable(op.to.type, server);
  return overflow(op);
}

function tooLong(op: AlterColumn): Misfit | null {
  const from = parseType(op.from.type);
  const to = parseType(op.to.type);
  const limit = to.base === "character" ? (to.args[0] ?? 1) : to.args[0];
  if (limit === undefined || op.using !== undefined) return null;
  const had = from.base === "character" ? (from.args[0] ?? 1) : from.args[0];
  if (isText(from) && had !== undefined && had <= limit) return null;
  // blanks at the end are cut without an error, as the standard wants it
  return { code: "too-long", test: (value) => `char_length(rtrim(${value}::text)) > ${limit}` };
}

function bits(op: AlterColumn): Misfit | null {
  const from = parseType(op.from.type);
  const to = parseType(op.to.type);
  const limit = to.base === "bit" ? (to.args[0] ?? 1) : to.args[0];
  if (limit === undefined || !from.base.startsWith("bit") || op.using !== undefined || op.from.type === op.to.type) return null;
  return { code: "too-long", test: (value) => `length(${value}) ${to.base === "bit" ? "<>" : ">"} ${limit}` };
}

/** What PostGIS would refuse: another shape, or another reference system; a value without one takes it. */
function spatial(had: string, wants: string): Misfit | null {
  const [from, to] = [spatialOf(had), spatialOf(wants)];
  if (from === null || to === null) return null;
  const shape =
    to.shape === "GEOMETRY" || from.shape === to.shape ? [] : [(value: string) => `GeometryType(${value}::geometry) <> '${to.shape}'`];
  const srid =
    to.srid === undefined || from.srid === to.srid ? [] : [(value: string) => `ST_SRID(${value}::geometry) NOT IN (0, ${to.srid})`];
  const tests = [...shape, ...srid];
  return tests.length === 0 ? null : { code: "cast", test: (value) => `(${tests.map((test) => test(value)).join(" OR ")})` };
}

const vectors = new Set(["vector", "halfvec"]);

/** A vector is neither cut nor filled up. */
function dimensions(op: AlterColumn): Misfit | null {
  const [from, to] = [parseType(op.from.type), parseType(op.to.type)];
  const [wanted] = to.args;
  if (!vectors.has(from.base) || !vectors.has(to.base) || wanted === undefined || from.args[0] === wanted) return null;
  return { code: "cast", test: (value) => `vector_dims(${value}) <> ${wanted}` };
}

function notListed(op: AlterColumn, before: Before): Misfit {
  const type = op.to.type.replace(/(?:\[\d*\])+$/, "");
  const values = before.enumValues(typeName(type));
  if (values !== undefined) {
    return { code: "enum-value", test: (value) => `${value}::text NOT IN (${values.map(quoteLiteral).join(", ")})` };
  }
  const labels = `SELECT enumlabel FROM pg_enum WHERE enumtypid = to_regtype(${quoteLiteral(type)})`;
  return { code: "enum-value", test: (value) => `(EXISTS (${labels}) AND ${value}::text NOT IN (${labels}))` };
}

/** `mood`, `"Mood"`, `app."Mood"` */
function typeName(text: string): QualifiedName {
  const parts = [...text.matchAll(/"((?:[^"]|"")*)"|([^".]+)/g)].map((match) => match[1]?.replaceAll('""', '"') ?? match[2] ?? "");
  const [first = "", second] = parts;
  return second === undefined ? { name: first } : { schema: first, name: second };
}

const numbers = new Set(["smallint", "integer", "bigint", "numeric", "real", "double precision"]);

function overflow(op: AlterColumn): Misfit | null {
  const from = parseType(op.from.type);
  const to = parseType(op.to.type);
  if (!numbers.has(from.base)) return null;
  const range = integerRange(to);
  if (range !== undefined) {
    const had = integerRange(from);
    if (had !== undefined && had[1].length <= range[1].length) return null;
    return { code: "out-of-range", test: (value) => `round(${value}::numeric) NOT BETWEEN ${range[0]} AND ${range[1]}` };
  }
  const [precision, scale = 0] = to.args;
  if (to.base !== "numeric" || precision === undefined) return null;
  const [hadPrecision, hadScale = 0] = from.args;
  if (hadPrecision !== undefined && scale >= hadScale && precision - scale >= hadPrecision - hadScale) return null;
  return { code: "out-of-range", test: (value) => tooLarge(`${value}::numeric`, precision, scale) };
}
