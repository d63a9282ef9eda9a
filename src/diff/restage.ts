import type { Operation } from "../core/operation.ts";
import { emptySchema, keyOf, type QualifiedName, type Table } from "../core/schema.ts";
import { remakes, sameColumn } from "./columns.ts";
import { mentions } from "./mentions.ts";
import { on, tableOf } from "./on.ts";
import { type StageRules, stage } from "./stage.ts";

/** A table that has got another name: as it was, under the new one, and as it will be. */
export interface Renamed {
  readonly before: QualifiedName;
  readonly had: Table;
  readonly wanted: Table;
}

/** An answer makes one thing of two: what stands on it was in nobody's way before, and may be now. */
export function restage(operations: readonly Operation[], tables: readonly Renamed[], rules: StageRules): readonly Operation[] {
  const apart = operations
    .flatMap((operation) => besideRenaming(operation, operations))
    .flatMap((one) => afterRenaming(one, operations, rules));
  if (tables.length === 0) return apart;
  const from = { ...emptySchema, tables: tables.map((one) => withoutGone(one, apart)) };
  return stage(apart, from, { ...emptySchema, tables: tables.map(({ wanted }) => wanted) }, rules);
}

/** A foreign key that goes before the table is renamed goes under the table's old name: it is planned already. */
function withoutGone({ before, had }: Renamed, operations: readonly Operation[]): Table {
  const gone = new Set(
    operations.flatMap((one) => (one.kind === "dropForeignKey" && keyOf(tableOf(one)) === keyOf(before) ? [one.foreignKey.name] : [])),
  );
  return { ...had, foreignKeys: had.foreignKeys.filter(({ name }) => !gone.has(name)) };
}

/** A computed column that reads one under its old name and later under its new one goes before the renaming and comes after it. */
function besideRenaming(operation: Operation, operations: readonly Operation[]): readonly Operation[] {
  if (operation.kind !== "alterColumn" || !remakes(operation)) return [operation];
  const { from, to } = operation;
  const [before, after] = [mentions(from.generated?.expression), mentions(to.generated?.expression)];
  const crossed = operations.some(
    (other) =>
      other.kind === "renameColumn" &&
      keyOf(tableOf(other)) === keyOf(tableOf(operation)) &&
      (before.has(other.from.toLowerCase()) || after.has(other.to.toLowerCase())),
  );
  if (!crossed) return [operation];
  const table = on(tableOf(operation));
  return [
    { kind: "dropColumn", ...table, column: from },
    { kind: "addColumn", ...table, column: to },
  ];
}

/** A default that reads a column has its new name by then, where defaults can: to be said before, on the way back, it must not have the old one. */
function afterRenaming(operation: Operation, operations: readonly Operation[], { defaultRenamed }: StageRules): readonly Operation[] {
  if (operation.kind !== "alterColumn" || operation.from.default === undefined) return [operation];
  const renames = operations.flatMap((one) =>
    one.kind === "renameColumn" && keyOf(tableOf(one)) === keyOf(tableOf(operation)) ? [one] : [],
  );
  const value = renames.reduce(defaultRenamed, operation.from.default);
  if (value === operation.from.default) return [operation];
  const from = { ...operation.from, default: value };
  return sameColumn(from, operation.to) ? [] : [{ ...operation, from }];
}
