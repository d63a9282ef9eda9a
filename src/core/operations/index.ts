import { integrity } from "../errors.ts";
import type { Assume, Flavor, Kind, On, Operation, OperationOf } from "../operation.ts";
import type { Schema } from "../schema.ts";
import { addColumn, alterColumn, dropColumn, renameColumn } from "./columns.ts";
import {
  addCheck,
  addExclusion,
  addForeignKey,
  addPrimaryKey,
  addUnique,
  dropCheck,
  dropExclusion,
  dropForeignKey,
  dropPrimaryKey,
  dropUnique,
  renameConstraint,
} from "./constraints.ts";
import { backfill, execute, run } from "./data.ts";
import type { Definition } from "./definition.ts";
import { alterEnum, createEnum, dropEnum, renameEnum, renameEnumValue } from "./enums.ts";
import { addIndex, dropIndex, renameIndex } from "./indexes.ts";
import { createExtension, createSchema, dropExtension, dropSchema } from "./namespaces.ts";
import { alterTable, createTable, dropTable, moveTable, renameTable } from "./tables.ts";
import { alterView, createView, dropView, renameView } from "./views.ts";

/** `make` of an `on` comes from the recorder: its argument is a function that records. */
const on: Definition<On> = {
  make([dialect, operations]) {
    return { kind: "on", dialect: dialect as Flavor, operations: operations as readonly Operation[] };
  },
  args: (op) => [op.dialect, op.operations],
  reverse(op) {
    const { operations, irreversible } = reverseAll(op.operations);
    return irreversible.length > 0 ? null : { ...op, operations };
  },
  apply: (schema, op, flavor) => (runsOn(op.dialect, flavor) ? fold(schema, op.operations, flavor) : schema),
  describe: (op) => `on ${op.dialect}: ${op.operations.map(describe).join("; ")}`,
};

const assume: Definition<Assume> = {
  make: ([operations]) => ({ kind: "assume", operations: operations as readonly Operation[] }),
  args: (op) => [op.operations],
  reverse(op) {
    const { operations, irreversible } = reverseAll(op.operations);
    return irreversible.length > 0 ? null : { ...op, operations };
  },
  apply: (schema, op, flavor) => fold(schema, op.operations, flavor),
  describe: (op) => `take as given: ${op.operations.map(describe).join("; ")}`,
};

/** A missing kind does not compile. */
export const registry: { readonly [K in Kind]: Definition<OperationOf<K>> } = {
  createSchema,
  dropSchema,
  createExtension,
  dropExtension,
  createEnum,
  dropEnum,
  renameEnum,
  renameEnumValue,
  alterEnum,
  createTable,
  dropTable,
  renameTable,
  moveTable,
  alterTable,
  addColumn,
  dropColumn,
  renameColumn,
  alterColumn,
  addPrimaryKey,
  dropPrimaryKey,
  addUnique,
  dropUnique,
  addIndex,
  dropIndex,
  renameIndex,
  addForeignKey,
  dropForeignKey,
  addCheck,
  dropCheck,
  addExclusion,
  dropExclusion,
  renameConstraint,
  createView,
  dropView,
  alterView,
  renameView,
  execute,
  backfill,
  run,
  on,
  assume,
};

const definitionOf = (kind: Kind): Definition<Operation> => registry[kind] as unknown as Definition<Operation>;

/** `on("mysql")` is meant for MariaDB too. */
export function runsOn(dialect: Flavor, flavor: Flavor): boolean {
  return dialect === flavor || (dialect === "mysql" && flavor === "mariadb");
}

export function make(kind: Kind, args: readonly unknown[]): Operation {
  return definitionOf(kind).make(args);
}

export function args(operation: Operation): readonly unknown[] {
  return definitionOf(operation.kind).args(operation);
}

export function describe(operation: Operation): string {
  return definitionOf(operation.kind)
    .describe(operation)
    .replaceAll(/\s*\n\s*/g, " ");
}

/** What takes the operation back; null when nothing can. */
export function reverse(operation: Operation): Operation | null {
  return definitionOf(operation.kind).reverse(operation);
}

/** The way back, last first. A backfill needs none; `irreversible` are the indexes of operations that have none. */
export function reverseAll(operations: readonly Operation[]): {
  readonly operations: readonly Operation[];
  readonly irreversible: readonly number[];
} {
  const back: Operation[] = [];
  const irreversible: number[] = [];
  operations.forEach((operation, i) => {
    const undone = reverse(operation);
    if (undone !== null) back.unshift(undone);
    else if (operation.kind !== "backfill") irreversible.push(i);
  });
  return { operations: back, irreversible };
}

/** The schema after the operation. Loud when it does not fit. */
export function apply(schema: Schema, operation: Operation, flavor: Flavor = "postgres"): Schema {
  return definitionOf(operation.kind).apply(schema, operation, flavor);
}

export function fold(schema: Schema, operations: readonly Operation[], flavor: Flavor = "postgres"): Schema {
  return operations.reduce((state, operation) => apply(state, operation, flavor), schema);
}

/** An operation kind by its name; for a revision file that calls one that there is not. */
export function kindNamed(name: string): Kind {
  if (Object.hasOwn(registry, name)) return name as Kind;
  throw integrity("unknown-operation", `There is no operation op.${name}.`, `known are ${Object.keys(registry).join(", ")}`, { name });
}
