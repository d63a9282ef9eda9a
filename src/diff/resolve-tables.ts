import type { CreateTable, DropTable, Operation } from "../core/operation.ts";
import { type ForeignKey, keyOf, type QualifiedName, type Table } from "../core/schema.ts";
import type { ColumnContext } from "./columns.ts";
import { tidy } from "./equal.ts";
import { follow, foreignKeyMoved, type Renaming } from "./follow.ts";
import { followType } from "./follow-types.ts";
import { called } from "./labels.ts";
import { on, tableOf, targetOf } from "./on.ts";
import { tableChange } from "./tables.ts";

export function tablePair(operations: readonly Operation[], from: string, to: string): readonly [DropTable, CreateTable] | null {
  const [drop] = called(
    operations.filter((operation) => operation.kind === "dropTable"),
    from,
    tableOf,
  );
  const [create] = called(
    operations.filter((operation) => operation.kind === "createTable"),
    to,
    tableOf,
  );
  return drop === undefined || create === undefined ? null : [drop, create];
}

export interface TableRenaming {
  readonly operations: readonly Operation[];
  /** the table as it was, under its new name, and as it will be */
  readonly had: Table;
  readonly wanted: Table;
}

/** The table keeps its rows under its new name; then whatever else differs. */
export function renameTable(
  operations: readonly Operation[],
  [drop, create]: readonly [DropTable, CreateTable],
  context: ColumnContext,
): TableRenaming {
  const [from, to] = [tableOf(drop), tableOf(create)];
  const apart = {
    before: apartKeys(operations, "dropForeignKey", from),
    after: apartKeys(operations, "addForeignKey", to),
  };
  const renaming: Renaming = { table: from, to, columns: new Map() };
  const was: Table = {
    ...drop.definition,
    foreignKeys: [...drop.definition.foreignKeys, ...apart.before.map(({ foreignKey }) => foreignKey)],
  };
  const wanted: Table = {
    ...create.definition,
    foreignKeys: [...create.definition.foreignKeys, ...apart.after.map(({ foreignKey }) => foreignKey)],
  };
  const moved = tidy<Table>({
    ...was,
    schema: to.schema,
    name: to.name,
    foreignKeys: was.foreignKeys.map((key) => foreignKeyMoved(key, from, renaming)),
  });
  const merged = new Set<Operation>([drop, create, ...apart.before, ...apart.after]);
  const { operations: rest, had } = followTypes(operations, moved, wanted);
  const changes = [
    ...renames(from, to),
    ...tableChange(had, wanted, context).map((operation) => beforehand(operation, drop, was, operations)),
  ];
  const first = rest.findIndex((operation) => operation === drop || operation === create);
  const list = rest.flatMap((operation, at) => (at === first ? changes : merged.has(operation) ? [] : [operation]));
  return {
    operations: follow(
      list.map((operation) => pointingTo(operation, renaming)),
      renaming,
    ),
    had,
    wanted,
  };
}

/** A table that is dropped points to the new name by then. */
function pointingTo(operation: Operation, renaming: Renaming): Operation {
  if (operation.kind !== "dropTable") return operation;
  const { definition } = operation;
  return {
    ...operation,
    definition: { ...definition, foreignKeys: definition.foreignKeys.map((key) => foreignKeyMoved(key, definition, renaming)) },
  };
}

/** A foreign key that goes goes before any renaming: what it points to may go as well, or have another name later. */
function beforehand(operation: Operation, drop: DropTable, was: Table, operations: readonly Operation[]): Operation {
  if (operation.kind !== "dropForeignKey") return operation;
  const found = was.foreignKeys.find(({ name }) => name === operation.foreignKey.name) ?? operation.foreignKey;
  const references = { ...on(formerly(targetOf(found), operations)), columns: found.references.columns };
  return { kind: "dropForeignKey", ...on(tableOf(drop)), foreignKey: { ...found, references } };
}

/** The name that a table has before the operations rename it. */
function formerly(name: QualifiedName, operations: readonly Operation[]): QualifiedName {
  return operations.reduceRight((now, operation) => {
    const [from, to] = renamingOf(operation);
    return to !== undefined && keyOf(to) === keyOf(now) ? from : now;
  }, name);
}

function renamingOf(operation: Operation): readonly [from: QualifiedName, to: QualifiedName] | readonly [undefined, undefined] {
  if (operation.kind === "renameTable") {
    const { schema, from, to } = operation;
    return [tidy<QualifiedName>({ schema, name: from }), tidy<QualifiedName>({ schema, name: to })];
  }
  if (operation.kind === "moveTable") {
    const { table: name, from, to } = operation;
    return [tidy<QualifiedName>({ schema: from, name }), tidy<QualifiedName>({ schema: to, name })];
  }
  return [undefined, undefined];
}

type Apart<K extends Operation["kind"]> = Extract<Operation, { kind: K }> & { readonly foreignKey: ForeignKey };

/** Foreign keys that closed a cycle stand in operations of their own. */
function apartKeys<K extends "addForeignKey" | "dropForeignKey">(
  operations: readonly Operation[],
  kind: K,
  table: QualifiedName,
): readonly Apart<K>[] {
  return operations.filter((operation): operation is Apart<K> => operation.kind === kind && keyOf(tableOf(operation)) === keyOf(table));
}

/** The name between the two stands in a named schema: the default one is the fuller. */
function renames(from: QualifiedName, to: QualifiedName): readonly Operation[] {
  const movesFirst = from.schema === undefined;
  const rename = tidy<Operation>({
    kind: "renameTable",
    schema: movesFirst ? to.schema : from.schema,
    from: from.name,
    to: to.name,
  } as const);
  const move = tidy<Operation>({ kind: "moveTable", table: movesFirst ? from.name : to.name, from: from.schema, to: to.schema } as const);
  if (from.schema === to.schema) return [rename];
  if (from.name === to.name) return [move];
  return movesFirst ? [move, rename] : [rename, move];
}

/** The columns that stay bring their enums along. */
function followTypes(operations: readonly Operation[], moved: Table, wanted: Table): { operations: readonly Operation[]; had: Table } {
  let list = operations;
  const columns = moved.columns.map((column) => {
    const to = wanted.columns.find(({ name }) => name === column.name);
    if (to === undefined) return column;
    const followed = followType(list, wanted, column, to);
    list = followed.operations;
    return followed.column;
  });
  return { operations: list, had: { ...moved, columns } };
}
