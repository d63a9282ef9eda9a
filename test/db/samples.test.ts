import { describe, expect, it } from "vitest";
import type { Sample } from "../../src/core/sample.ts";
import { mysql } from "../../src/dialect/mysql/index.ts";
import { postgres } from "../../src/dialect/postgres/index.ts";
import { engines, open, useDatabase } from "../support/databases.ts";

describe.each(engines)("what the rows are asked, on %s", (engine) => {
  const database = useDatabase(engine);
  const dialect = engine === "postgres" ? postgres : mysql;
  const ask = async (...questions: readonly Sample[]) => {
    const answers = await database.db.batch(dialect.samples(questions, await dialect.identify(database.db)));
    return answers.slice(-questions.length).map(([row]) => (row ?? []).map(Number));
  };

  it("is answered in one batch, of no more rows than the limit", async () => {
    const { db } = database;
    await db.query("CREATE TABLE owners (id int PRIMARY KEY)");
    await db.query("INSERT INTO owners VALUES (1), (2)");
    await db.query("CREATE TABLE items (id int, owner int, mood varchar(20))");
    await db.query("INSERT INTO items VALUES (1, 1, 'sad'), (2, 2, 'it''s'), (3, 7, 'sad'), (4, NULL, NULL)");
    const items = { table: { name: "items" }, limit: 100 };
    const answers = await ask(
      items,
      { ...items, limit: 3 },
      { ...items, column: "mood", repeats: true },
      { ...items, column: "mood", takes: { among: ["sad", "glad"] } },
      { ...items, column: "mood", takes: { longest: 3 } },
      { ...items, column: "owner", takes: { keysOf: { name: "owners" }, column: "id" } },
    );
    expect(answers).toEqual([
      [4, 0, 0, 0],
      [3, 0, 0, 0],
      [4, 3, 2, 0],
      [4, 3, 3, 1],
      [4, 3, 3, 1],
      [4, 3, 3, 1],
    ]);
  });

  it("leaves the time limits of the session as they were, and gives up soon on a table that is locked", async () => {
    const other = await open(engine, database.url);
    const said = { postgres: "SHOW statement_timeout", mariadb: "SELECT @@max_statement_time", mysql: "SELECT @@max_execution_time" };
    const limit = async () => (await database.db.query(said[database.db.flavor]))[0];
    const before = await limit();
    try {
      for (const sql of engine === "postgres" ? ["BEGIN", "LOCK TABLE items"] : ["LOCK TABLES items WRITE"]) await other.query(sql);
      await expect(ask({ table: { name: "items" }, limit: 1 })).rejects.toThrow(/timeout|interrupted|max_statement_time/i);
    } finally {
      await other.close();
    }
    expect(await limit()).toEqual(before);
    expect(await ask({ table: { name: "items" }, limit: 1 })).toEqual([[1, 0, 0, 0]]);
  });
});
