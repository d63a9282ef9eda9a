import { beforeEach, describe, expect, it } from "vitest";
import type { Db } from "../../src/core/db.ts";
import type { Operation } from "../../src/core/operation.ts";
import type { Column } from "../../src/core/schema.ts";
import type { Statement } from "../../src/core/statement.ts";
import { engines, open, useDatabase } from "../support/databases.ts";
import { apply, compiled, dump, reset, sendOne } from "../support/postgres-compile.ts";

const column = (name: string, more: Partial<Column> = {}): Column => ({ name, type: "integer", ...more });
const nullable = { nullable: true } as const;

/** Every change that others need not wait for, on a table that has rows. */
const changes: Readonly<Record<string, readonly Operation[]>> = {
  "an index": [
    { kind: "addIndex", table: "t's", index: { name: "i's", columns: ["a", { expression: "lower(b)" }], where: "a > 0", include: ["c"] } },
  ],
  "an index of a view": [{ kind: "addIndex", table: "filled", index: { name: "i", columns: ["a"], unique: true } }],
  "an index that goes": [{ kind: "dropIndex", table: "t's", index: { name: "old", columns: ["c"] } }],
  "a unique": [{ kind: "addUnique", table: "t's", unique: { name: "u", columns: ["a", "b"], deferrable: "immediate" } }],
  "a primary key": [{ kind: "addPrimaryKey", table: "t's", primaryKey: { name: "pk", columns: ["a", "c"] } }],
  "a foreign key": [
    {
      kind: "addForeignKey",
      table: "t's",
      foreignKey: { name: "f", columns: ["c"], references: { table: "o", columns: ["id"] }, onDelete: "CASCADE" },
    },
  ],
  "a check": [{ kind: "addCheck", table: "t's", check: { name: "k", expression: "a > 0" } }],
  "three that wait together": [
    { kind: "alterColumn", table: "t's", from: column("a", nullable), to: column("a", { comment: "a" }) },
    { kind: "alterColumn", table: "t's", from: column("c", nullable), to: column("c") },
    { kind: "addCheck", table: "t's", check: { name: "k", expression: "c > 0" } },
  ],
  "NOT NULL": [{ kind: "alterColumn", table: "t's", from: column("a", nullable), to: column("a", { default: "5" }) }],
  "NOT NULL with a fill": [{ kind: "alterColumn", table: "t's", from: column("d", nullable), to: column("d"), fill: "a * 2" }],
  "a column that is computed once": [{ kind: "addColumn", table: "t's", column: column("e", { default: "1" }), fill: "a + c" }],
  "a column with a value for each row": [
    { kind: "addColumn", table: "t's", column: { name: "e", type: "uuid", default: "gen_random_uuid()" } },
    { kind: "addUnique", table: "t's", unique: { name: "u", columns: ["e"] } },
  ],
  "a column that counts": [{ kind: "addColumn", table: "t's", column: column("e", { autoIncrement: true }) }],
};

describe.runIf(engines.includes("postgres"))("on PostgreSQL, beside others' work", () => {
  const database = useDatabase("postgres");
  const setup = [
    "CREATE TABLE o (id int PRIMARY KEY)",
    `CREATE TABLE "t's" (a int, b text, c int, d int)`,
    "INSERT INTO o SELECT generate_series(1, 300)",
    `INSERT INTO "t's" SELECT n, 'x' || n, n FROM generate_series(1, 300) AS n`,
    `CREATE INDEX old ON "t's" (c)`,
    `CREATE MATERIALIZED VIEW filled AS SELECT a FROM "t's"`,
  ];
  beforeEach(() => reset(database.db, setup));
  const asked = async ({ probe }: Statement, db: Db = database.db) => (await db.batch([probe?.sql ?? "SELECT 'no probe'"]))[0]?.[0]?.[0];

  it.each(Object.entries(changes))("a look at every row holds no lock that keeps writers out: %s", async (_, operations) => {
    const { db } = database;
    expect(await longLocks(db, await compiled(db, operations))).toEqual([]);
  });

  it("the same changes made plainly do, so that the test above sees it", async () => {
    const { db } = database;
    const seen: string[] = [];
    for (const [name, operations] of Object.entries(changes)) {
      await reset(db, setup);
      if ((await longLocks(db, await compiled(db, operations, { plain: true }))).length > 0) seen.push(name);
    }
    expect(Object.keys(changes).filter((name) => !seen.includes(name))).toEqual(["an index that goes"]);
  });

  it.each(Object.entries(changes))("a kill at any statement leaves what the next run goes on from: %s", async (_, operations) => {
    const { db } = database;
    await apply(db, operations);
    const wanted = await dump(database);
    await reset(db, setup);
    for (const statement of await compiled(db, operations)) {
      // before it, in the middle where it is built in steps, and after it
      if (statement.probe !== undefined) expect(await asked(statement)).toBe("none");
      await brokenOff(db, statement);
      if (statement.probe !== undefined && (await asked(statement)) === "half")
        for (const sql of statement.probe.repair ?? []) await db.query(sql);
      if (statement.probe !== undefined) expect(await asked(statement)).toBe("none");
      await sendOne(db, statement);
      if (statement.probe !== undefined) expect(await asked(statement)).toBe("done");
      if (!statement.transactional) expect(statement.probe).toBeDefined();
    }
    expect(await dump(database)).toEqual(wanted);
  });

  it.each(["NOT NULL", "a primary key"])("what a run left behind that was given up is in nobody's way: %s", async (name) => {
    const { db } = database;
    const operations = changes[name] ?? [];
    await apply(db, operations);
    const wanted = await dump(database);
    await reset(db, setup);
    const [first] = await compiled(db, operations);
    await db.query(first?.sql ?? "");
    expect(await dump(database)).toContainEqual(expect.stringContaining("limbeck_"));
    await apply(db, operations);
    expect(await dump(database)).toEqual(wanted);
  });

  it("a unique index over values that are there twice is half done, goes, and is built once they are different", async () => {
    const { db } = database;
    await db.query(`INSERT INTO "t's" (a, b) VALUES (1, 'x1')`);
    const [build, attach] = await compiled(db, changes["a unique"] ?? []);
    if (build === undefined || attach === undefined) throw new Error("no statements");
    await expect(db.query(build.sql)).rejects.toThrow("could not create unique index");
    expect(await asked(build)).toBe("half");
    for (const sql of build.probe?.repair ?? []) await db.query(sql);
    await db.query(`DELETE FROM "t's" WHERE c IS NULL`);
    await db.query(build.sql);
    expect(await asked(build)).toBe("done");
    await db.query(attach.sql);
  });

  it("an index of that name that is another one is not taken for ours", async () => {
    const { db } = database;
    const [build] = await compiled(db, [{ kind: "addIndex", table: "t's", index: { name: "old", columns: ["a"] } }]);
    if (build === undefined) throw new Error("no statement");
    expect(await asked(build)).toBe("none");
    await expect(db.query(build.sql)).rejects.toThrow("already exists");
    const [elsewhere] = await compiled(db, [{ kind: "addIndex", table: "o", index: { name: "old", columns: ["id"] } }]);
    if (elsewhere === undefined) throw new Error("no statement");
    expect(await asked(elsewhere)).toBe("none");
  });

  it("a row that comes without a value while the others are filled is filled, too", async () => {
    const { db } = database;
    const statements = await compiled(db, changes["NOT NULL with a fill"] ?? []);
    const [fill, ...rest] = statements;
    if (fill === undefined) throw new Error("no statement");
    await sendOne(db, fill);
    await db.query(`INSERT INTO "t's" (a) VALUES (1000)`);
    for (const statement of rest) await sendOne(db, statement);
    expect(await db.query(`SELECT d FROM "t's" WHERE a = 1000`)).toEqual([{ d: "2000" }]);
  });

  it("a fill of random values ends, whatever the column is called", async () => {
    const { db } = database;
    await apply(db, [{ kind: "addColumn", table: "t's", column: { name: 'a "b"\'', type: "uuid" }, fill: "gen_random_uuid()" }]);
    expect(await db.query(`SELECT count(DISTINCT "a ""b""'") AS n FROM "t's"`)).toEqual([{ n: "300" }]);
  });

  it("a fill that gives a row no value ends, and says which check the row does not fulfil", async () => {
    const { db } = database;
    await expect(apply(db, [{ kind: "addColumn", table: "t's", column: column("e"), fill: "NULLIF(a, 7)" }])).rejects.toThrow(
      'check constraint "limbeck_not_null_e"',
    );
  });

  it("the index is built while another session writes", async () => {
    const { db } = database;
    const [build] = await compiled(db, changes["an index"] ?? []);
    const [writer, watcher] = await Promise.all([open("postgres", database.url), open("postgres", database.url)]);
    try {
      // the transaction keeps the build waiting, and goes on writing all the same
      await writer.query("BEGIN");
      await writer.query(`INSERT INTO "t's" (a) VALUES (1)`);
      const building = db.query(build?.sql ?? "");
      for (let waiting = false; !waiting; ) {
        const [row] = await watcher.query("SELECT count(*) AS n FROM pg_stat_activity WHERE pid = $1 AND wait_event_type = 'Lock'", [
          db.session,
        ]);
        waiting = row?.n === "1";
      }
      await watcher.query(`INSERT INTO "t's" (a) VALUES (2)`);
      await writer.query(`INSERT INTO "t's" (a) VALUES (3)`);
      await writer.query("COMMIT");
      await building;
      expect(build === undefined ? undefined : await asked(build)).toBe("done");
    } finally {
      await Promise.all([writer.close(), watcher.close()]);
    }
  });
});

/** The statements that read or write the table while they hold a lock on it that writers wait for. */
async function longLocks(db: Db, statements: readonly Statement[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const statement of statements) {
    if (/ CONCURRENTLY /.test(statement.sql) || statement.batches !== undefined) {
      await sendOne(db, statement);
      continue;
    }
    await db.query("BEGIN");
    const before = await looks(db);
    await db.query(statement.sql);
    const [locks] = await db.query(
      `SELECT count(*) AS n FROM pg_locks WHERE pid = pg_backend_pid() AND relation IN ('"t''s"'::regclass, 'filled'::regclass)
       AND mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')`,
    );
    if ((await looks(db)) !== before && locks?.n !== "0") found.push(statement.sql);
    await db.query("COMMIT");
  }
  return found;
}

async function looks(db: Db): Promise<string> {
  const [row] = await db.query(
    `SELECT concat_ws('/', sum(seq_scan), sum(n_tup_upd), (SELECT relfilenode FROM pg_class WHERE oid = '"t''s"'::regclass)) AS looks
     FROM pg_stat_xact_user_tables WHERE relid IN ('"t''s"'::regclass, 'filled'::regclass)`,
  );
  return row?.looks ?? "";
}

/** As a kill leaves it: nothing of a transaction, and of an index that is built in steps the invalid beginning. */
async function brokenOff(db: Db, { sql, transactional, batches }: Statement): Promise<void> {
  if (batches !== undefined) return;
  if (/^CREATE/.test(sql) && !transactional) {
    await db.query(sql);
    const name = /CONCURRENTLY ("(?:[^"]|"")*")/.exec(sql)?.[1] ?? "";
    await db.query("UPDATE pg_index SET indisvalid = false, indisready = false WHERE indexrelid = $1::regclass", [name]);
  } else if (transactional || !/CONCURRENTLY/.test(sql)) {
    await db.query("BEGIN");
    await db.query(sql);
    await db.query("ROLLBACK");
  }
}
