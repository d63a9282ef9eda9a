import { labelOf, type Schema, type Table, type View } from "./schema.ts";

/** The same schema with everything in an order of its own: columns by name too, because their order is no difference. */
export function canonicalOrder(schema: Schema): Schema {
  return {
    namespaces: [...schema.namespaces].sort(),
    extensions: [...schema.extensions].sort(),
    enums: [...schema.enums].sort(by(labelOf)),
    tables: schema.tables.map(table).sort(by(labelOf)),
    views: schema.views.map(view).sort(by(labelOf)),
    external: [...schema.external].sort(by(labelOf)),
  };
}

export function sameSchema(a: Schema, b: Schema): boolean {
  return JSON.stringify(sorted(canonicalOrder(a))) === JSON.stringify(sorted(canonicalOrder(b)));
}

const named = by(({ name }: { readonly name: string }) => name);

function table(one: Table): Table {
  return {
    ...one,
    columns: [...one.columns].sort(named),
    uniques: [...one.uniques].sort(named),
    indexes: [...one.indexes].sort(named),
    foreignKeys: [...one.foreignKeys].sort(named),
    checks: [...one.checks].sort(named),
    exclusions: [...one.exclusions].sort(named),
  };
}

function view(one: View): View {
  return { ...one, indexes: [...one.indexes].sort(named) };
}

function by<T>(key: (one: T) => string): (a: T, b: T) => number {
  return (a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0);
}

/** Keys in one order, at every depth. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(by(([key]) => key))
      .map(([key, one]) => [key, sorted(one)]),
  );
}
