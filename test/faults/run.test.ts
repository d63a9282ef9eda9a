import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Db } from "../../src/core/db.ts";
import { LimbeckError } from "../../src/core/errors.ts";
import type { RunEvent } from "../../src/run/events.ts";
import { readJournal } from "../../src/run/journal.ts";
import type { LiveOptions } from "../../src/run/options.ts";
import { stamp } from "../../src/run/stamp.ts";
import { type Engine, engines, open, useDatabase } from "../support/databases.ts";
import { dialectOf, downgrade, optionsFor, type Sketch, stepsOf, upgrade } from "./dialects.ts";
import { reset, scenario } from "./scenario.ts";

const note = (text: string) => `INSERT INTO notes (text) VALUES ('${text}')`;

describe.each(engines)("a run on %s", (engine) => {
  const database = useDatabase(engine);
  const run = (sketches: readonly Sketch[], more?: Partial<LiveOptions>) => upgrade(database.db, engine, sketches, more);
  const journal = () => readJournal(database.db, dialectOf(engine).journal({ name: "limbeck_revision" }));
  const texts = async () => (await database.db.query("SELECT text FROM notes ORDER BY id")).map(({ text }) => text);
  const rollsBackTables = engine === "postgres";

  beforeEach(async () => {
    await database.db.query(
      engine === "postgres"
        ? "CREATE TABLE notes (id serial PRIMARY KEY, text text)"
        : "CREATE TABLE notes (id int AUTO_INCREMENT PRIMARY KEY, text varchar(50))",
    );
  });
  afterEach(() => clear(database.db, engine));

  it("tells what it did, and where the database is then", async () => {
    const events: RunEvent[] = [];
    const result = await run(
      [
        { id: "a", upgrade: [note("1"), note("2")] },
        { id: "b", parents: ["a"], upgrade: [] },
      ],
      {
        onEvent: (event) => events.push(event),
      },
    );
    expect(result.done.map(({ id, statements }) => `${id} ${statements}`)).toEqual(["a 2", "b 0"]);
    expect(result.heads).toEqual(["b"]);
    expect(events.map(({ kind }) => kind)).toEqual([
      ...["revision", "statement", "statementDone", "statement", "statementDone", "revisionDone"],
      ...["revision", "revisionDone"],
    ]);
    const { rows } = await journal();
    expect(rows.map(({ id, status, done, total, error }) => ({ id, status, done, total, error }))).toEqual([
      { id: "a", status: "applied", done: 2, total: 2, error: null },
      { id: "b", status: "applied", done: 0, total: 0, error: null },
    ]);
  });

  it("makes no journal where there is nothing to run", async () => {
    expect(await run([])).toEqual({ done: [], heads: [] });
    expect((await journal()).rows).toEqual([]);
    await expect(database.db.query("SELECT 1 FROM limbeck_revision")).rejects.toThrow(/limbeck_revision/);
  });

  it("rolls a transactional revision back as a whole when a statement fails, and keeps those before", async () => {
    const sketches = [
      { id: "a", upgrade: [note("kept")] },
      { id: "b", parents: ["a"], upgrade: [note("gone"), "INSERT INTO nowhere VALUES (1)"] },
    ];
    const error = await failure(() => run(sketches));
    expect(error).toMatchObject({ outcome: "failed", code: "statement-failed" });
    expect(error.message).toMatch(/^Statement 2 of 2 of revision b failed: .*nowhere/);
    expect(error.message).toContain("All of revision b was rolled back.");
    expect(error.details).toMatchObject({
      revision: "b",
      statement: 2,
      total: 2,
      sql: "INSERT INTO nowhere VALUES (1)",
      undone: ["b"],
      stands: 0,
    });
    expect(await texts()).toEqual(["kept"]);
    expect([...(await journal()).applied]).toEqual(["a"]);
  });

  it("rolls the whole run back when it is one transaction", async () => {
    const sketches = [
      { id: "a", upgrade: [note("1")] },
      { id: "b", parents: ["a"], upgrade: ["INSERT INTO nowhere VALUES (1)"] },
    ];
    const error = await failure(() => run(sketches, { transaction: "all" }));
    expect(error.details).toMatchObject({ undone: ["a", "b"] });
    expect(error.message).toContain("So were a, in the same transaction.");
    expect(await texts()).toEqual([]);
    expect((await journal()).rows).toEqual([]);
  });

  it("keeps what ran, statement by statement, when there is no transaction, and goes on from there", async () => {
    const first = { id: "a", upgrade: [note("1"), "INSERT INTO later (n) VALUES (1)", note("3")] };
    const error = await failure(() => run([first], { transaction: "none" }));
    expect(error.message).toContain("1 of 3 statements of revision a stand and are recorded.");
    expect((await journal()).interrupted).toMatchObject({
      id: "a",
      direction: "upgrade",
      done: 1,
      total: 3,
      error: expect.stringContaining("later"),
    });
    await database.db.query("CREATE TABLE later (n int)");
    await run([first], { transaction: "none" });
    await database.db.query("DROP TABLE later");
    expect(await texts()).toEqual(["1", "3"]);
  });

  it("names stamp and adopt when what a revision makes is there already", async () => {
    const error = await failure(() => run([{ id: "a", upgrade: ["CREATE TABLE notes (id int)"] }]));
    expect(error.hint).toMatch(/limbeck stamp a.*limbeck adopt/);
  });

  it("stops after the running statement when it is asked to, says which, and goes on later", async () => {
    const controller = new AbortController();
    const onEvent = (event: RunEvent) => {
      if (event.kind === "statement" && event.index === 1) controller.abort();
    };
    const sketch = { id: "a", upgrade: [note("1"), note("2"), note("3")] };
    const error = await failure(() => run([sketch], { signal: controller.signal, onEvent, transaction: "none" }));
    expect(error).toMatchObject({ outcome: "interrupted", details: { last: "statement 2 of 3 of a", stands: 2 } });
    expect((await journal()).interrupted).toMatchObject({ done: 2, error: "did not happen: stopped as asked" });
    await run([sketch], { transaction: "none" });
    expect(await texts()).toEqual(["1", "2", "3"]);
  });

  it("leaves nothing of a transactional revision when it is stopped", async () => {
    const controller = new AbortController();
    const onEvent = () => controller.abort();
    const error = await failure(() => run([{ id: "a", upgrade: [note("1"), note("2")] }], { signal: controller.signal, onEvent }));
    expect(error.outcome).toBe("interrupted");
    expect(error.message).toBe("Stopped as asked. No statement ran. Revision a was not begun.");
    expect([await texts(), (await journal()).rows]).toEqual([[], []]);
  });

  it("asks the data before the first statement of the run, and names all that stands in the way", async () => {
    await database.db.query(note("taken"));
    const check = (message: string) => ({
      sql: "SELECT count(*) AS count, 'taken' AS samples FROM notes WHERE text = 'taken'",
      operation: 0,
      code: "duplicates",
      message,
      hint: "DELETE FROM notes",
      tables: [],
    });
    const sketches = [
      { id: "a", upgrade: [note("1")], prechecks: [check("the first")] },
      { id: "b", parents: ["a"], upgrade: [note("2")], prechecks: [check("the second")] },
    ];
    const error = await failure(() => run(sketches));
    expect(error).toMatchObject({ outcome: "refused", code: "precheck-failed" });
    expect(error.details.checks).toMatchObject([
      { revision: "a", count: 1, samples: "taken" },
      { revision: "b", count: 1 },
    ]);
    expect([await texts(), (await journal()).rows]).toEqual([["taken"], []]);
  });

  it("gives up after the time to wait, and says who holds the lock", async () => {
    const other = await open(engine, database.url);
    const { lock } = dialectOf(engine);
    await other.query(lock.tryAcquire("limbeck_revision"));
    const events: RunEvent[] = [];
    const error = await failure(() => run([{ id: "a", upgrade: [] }], { wait: 0.2, onEvent: (event) => events.push(event) }));
    // a server takes its time with a session that is gone, and the next test has the same lock
    await other.query(lock.release("limbeck_revision"));
    await other.close();
    expect(error).toMatchObject({
      outcome: "locked",
      code: "locked",
      details: { holder: expect.stringContaining(`session ${other.session}`) },
    });
    expect(events).toEqual([{ kind: "waiting", holder: expect.stringContaining(other.session) }]);
  });

  it("lets go of the lock, whatever happens", async () => {
    await failure(() => run([{ id: "a", upgrade: ["INSERT INTO nowhere VALUES (1)"] }]));
    const other = await open(engine, database.url);
    await upgrade(other, engine, [{ id: "b", upgrade: [] }]);
    await other.close();
  });

  it("is finished by the next one when the server cuts its connection", async () => {
    const victim = await open(engine, database.url);
    const cut = engine === "postgres" ? "SELECT pg_terminate_backend" : "KILL ";
    const sketch = {
      id: "a",
      upgrade: [note("1"), { sql: `${engine === "postgres" ? "SELECT pg_sleep(30)" : "DO SLEEP(30)"}` }, note("3")],
    };
    let killed: Promise<unknown> = Promise.resolve();
    const onEvent = (event: RunEvent) => {
      if (event.kind === "statement" && event.index === 1)
        killed = database.db.query(`${cut}(${victim.session})`.replace(/KILL \((\d+)\)/, "KILL $1"));
    };
    const error = await failure(() => upgrade(victim, engine, [sketch], { onEvent }));
    await killed;
    await victim.close().catch(() => {});
    expect(error).toMatchObject({ outcome: "failed", code: "connection-lost", details: { revision: "a", statement: 2 } });
    expect(error.message).toContain("Nothing of revision a is committed");
    expect((await journal()).rows).toEqual([]);
    await run([{ id: "a", upgrade: [note("1"), note("3")] }], { wait: 10 });
    expect(await texts()).toEqual(["1", "3"]);
  });

  it("K10, does not go on with a half applied revision whose file was edited", async () => {
    const half = { id: "a", upgrade: [note("1"), "INSERT INTO nowhere VALUES (1)"] };
    await failure(() => run([half], { transaction: "none" }));
    const error = await failure(() => run([{ ...half, checksum: "another" }], { transaction: "none" }));
    expect(error).toMatchObject({ outcome: "integrity", code: "edited-revision", details: { done: 1, total: 2 } });
  });

  it("runs nothing else while a revision is half applied", async () => {
    await failure(() => run([{ id: "a", upgrade: [note("1"), "INSERT INTO nowhere VALUES (1)"] }], { transaction: "none" }));
    const error = await failure(() => run([{ id: "b", upgrade: [] }]));
    expect(error).toMatchObject({ outcome: "integrity", code: "interrupted-revision", hint: "finish it first: limbeck upgrade a" });
  });

  it("does not guess where nothing tells whether a statement has happened, and takes a stamp for an answer", async () => {
    const sketch = { id: "a", upgrade: [note("1"), { sql: note("2"), transactional: false }, note("3")] };
    const victim = await open(engine, database.url);
    const onEvent = (event: RunEvent) => {
      if (event.kind === "statementDone" && event.index === 1) throw Object.assign(new Error("gone"), { code: "ECONNRESET" });
    };
    await failure(() => upgrade(victim, engine, [sketch], { onEvent }));
    await victim.close();
    const error = await failure(() => run([sketch], { wait: 10 }));
    expect(error).toMatchObject({ outcome: "integrity", code: "unknown-outcome", details: { revision: "a", statement: 2 } });
    expect(error.hint).toContain("limbeck stamp a");
    const { heads } = await stamp(database.db, optionsFor(engine), async () => ({
      add: stepsOf([sketch]).map(({ record }) => record),
      remove: [],
    }));
    expect(heads).toEqual(["a"]);
    expect((await journal()).interrupted).toBeNull();
  });

  it("takes revisions back in order and says where it is then", async () => {
    await clear(database.db, engine);
    await run(scenario[engine]);
    const result = await downgrade(database.db, engine, scenario[engine].slice(1));
    expect([result.done.map(({ id }) => id), result.heads]).toEqual([["r3", "r2"], ["r1"]]);
    expect(await texts()).toEqual(["r1"]);
  });

  it.runIf(!rollsBackTables)("takes a warning after an ALTER for a failure", async () => {
    await database.db.query("ALTER TABLE notes ADD COLUMN n decimal(4,2)");
    await database.db.query("INSERT INTO notes (n) VALUES (1.25)");
    const error = await failure(() =>
      run([{ id: "a", upgrade: [{ sql: "ALTER TABLE notes MODIFY n decimal(4,1)", transactional: false }] }]),
    );
    expect(error).toMatchObject({ code: "statement-warning", details: { warnings: [expect.stringContaining("1265")] } });
  });

  it.runIf(rollsBackTables)("K9, repairs what a failed statement left half done", async () => {
    for (const text of ["same", "same"]) await database.db.query(note(text));
    const unique = {
      sql: "CREATE UNIQUE INDEX CONCURRENTLY notes_text ON notes (text)",
      transactional: false,
      probe: {
        sql: "SELECT CASE WHEN indisvalid THEN 'done' ELSE 'half' END FROM pg_index WHERE indexrelid = to_regclass('notes_text')",
        repair: ["DROP INDEX CONCURRENTLY notes_text"],
      },
    };
    const sketch = { id: "a", upgrade: [unique] };
    await failure(() => run([sketch]));
    expect((await journal()).interrupted).toMatchObject({ done: 0, error: expect.stringContaining("could not create unique index") });
    await database.db.query("DELETE FROM notes WHERE id = 1");
    await run([sketch]);
    expect(await database.db.query("SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = 'notes_text'::regclass")).toEqual([
      { valid: "t" },
    ]);
  });
});

async function clear(db: Db, engine: Engine): Promise<void> {
  for (const sql of reset[engine]) await db.query(sql);
}

async function failure(work: () => Promise<unknown>): Promise<LimbeckError> {
  try {
    await work();
  } catch (error) {
    if (error instanceof LimbeckError) return error;
    throw error;
  }
  throw new Error("it did not fail");
}
