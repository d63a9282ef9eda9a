import type { OnTable, Operation, RenameConstraint } from "../core/operation.ts";
import type { Check, Exclusion, ForeignKey, Index, PrimaryKey, Table, Unique } from "../core/schema.ts";
import { on } from "./on.ts";
import { pair } from "./pair.ts";

/** How the operations of one sort of constraint are made. */
export interface Sort<T extends { readonly name?: string }> {
  of(table: Table): readonly T[];
  add(table: OnTable, item: T): Operation;
  drop(table: OnTable, item: T): Operation;
  rename(table: OnTable, item: T, to: T): readonly Operation[];
}

const renameConstraint = (table: OnTable, item: { readonly name?: string }, to: { readonly name?: string }): readonly RenameConstraint[] =>
  item.name === undefined || to.name === undefined || item.name === to.name
    ? []
    : [{ kind: "renameConstraint", ...table, from: item.name, to: to.name }];

export const primaryKeys: Sort<PrimaryKey> = {
  of: ({ primaryKey }) => (primaryKey === undefined ? [] : [primaryKey]),
  add: (table, primaryKey) => ({ kind: "addPrimaryKey", ...table, primaryKey }),
  drop: (table, primaryKey) => ({ kind: "dropPrimaryKey", ...table, primaryKey }),
  rename: renameConstraint,
};
export const uniques: Sort<Unique> = {
  of: (table) => table.uniques,
  add: (table, unique) => ({ kind: "addUnique", ...table, unique }),
  drop: (table, unique) => ({ kind: "dropUnique", ...table, unique }),
  rename: renameConstraint,
};
export const indexes: Sort<Index> = {
  of: (table) => table.indexes,
  add: (table, index) => ({ kind: "addIndex", ...table, index }),
  drop: (table, index) => ({ kind: "dropIndex", ...table, index }),
  rename: (table, { name: from }, { name: to }) => (from === to ? [] : [{ kind: "renameIndex", ...table, from, to }]),
};
export const foreignKeys: Sort<ForeignKey> = {
  of: (table) => table.foreignKeys,
  add: (table, foreignKey) => ({ kind: "addForeignKey", ...table, foreignKey }),
  drop: (table, foreignKey) => ({ kind: "dropForeignKey", ...table, foreignKey }),
  rename: (table, foreignKey, to) => renameConstraint(table, foreignKey, to).map((operation) => ({ ...operation, foreignKey })),
};
export const checks: Sort<Check> = {
  of: (table) => table.checks,
  add: (table, check) => ({ kind: "addCheck", ...table, check }),
  drop: (table, check) => ({ kind: "dropCheck", ...table, check }),
  rename: (table, check, to) => renameConstraint(table, check, to).map((operation) => ({ ...operation, check })),
};
export const exclusions: Sort<Exclusion> = {
  of: (table) => table.exclusions,
  add: (table, exclusion) => ({ kind: "addExclusion", ...table, exclusion }),
  drop: (table, exclusion) => ({ kind: "dropExclusion", ...table, exclusion }),
  rename: renameConstraint,
};

/** A definition has no ALTER: what changed goes and comes back, what has another name is renamed. */
function changesOf<T extends { readonly name?: string }>(sort: Sort<T>, had: Table, wanted: Table): readonly Operation[] {
  const [before, after] = [sort.of(had), sort.of(wanted)];
  if (before === after || (before.length === 0 && after.length === 0)) return [];
  const { renamed, changed, dropped, added } = pair(before, after);
  const table = on(wanted);
  return [
    ...[...dropped, ...changed.map(([item]) => item)].map((item) => sort.drop(table, item)),
    ...[...added, ...changed.map(([, item]) => item)].map((item) => sort.add(table, item)),
    ...renamed.flatMap(([item, to]) => sort.rename(table, item, to)),
  ];
}

export const constraintChanges = (had: Table, wanted: Table): readonly Operation[] => [
  ...changesOf(primaryKeys, had, wanted),
  ...changesOf(uniques, had, wanted),
  ...changesOf(indexes, had, wanted),
  ...changesOf(foreignKeys, had, wanted),
  ...changesOf(checks, had, wanted),
  ...changesOf(exclusions, had, wanted),
];

/** Index changes of a materialised view: it stands where a table stands. */
export function indexChanges(view: OnTable, before: readonly Index[], after: readonly Index[]): readonly Operation[] {
  const { renamed, changed, dropped, added } = pair(before, after);
  return [
    ...[...dropped, ...changed.map(([item]) => item)].map((item) => indexes.drop(view, item)),
    ...[...added, ...changed.map(([, item]) => item)].map((item) => indexes.add(view, item)),
    ...renamed.flatMap(([item, to]) => indexes.rename(view, item, to)),
  ];
}
