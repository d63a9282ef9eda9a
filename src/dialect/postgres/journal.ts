import type { QualifiedName } from "../../core/schema.ts";
import type { JournalRow, JournalSql } from "../dialect.ts";
import { entryColumns, journalColumns } from "../shared/journal.ts";
import { quoteLiteral, quoteName, quoteTable } from "./quote.ts";

const columns: Readonly<Record<keyof JournalRow, string>> = {
  id: "character varying(255) PRIMARY KEY",
  parents: "text NOT NULL",
  depends_on: "text NOT NULL",
  message: "text NOT NULL",
  checksum: "text NOT NULL",
  source_hash: "text NOT NULL",
  applied_at: "timestamp with time zone NOT NULL DEFAULT now()",
  duration_ms: "integer NOT NULL",
  applied_by: "text NOT NULL DEFAULT current_user",
  tool_version: "text NOT NULL",
  status: "text NOT NULL",
  done: "integer NOT NULL",
  total: "integer NOT NULL",
  session: "text",
  error: "text",
  operations: "text NOT NULL",
  progress: "text",
};

/** What journals of earlier versions do not have. */
const added = ["progress"] as const;

export function journal(table: QualifiedName): JournalSql {
  const name = quoteTable(table);
  const definition = journalColumns.map((column) => `${quoteName(column)} ${columns[column]}`).join(",\n  ");
  const schema = table.schema === undefined ? [] : [`CREATE SCHEMA IF NOT EXISTS ${quoteName(table.schema)}`];
  const select = (columns: readonly (keyof JournalRow)[]) =>
    `SELECT ${columns.map(quoteName).join(", ")} FROM ${name} ORDER BY "applied_at", "id"`;
  return {
    create: [
      ...schema,
      `CREATE TABLE IF NOT EXISTS ${name} (\n  ${definition}\n)`,
      ...added.map((column) => `ALTER TABLE ${name} ADD COLUMN IF NOT EXISTS ${quoteName(column)} ${columns[column]}`),
    ],
    exists: `SELECT CASE WHEN to_regclass(${quoteLiteral(name)}) IS NULL THEN 0 ELSE 1 END AS "exists"`,
    lacking: `SELECT ${journalColumns.length} - count(*) AS "lacking" FROM pg_attribute WHERE attrelid = to_regclass(${quoteLiteral(name)}) AND attname IN (${journalColumns.map(quoteLiteral).join(", ")}) AND NOT attisdropped`,
    progress: (id) => `SELECT "progress" FROM ${name} WHERE "id" = ${quoteLiteral(id)}`,
    brief: select(entryColumns),
    whole: select([...entryColumns, "operations"]),
    insert: (row) =>
      `INSERT INTO ${name} (${journalColumns.map(quoteName).join(", ")}) VALUES (${journalColumns.map((c) => value(c, row[c])).join(", ")})`,
    update: (id, change) => {
      const set = journalColumns.filter((column) => change[column] !== undefined);
      return `UPDATE ${name} SET ${set.map((c) => `${quoteName(c)} = ${value(c, change[c] ?? null)}`).join(", ")} WHERE "id" = ${quoteLiteral(id)}`;
    },
    remove: (id) => `DELETE FROM ${name} WHERE "id" = ${quoteLiteral(id)}`,
  };
}

function value(column: keyof JournalRow, given: JournalRow[keyof JournalRow]): string {
  if (given === null && column === "applied_at") return "clock_timestamp()";
  if (given === null && column === "applied_by") return "current_user";
  if (given === null) return "NULL";
  if (typeof given === "number") return String(given);
  return quoteLiteral(typeof given === "string" ? given : JSON.stringify(given));
}
