import { beforeEach, describe, expect, it } from "vitest";
import { upgrade } from "../faults/dialects.ts";
import { engines, useDatabase } from "../support/databases.ts";

const change = (type: string): string => `ALTER TABLE warned MODIFY n ${type}`;
const forms: readonly (readonly [name: string, wrapped: (sql: string) => string])[] = [
  ["ALTER", (sql) => sql],
  ["SET STATEMENT", (sql) => `SET STATEMENT foreign_key_checks = 0 FOR ${sql}`],
  ["EXECUTE", (sql) => `EXECUTE IMMEDIATE '${sql}'`],
];

describe.runIf(engines.includes("mysql"))("a warning of the server", () => {
  const database = useDatabase("mysql");
  const run = (sql: string) => upgrade(database.db, "mysql", [{ id: "a", upgrade: [{ sql, transactional: false }] }]);

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
    await database.db.query(sql);
    expect(await database.db.warnings()).toEqual([expect.stringContaining("1831")]);
    await database.db.query("ALTER TABLE warned DROP INDEX again");
    expect((await run(sql)).heads).toEqual(["a"]);
  });
});
