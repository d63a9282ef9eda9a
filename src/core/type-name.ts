import type { Column, QualifiedName, Schema } from "./schema.ts";

/** A type of the schema's own as it stands in Column.type: `mood`, `"Mood"`, `app.mood`. */
export function typeNameOf({ schema, name }: QualifiedName): string {
  return schema === undefined ? identifier(name) : `${identifier(schema)}.${identifier(name)}`;
}

/** Quoted where it is no plain lower-case word. */
function identifier(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

const dimensions = /(\[\])*$/;

/** Every column, its type changed where it is this type or an array of it. */
export function retyped(schema: Schema, from: QualifiedName, to: QualifiedName): Schema {
  const [old, fresh] = [typeNameOf(from), typeNameOf(to)];
  const change = (column: Column): Column =>
    column.type.replace(dimensions, "") === old ? { ...column, type: fresh + column.type.slice(old.length) } : column;
  return { ...schema, tables: schema.tables.map((table) => ({ ...table, columns: table.columns.map(change) })) };
}
