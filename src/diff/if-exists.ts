import type { Operation } from "../core/operation.ts";
import { reverse } from "../core/operations/index.ts";
import { keyOf, type Schema } from "../core/schema.ts";
import { fingerprint } from "./equal.ts";
import { tableOf } from "./on.ts";
import { indexed } from "./scope.ts";

/**
 * What no revision has made stands in some databases and not in others: it goes where it is, and nothing fails where it is not. What
 * goes only to come back is not meant.
 */
export function ifThere(operations: readonly Operation[], known: Schema): readonly Operation[] {
  const [tables, views] = [indexed(known.tables), indexed(known.views)];
  const isKnown = (operation: Operation): boolean => {
    if (operation.kind !== "dropTable" && operation.kind !== "dropColumn" && operation.kind !== "dropIndex") return true;
    const table = tables.get(keyOf(tableOf(operation)));
    if (operation.kind === "dropTable") return table !== undefined;
    if (operation.kind === "dropColumn") return table === undefined || table.columns.some(({ name }) => name === operation.column.name);
    const owner = table ?? views.get(keyOf(tableOf(operation)));
    return owner === undefined || owner.indexes.some(({ name }) => name === operation.index.name);
  };
  if (operations.every(isKnown)) return operations;
  const all = new Set(operations.map(fingerprint));
  return operations.map((operation) =>
    isKnown(operation) || all.has(fingerprint(reverse(operation))) ? operation : ({ ...operation, ifExists: true } as Operation),
  );
}
