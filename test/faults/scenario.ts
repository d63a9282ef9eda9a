import type { Statement } from "../../src/core/statement.ts";
import type { Engine } from "../support/databases.ts";
import type { Sketch } from "./dialects.ts";

/** Three revisions: one that is wholly transactional where the engine can, one that mixes, one more. */
export const scenario: Record<Engine, readonly Sketch[]> = {
  postgres: [
    {
      id: "r1",
      upgrade: ["CREATE TYPE mood AS ENUM ('a')", "CREATE TABLE notes (id serial PRIMARY KEY, text text)", insert("r1")],
      downgrade: ["DROP TABLE notes", "DROP TYPE mood"],
    },
    {
      id: "r2",
      parents: ["r1"],
      upgrade: [
        insert("r2 before"),
        alone(
          "CREATE INDEX CONCURRENTLY notes_text ON notes (text)",
          "SELECT CASE WHEN i.indisvalid THEN 'done' WHEN NOT i.indisvalid THEN 'half' ELSE 'none' END FROM (SELECT to_regclass('notes_text') AS oid) AS t LEFT JOIN pg_index AS i ON i.indexrelid = t.oid",
          ["DROP INDEX CONCURRENTLY notes_text"],
        ),
        alone(
          "ALTER TYPE mood ADD VALUE 'b'",
          "SELECT CASE WHEN EXISTS (SELECT 1 FROM pg_enum WHERE enumtypid = 'mood'::regtype AND enumlabel = 'b') THEN 'done' ELSE 'none' END",
        ),
        insert("r2 between"),
        insert("r2 after"),
      ],
      downgrade: [
        alone("DROP INDEX CONCURRENTLY notes_text", "SELECT CASE WHEN to_regclass('notes_text') IS NULL THEN 'done' ELSE 'none' END"),
        "DELETE FROM notes WHERE text LIKE 'r2%'",
      ],
    },
    { id: "r3", parents: ["r2"], upgrade: [insert("r3")], downgrade: ["DELETE FROM notes WHERE text = 'r3'"] },
  ],
  mysql: [
    {
      id: "r1",
      upgrade: [
        alone("CREATE TABLE notes (id int AUTO_INCREMENT PRIMARY KEY, text varchar(50))", tableProbe("notes", "'done'", "'none'")),
        insert("r1"),
      ],
      downgrade: [alone("DROP TABLE notes", tableProbe("notes", "'none'", "'done'"))],
    },
    {
      id: "r2",
      parents: ["r1"],
      upgrade: [
        insert("r2 before"),
        alone("ALTER TABLE notes ADD COLUMN more int", columnProbe("more", "'done'", "'none'")),
        alone("ALTER TABLE notes ADD COLUMN most int", columnProbe("most", "'done'", "'none'")),
        insert("r2 between"),
        insert("r2 after"),
      ],
      downgrade: [
        alone("ALTER TABLE notes DROP COLUMN most", columnProbe("most", "'none'", "'done'")),
        alone("ALTER TABLE notes DROP COLUMN more", columnProbe("more", "'none'", "'done'")),
        "DELETE FROM notes WHERE text LIKE 'r2%'",
      ],
    },
    { id: "r3", parents: ["r2"], upgrade: [insert("r3")], downgrade: ["DELETE FROM notes WHERE text = 'r3'"] },
  ],
};

export const rows = ["r1", "r2 before", "r2 between", "r2 after", "r3"];

/** Takes everything away again, whatever stands. */
export const reset: Record<Engine, readonly string[]> = {
  postgres: ["DROP TABLE IF EXISTS notes", "DROP TYPE IF EXISTS mood", "DROP TABLE IF EXISTS limbeck_revision"],
  mysql: ["DROP TABLE IF EXISTS notes", "DROP TABLE IF EXISTS limbeck_revision"],
};

function insert(text: string): string {
  return `INSERT INTO notes (text) VALUES ('${text}')`;
}

function alone(sql: string, probe: string, repair?: readonly string[]): Partial<Statement> {
  return { sql, transactional: false, probe: { sql: probe, ...(repair === undefined ? {} : { repair }) } };
}

function tableProbe(name: string, there: string, missing: string): string {
  return `SELECT IF(count(*) > 0, ${there}, ${missing}) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = '${name}'`;
}

function columnProbe(name: string, there: string, missing: string): string {
  return `SELECT IF(count(*) > 0, ${there}, ${missing}) FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'notes' AND column_name = '${name}'`;
}
