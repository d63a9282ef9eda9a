import type { Operation } from "../../core/operation.ts";
import { describe } from "../../core/operations/index.ts";
import { keyOf, type QualifiedName } from "../../core/schema.ts";

/** What of the rows before a revision its way up and down cannot give back, or may change on purpose. */
export interface Losses {
  /** by table as it was named before: the columns; null is the whole table */
  readonly tables: ReadonlyMap<string, ReadonlySet<string> | null>;
  /** a step of the author's own may have done anything to the rows */
  readonly anything: boolean;
  /** values get other names */
  readonly relabels: boolean;
  /** the operations that lose, in words */
  readonly said: readonly string[];
  /** what a table is called afterwards → before */
  readonly names: ReadonlyMap<string, string>;
  /** what a column is called afterwards, with its table's name from before in front (`columnKey`) → before */
  readonly columns: ReadonlyMap<string, string>;
}

export function lossesOf(operations: readonly Operation[], dataBack: boolean): Losses {
  const found: Found = { tables: new Map(), said: [], names: new Map(), columns: new Map(), anything: dataBack, relabels: false };
  for (const operation of operations) note(found, operation);
  return found;
}

/** Whether a direction has steps that work on rows by the author's own will. */
export const hasDataSteps = (operations: readonly Operation[]): boolean =>
  operations.some((one) => one.kind === "execute" || one.kind === "run" || (one.kind === "on" && hasDataSteps(one.operations)));

interface Found {
  readonly tables: Map<string, Set<string> | null>;
  readonly said: string[];
  readonly names: Map<string, string>;
  readonly columns: Map<string, string>;
  anything: boolean;
  relabels: boolean;
}

const named = (name: string, schema: string | undefined): QualifiedName => (schema === undefined ? { name } : { schema, name });

function note(found: Found, operation: Operation): void {
  switch (operation.kind) {
    case "dropTable":
      found.tables.set(before(found, operation.table, operation.schema), null);
      found.said.push(describe(operation));
      return;
    case "dropColumn":
      lose(found, operation, operation.column.name, operation);
      return;
    case "alterColumn":
      if (operation.from.type !== operation.to.type || operation.fill !== undefined || operation.using !== undefined)
        lose(found, operation, operation.to.name, operation);
      return;
    case "alterEnum":
      if (operation.from.every((value) => operation.to.includes(value))) return;
      for (const use of operation.columns) lose(found, use, use.column, operation);
      return;
    case "renameEnumValue":
      found.relabels = true;
      return;
    case "backfill":
      for (const column of Object.keys(operation.set)) lose(found, operation, column, operation);
      return;
    case "renameTable":
      found.names.set(keyOf(named(operation.to, operation.schema)), before(found, operation.from, operation.schema));
      return;
    case "moveTable":
      found.names.set(keyOf(named(operation.table, operation.to)), before(found, operation.table, operation.from));
      return;
    case "renameColumn":
      found.columns.set(
        keyFor(found, operation, operation.to),
        found.columns.get(keyFor(found, operation, operation.from)) ?? operation.from,
      );
      return;
    case "execute":
    case "run":
      found.anything = true;
      found.said.push(describe(operation));
      return;
    case "on":
      for (const one of operation.operations) note(found, one);
      return;
  }
}

type On = { readonly schema?: string; readonly table: string };

function before({ names }: Found, name: string, schema: string | undefined): string {
  const key = keyOf(named(name, schema));
  return names.get(key) ?? key;
}

export const columnKey = (table: string, column: string): string => `${table}\u0000${column}`;
const keyFor = (found: Found, on: On, column: string): string => columnKey(before(found, on.table, on.schema), column);

function lose(found: Found, on: On, column: string, operation: Operation): void {
  const table = before(found, on.table, on.schema);
  const columns = found.tables.get(table);
  if (columns !== null) found.tables.set(table, new Set([...(columns ?? []), found.columns.get(keyFor(found, on, column)) ?? column]));
  found.said.push(describe(operation));
}
