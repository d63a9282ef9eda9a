import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Db } from "../../src/core/db.ts";
import type { Blocker } from "../../src/dialect/dialect.ts";
import type { RunEvent } from "../../src/run/events.ts";
import { readJournal } from "../../src/run/journal.ts";
import type { LiveOptions } from "../../src/run/options.ts";
import { engines, open, useDatabase } from "../support/databases.ts";
import { dialectOf, type Sketch, upgrade } from "./dialects.ts";

/** MySQL counts whole seconds; the pauses are as short as they are asked for. */
const limits = { lockTimeoutMs: 150, statementTimeoutMs: 0 };

describe.each(engines)("a statement that is blocked on %s", (engine) => {
  const database = useDatabase(engine);
  const postgres = engine === "postgres";
  const note = (text: string) => `INSERT INTO notes (text) VALUES ('${text}')`;
  const texts = async () => (await database.db.query("SELECT text FROM notes ORDER BY id")).map(({ text }) => text);
  let blocker: Db;
  const alter = { sql: "ALTER TABLE notes ADD COLUMN more int", ...(postgres ? {} : { transactional: false }) };
  const sketch: Sketch = { id: "a", upgrade: [note("first"), alter, note("last")] };
  const run = (sketches: readonly Sketch[], more: Partial<LiveOptions> = {}) =>
    upgrade(database.db, engine, sketches, { ...limits, watch: () => open(engine, database.url), ...more });

  beforeEach(async () => {
    await database.db.query(
      postgres
        ? "CREATE TABLE notes (id serial PRIMARY KEY, text text)"
        : "CREATE TABLE notes (id int AUTO_INCREMENT PRIMARY KEY, text text)",
    );
    await database.db.batch(dialectOf(engine).patience(limits));
    blocker = await open(engine, database.url);
    await blocker.query(postgres ? "BEGIN" : "START TRANSACTION");
    await blocker.query("SELECT count(*) FROM notes");
  });
  afterEach(async () => {
    await blocker.close();
    for (const table of ["notes", "limbeck_revision"]) await database.db.query(`DROP TABLE IF EXISTS ${table}`);
  });

  it("lets the others pass, says who they are, and is done when they are gone, with everything done once", async () => {
    const events: RunEvent[] = [];
    const onEvent = (event: RunEvent) => {
      events.push(event);
      if (event.kind === "retry" && event.attempt === 2) void blocker.query("COMMIT");
    };
    await run([sketch], { onEvent });
    expect(await texts()).toEqual(["first", "last"]);
    const retries = events.filter((event) => event.kind === "retry");
    expect(retries.length).toBeGreaterThanOrEqual(2);
    expect(retries[0]).toMatchObject({ revision: "a", index: 1, total: 3, attempt: 1, of: 6, pauseMs: expect.any(Number) });
    for (const { pauseMs } of retries) expect(pauseMs >= 75 && pauseMs <= 225, String(pauseMs)).toBe(true);
    const blocked = events.find((event) => event.kind === "blocked");
    expect(pids(blocked?.kind === "blocked" ? blocked.blockers : [])).toContain(blocker.session);
  });

  it("K6, gives up at last: everything is rolled back, and who holds the lock is named with what they do", async () => {
    const error: unknown = await run([sketch]).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      outcome: "locked",
      code: "table-locked",
      message: expect.stringMatching(/^Statement 2 of 3 of revision a did not get its lock in 6 attempts: /),
      hint: expect.stringContaining("--lock-timeout"),
      details: { attempts: 6, sql: alter.sql, stands: postgres ? 0 : 1 },
    });
    const { blockers } = (error as { details: { blockers: readonly Blocker[] } }).details;
    const found = blockers.find(({ pid }) => pid === blocker.session);
    expect(found).toMatchObject({ user: expect.stringMatching(/postgres|root/), seconds: expect.any(Number) });
    expect(found?.state).toMatch(postgres ? /idle in transaction/ : /Sleep, transaction open/);
    if (postgres) expect(found?.query).toBe("SELECT count(*) FROM notes");
    expect((error as Error).message).toContain(`session ${blocker.session}, user`);
    await blocker.query("COMMIT");
    expect(await texts()).toEqual(postgres ? [] : ["first"]);
    await run([sketch]);
    expect(await texts()).toEqual(["first", "last"]);
  });

  it("takes the whole run along that is one transaction, and does all of it again", async () => {
    let committed: Promise<unknown> | null = null;
    const onEvent = (event: RunEvent) => {
      if (event.kind === "retry") committed ??= blocker.query("COMMIT");
    };
    const sketches: readonly Sketch[] = [
      { id: "before", upgrade: [note("before")] },
      { ...sketch, parents: ["before"] },
      { id: "after", parents: ["a"], upgrade: [note("after")] },
    ];
    await run(sketches, { transaction: "all", onEvent });
    expect(committed).not.toBeNull();
    expect(await texts()).toEqual(["before", "first", "last", "after"]);
    const { rows } = await readJournal(database.db, dialectOf(engine).journal({ name: "limbeck_revision" }));
    expect(rows.map(({ id, status }) => `${id} ${status}`).sort()).toEqual(["a applied", "after applied", "before applied"]);
  });

  it("stops in a pause when it is asked to", async () => {
    const controller = new AbortController();
    const onEvent = (event: RunEvent) => {
      if (event.kind === "retry") controller.abort();
    };
    const error: unknown = await run([sketch], { onEvent, signal: controller.signal }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ outcome: "interrupted" });
    await blocker.query("COMMIT");
    await run([sketch]);
    expect(await texts()).toEqual(["first", "last"]);
  });

  it("may be blocked by a row: its holder is known for certain, whatever characters the statement has", async () => {
    await blocker.query("COMMIT");
    await database.db.query(note("row"));
    await blocker.query(postgres ? "BEGIN" : "START TRANSACTION");
    await blocker.query("UPDATE notes SET text = 'mine'");
    const error: unknown = await run([{ id: "a", upgrade: ["UPDATE notes SET text = 'ours \u{1F600}'"] }]).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code: "table-locked" });
    const { blockers } = (error as { details: { blockers: readonly Blocker[] } }).details;
    expect(blockers).toMatchObject([{ pid: blocker.session }]);
    expect(blockers[0]?.likely).toBeUndefined();
    await blocker.query("COMMIT");
  });

  it("K6, may be the victim of a deadlock, and comes again", async () => {
    await blocker.query("COMMIT");
    for (const text of ["1", "2"]) await database.db.query(note(text));
    await database.db.batch(dialectOf(engine).patience({ lockTimeoutMs: 30_000, statementTimeoutMs: 0 }));
    if (postgres) {
      // the other one waits longer before it looks for a deadlock, so that this one is the victim
      await database.db.query("SET deadlock_timeout = '50ms'");
      await blocker.query("SET deadlock_timeout = '20s'");
    }
    await blocker.query(postgres ? "BEGIN" : "START TRANSACTION");
    // the victim on MySQL is who has changed fewer rows
    if (!postgres) for (let i = 0; i < 20; i++) await blocker.query("INSERT INTO notes (text) VALUES ('much')");
    await blocker.query("UPDATE notes SET text = 'theirs' WHERE id = 2");
    let crossing: Promise<unknown> | null = null;
    const onEvent = (event: RunEvent) => {
      if (event.kind === "statementDone" && event.index === 0) {
        crossing ??= blocker.query("UPDATE notes SET text = 'theirs' WHERE id = 1").then(() => blocker.query("COMMIT"));
      }
    };
    const events: RunEvent[] = [];
    await run([{ id: "a", upgrade: ["UPDATE notes SET text = 'ours' WHERE id = 1", "UPDATE notes SET text = 'ours' WHERE id = 2"] }], {
      onEvent: (event) => {
        events.push(event);
        onEvent(event);
      },
    });
    await crossing;
    expect((await texts()).slice(0, 2)).toEqual(["ours", "ours"]);
    expect(events.filter(({ kind }) => kind === "retry")).toMatchObject([{ reason: expect.stringMatching(/deadlock/i) }]);
  });

  it("K6, is stopped by the statement timeout, unless it is long by nature", async () => {
    await blocker.query("COMMIT");
    const strict = { lockTimeoutMs: 5000, statementTimeoutMs: 200 };
    await database.db.batch(dialectOf(engine).patience(strict));
    const long = postgres ? "SELECT pg_sleep(0.6)" : "DO SLEEP(0.6)";
    // a SLEEP that stands alone is stopped without an error
    const three = "(SELECT 1 AS a UNION ALL SELECT 2 UNION ALL SELECT 3) AS three";
    const work = postgres ? long : `SELECT COUNT(*) FROM ${three} WHERE SLEEP(0.5) = 0`;
    const error: unknown = await run([{ id: "a", upgrade: [work] }], strict).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "statement-failed", hint: expect.stringContaining("--statement-timeout") });
    await run([{ id: "b", upgrade: [{ sql: long, transactional: false, patient: true }, "SELECT 1"] }], strict);
    const limit = {
      postgres: ["SHOW statement_timeout", "200ms"],
      mariadb: ["SELECT @@max_statement_time AS t", "0.200000"],
      mysql: ["SELECT @@max_execution_time AS t", "200"],
    } as const;
    const [asked, is] = limit[database.db.flavor];
    const [row] = await database.db.query(asked);
    expect(Object.values(row ?? {})[0]).toBe(is);
    await database.db.batch(dialectOf(engine).patience(limits));
  });
});

function pids(blockers: readonly Blocker[]): readonly string[] {
  return blockers.map(({ pid }) => pid);
}
