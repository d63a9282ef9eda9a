import type { AddColumn, AlterColumn, OnTable, Operation } from "../../../core/operation.ts";
import { keyOf, type QualifiedName } from "../../../core/schema.ts";
import { changesRows, isLiteral } from "../sql.ts";
import type { Words } from "./words.ts";

interface Known {
  /** the name before the run; null: the table is not there yet */
  readonly origin: QualifiedName | null;
  /** the columns that are not what they were, by their present name: the name before, or null where the values are not known */
  readonly columns: Map<string, string | null>;
  /** of columns that the list adds: the one value that every row has then */
  readonly constants: Map<string, string>;
}

/**
 * What an operation's names meant before the run. The questions are asked of the untouched database, so a table or column that the list
 * makes, or whose values an earlier operation changes, cannot be asked about.
 */
export interface Before {
  /** the name before the run; null: the list makes it */
  origin(name: QualifiedName): QualifiedName | null;
  /** the same, as long as its rows are known */
  table(name: QualifiedName): QualifiedName | null;
  /** Was the table made by the list, with nothing put into it since? */
  isEmpty(name: QualifiedName): boolean;
  column(table: QualifiedName, name: string): string | null;
  columns(table: QualifiedName, names: readonly string[]): readonly string[] | null;
  /** the value that every row has in a column that the list adds */
  constant(table: QualifiedName, name: string): string | undefined;
  /** Can an expression be asked as it stands? Not when it may speak of a column that had another name or other values. */
  speaksOfBefore(table: QualifiedName, expression: string): boolean;
  /** values of the enum types that the list makes or changes */
  enumValues(type: QualifiedName): readonly string[] | undefined;
}

/** Grows with every operation that is noted. */
export interface Walk {
  readonly before: Before;
  note(operation: Operation): void;
}

/** What an operation's names mean now. */
interface State {
  readonly tables: Map<string, Known>;
  readonly enums: Map<string, readonly string[]>;
  /** code or SQL of the author's own may have put any row right */
  unknowable: boolean;
}

export function walk(words: Pick<Words, "keepsValues">): Walk {
  const state: State = { tables: new Map(), enums: new Map(), unknowable: false };
  const before = beforeOf(state);
  return { before, note: (operation) => note(operation, state, before, words) };
}

function known({ tables }: State, name: QualifiedName): Known {
  const key = keyOf(name);
  const found = tables.get(key) ?? { origin: name, ...unchanged() };
  tables.set(key, found);
  return found;
}

function beforeOf(state: State): Before {
  const before: Before = {
    origin: (name) => known(state, name).origin,
    table: (name) => (state.unknowable ? null : known(state, name).origin),
    isEmpty: (name) => !state.unknowable && known(state, name).origin === null,
    column(table, name) {
      const found = known(state, table).columns.get(name);
      return found === undefined ? name : found;
    },
    columns(table, names) {
      const found = names.map((name) => before.column(table, name));
      return found.every((name) => name !== null) ? found : null;
    },
    constant: (table, name) => known(state, table).constants.get(name),
    speaksOfBefore: (table, expression) =>
      [...known(state, table).columns.keys()].every((name) => !expression.toLowerCase().includes(name.toLowerCase())),
    enumValues: (type) => state.enums.get(keyOf(type)),
  };
  return before;
}

function note(operation: Operation, state: State, before: Before, { keepsValues }: Pick<Words, "keepsValues">): void {
  if (changesRows(operation)) state.unknowable = true;
  switch (operation.kind) {
    case "createTable":
      state.tables.set(keyOf(nameOf(operation.schema, operation.table)), { origin: null, ...unchanged() });
      break;
    case "renameTable":
      move(state, nameOf(operation.schema, operation.from), nameOf(operation.schema, operation.to));
      break;
    case "moveTable":
      move(state, nameOf(operation.from, operation.table), nameOf(operation.to, operation.table));
      break;
    case "addColumn":
      change(state, operation, operation.column.name, null, constantOf(operation));
      break;
    case "renameColumn": {
      const table = nameOf(operation.schema, operation.table);
      change(state, operation, operation.to, before.column(table, operation.from), before.constant(table, operation.from));
      break;
    }
    case "alterColumn":
      if (setsValues(operation) || !keepsValues(operation.from.type, operation.to.type)) change(state, operation, operation.to.name, null);
      break;
    case "backfill":
      for (const column of Object.keys(operation.set)) change(state, operation, column, null);
      break;
    case "createEnum":
      state.enums.set(keyOf(operation.definition), operation.definition.values);
      break;
    case "alterEnum":
      state.enums.set(keyOf(nameOf(operation.schema, operation.name)), operation.to);
      if (operation.replace !== undefined) for (const use of operation.columns) change(state, use, use.column, null);
      break;
  }
}

function move(state: State, from: QualifiedName, to: QualifiedName): void {
  const moved = known(state, from);
  state.tables.delete(keyOf(from));
  state.tables.set(keyOf(to), moved);
}

/** The column has this one's values now, or none that are known; or in every row the one. */
function change(state: State, on: OnTable, column: string, now: string | null, constant?: string): void {
  const { columns, constants } = known(state, nameOf(on.schema, on.table));
  columns.set(column, now);
  if (constant === undefined) constants.delete(column);
  else constants.set(column, constant);
}

const setsValues = ({ using, fill, to }: AlterColumn): boolean => using !== undefined || fill !== undefined || to.generated !== undefined;

const unchanged = (): Omit<Known, "origin"> => ({ columns: new Map(), constants: new Map() });

/** A default that is computed may differ from row to row. */
function constantOf({ column, fill }: AddColumn): string | undefined {
  if (column.generated ?? column.identity ?? column.autoIncrement) return undefined;
  const value = fill ?? column.default ?? "NULL";
  return isLiteral(value) ? value : undefined;
}

export const nameOf = (schema: string | undefined, name: string): QualifiedName => (schema === undefined ? { name } : { schema, name });
