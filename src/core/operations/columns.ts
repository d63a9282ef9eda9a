import { type Form, name, record, sqlText, untruth } from "../form.ts";
import { indexColumns } from "../index-parts.ts";
import type { AddColumn, AlterColumn, DropColumn, Flavor, OnTable, RenameColumn } from "../operation.ts";
import { type Column, type ForeignKey, type Index, labelOf, type Schema, type Table, type ViewRead } from "../schema.ts";
import {
  changedPart,
  following,
  isNamed,
  missing,
  nameOf,
  pointsTo,
  there,
  withoutPart,
  withPart,
  withReads,
  withTable,
} from "./change.ts";
import { type Definition, droppingArgs, droppingIn, given, reading, unlessGone } from "./definition.ts";
import { withNewName } from "./expressions.ts";
import { attributes, changeOf, column, tableRef } from "./shapes.ts";

const addOptions = record<Pick<AddColumn, "fill" | "online">>({}, { fill: sqlText, online: untruth });
const alterOptions = record<Pick<AlterColumn, "using" | "fill" | "online">>({}, { using: sqlText, fill: sqlText, online: untruth });
/** Left out where none is given. */
const optionArgs = <T extends object>(form: Form<T>, op: T): readonly unknown[] => {
  const options = form.print(op) as object;
  return Object.keys(options).length > 0 ? [options] : [];
};
const labelled = (op: OnTable, one: string): string => `${labelOf(nameOf(op))}.${one}`;

export const addColumn: Definition<AddColumn> = {
  make: (args) =>
    reading("addColumn", args, 3, () => ({
      kind: "addColumn",
      ...tableRef.read(args[0], "table"),
      column: column.read(args[1], "column"),
      ...addOptions.read(args[2] ?? {}, "options"),
    })),
  args: (op) => [tableRef.print(op), column.print(op.column), ...optionArgs(addOptions, op)],
  reverse: ({ fill: _, ...op }) => ({ ...op, kind: "dropColumn" }),
  apply: (schema, op) => withTable(schema, op, (table) => ({ ...table, columns: withPart(table.columns, op.column, "column", op) })),
  describe: (op) => `add column ${labelled(op, op.column.name)} ${describeColumn(op.column)}`,
};

export const dropColumn: Definition<DropColumn> = {
  make: (args) =>
    reading("dropColumn", args, 3, () => ({
      kind: "dropColumn",
      ...tableRef.read(args[0], "table"),
      column: column.read(args[1], "column"),
      ...droppingIn(args, 2),
    })),
  args: (op) => [tableRef.print(op), column.print(op.column), ...droppingArgs(op)],
  reverse: ({ ifExists: _, ...op }) => ({ ...op, kind: "addColumn" }),
  apply: (schema, op) =>
    unlessGone(schema, op, () =>
      withTable(schema, op, (table) => {
        const user = userOf(table, op.column.name);
        if (user !== undefined) throw there(`${user}, which uses ${op.column.name},`, ` on ${labelOf(nameOf(op))}`);
        return { ...table, columns: withoutPart(table.columns, op.column.name, "column", op) };
      }),
    ),
  describe: (op) => `drop column ${labelled(op, op.column.name)} with its values`,
};

export const renameColumn: Definition<RenameColumn> = {
  make: (args) =>
    reading("renameColumn", args, 3, () => ({
      kind: "renameColumn",
      ...tableRef.read(args[0], "table"),
      from: name.read(args[1], "from"),
      to: name.read(args[2], "to"),
    })),
  args: (op) => [tableRef.print(op), op.from, op.to],
  reverse: (op) => ({ ...op, from: op.to, to: op.from }),
  apply: (schema, op, flavor) => renamed(schema, op, flavor),
  describe: (op) => `rename column ${labelled(op, op.from)} to ${op.to}`,
};

const change = changeOf<Omit<Column, "name">>(attributes);

export const alterColumn: Definition<AlterColumn> = {
  make: (args) =>
    reading("alterColumn", args, 4, () => {
      const one = name.read(args[1], "column");
      const { from, to } = change.read(args[2], "change");
      return {
        kind: "alterColumn",
        ...tableRef.read(args[0], "table"),
        from: column.read(column.print({ name: one, ...from }), "from"),
        to: column.read(column.print({ name: one, ...to }), "to"),
        ...alterOptions.read(args[3] ?? {}, "options"),
      };
    }),
  args: (op) => [tableRef.print(op), op.to.name, change.print(op), ...optionArgs(alterOptions, op)],
  reverse: ({ using: _, fill: __, ...op }) => ({ ...op, from: op.to, to: op.from }),
  apply: (schema, op) =>
    withTable(schema, op, (table) => ({ ...table, columns: changedPart(table.columns, op.from.name, "column", op, () => op.to) })),
  describe: (op) => `change column ${labelled(op, op.to.name)}: ${describeChange(op.from, op.to)}`,
};

function describeColumn({ type, nullable, default: value }: Column): string {
  return `${type}${nullable ? "" : " not null"}${value === undefined ? "" : ` default ${value}`}`;
}

function describeChange(from: Column, to: Column): string {
  const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])] as (keyof Column)[];
  const said = (value: unknown): string => (value === undefined ? "none" : typeof value === "string" ? value : JSON.stringify(value));
  return keys
    .filter((key) => JSON.stringify(from[key]) !== JSON.stringify(to[key]))
    .map((key) => (key === "nullable" ? (to.nullable ? "nullable" : "not null") : `${key} ${said(from[key])} → ${said(to[key])}`))
    .join(", ");
}

/** What on the table still uses the column; a drop that leaves it would take it along unsaid. */
function userOf(table: Table, one: string): string | undefined {
  if (table.primaryKey?.columns.includes(one)) return "the primary key";
  const key = [...table.uniques, ...table.foreignKeys].find(({ columns }) => columns.includes(one));
  if (key !== undefined) return key.name;
  const own = (key: ForeignKey) => key.references.table === table.name && key.references.schema === table.schema;
  return (
    table.indexes.find((index) => indexColumns(index).includes(one))?.name ??
    table.foreignKeys.find((key) => own(key) && key.references.columns.includes(one))?.name
  );
}

/** The new name goes into keys, indexes and references, and into the expressions of the table itself; a view's text stays as it is. */
function renamed(schema: Schema, op: RenameColumn, flavor: Flavor): Schema {
  const name = nameOf(op);
  const swap = (one: string): string => (one === op.from ? op.to : one);
  const swapAll = (columns: readonly string[]): readonly string[] => columns.map(swap);
  const index = (one: Index): Index => ({
    ...one,
    columns: one.columns.map((part) =>
      typeof part === "string" ? swap(part) : part.column === undefined ? part : { ...part, column: swap(part.column) },
    ),
    ...given({ include: one.include === undefined ? undefined : swapAll(one.include) }),
  });
  const next = withTable(schema, op, (table) => {
    if (!table.columns.some((column) => column.name === op.from)) throw missing(`column ${op.from}`, ` on ${labelOf(name)}`);
    if (table.columns.some((column) => column.name === op.to)) throw there(`column ${op.to}`, ` on ${labelOf(name)}`);
    const said = withNewName(table, op, flavor);
    return {
      ...said,
      columns: said.columns.map((column) => ({ ...column, name: swap(column.name) })),
      ...given({
        primaryKey: table.primaryKey === undefined ? undefined : { ...table.primaryKey, columns: swapAll(table.primaryKey.columns) },
      }),
      uniques: table.uniques.map((key) => ({ ...key, columns: swapAll(key.columns) })),
      indexes: said.indexes.map(index),
      foreignKeys: table.foreignKeys.map((key) => ({ ...key, columns: swapAll(key.columns) })),
    };
  });
  const read = (view: ViewRead): ViewRead =>
    isNamed(name)(view) && view.columns !== undefined ? { ...view, columns: swapAll(view.columns) } : view;
  const follow = (key: ForeignKey): ForeignKey =>
    pointsTo(key, name) ? { ...key, references: { ...key.references, columns: swapAll(key.references.columns) } } : key;
  return {
    ...next,
    views: next.views.map((view) => withReads(view, read)),
    tables: next.tables.map((table) => following(table, name, follow)),
  };
}
