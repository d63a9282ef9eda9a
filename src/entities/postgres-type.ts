import type { EnumType } from "../core/schema.ts";
import { typeNameOf } from "../core/type-name.ts";
import { type Context, nameOf } from "./context.ts";
import type { ColumnMetadata, EntityMetadata } from "./metadata.ts";

const sized = new Set(["character varying", "character", "bit", "bit varying", "vector", "halfvec", "sparsevec"]);
const single = new Set(["character", "bit"]);
const spatial = new Set(["geometry", "geography"]);

/** The type as PostgreSQL's format_type prints it. */
export function postgresType(column: ColumnMetadata, entity: EntityMetadata, context: Context): string {
  const word = context.dataSource.driver.normalizeType(column).toLowerCase();
  const type = word === "enum" ? typeNameOf(enumOf(column, entity, context)) : withSize(word, column);
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

/** The server keeps 63 bytes of a name, and no half characters. */
function cut(name: string): string {
  let kept = name;
  while (Buffer.byteLength(kept) > 63) kept = [...kept].slice(0, -1).join("");
  return kept;
}
