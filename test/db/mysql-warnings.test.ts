import { beforeEach, describe, expect, it } from "vitest";
import { upgrade } from "../faults/dialects.ts";
import { engines, useDatabase } from "../support/databases.ts";
import { strict } from "../support/mysql-compile.ts";

const change = (type: string): string => `ALTER TABLE warned MODIFY n ${type}`;
const forms: readonly (readonly [name: string, wrapped: (sql: string) => readonly string[]])[] = [
  ["ALTER", (sql) => [sql]],
  // MariaDB's words alone: to MySQL they are a plain ALTER
  ["SET STATEMENT", (sql) => [`/*M! SET STATEMENT foreign_key_checks = 0 FOR */ ${sql}`]],
  ["EXECUTE", (sql) => [`PREPARE warned FROM '${sql}'`, "EXECUTE warned"]],
];

describe.runIf(engines.includes("mysql"))("a warning of the server", () => {
  const database = useDatabase("mysql");
  const run = (statements: readonly string[]) =>
    upgrade(database.db, "mysql", [{ id: "a", upgrade: statements.map((sql) => ({ sql, transactional: false })) }]);

  beforeEach(async () => {
    await database.db.query("DROP TABLE IF EXISTS warned, limbeck_revision");
    await database.db.query("CREATE TABLE warned (n decimal(4,2), INDEX by_n (n))");
    await database.db.query("INSERT INTO warned VALUES (1.25)");
  });

  it.each(forms)("ends the run after %s", async (_, wrapped) => {
    await expect(run(wrapped(change("decimal(4,1)")))).rejects.toMatchObject({
      code: "statement-warning",
      details: { warnings: [expect.stringContaining("1265")] },
    });
  });

  it.each(forms)("is none after %s that does what it says", async (_, wrapped) => {
    expect((await run(wrapped(change("decimal(5,2)")))).heads).toEqual(["a"]);
  });

  it.each(forms)("is let pass after %s when it only says that an index is there twice and will be deprecated", async (_, wrapped) => {
    const sql = wrapped("ALTER TABLE warned ADD INDEX again (n)");
    for (const each of sql) await database.db.query(each);
    expect(await database.db.warnings()).toEqual([expect.stringContaining("1831")]);
    await database.db.query("ALTER TABLE warned DROP INDEX again");
    expect((await run(sql)).heads).toEqual(["a"]);
  });

  const explained: readonly (readonly [what: string, sql: string])[] = [
    ["the column that a full-text index has InnoDB add", "ALTER TABLE explained ADD FULLTEXT INDEX by_words (words)"],
    ["that a spatial index without a reference system is of little use", "ALTER TABLE explained ADD SPATIAL INDEX by_place (place)"],
    ["that a word is not for ever", "ALTER TABLE explained ADD COLUMN nation NATIONAL VARCHAR(9), ADD COLUMN $cost int"],
    ["that a comment's letter of four bytes becomes a question mark", "ALTER TABLE explained COMMENT = 'a\n😀'"],
    ["that a literal's form is not for ever", "ALTER TABLE explained ADD COLUMN since datetime NOT NULL DEFAULT '2020.01.31 10.00.00'"],
    ["that of an emoji in a comment a question mark is kept", "ALTER TABLE explained MODIFY words text COMMENT '😀'"],
  ];
  it.each(explained)("is let pass when it only explains %s", async (_, sql) => {
    await database.db.query("DROP TABLE IF EXISTS explained");
    await database.db.query("CREATE TABLE explained (id int PRIMARY KEY, words text, place point NOT NULL) ENGINE = InnoDB");
    expect((await run([sql])).heads).toEqual(["a"]);
  });

  it("is an error where it is about an engine that the server does not have: no other one takes its place", async () => {
    await strict(database.db);
    await expect(database.db.query("CREATE TABLE warned_elsewhere (n int) ENGINE = nonesuch")).rejects.toThrow(/Unknown storage engine/);
  });
});
