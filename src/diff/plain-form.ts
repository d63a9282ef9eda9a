import type { Kind, Operation } from "../core/operation.ts";
import { keyOf, type QualifiedName } from "../core/schema.ts";
import { tableOf } from "./on.ts";

/** What can't be done beside others' work on these tables, whatever the operation would like. */
export interface PlainOnly {
  readonly tables: readonly QualifiedName[];
  readonly kinds: readonly Kind[];
}

/** The operations as these tables take them. The file says so, for they are locked meanwhile. */
export function inPlainForm(
  operations: readonly Operation[],
  { tables, kinds }: PlainOnly = { tables: [], kinds: [] },
): readonly Operation[] {
  const keys = new Set(tables.map(keyOf));
  if (keys.size === 0) return operations;
  return operations.map((operation) =>
    "table" in operation && kinds.includes(operation.kind) && keys.has(keyOf(tableOf(operation)))
      ? ({ ...operation, online: false } as Operation)
      : operation,
  );
}
