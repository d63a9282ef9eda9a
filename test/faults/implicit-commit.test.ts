import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Db } from "../../src/core/db.ts";
import { LimbeckError } from "../../src/core/errors.ts";
import { mysql } from "../../src/dialect/mysql/index.ts";
import { type Declaration, revision, sql } from "../../src/index.ts";
import { checksum } from "../../src/revision/checksum.ts";
import { declared } from "../../src/revision/declare.ts";
import { readJournal } from "../../src/run/journal.ts";
import type { LiveOptions } from "../../src/run/options.ts";
import { run } from "../../src/run/run.ts";
import { type Direction, stepOf } from "../../src/run/step.ts";
import { engines, open, useDatabase } from "../support/databases.ts";

const count = sql`UPDATE notes SET n = n + 1`;
const revisionOf = (id: string, upgrade: Declaration["upgrade"], more: Partial<Declaration> = {}) =>
  revision({ id, parents: [], message: id, createdAt: "2026-11-21T04:10:00Z", upgrade, downgrade() {}, ...more });

const optionsOn = async (db: Db): Promise<LiveOptions> => ({
  dialect: mysql,
  context: { server: await mysql.identify(db), metadataTable: { name: "typeorm_metadata" } },
  journal: { name: "limbeck_revision" },
  transaction: "each",
  wait: 5,
  lockTimeoutMs: 20,
  statementTimeoutMs: 0,
  runCode: async (code) => code({ query: db.query, manager: () => Promise.reject(new Error("not here")), x: {} }),
});

describe.runIf(engines.includes("mysql"))("MySQL commits by itself before DDL: a step in code that", () => {
  const database = useDatabase("mysql");
  const query = (text: string) => database.db.query(text);
  const journal = () => readJournal(database.db, mysql.journal({ name: "limbeck_revision" }));
  const half = async () => (await journal()).interrupted;
  const n = async () => (await query("SELECT n FROM notes"))[0]?.n;
  const move = async (revisions: readonly unknown[], direction: Direction = "upgrade", more: Partial<LiveOptions> = {}) => {
    return run(database.db, { ...(await optionsOn(database.db)), ...more }, async ({ rows, interrupted }) =>
      revisions.flatMap((one) => {
        const found = declared({ default: one });
        if (found === null) throw new Error("no revision");
        const there = rows.some(({ id }) => id === found.id) && !(interrupted?.id === found.id && interrupted.direction === "upgrade");
        return there === (direction === "upgrade") ? [] : [stepOf(found, direction, checksum(found), "")];
      }),
    );
  };
  const failure = async (work: Promise<unknown>): Promise<LimbeckError> => {
    const error = await work.then(
      () => null,
      (one: unknown) => one,
    );
    if (error instanceof LimbeckError) return error;
    throw error ?? new Error("it did not fail");
  };

  beforeEach(async () => {
    await query("CREATE TABLE notes (id int PRIMARY KEY, n int NOT NULL)");
    await query("INSERT INTO notes VALUES (1, 0)");
  });
  afterEach(async () => {
    for (const table of ["notes", "limbeck_revision", "made"]) await query(`DROP TABLE IF EXISTS ${table}`);
    await query("DROP PROCEDURE IF EXISTS half_way");
  });

  it("only changes rows and fails is rolled back as a whole", async () => {
    const a = revisionOf("a", (op) => {
      op.execute(count);
      op.run("more", async (db) => {
        await db.query("UPDATE notes SET n = n + 10");
        throw new Error("no");
      });
    });
    expect((await failure(move([a]))).message).toContain("All of revision a was rolled back.");
    expect(await n()).toBe("0");
    expect((await journal()).rows).toEqual([]);
  });

  it("makes a table and fails is told as what it is, and nothing before it is done twice", async () => {
    let mended = false;
    const a = revisionOf("a", (op) => {
      op.execute(count);
      op.run("a table", async (db) => {
        await db.query("CREATE TABLE IF NOT EXISTS made (id int)");
        if (!mended) throw new Error("no");
      });
      op.execute(sql`UPDATE notes SET n = n + 10`);
    });
    const error = await failure(move([a]));
    expect(error.message).toMatch(/^Statement 2 of 3 of revision a failed: no\n/);
    expect(error.message).toContain("1 of 3 statements of revision a stand and are recorded. Statement 2 made the server commit");
    expect(error.details).toMatchObject({ stands: 1, undone: [] });
    expect(await half()).toMatchObject({ id: "a", direction: "upgrade", done: 1, total: 3, error: "no" });
    mended = true;
    expect((await move([a])).heads).toEqual(["a"]);
    expect(await n()).toBe("11");
    expect((await journal()).rows).toMatchObject([{ id: "a", status: "applied", done: 3, total: 3, error: null }]);
  });

  it("makes a table and succeeds stands, whatever comes after it", async () => {
    const a = revisionOf("a", (op) => {
      op.run("a table", async (db) => void (await db.query("CREATE TABLE made (id int)")));
      op.execute(count);
      op.execute(sql`INSERT INTO nowhere VALUES (1)`);
    });
    const error = await failure(move([a]));
    expect(error.message).toMatch(/1 of 3 statements of revision a stand and are recorded\.$/);
    expect(await n()).toBe("0");
    expect(await half()).toMatchObject({ done: 1 });
    await query("CREATE TABLE nowhere (id int)");
    await move([a]);
    await query("DROP TABLE nowhere");
    expect(await n()).toBe("1");
  });

  it("makes a table and then waits for a lock in vain is not done again", async () => {
    const other = await open("mysql", database.url);
    const a = revisionOf("a", (op) => {
      op.execute(count);
      op.run("a table", async (db) => {
        await db.query("CREATE TABLE made (id int)");
        await other.query("START TRANSACTION");
        await other.query("UPDATE notes SET n = n");
        await db.query("SET SESSION innodb_lock_wait_timeout = 1");
        await db.query("UPDATE notes SET n = n + 10");
      });
    });
    const error = await failure(move([a]));
    await other.query("ROLLBACK");
    await other.close();
    expect(error.message).toMatch(/Lock wait timeout.*\n[\s\S]*1 of 2 statements of revision a stand and are recorded\. Statement 2 made/);
    expect(await n()).toBe("1");
  });

  it("makes a table and loses its connection leaves a question, not a lie", async () => {
    const admin = await open("mysql", database.url);
    const victim = await open("mysql", database.url);
    const a = revisionOf("a", (op) => {
      op.execute(count);
      op.run("a table", async () => {
        await victim.query("CREATE TABLE made (id int)");
        await admin.query(`KILL ${victim.session}`);
        await victim.query("SELECT 1");
      });
    });
    const found = declared({ default: a });
    if (found === null) throw new Error("no revision");
    const error = await failure(run(victim, await optionsOn(victim), async () => [stepOf(found, "upgrade", checksum(found), "")]));
    expect(error).toMatchObject({ code: "connection-lost" });
    expect(error.message).toContain("It may have committed by itself: the journal will tell the next run how far it went.");
    await victim.close();
    await admin.close();
    const next = await failure(move([a]));
    expect(next).toMatchObject({ code: "unknown-outcome", details: { statement: 2 } });
    expect(await n()).toBe("1");
  });

  it("ends the one transaction of the whole run leaves what came before it applied", async () => {
    const a = revisionOf("a", (op) => op.execute(count));
    const b = revisionOf(
      "b",
      (op) => {
        op.run("a table", async (db) => {
          await db.query("CREATE TABLE made (id int)");
          throw new Error("no");
        });
      },
      { parents: ["a"] },
    );
    const error = await failure(move([a, b], "upgrade", { transaction: "all" }));
    expect(error.message).toContain("0 of 1 statements of revision b stand and are recorded. Statement 1 made the server commit");
    expect(error.message).not.toContain("rolled back");
    expect((await journal()).rows.map(({ id, status }) => `${id} ${status}`)).toEqual(["a applied", "b applying"]);
  });

  it("calls a procedure which does so is seen, too, also on the way down", async () => {
    await query("CREATE PROCEDURE half_way() BEGIN DROP TABLE made; UPDATE nowhere SET n = 1; END");
    const a = revisionOf("a", (op) => op.execute(sql`CREATE TABLE made (id int)`), {
      downgrade(op) {
        op.execute(count);
        op.execute(sql`CALL half_way()`);
      },
    });
    await move([a]);
    const error = await failure(move([a], "downgrade"));
    expect(error.message).toContain("1 of 2 statements of revision a stand and are recorded. Statement 2 made the server commit");
    expect(await half()).toMatchObject({
      id: "a",
      direction: "downgrade",
      done: 1,
      error: expect.stringMatching(/^(?!did not happen).*nowhere/),
    });
    await query("DROP PROCEDURE half_way");
    await query("CREATE PROCEDURE half_way() UPDATE notes SET n = n + 10");
    expect((await move([a], "downgrade")).heads).toEqual([]);
    expect(await n()).toBe("11");
  });

  it("swallows the end of its transaction is not taken for one that went well", async () => {
    const a = revisionOf("a", (op) => {
      op.execute(count);
      op.run("taken back", async (db) => void (await db.query("ROLLBACK")));
    });
    expect((await failure(move([a]))).message).toMatch(
      /rolled back the transaction that it is part of[\s\S]*All of revision a was rolled back/,
    );
    expect(await n()).toBe("0");
  });
});
