import type { QualifiedName } from "../../src/core/schema.ts";
import type { JournalRow, JournalSql, LockSql } from "../../src/dialect/dialect.ts";
import { journalColumns } from "../../src/dialect/shared.ts";

const literal = (value: unknown): string => {
  if (value === null) return "NULL";
  if (typeof value === "number") return String(value);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
};
const numbers: readonly string[] = ["duration_ms", "done", "total"];

export function journal({ name }: QualifiedName): JournalSql {
  const value = (column: keyof JournalRow, given: unknown) =>
    given === null && column === "applied_at" ? "NOW(6)" : given === null && column === "applied_by" ? "CURRENT_USER()" : literal(given);
  const columns = journalColumns.map(
    (column) => `${column} ${column === "id" ? "varchar(255) PRIMARY KEY" : numbers.includes(column) ? "int" : "longtext"}`,
  );
  return {
    create: [`CREATE TABLE IF NOT EXISTS ${name} (${columns.join(", ")})`],
    exists: `SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = '${name}'`,
    read: `SELECT * FROM ${name} ORDER BY applied_at, id`,
    brief: `SELECT * FROM ${name} ORDER BY applied_at, id`,
    insert: (row) =>
      `INSERT INTO ${name} (${journalColumns.join(", ")}) VALUES (${journalColumns.map((c) => value(c, row[c])).join(", ")})`,
    update: (id, change) =>
      `UPDATE ${name} SET ${journalColumns
        .filter((c) => change[c] !== undefined)
        .map((c) => `${c} = ${value(c, change[c])}`)
        .join(", ")} WHERE id = ${literal(id)}`,
    remove: (id) => `DELETE FROM ${name} WHERE id = ${literal(id)}`,
  };
}

export const lock: LockSql = {
  tryAcquire: (name) => `SELECT GET_LOCK(CONCAT(DATABASE(), '${name}'), 0)`,
  release: (name) => `SELECT RELEASE_LOCK(CONCAT(DATABASE(), '${name}'))`,
  acquireOrFail: (name) => [`DO GET_LOCK(CONCAT(DATABASE(), '${name}'), 0)`],
  holder: (name) =>
    `SELECT id AS pid, user, state, time AS since, info AS query FROM information_schema.processlist WHERE id = IS_USED_LOCK(CONCAT(DATABASE(), '${name}'))`,
};
