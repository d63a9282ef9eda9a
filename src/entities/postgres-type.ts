import type { EnumType } from "../core/schema.ts";
import { type Context, nameOf } from "./context.ts";
import type { ColumnMetadata, EntityMetadata } from "./metadata.ts";

const sized = new Set(["character varying", "character", "bit", "bit varying", "vector", "halfvec", "sparsevec"]);
const single = new Set(["character", "bit"]);
const spatial = new Set(["geometry", "geography"]);

/** The type as PostgreSQL's format_type prints it. */
export function postgresType(column: ColumnMetadata, entity: EntityMetadata, context: Context): string {
  const word = context.dataSource.driver.normalizeType(column).toLowerCase();
  const type = word === "enum" ? typeName(enumOf(column, entity, context)) : withSize(word, column);
  return column.isArray ? `${type}[]` : type;
}

function withSize(word: string, column: ColumnMetadata): string {
  const { precision, scale, spatialFeatureType, srid } = column;
  if (sized.has(word)) {
    const length = column.length ? String(column.length) : single.has(word) ? "1" : "";
    return length === "" ? word : `${word}(${length})`;
  }
  if (spatial.has(word)) {
    if (!spatialFeatureType) return word;
    return srid === undefined || srid === null ? `${word}(${spatialFeatureType})` : `${word}(${spatialFeatureType},${srid})`;
  }
  if (precision === undefined || precision === null) return word;
  if (word === "numeric") return `numeric(${precision},${scale ?? 0})`;
  const time = /^(time|timestamp)( with(?:out)? time zone)$/.exec(word);
  if (time !== null) return `${time[1]}(${precision})${time[2]}`;
  return word === "interval" ? `interval(${precision})` : word;
}

/** The enum type of a column: named by its enumName, or as TypeORM derives it from table and column. */
export function enumOf(column: ColumnMetadata, entity: EntityMetadata, context: Context): EnumType {
  const { schema, name: table } = nameOf(entity, context);
  const given = column.enumName?.split(".");
  const name = given?.at(-1) ?? `${table}_${column.databaseName.toLowerCase()}_enum`;
  const where = given !== undefined && given.length > 1 ? given[0] : schema;
  const values = (column.enum ?? []).map((value) => String(value));
  return {
    ...(where === undefined || where === context.defaultSchema ? {} : { schema: where }),
    name: cut(name),
    values,
  };
}

export function isEnum(column: ColumnMetadata, context: Context): boolean {
  return context.dataSource.driver.normalizeType(column) === "enum";
}

function typeName({ schema, name }: EnumType): string {
  return schema === undefined ? quoted(name) : `${quoted(schema)}.${quoted(name)}`;
}

/** PostgreSQL's words that an identifier may not be without quotes. */
const reserved = new Set(
  (
    "all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both case cast char character " +
    "check coalesce collate collation column concurrently constraint create cross current_catalog current_date current_role current_schema " +
    "current_time current_timestamp current_user dec decimal default deferrable desc distinct do else end except exists extract false fetch " +
    "float for foreign freeze from full grant greatest group grouping having ilike in initially inner inout int integer intersect interval " +
    "into is isnull join lateral leading least left like limit localtime localtimestamp national natural nchar none normalize not notnull " +
    "null nullif numeric offset on only or order out outer overlaps overlay placing position precision primary real references returning " +
    "right row select session_user setof similar smallint some substring symmetric table tablesample then time timestamp to trailing treat " +
    "trim true union unique user using values varchar variadic verbose when where window with xmlattributes xmlconcat xmlelement xmlexists " +
    "xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable"
  ).split(" "),
);

function quoted(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) && !reserved.has(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** The server keeps 63 bytes of a name, and no half characters. */
function cut(name: string): string {
  let kept = name;
  while (Buffer.byteLength(kept) > 63) kept = [...kept].slice(0, -1).join("");
  return kept;
}
