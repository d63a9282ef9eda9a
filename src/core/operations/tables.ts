import { type Form, name } from "../form.ts";
import type { AlterTable, CreateTable, DropTable, MoveTable, OnTable, RenameTable, TableOptions } from "../operation.ts";
import { type ForeignKey, labelOf, type QualifiedName, type Schema, type Table, type ViewRead } from "../schema.ts";
import { added, following, isNamed, missing, nameOf, pointsTo, removed, without, withReads, withTable } from "./change.ts";
import { type Definition, droppingArgs, droppingIn, given, onlineArgs, onlineIn, reading, unlessGone } from "./definition.ts";
import { changeOf, tableBody, tableOptions, tableRef } from "./shapes.ts";

const definitionIn = (call: string, args: readonly unknown[], most = 2): OnTable & { definition: Table } =>
  reading(call, args, most, () => {
    const ref = tableRef.read(args[0], "table");
    return { ...ref, definition: { ...nameOf(ref), ...tableBody.read(args[1], "definition") } };
  });
const definitionArgs = (op: OnTable & { definition: Table }): readonly unknown[] => [tableRef.print(op), tableBody.print(op.definition)];

export const createTable: Definition<CreateTable> = {
  make: (args) => ({ kind: "createTable", ...definitionIn("createTable", args) }),
  args: definitionArgs,
  reverse: (op) => ({ ...op, kind: "dropTable" }),
  apply: (schema, op) => ({ ...schema, tables: added(schema.tables, op.definition, "table") }),
  describe: (op) => `create table ${labelOf(nameOf(op))} (${op.definition.columns.map((column) => column.name).join(", ")})`,
};

export const dropTable: Definition<DropTable> = {
  make: (args) => ({ kind: "dropTable", ...definitionIn("dropTable", args, 3), ...droppingIn(args, 2) }),
  args: (op) => [...definitionArgs(op), ...droppingArgs(op)],
  reverse: ({ ifExists: _, ...op }) => ({ ...op, kind: "createTable" }),
  apply: (schema, op) => unlessGone(schema, op, () => ({ ...schema, tables: removed(schema.tables, nameOf(op), "table") })),
  describe: (op) => `drop table ${labelOf(nameOf(op))} with its rows`,
};

const inSchema = (schema: string | undefined, table: string): QualifiedName => ({ ...given({ schema }), name: table });

export const renameTable: Definition<RenameTable> = {
  make: (args) =>
    reading("renameTable", args, 2, () => {
      const { schema, table } = tableRef.read(args[0], "from");
      return { kind: "renameTable", ...given({ schema }), from: table, to: name.read(args[1], "to") };
    }),
  args: (op) => [tableRef.print({ ...given({ schema: op.schema }), table: op.from }), op.to],
  reverse: (op) => ({ ...op, from: op.to, to: op.from }),
  apply: (schema, op) => moved(schema, inSchema(op.schema, op.from), inSchema(op.schema, op.to)),
  describe: (op) => `rename table ${labelOf(inSchema(op.schema, op.from))} to ${op.to}`,
};

const place: Form<{ readonly from?: string; readonly to?: string }> = {
  read(value, where) {
    const { from, to } = changePlace.read({ place: value }, where);
    return given({ from: from.place, to: to.place });
  },
  print: ({ from, to }) => ({ from: from ?? null, to: to ?? null }),
};
const changePlace = changeOf<{ place?: string }>({ place: name });

export const moveTable: Definition<MoveTable> = {
  make: (args) =>
    reading("moveTable", args, 2, () => ({ kind: "moveTable", table: name.read(args[0], "table"), ...place.read(args[1], "schema") })),
  args: (op) => [op.table, place.print(op)],
  reverse: (op) => ({ kind: "moveTable", table: op.table, ...given({ from: op.to, to: op.from }) }),
  apply: (schema, op) => moved(schema, inSchema(op.from, op.table), inSchema(op.to, op.table)),
  describe: (op) => `move table ${labelOf(inSchema(op.from, op.table))} to ${op.to ?? "the default schema"}`,
};

const options = changeOf<TableOptions>(tableOptions);

export const alterTable: Definition<AlterTable> = {
  make: (args) =>
    reading("alterTable", args, 3, () => ({
      kind: "alterTable",
      ...tableRef.read(args[0], "table"),
      ...options.read(args[1], "change"),
      ...onlineIn(args, 2),
    })),
  args: (op) => [tableRef.print(op), options.print(op), ...onlineArgs(op)],
  reverse: (op) => ({ ...op, from: op.to, to: op.from }),
  apply: (schema, op) =>
    withTable(schema, op, (table) => {
      const gone = Object.keys(op.from).filter((key) => !(key in op.to));
      const kept = Object.entries(table).filter(([key]) => !gone.includes(key));
      return { ...(Object.fromEntries(kept) as unknown as Table), ...op.to };
    }),
  describe: (op) =>
    `change table ${labelOf(nameOf(op))}: ${Object.keys({ ...op.from, ...op.to })
      .filter((key) => differs(op, key))
      .join(", ")}`,
};

const differs = (op: AlterTable, key: string): boolean => op.from[key as keyof TableOptions] !== op.to[key as keyof TableOptions];

/** The table under another name; what points to it follows. */
function moved(schema: Schema, from: QualifiedName, to: QualifiedName): Schema {
  const table = schema.tables.find(isNamed(from));
  if (table === undefined) throw missing(`table ${labelOf(from)}`, "");
  const tables = added(removed(schema.tables, from, "table"), { ...without(table, "schema"), ...to }, "table");
  const follow = (key: ForeignKey): ForeignKey =>
    pointsTo(key, from)
      ? { ...key, references: { ...given({ schema: to.schema }), table: to.name, columns: key.references.columns } }
      : key;
  const read = (one: ViewRead): ViewRead => (isNamed(from)(one) ? { ...to, ...given({ columns: one.columns }) } : one);
  return {
    ...schema,
    tables: tables.map((one) => following(one, from, follow)),
    views: schema.views.map((view) => withReads(view, read)),
  };
}
