import { keyOf, type QualifiedName, type Schema, type Table, type View } from "../core/schema.ts";
import type { Candidate, Part } from "../core/settings.ts";

/** What a project asks to be looked at. */
export type Include = (candidate: Candidate) => boolean;

/** A schema without the objects that are not to be looked at; tables and views that are already left out stay so. */
export function included(schema: Schema, include: Include | undefined): Schema {
  if (include === undefined) return schema;
  const whole = (one: QualifiedName): boolean => include({ kind: "table", ...place(one) });
  const left = new Set(schema.tables.filter((table) => !whole(table)).map(keyOf));
  return {
    ...schema,
    enums: schema.enums.filter((type) => include({ kind: "enum", ...place(type) })),
    tables: schema.tables.filter((table) => !left.has(keyOf(table))).map((table) => tableOf(table, include)),
    views: schema.views.filter(whole).map((view) => viewOf(view, include)),
  };
}

const place = ({ schema, name }: QualifiedName): QualifiedName => (schema === undefined ? { name } : { schema, name });

function tableOf(table: Table, include: Include): Table {
  return {
    ...table,
    columns: kept("column", table.columns, table, include),
    uniques: kept("unique", table.uniques, table, include),
    indexes: kept("index", table.indexes, table, include),
    foreignKeys: kept("foreignKey", table.foreignKeys, table, include),
    checks: kept("check", table.checks, table, include),
    exclusions: kept("exclusion", table.exclusions, table, include),
  };
}

function viewOf(view: View, include: Include): View {
  return { ...view, indexes: kept("index", view.indexes, view, include) };
}

function kept<K extends Part["kind"], T extends Extract<Part, { kind: K }>["object"]>(
  kind: K,
  objects: readonly T[],
  owner: QualifiedName,
  include: Include,
): readonly T[] {
  const where = owner.schema === undefined ? { table: owner.name } : { schema: owner.schema, table: owner.name };
  return objects.filter((object) => include({ kind, ...where, name: object.name, object } as Candidate));
}
