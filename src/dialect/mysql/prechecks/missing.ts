import type { Operation } from "../../../core/operation.ts";
import { keyOf, type QualifiedName } from "../../../core/schema.ts";
import type { CompileContext } from "../../dialect.ts";
import { nameOf, walk } from "../../shared/prechecks/before.ts";
import { inPlaces } from "../../shared/prechecks/places.ts";
import { words } from "./question.ts";

/** A table whose name, or some of whose columns' names, mean nothing any more when all is done. */
export interface Missing {
  readonly table: QualifiedName;
  readonly operation: number;
  itself: boolean;
  readonly columns: Set<string>;
}

/** Up to the first step of the author's own: that one may do anything. A name that goes and comes again is not missed. */
export function missingAfter(operations: readonly Operation[], { server }: CompileContext): readonly Missing[] {
  const places = inPlaces(operations, server.flavor);
  const until = places.findIndex(({ operation }) => operation.kind === "run" || operation.kind === "execute");
  const { before, note } = walk(words);
  const found = new Map<string, Missing>();
  const missing = (table: QualifiedName, operation: number): Missing => {
    const one = found.get(keyOf(table)) ?? { table, operation, itself: false, columns: new Set() };
    found.set(keyOf(table), one);
    return one;
  };
  const name = (table: QualifiedName, at: number, goes: boolean): void => {
    if (goes && before.origin(table) === null) return;
    missing(table, at).itself = goes;
  };
  const column = (now: QualifiedName, at: number, one: string, goes: boolean): void => {
    const table = before.origin(now);
    if (table !== null) missing(table, at).columns[goes ? "add" : "delete"](one);
  };
  for (const { operation: op, at } of until < 0 ? places : places.slice(0, until)) {
    if (op.kind === "dropTable") name(nameOf(op.schema, op.table), at, true);
    if (op.kind === "createTable") name(nameOf(op.schema, op.table), at, false);
    if (op.kind === "renameTable") name(nameOf(op.schema, op.from), at, true);
    if (op.kind === "renameTable") name(nameOf(op.schema, op.to), at, false);
    if (op.kind === "moveTable") name(nameOf(op.from, op.table), at, true);
    if (op.kind === "moveTable") name(nameOf(op.to, op.table), at, false);
    if (op.kind === "dropColumn") column(nameOf(op.schema, op.table), at, op.column.name, true);
    if (op.kind === "addColumn") column(nameOf(op.schema, op.table), at, op.column.name, false);
    if (op.kind === "renameColumn") column(nameOf(op.schema, op.table), at, op.from, true);
    if (op.kind === "renameColumn") column(nameOf(op.schema, op.table), at, op.to, false);
    note(op);
  }
  return [...found.values()].filter(({ itself, columns }) => itself || columns.size > 0);
}
