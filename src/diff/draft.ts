import type { OnTable, Operation } from "../core/operation.ts";
import { keyOf, type Table } from "../core/schema.ts";
import type { Sort } from "./constraints.ts";
import { on, tableOf } from "./on.ts";

/** A list of operations while things are put into it and taken out of it: nothing is dropped twice. */
export class Draft {
  private list: Operation[];
  private readonly there: Set<string>;

  constructor(operations: readonly Operation[]) {
    this.list = [...operations];
    this.there = new Set(operations.map(identity));
  }

  operations(): readonly Operation[] {
    return this.list;
  }

  push(operation: Operation): void {
    const key = identity(operation);
    if (this.there.has(key)) return;
    this.there.add(key);
    this.list.push(operation);
  }

  remove(matches: (operation: Operation) => boolean): void {
    this.list = this.list.filter((operation) => {
      if (!matches(operation)) return true;
      this.there.delete(identity(operation));
      return false;
    });
  }

  replace(change: (operation: Operation) => Operation): void {
    this.list = this.list.map(change);
  }

  /** Drops what the table had and adds what it will have instead, unless that is planned already. */
  recreate<T extends { readonly name?: string }>(sort: Sort<T>, wanted: Table, item: T): void {
    const table = on(wanted);
    const drop = sort.drop(table, item);
    if (this.there.has(identity(drop))) return;
    const renames = this.list.find((operation) => renamesItem(operation, table, item.name));
    const name = renames !== undefined && "to" in renames ? renames.to : item.name;
    const to = sort.of(wanted).find((other) => other.name === name);
    if (to === undefined) return;
    if (renames !== undefined) this.remove((operation) => operation === renames);
    this.push(drop);
    this.push(sort.add(table, to));
  }
}

function renamesItem(operation: Operation, table: OnTable, name: string | undefined): boolean {
  return (
    (operation.kind === "renameConstraint" || operation.kind === "renameIndex") &&
    operation.from === name &&
    keyOf(tableOf(operation)) === keyOf(tableOf(table))
  );
}

/** What an operation is about; two of the same are one too many. */
function identity(operation: Operation): string {
  const where = "table" in operation ? keyOf(tableOf(operation)) : "view" in operation ? operation.view : "";
  return [operation.kind, where, subjectOf(operation)].join("\u0001");
}

function subjectOf(operation: Operation): string {
  if ("column" in operation) return operation.column.name;
  if (operation.kind === "renameConstraint" || operation.kind === "renameIndex") return operation.from;
  if ("unique" in operation) return operation.unique.name;
  if ("index" in operation) return operation.index.name;
  if ("foreignKey" in operation) return operation.foreignKey.name;
  if ("check" in operation) return operation.check.name;
  if ("exclusion" in operation) return operation.exclusion.name;
  if ("definition" in operation) return keyOf(operation.definition);
  if (operation.kind === "alterColumn") return operation.to.name;
  return "from" in operation && typeof operation.from === "string" ? operation.from : "name" in operation ? operation.name : "";
}
