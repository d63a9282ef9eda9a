import type { QualifiedName } from "../../core/schema.ts";
import type { JournalRow, JournalSql } from "../dialect.ts";
import { entryColumns, journalColumns } from "../shared/journal.ts";
import { databaseSql, quoteLiteral, quoteName, quoteTable } from "./quote.ts";

const columns: Readonly<Record<keyof JournalRow, string>> = {
  id: "varchar(255) NOT NULL PRIMARY KEY",
  parents: "longtext NOT NULL",
  depends_on: "longtext NOT NULL",
  message: "longtext NOT NULL",
  checksum: "varchar(255) NOT NULL",
  source_hash: "varchar(255) NOT NULL",
  applied_at: "datetime(6) NOT NULL",
  duration_ms: "bigint NOT NULL",
  applied_by: "varchar(512) NOT NULL",
  tool_version: "varchar(255) NOT NULL",
  status: "varchar(32) NOT NULL",
  done: "int NOT NULL",
  total: "int NOT NULL",
  session: "varchar(255) NULL",
  error: "longtext NULL",
  operations: "longtext NOT NULL",
  progress: "longtext NULL",
};

/** What journals of earlier versions do not have. */
const added = ["progress"] as const;

export function journal(table: QualifiedName): JournalSql {
  const name = quoteTable(table);
  const definition = journalColumns.map((column) => `${quoteName(column)} ${columns[column]}`).join(",\n  ");
  const database = table.schema === undefined ? [] : [`CREATE DATABASE IF NOT EXISTS ${quoteName(table.schema)}`];
  const select = (columns: readonly (keyof JournalRow)[]) =>
    `SELECT ${columns.map(quoteName).join(", ")} FROM ${name} ORDER BY \`applied_at\`, \`id\``;
  const found = (names: readonly string[]) =>
    `SELECT COUNT(*) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ${databaseSql(table.schema)} AND TABLE_NAME = ${quoteLiteral(table.name)} AND COLUMN_NAME IN (${names.map(quoteLiteral).join(", ")})`;
  return {
    create: [
      ...database,
      `CREATE TABLE IF NOT EXISTS ${name} (\n  ${definition}\n) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
      ...added.flatMap((column) => [
        `SET @limbeck_journal = IF((${found([column])}) > 0, 'DO 0', ${quoteLiteral(`ALTER TABLE ${name} ADD COLUMN ${quoteName(column)} ${columns[column]}`)})`,
        "PREPARE limbeck_journal FROM @limbeck_journal",
        "EXECUTE limbeck_journal",
        "DEALLOCATE PREPARE limbeck_journal",
      ]),
    ],
    exists: `SELECT COUNT(*) AS \`exists\` FROM information_schema.TABLES WHERE TABLE_SCHEMA = ${databaseSql(table.schema)} AND TABLE_NAME = ${quoteLiteral(table.name)}`,
    lacking: `SELECT ${journalColumns.length} - (${found(journalColumns)}) AS \`lacking\``,
    progress: (id) => `SELECT \`progress\` FROM ${name} WHERE \`id\` = ${quoteLiteral(id)}`,
    brief: select(entryColumns),
    whole: select([...entryColumns, "operations"]),
    insert: (row) =>
      `INSERT INTO ${name} (${journalColumns.map(quoteName).join(", ")}) VALUES (${journalColumns.map((c) => value(c, row[c])).join(", ")})`,
    update: (id, change) => {
      const set = journalColumns.filter((column) => change[column] !== undefined);
      return `UPDATE ${name} SET ${set.map((c) => `${quoteName(c)} = ${value(c, change[c] ?? null)}`).join(", ")} WHERE \`id\` = ${quoteLiteral(id)}`;
    },
    remove: (id) => `DELETE FROM ${name} WHERE \`id\` = ${quoteLiteral(id)}`,
  };
}

function value(column: keyof JournalRow, given: JournalRow[keyof JournalRow]): string {
  if (given === null && column === "applied_at") return "UTC_TIMESTAMP(6)";
  if (given === null && column === "applied_by") return "CURRENT_USER()";
  if (given === null) return "NULL";
  if (typeof given === "number") return String(Math.round(given));
  if (typeof given !== "string") return quoteLiteral(JSON.stringify(given));
  return quoteLiteral(column === "applied_at" ? given.replace("T", " ").replace(/Z$/, "") : given);
}
