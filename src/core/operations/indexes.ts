import { name } from "../form.ts";
import { partOf } from "../index-parts.ts";
import type { AddIndex, DropIndex, OnTable, RenameIndex } from "../operation.ts";
import { type Index, labelOf, type Schema } from "../schema.ts";
import { changedPart, isNamed, nameOf, replaced, there, withoutPart, withPart, withTable } from "./change.ts";
import { type Definition, droppingArgs, droppingIn, onlineArgs, onlineIn, reading, unlessGone } from "./definition.ts";
import { index, tableRef } from "./shapes.ts";

const where = (op: OnTable): string => labelOf(nameOf(op));
const columnsOf = ({ columns }: Index): string => `(${columns.map((part) => partOf(part).column ?? partOf(part).expression).join(", ")})`;

/** The indexes of a table or of a materialised view. */
function withIndexes(schema: Schema, op: OnTable, change: (indexes: readonly Index[]) => readonly Index[]): Schema {
  const view = nameOf(op);
  return schema.views.some(isNamed(view))
    ? { ...schema, views: replaced(schema.views, view, "view", (one) => ({ ...one, indexes: change(one.indexes) })) }
    : withTable(schema, op, (table) => ({ ...table, indexes: change(table.indexes) }));
}

export const addIndex: Definition<AddIndex> = {
  make: (args) =>
    reading("addIndex", args, 3, () => ({
      kind: "addIndex",
      ...tableRef.read(args[0], "table"),
      index: index.read(args[1], "index"),
      ...onlineIn(args, 2),
    })),
  args: (op) => [tableRef.print(op), index.print(op.index), ...onlineArgs(op)],
  reverse: (op) => ({ ...op, kind: "dropIndex" }),
  apply: (schema, op) => withIndexes(schema, op, (indexes) => withPart(indexes, op.index, "index", op)),
  describe: (op) => `add ${op.index.unique ? "unique index" : "index"} ${op.index.name} on ${where(op)} ${columnsOf(op.index)}`,
};

export const dropIndex: Definition<DropIndex> = {
  make: (args) =>
    reading("dropIndex", args, 3, () => ({
      kind: "dropIndex",
      ...tableRef.read(args[0], "table"),
      index: index.read(args[1], "index"),
      ...droppingIn(args, 2),
    })),
  args: (op) => [tableRef.print(op), index.print(op.index), ...droppingArgs(op)],
  reverse: ({ ifExists: _, ...op }) => ({ ...op, kind: "addIndex" }),
  apply: (schema, op) =>
    unlessGone(schema, op, () => withIndexes(schema, op, (indexes) => withoutPart(indexes, op.index.name, "index", op))),
  describe: (op) => `drop index ${op.index.name} on ${where(op)}`,
};

export const renameIndex: Definition<RenameIndex> = {
  make: (args) =>
    reading("renameIndex", args, 3, () => ({
      kind: "renameIndex",
      ...tableRef.read(args[0], "table"),
      from: name.read(args[1], "from"),
      to: name.read(args[2], "to"),
    })),
  args: (op) => [tableRef.print(op), op.from, op.to],
  reverse: (op) => ({ ...op, from: op.to, to: op.from }),
  apply: (schema, op) =>
    withIndexes(schema, op, (indexes) => {
      if (indexes.some(({ name }) => name === op.to)) throw there(`index ${op.to}`, ` on ${where(op)}`);
      return changedPart(indexes, op.from, "index", op, (one) => ({ ...one, name: op.to }));
    }),
  describe: (op) => `rename index ${op.from} on ${where(op)} to ${op.to}`,
};
