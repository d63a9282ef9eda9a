import type { Operation } from "../../../core/operation.ts";
import { keyOf, type QualifiedName } from "../../../core/schema.ts";
import { changesRows } from "../../shared.ts";
import { parseType } from "../type.ts";

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
export class Before {
  private readonly tables = new Map<string, Known>();
  /** code or SQL of the author's own may have put any row right */
  private unknowable = false;
  /** values of the enum types that the list makes or changes */
  readonly enums = new Map<string, readonly string[]>();

  table(name: QualifiedName): QualifiedName | null {
    return this.unknowable ? null : this.known(name).origin;
  }

  /** Was the table made by the list, with nothing put into it since? */
  isEmpty(name: QualifiedName): boolean {
    return !this.unknowable && this.known(name).origin === null;
  }

  column(table: QualifiedName, name: string): string | null {
    const { columns } = this.known(table);
    const before = columns.get(name);
    return before === undefined ? name : before;
  }

  columns(table: QualifiedName, names: readonly string[]): readonly string[] | null {
    const before = names.map((name) => this.column(table, name));
    return before.every((name) => name !== null) ? before : null;
  }

  /** Can an expression be asked as it stands? Not when it may speak of a column that had another name or other values. */
  speaksOfBefore(table: QualifiedName, expression: string): boolean {
    return [...this.known(table).columns.keys()].every((name) => !expression.toLowerCase().includes(name.toLowerCase()));
  }

  note(operation: Operation): void {
    if (changesRows(operation)) this.unknowable = true;
    switch (operation.kind) {
      case "createTable":
        this.tables.set(keyOf(nameOf(operation.schema, operation.table)), { origin: null, columns: new Map() });
        break;
      case "renameTable":
        this.move(nameOf(operation.schema, operation.from), nameOf(operation.schema, operation.to));
        break;
      case "moveTable":
        this.move(nameOf(operation.from, operation.table), nameOf(operation.to, operation.table));
        break;
      case "addColumn":
        this.change(operation, operation.column.name, null);
        break;
      case "renameColumn":
        this.change(operation, operation.to, this.column(nameOf(operation.schema, operation.table), operation.from));
        break;
      case "alterColumn":
        if (changesValues(operation)) this.change(operation, operation.to.name, null);
        break;
      case "backfill":
        for (const column of Object.keys(operation.set)) this.change(operation, column, null);
        break;
      case "createEnum":
        this.enums.set(keyOf(operation.definition), operation.definition.values);
        break;
      case "alterEnum":
        this.enums.set(keyOf(nameOf(operation.schema, operation.name)), operation.to);
        if (operation.replace !== undefined) for (const use of operation.columns) this.change(use, use.column, null);
        break;
    }
  }

  private known(name: QualifiedName): Known {
    const key = keyOf(name);
    const known = this.tables.get(key) ?? { origin: name, columns: new Map<string, string | null>() };
    this.tables.set(key, known);
    return known;
  }

  private move(from: QualifiedName, to: QualifiedName): void {
    const known = this.known(from);
    this.tables.delete(keyOf(from));
    this.tables.set(keyOf(to), known);
  }

  private change(on: { readonly schema?: string; readonly table: string }, column: string, before: string | null): void {
    this.known(nameOf(on.schema, on.table)).columns.set(column, before);
  }
}

export const nameOf = (schema: string | undefined, name: string): QualifiedName => (schema === undefined ? { name } : { schema, name });

const integers = new Set(["smallint", "integer", "bigint"]);

function changesValues(operation: Extract<Operation, { kind: "alterColumn" }>): boolean {
  if (operation.using !== undefined || operation.fill !== undefined || operation.to.generated !== undefined) return true;
  const from = parseType(operation.from.type).base;
  const to = parseType(operation.to.type).base;
  return from !== to && !(integers.has(from) && integers.has(to));
}
