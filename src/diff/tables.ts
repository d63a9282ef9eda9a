import type { Operation, TableOptions } from "../core/operation.ts";
import { type ForeignKey, keyOf, type Schema, type Table } from "../core/schema.ts";
import { type ColumnContext, columnChanges } from "./columns.ts";
import { constraintChanges } from "./constraints.ts";
import { byName, compare, equal, tidy } from "./equal.ts";
import { on, targetOf } from "./on.ts";
import { indexed } from "./scope.ts";

export function tableChanges(from: Schema, wanted: Schema, context: ColumnContext): readonly Operation[] {
  const [before, after] = [indexed(from.tables), indexed(wanted.tables)];
  const added = wanted.tables.filter((table) => !before.has(keyOf(table)));
  const dropped = from.tables.filter((table) => !after.has(keyOf(table)));
  return [...created(added), ...altered(before, wanted.tables, context), ...gone(dropped)];
}

function altered(before: ReadonlyMap<string, Table>, tables: readonly Table[], context: ColumnContext): readonly Operation[] {
  const changed = tables.flatMap((table) => {
    const had = before.get(keyOf(table));
    return had === undefined || equal(had, table) ? [] : ([[had, table]] as const);
  });
  return changed.sort(([, a], [, b]) => compare(keyOf(a), keyOf(b))).flatMap(([had, table]) => tableChange(had, table, context));
}

/** Everything that two tables of one name differ in. */
export const tableChange = (had: Table, wanted: Table, context: ColumnContext): readonly Operation[] => [
  ...optionChange(had, wanted),
  ...columnChanges(had, wanted, context),
  ...constraintChanges(had, wanted),
];

function optionChange(had: Table, wanted: Table): readonly Operation[] {
  const [from, to] = [optionsOf(had), optionsOf(wanted)];
  return equal(from, to) ? [] : [{ kind: "alterTable", ...on(wanted), from, to }];
}

const optionsOf = ({ comment, engine, charset, collation }: Table): TableOptions =>
  tidy<TableOptions>({ comment, engine, charset, collation });

/** Whole tables; only a foreign key that closes a cycle comes afterwards. */
function created(tables: readonly Table[]): readonly Operation[] {
  return withoutCycles(tables).flatMap(({ table, split }): Operation[] => [
    { kind: "createTable", ...on(table), definition: table },
    ...split.map((foreignKey): Operation => ({ kind: "addForeignKey", ...on(table), foreignKey })),
  ]);
}

function gone(tables: readonly Table[]): readonly Operation[] {
  return withoutCycles(tables).flatMap(({ table, split }): Operation[] => [
    ...split.map((foreignKey): Operation => ({ kind: "dropForeignKey", ...on(table), foreignKey })),
    { kind: "dropTable", ...on(table), definition: table },
  ]);
}

interface Split {
  readonly table: Table;
  /** the foreign keys that close a cycle */
  readonly split: readonly ForeignKey[];
}

/** A walk along the foreign keys in the order of the names: what leads back to a table that is still being walked closes a cycle. */
function withoutCycles(tables: readonly Table[]): readonly Split[] {
  const byKey = indexed([...tables].sort((a, b) => compare(keyOf(a), keyOf(b))).map(sorted));
  const open = new Set<string>();
  const done = new Map<string, Split>();
  const visit = (key: string, table: Table): void => {
    open.add(key);
    const split = new Set<ForeignKey>();
    for (const foreignKey of table.foreignKeys) {
      const target = keyOf(targetOf(foreignKey));
      const next = byKey.get(target);
      if (next === undefined || target === key || done.has(target)) continue;
      if (open.has(target)) split.add(foreignKey);
      else visit(target, next);
    }
    open.delete(key);
    done.set(key, { table: { ...table, foreignKeys: table.foreignKeys.filter((item) => !split.has(item)) }, split: [...split] });
  };
  for (const [key, table] of byKey) if (!done.has(key)) visit(key, table);
  return [...done.values()];
}

/** One order of the parts, whatever order they were found in. */
const sorted = (table: Table): Table =>
  tidy<Table>({
    ...table,
    uniques: [...table.uniques].sort(byName),
    indexes: [...table.indexes].sort(byName),
    foreignKeys: [...table.foreignKeys].sort(byName),
    checks: [...table.checks].sort(byName),
    exclusions: [...table.exclusions].sort(byName),
    external: undefined,
    adopted: undefined,
  });
