import type { Operation } from "../../core/operation.ts";
import { emptySchema, keyOf, type QualifiedName, type Schema, type Table, type View } from "../../core/schema.ts";
import { mentions } from "../../diff/mentions.ts";

/** The names that the operations speak of, old and new, as keys. */
export function touchedBy(operations: readonly Operation[]): ReadonlySet<string> {
  return new Set(operations.flatMap((operation) => namesOf(operation).map(keyOf)));
}

function namesOf(operation: Operation): readonly QualifiedName[] {
  const named = (name: string, schema: string | undefined): QualifiedName => (schema === undefined ? { name } : { schema, name });
  switch (operation.kind) {
    case "createEnum":
    case "dropEnum":
      return [operation.definition];
    case "renameEnumValue":
      return [named(operation.name, operation.schema)];
    case "alterEnum":
      return [named(operation.name, operation.schema), ...operation.columns.map(({ schema, table }) => named(table, schema))];
    case "renameEnum":
    case "renameTable":
    case "renameView":
      return [named(operation.from, operation.schema), named(operation.to, operation.schema)];
    case "moveTable":
      return [named(operation.table, operation.from), named(operation.table, operation.to)];
    case "createView":
    case "dropView":
    case "alterView":
      return [named(operation.view, operation.schema)];
    case "on":
      return operation.operations.flatMap(namesOf);
    default:
      return "table" in operation ? [named(operation.table, operation.schema)] : [];
  }
}

/**
 * The names whose objects must stand in the copy: what is touched, the tables that its foreign keys lead to and that lead to it, and the
 * views over any of them with all that they read.
 */
export function neededFor(touched: ReadonlySet<string>, sides: readonly Schema[]): ReadonlySet<string> {
  const needed = new Set(touched);
  for (const { tables, views } of sides) {
    for (const table of tables) {
      const targets = table.foreignKeys.map(targetKey);
      if (touched.has(keyOf(table))) for (const target of targets) needed.add(target);
      else if (targets.some((target) => touched.has(target))) needed.add(keyOf(table));
    }
    addViews(needed, touched, tables, views);
  }
  addTypes(needed, sides);
  return needed;
}

/** A type that a table has on either side stands on both: what still uses it may be a table that nobody touches. */
function addTypes(needed: Set<string>, sides: readonly Schema[]): void {
  const tables = sides.flatMap((side) => side.tables.filter((table) => needed.has(keyOf(table))));
  const texts = mentions(...tables.flatMap(({ columns }) => columns.map(({ type }) => type)));
  for (const { enums } of sides) for (const type of enums) if (texts.has(type.name.toLowerCase())) needed.add(keyOf(type));
}

function addViews(needed: Set<string>, touched: ReadonlySet<string>, tables: readonly Table[], views: readonly View[]): void {
  const over = new Set(touched);
  const chosen = new Set<View>();
  // a view may read another one that comes later in the list
  for (let before = -1; before < chosen.size; ) {
    before = chosen.size;
    for (const view of views) {
      if (chosen.has(view)) continue;
      const reads = readsOf(view, [...tables, ...views]);
      if (!over.has(keyOf(view)) && !reads.some((key) => over.has(key))) continue;
      chosen.add(view);
      for (const key of [keyOf(view), ...reads]) needed.add(key);
      over.add(keyOf(view));
      for (const other of views) if (reads.includes(keyOf(other))) over.add(keyOf(other));
    }
  }
}

function readsOf(view: View, relations: readonly QualifiedName[]): readonly string[] {
  if (view.reads !== undefined) return view.reads.map(({ schema, name }) => keyOf(schema === undefined ? { name } : { schema, name }));
  const names = mentions(view.definition);
  return relations.filter(({ name }) => names.has(name.toLowerCase())).map(keyOf);
}

const targetKey = ({ references: { schema, table } }: Table["foreignKeys"][number]): string =>
  keyOf(schema === undefined ? { name: table } : { schema, name: table });

/** Of a name as keyOf writes it. */
export const schemaOf = (key: string): string | undefined => /^([^\0]+)\0/.exec(key)?.[1];

/** The part of a schema that has these names. Foreign keys that lead out of it, which nobody touches, are left out. */
export function partOf(schema: Schema, needed: ReadonlySet<string>): Schema {
  const tables = schema.tables.filter((table) => needed.has(keyOf(table)));
  const views = schema.views.filter((view) => needed.has(keyOf(view)));
  const there = new Set(tables.map(keyOf));
  const texts = mentions(...tables.flatMap(({ columns }) => columns.map(({ type }) => type)));
  const enums = schema.enums.filter((type) => needed.has(keyOf(type)) || texts.has(type.name.toLowerCase()));
  // what comes stands in a schema, too, that may have nothing in it yet
  const used = new Set([...needed].flatMap((key) => schemaOf(key) ?? []));
  for (const { schema: name } of [...tables, ...views, ...enums]) if (name !== undefined) used.add(name);
  return {
    ...emptySchema,
    namespaces: schema.namespaces.filter((name) => used.has(name)),
    extensions: schema.extensions,
    enums,
    views,
    tables: tables.map((table) => ({ ...table, foreignKeys: table.foreignKeys.filter((item) => there.has(targetKey(item))) })),
  };
}
