import type { OnTable, Operation } from "../../../core/operation.ts";
import { keyOf, type QualifiedName } from "../../../core/schema.ts";
import { changesRows } from "../../shared.ts";
import { integerRange, isText, parseType } from "../parse-type.ts";

interface Known {
  /** the name before the run; null: the table is not there yet */
  readonly origin: QualifiedName | null;
  /** the columns that are not what they were, by their present name: the name before, or null where the values are not known */
  readonly columns: Map<string, string | null>;
}

/**
 * What an operation's names meant before the run. The questions are asked of the untouched database, so a table or column that the list
 * makes, or whose values an earlier operation changes, cannot be asked about.
 */
export interface Before {
  table(name: QualifiedName): QualifiedName | null;
  /** Was the table made by the list, with nothing put into it since? */
  isEmpty(name: QualifiedName): boolean;
  column(table: QualifiedName, name: string): string | null;
  columns(table: QualifiedName, names: readonly string[]): readonly string[] | null;
  /** Can an expression be asked as it stands? Not when it may speak of a column that had another name or other values. */
  speaksOfBefore(table: QualifiedName, expression: string): boolean;
}

/** Grows with every operation that is noted. */
export interface Walk {
  readonly before: Before;
  note(operation: Operation): void;
}

export function walk(): Walk {
  const tables = new Map<string, Known>();
  /** code or SQL of the author's own may have put any row right */
  let unknowable = false;

  const known = (name: QualifiedName): Known => {
    const key = keyOf(name);
    const found = tables.get(key) ?? { origin: name, columns: new Map<string, string | null>() };
    tables.set(key, found);
    return found;
  };
  const before: Before = {
    table: (name) => (unknowable ? null : known(name).origin),
    isEmpty: (name) => !unknowable && known(name).origin === null,
    column(table, name) {
      const found = known(table).columns.get(name);
      return found === undefined ? name : found;
    },
    columns(table, names) {
      const found = names.map((name) => before.column(table, name));
      return found.every((name) => name !== null) ? found : null;
    },
    speaksOfBefore: (table, expression) =>
      [...known(table).columns.keys()].every((name) => !expression.toLowerCase().includes(name.toLowerCase())),
  };
  const move = (from: QualifiedName, to: QualifiedName): void => {
    const moved = known(from);
    tables.delete(keyOf(from));
    tables.set(keyOf(to), moved);
  };
  const change = (on: OnTable, column: string, now: string | null): void => {
    known(nameOf(on.schema, on.table)).columns.set(column, now);
  };
  const note = (operation: Operation): void => {
    if (changesRows(operation)) unknowable = true;
    switch (operation.kind) {
      case "createTable":
        tables.set(keyOf(nameOf(operation.schema, operation.table)), { origin: null, columns: new Map() });
        break;
      case "renameTable":
        move(nameOf(operation.schema, operation.from), nameOf(operation.schema, operation.to));
        break;
      case "moveTable":
        move(nameOf(operation.from, operation.table), nameOf(operation.to, operation.table));
        break;
      case "addColumn":
        change(operation, operation.column.name, null);
        break;
      case "renameColumn":
        change(operation, operation.to, before.column(nameOf(operation.schema, operation.table), operation.from));
        break;
      case "alterColumn":
        if (changesValues(operation)) change(operation, operation.to.name, null);
        break;
      case "backfill":
        for (const column of Object.keys(operation.set)) change(operation, column, null);
        break;
    }
  };
  return { before, note };
}

export const nameOf = (schema: string | undefined, name: string): QualifiedName => (schema === undefined ? { name } : { schema, name });

/** Values keep what they say where a number or a text only gets more or less room: one that does not fit is found as it is now. */
function changesValues(operation: Extract<Operation, { kind: "alterColumn" }>): boolean {
  if (operation.using !== undefined || operation.fill !== undefined || operation.to.generated !== undefined) return true;
  const [from, to] = [parseType(operation.from.type), parseType(operation.to.type)];
  const bothIntegers = integerRange(from) !== undefined && integerRange(to) !== undefined;
  return from.base !== to.base && !bothIntegers && !(isText(from) && isText(to));
}
