import { keyOf, type QualifiedName, type Schema, type Table } from "../core/schema.ts";
import { called } from "./labels.ts";

/** What is nobody's, and is to go all the same: tables, and columns, as an answer names them. */
export interface Claims {
  readonly tables: readonly string[];
  readonly columns: readonly { readonly table: string; readonly column: string }[];
}

/** The history, as if it knew what the database has of these: what it knows and the entities lack is dropped. */
export function claimed(known: Schema, had: Schema, { tables, columns }: Claims): Schema {
  const named = (label: string) => called(had.tables, label, (table) => table).slice(0, 1);
  const whole = tables.flatMap(named).filter((table) => !has(known, table));
  const parts = columns.flatMap(({ table, column }) => named(table).map((one) => ({ table: one, column })));
  const all = [...known.tables, ...whole];
  const missing = parts.map(({ table }) => table).filter((table) => !all.some(isCalled(table)));
  const bare = [...new Set(missing)].map(
    (table): Table => ({ ...table, columns: [], uniques: [], indexes: [], foreignKeys: [], checks: [], exclusions: [] }),
  );
  return {
    ...known,
    tables: [...all, ...bare].map((table) => parts.filter((part) => isCalled(table)(part.table)).reduce(withColumn, table)),
  };
}

const isCalled = (name: QualifiedName) => (other: QualifiedName) => keyOf(other) === keyOf(name);
const has = (schema: Schema, table: QualifiedName): boolean => schema.tables.some(isCalled(table));

function withColumn(known: Table, { table, column }: { readonly table: Table; readonly column: string }): Table {
  const found = table.columns.find(({ name }) => name === column);
  if (found === undefined || known.columns.some(({ name }) => name === column)) return known;
  return { ...known, columns: [...known.columns, found] };
}
