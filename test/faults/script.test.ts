import { afterEach, describe, expect, it, vi } from "vitest";
import type { Db } from "../../src/core/db.ts";
import type { Precheck } from "../../src/core/statement.ts";
import { mysql } from "../../src/dialect/mysql/index.ts";
import { session as mysqlSession } from "../../src/dialect/mysql/session.ts";
import { postgres } from "../../src/dialect/postgres/index.ts";
import { session as postgresSession } from "../../src/dialect/postgres/session.ts";
import { readJournal } from "../../src/run/journal.ts";
import { script } from "../../src/run/script.ts";
import { stampScript } from "../../src/run/stamp.ts";
import { feed, said, withClients } from "../support/client.ts";
import { type Engine, useDatabase } from "../support/databases.ts";
import { dialectOf, optionsFor, type Sketch, stepsOf, upgrade } from "./dialects.ts";
import { reset, rows, scenario } from "./scenario.ts";

const timeouts = { lockTimeoutMs: 5000, statementTimeoutMs: 0 };
const scriptFor = async (engine: Engine, sketches: readonly Sketch[], direction: "upgrade" | "downgrade" = "upgrade", skipCode = false) =>
  (await script(stepsOf(sketches, direction), { ...optionsFor(engine), ...timeouts, skipCode })).sql;

const sessions = { postgres: postgresSession, mysql: mysqlSession };

describe.each(withClients)("a script for %s", (engine) => {
  const database = useDatabase(engine);
  const journal = async () =>
    (await readJournal(database.db, dialectOf(engine).journal({ name: "limbeck_revision" }))).rows.map((row) => ({
      ...row,
      applied_at: "then",
      duration_ms: 0,
      applied_by: "somebody",
    }));
  // a client is gone a moment before its session on the server, and the lock with it
  const unlocked = () =>
    vi.waitFor(async () => expect(await database.db.query(dialectOf(engine).lock.holder("limbeck_revision"))).toEqual([]), {
      timeout: 5000,
      interval: 10,
    });
  afterEach(async () => {
    await unlocked();
    await clear(database.db, engine);
  });

  it("leaves the same rows and the same journal as a live run", async () => {
    await upgrade(database.db, engine, scenario[engine]);
    const lived = await journal();
    await clear(database.db, engine);
    feed(engine, database.url, await scriptFor(engine, scenario[engine]));
    expect(await journal()).toEqual(lived);
    expect((await database.db.query("SELECT text FROM notes ORDER BY id")).map(({ text }) => text)).toEqual(rows);
  });

  it("takes revisions back too", async () => {
    await upgrade(database.db, engine, scenario[engine]);
    feed(engine, database.url, await scriptFor(engine, [...scenario[engine]].reverse(), "downgrade"));
    expect(await journal()).toEqual([]);
  });

  it("stops at the first error", async () => {
    const text = await scriptFor(engine, [
      { id: "a", upgrade: ["SELECT 1"] },
      { id: "b", parents: ["a"], upgrade: ["INSERT INTO nowhere VALUES (1)"] },
      { id: "c", parents: ["b"], upgrade: [] },
    ]);
    expect(() => feed(engine, database.url, text)).toThrow(/nowhere/);
    expect((await journal()).map(({ id }) => id)).toEqual(["a"]);
  });

  it("run twice, stops before its first statement and changes nothing", async () => {
    const text = await scriptFor(engine, scenario[engine]);
    feed(engine, database.url, text);
    const once = await journal();
    expect(await said(() => feed(engine, database.url, text))).toMatch(
      /The journal is not where this script begins:\s+recorded already: r1/,
    );
    expect(await journal()).toEqual(once);
    expect(await database.db.query("SELECT count(*) AS n FROM notes")).toEqual([{ n: String(rows.length) }]);
  });

  it("stops when what it stands on is missing, and when a run was left half way", async () => {
    const later = await scriptFor(engine, scenario[engine].slice(1));
    expect(await said(() => feed(engine, database.url, later))).toMatch(/not recorded, but needed: r1/);
    await unlocked();
    await upgrade(database.db, engine, scenario[engine].slice(0, 1));
    await database.db.query("UPDATE limbeck_revision SET status = 'reverting'");
    expect(await said(() => feed(engine, database.url, later))).toMatch(/left a revision half way.*: r1/);
    expect((await journal()).map(({ id }) => id)).toEqual(["r1"]);
  });

  it("takes nothing back that another revision needs, or that its file no longer says", async () => {
    await upgrade(database.db, engine, scenario[engine]);
    const [first, second, third] = scenario[engine] as readonly [Sketch, Sketch, Sketch];
    expect(await said(() => feedDown([second]))).toMatch(/still needed by another revision: r2: r3/);
    expect(await said(() => feedDown([{ ...third, checksum: "edited" }]))).toMatch(/not applied, or not as its file is now: r3/);
    expect((await journal()).map(({ id }) => id)).toEqual(["r1", "r2", "r3"]);
    await feedDown([third, second, first]);
    expect(await journal()).toEqual([]);
  });
  const feedDown = (sketches: readonly Sketch[]) =>
    scriptFor(engine, sketches, "downgrade").then((text) => feed(engine, database.url, text));

  it("stops at a precheck with the count and samples, before anything has changed; what cannot be asked stops nothing", async () => {
    await database.db.query("CREATE TABLE notes (id int, text varchar(9))");
    await database.db.query("INSERT INTO notes (id, text) VALUES (1, 'it''s'), (2, 'a\\\\b'), (3, NULL)");
    const check = (table: string, message: string): Precheck => ({
      sql: `SELECT count(*) AS count, 'it''s, a\\\\b' AS samples FROM ${table} WHERE text IS NOT NULL`,
      operation: 0,
      code: "nulls",
      message,
      hint: "limbeck resolve {revision} --fill x",
      tables: [{ name: table, columns: ["text"] }],
    });
    const sketch = (id: string, table: string): Sketch => ({
      id,
      upgrade: ["UPDATE notes SET id = 9 WHERE id = 1"],
      prechecks: [check(table, `${table}'s "text" has \`values\``)],
    });
    const message = await said(() =>
      scriptFor(engine, [sketch("a", "notes"), sketch("b", "nowhere")]).then((text) => feed(engine, database.url, text)),
    );
    expect(message).toMatch(/What is there does not allow it:\s+a: notes's "text" has .values. \(2 rows, as it's, a\\+b\)/);
    expect(await database.db.query("SELECT id FROM notes WHERE id = 9")).toEqual([]);
    feed(engine, database.url, await scriptFor(engine, [sketch("b", "nowhere")]));
    expect(await database.db.query("SELECT id FROM notes WHERE id = 9")).toEqual([{ id: "9" }]);
  });

  it("stops when another run has the lock", async () => {
    const { lock } = dialectOf(engine);
    await database.db.query(lock.tryAcquire("limbeck_revision"));
    expect(await said(async () => feed(engine, database.url, await scriptFor(engine, scenario[engine])))).toMatch(
      /another run is migrating/,
    );
    await database.db.query(lock.release("limbeck_revision"));
  });

  it("gives a patient statement all the time it wants, and the next one the usual time", async () => {
    // MySQL stops a SLEEP that stands alone without an error
    const three = "(SELECT 1 AS a UNION ALL SELECT 2 UNION ALL SELECT 3) AS three";
    const wait = (name: string) =>
      engine === "postgres" ? `SELECT pg_sleep(1.5) AS ${name}` : `SELECT COUNT(*) AS ${name} FROM ${three} WHERE SLEEP(0.5) = 0`;
    const impatient = { ...optionsFor(engine), lockTimeoutMs: 1000, statementTimeoutMs: 1000, skipCode: false };
    const limited = { ...impatient, dialect: { ...impatient.dialect, session: sessions[engine] } };
    const { sql } = await script(
      stepsOf([{ id: "a", upgrade: [{ sql: wait("once"), patient: true, transactional: false }, wait("again")] }]),
      limited,
    );
    expect(await said(() => feed(engine, database.url, sql))).toMatch(/statement timeout|max_statement_time|interrupted/);
    expect(await database.db.query("SELECT done, status FROM limbeck_revision")).toEqual([{ done: "1", status: "applying" }]);
  });

  it("runs a backfill in batches", async () => {
    await database.db.query(
      engine === "postgres" ? "CREATE TABLE notes (id serial, text text)" : "CREATE TABLE notes (id int, text varchar(9))",
    );
    await database.db.query("INSERT INTO notes (text) VALUES ('a'), ('b'), ('c')");
    const one =
      engine === "postgres"
        ? "UPDATE notes SET text = 'x' WHERE id = ANY (ARRAY(SELECT id FROM notes WHERE text <> 'x' LIMIT 1))"
        : "UPDATE notes SET text = 'x' WHERE text <> 'x' LIMIT 1";
    feed(
      engine,
      database.url,
      await scriptFor(engine, [
        { id: "a", upgrade: [{ sql: one, batches: { table: { name: "notes" }, set: "", where: "", settles: true, size: 1 } }] },
      ]),
    );
    expect(await database.db.query("SELECT DISTINCT text FROM notes")).toEqual([{ text: "x" }]);
  });

  it("changes each row once where a changed row still fulfils the condition, and ends", async () => {
    const { context } = optionsFor(engine);
    const dialect = { postgres, mysql }[engine];
    const compile = (set: Readonly<Record<string, string>>, where?: string) =>
      dialect.compile([{ kind: "backfill", table: "notes", set, batch: 1, ...(where === undefined ? {} : { where }) }], context);
    await database.db.query("CREATE TABLE notes (id int, n int, m int)");
    await database.db.query("INSERT INTO notes VALUES (1, 0, NULL), (2, 5, NULL), (3, NULL, NULL)");
    const upgrade = [...compile({ n: "n + 1" }, "n >= 0"), ...compile({ id: "id + 10" }), ...compile({ m: "n" }, "m IS NULL")];
    const script = await scriptFor(engine, [{ id: "a", upgrade }]);
    // only where it is so: the last one goes in batches
    expect(script.match(/^-- a backfill: all rows in one statement.*\nUPDATE/gm)).toHaveLength(2);
    feed(engine, database.url, script);
    expect(await database.db.query("SELECT id, n, m FROM notes ORDER BY id")).toEqual([
      { id: "11", n: "1", m: "1" },
      { id: "12", n: "6", m: "6" },
      { id: "13", n: null, m: null },
    ]);
  });

  it("records a stamp", async () => {
    const add = stepsOf(scenario[engine]).map(({ record }) => record);
    feed(engine, database.url, await stampScript({ ...optionsFor(engine), ...timeouts, skipCode: false }, { add, remove: [], at: [] }));
    expect((await journal()).map(({ id }) => id)).toEqual(["r1", "r2", "r3"]);
  });
});

describe("a script", () => {
  const code = { id: "a", upgrade: [{ sql: "-- count the words", code: 0 }, "SELECT 1"] };

  it("cannot hold a step written in code, unless it is left out", async () => {
    await expect(scriptFor("postgres", [code])).rejects.toMatchObject({ outcome: "refused", code: "code-in-script" });
    expect(await scriptFor("postgres", [code], "upgrade", true)).toContain("-- left out, a step written in code: count the words\n");
  });

  it("is the same every time, and says which revision does what", async () => {
    const text = await scriptFor("postgres", scenario.postgres);
    expect(text).toBe(await scriptFor("postgres", scenario.postgres));
    expect(text).toContain("\\set ON_ERROR_STOP on");
    expect(text).toContain("\n-- upgrade r2: revision r2 (5 statements)\n");
  });

  it("ends a statement that ends in a comment", async () => {
    expect(await scriptFor("postgres", [{ id: "a", upgrade: ["SELECT 1 -- one"] }])).toContain("SELECT 1 -- one\n;\n");
  });
});

async function clear(db: Db, engine: Engine): Promise<void> {
  for (const sql of reset[engine]) await db.query(sql);
}
