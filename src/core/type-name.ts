import type { Column, QualifiedName, Schema } from "./schema.ts";

/** A type of the schema's own as it stands in Column.type: `mood`, `"Mood"`, `app.mood`. */
export function typeNameOf({ schema, name }: QualifiedName): string {
  return schema === undefined ? identifier(name) : `${identifier(schema)}.${identifier(name)}`;
}

/** Quoted where it is no plain lower-case word, or one that has a meaning of its own. */
function identifier(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) && !words.has(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

const words = new Set(
  `all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both case cast char character check coalesce
  collate collation column concurrently constraint create cross current_catalog current_date current_role current_schema current_time
  current_timestamp current_user dec decimal default deferrable desc distinct do else end except exists extract false fetch float for foreign
  freeze from full grant greatest group grouping having ilike in initially inner inout int integer intersect interval into is isnull join
  lateral leading least left like limit localtime localtimestamp national natural nchar none normalize not notnull null nullif numeric offset
  on only or order out outer overlaps overlay placing position precision primary real references returning right row select session_user
  setof similar smallint some substring symmetric table tablesample then time timestamp to trailing treat trim true union unique user using
  values varchar variadic verbose when where window with`.split(/\s+/),
);

const dimensions = /(\[\])*$/;

/** Every column, its type changed where it is this type or an array of it. */
export function retyped(schema: Schema, from: QualifiedName, to: QualifiedName): Schema {
  const [old, fresh] = [typeNameOf(from), typeNameOf(to)];
  return withColumnsOf(schema, from, (column) => ({ ...column, type: fresh + column.type.slice(old.length) }));
}

/** The schema with every column of this type, or of an array of it, changed. */
export function withColumnsOf(schema: Schema, type: QualifiedName, change: (column: Column) => Column): Schema {
  const name = typeNameOf(type);
  const isOf = (column: Column): boolean => column.type.replace(dimensions, "") === name;
  const tables = schema.tables.map((table) =>
    table.columns.some(isOf) ? { ...table, columns: table.columns.map((column) => (isOf(column) ? change(column) : column)) } : table,
  );
  return { ...schema, tables };
}
