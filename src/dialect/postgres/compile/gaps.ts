import type { AddColumn, DropColumn, Operation } from "../../../core/operation.ts";
import { keyOf } from "../../../core/schema.ts";
import { named } from "./piece.ts";

/**
 * What goes and comes again in one list is missing for nobody: from its going to its coming all is sent in plain forms, which share a
 * transaction. A kill on the way leaves what was there, too.
 */
export function withoutGaps(operations: readonly Operation[]): readonly Operation[] {
  const open = new Map<string, number>();
  const plain = new Set<number>();
  operations.forEach((operation, at) => {
    const goes = goingOf(operation);
    if (goes !== undefined) open.set(goes, at);
    const comes = comingOf(operation);
    const since = comes === undefined ? undefined : open.get(comes);
    if (comes === undefined || since === undefined) return;
    open.delete(comes);
    for (let i = since; i < at; i++) plain.add(i);
    if (!announced.has(operation.kind)) plain.add(at);
  });
  return plain.size === 0 ? operations : operations.map((operation, at) => (plain.has(at) ? plainly(operation) : operation));
}

/** These hold from their first moment on; the long look at the rows may come after the transaction. */
const announced: ReadonlySet<Operation["kind"]> = new Set(["addForeignKey", "addCheck"]);

function goingOf(operation: Operation): string | undefined {
  switch (operation.kind) {
    case "dropView":
      return key(operation.kind.slice(4), keyOf(named(operation.view, operation.schema)));
    case "dropColumn":
      return columnKey(operation);
    case "dropPrimaryKey":
    case "dropUnique":
    case "dropIndex":
    case "dropForeignKey":
    case "dropCheck":
    case "dropExclusion":
      return partKey(operation.kind.slice(4), operation);
    default:
      return undefined;
  }
}

function comingOf(operation: Operation): string | undefined {
  switch (operation.kind) {
    case "createView":
      return key(operation.kind.slice(6), keyOf(named(operation.view, operation.schema)));
    case "addColumn":
      return columnKey(operation);
    case "addPrimaryKey":
    case "addUnique":
    case "addIndex":
    case "addForeignKey":
    case "addCheck":
    case "addExclusion":
      return partKey(operation.kind.slice(3), operation);
    default:
      return undefined;
  }
}

type OnPart = Extract<Operation, { kind: `${"add" | "drop"}${"PrimaryKey" | "Unique" | "Index" | "ForeignKey" | "Check" | "Exclusion"}` }>;

function partKey(kind: string, operation: OnPart): string | undefined {
  const table = keyOf(named(operation.table, operation.schema));
  if ("primaryKey" in operation) return key(kind, table);
  if ("unique" in operation) return key(kind, table, operation.unique.name);
  // without an index others are slow, not wrong
  if ("index" in operation) return operation.index.unique ? key(kind, table, operation.index.name) : undefined;
  // its name may come from what it points to
  if ("foreignKey" in operation) return key(kind, table, ...operation.foreignKey.columns);
  if ("check" in operation) return key(kind, table, operation.check.name);
  return key(kind, table, operation.exclusion.name);
}

/** Only a computed one can come again as it was. */
function columnKey({ column, ...operation }: AddColumn | DropColumn): string | undefined {
  return column.generated === undefined ? undefined : key("Column", keyOf(named(operation.table, operation.schema)), column.name);
}

const key = (...parts: readonly string[]): string => JSON.stringify(parts);

/** A change of an enum's values within the gap stays as it is: the server has no plain form of it. */
function plainly(operation: Operation): Operation {
  switch (operation.kind) {
    case "addColumn":
    case "alterColumn":
    case "addPrimaryKey":
    case "addUnique":
    case "addIndex":
    case "dropIndex":
    case "addForeignKey":
    case "addCheck":
      return { ...operation, online: false };
    default:
      return operation;
  }
}
