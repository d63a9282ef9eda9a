import { dictionary, number, record, sqlText, text } from "../form.ts";
import type { Backfill, Execute, Run } from "../operation.ts";
import { labelOf } from "../schema.ts";
import { sqlOf } from "../sql.ts";
import { nameOf } from "./change.ts";
import { type Definition, reading } from "./definition.ts";
import { tableRef } from "./shapes.ts";

const executeOptions = record<Pick<Execute, "undo">>({}, { undo: sqlText });
const firstLine = (sql: string): string => (sql.trim().split("\n")[0] ?? "").slice(0, 80);

export const execute: Definition<Execute> = {
  make: (args) =>
    reading("execute", args, 2, () => ({
      kind: "execute",
      sql: sqlText.read(args[0], "statement"),
      ...executeOptions.read(args[1] ?? {}, "options"),
    })),
  args: (op) => [sqlOf(op.sql), ...(op.undo === undefined ? [] : [{ undo: sqlOf(op.undo) }])],
  reverse: (op) => (op.undo === undefined ? null : { kind: "execute", sql: op.undo, undo: op.sql }),
  apply: (schema) => schema,
  describe: (op) => `execute ${firstLine(op.sql)}`,
};

const backfillBody = record<Pick<Backfill, "set" | "where" | "batch">>({ set: dictionary(sqlText) }, { where: sqlText, batch: number });

export const backfill: Definition<Backfill> = {
  make: (args) =>
    reading("backfill", args, 2, () => ({ kind: "backfill", ...tableRef.read(args[0], "table"), ...backfillBody.read(args[1], "change") })),
  args: (op) => [tableRef.print(op), backfillBody.print(op)],
  // the values before are not known any more; the column they were written to goes or stays by itself
  reverse: () => null,
  apply: (schema) => schema,
  describe: (op) => `fill ${labelOf(nameOf(op))} (${Object.keys(op.set).join(", ")}) in batches`,
};

/** Made by the recorder, which keeps the function. */
export const run: Definition<Run> = {
  make: (args) =>
    reading("run", args, 3, () => ({
      kind: "run",
      title: text.read(args[0], "title"),
      code: number.read(args[1], "code"),
      ...(args[2] === false ? { transaction: false } : {}),
    })),
  args: (op) => [op.title, op.code, ...(op.transaction === undefined ? [] : [op.transaction])],
  reverse: () => null,
  apply: (schema) => schema,
  describe: (op) => `run ${op.title}`,
};
