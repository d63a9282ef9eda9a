import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Db } from "../../src/core/db.ts";
import type { RunEvent } from "../../src/run/events.ts";
import { readJournal } from "../../src/run/journal.ts";
import { type Engine, engines, open, useDatabase } from "../support/databases.ts";
import { dialectOf, upgrade } from "./dialects.ts";
import { reset, rows, scenario } from "./scenario.ts";

const project = fileURLToPath(new URL("../..", import.meta.url));
let dir: string;
let worker: string;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "limbeck-worker-"));
  worker = join(dir, "worker.mjs");
  buildSync({
    entryPoints: [fileURLToPath(new URL("worker.ts", import.meta.url))],
    outfile: worker,
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "error",
  });
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** the session that is at the statement which commits by itself */
const atWork: Record<Engine, string> = {
  postgres:
    "SELECT pid AS id FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX CONCURRENTLY%' AND state = 'active' AND datname = current_database()",
  mysql: "SELECT id FROM information_schema.processlist WHERE info LIKE 'ALTER TABLE notes%' AND db = DATABASE()",
};

async function seen(db: Db, sql: string): Promise<string> {
  for (const until = Date.now() + 20_000; Date.now() < until; ) {
    const [row] = await db.query(sql);
    if (row?.id) return row.id;
  }
  throw new Error("it never came to that statement");
}

function start(order: Record<string, unknown>): ChildProcess {
  return spawn(process.execPath, [worker, JSON.stringify({ ...order, project })], { stdio: ["ignore", "pipe", "pipe"] });
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((done) => {
    if (child.exitCode !== null || child.signalCode !== null) done();
    else child.once("exit", () => done());
  });
}

/** Runs the worker; gives how many events it saw, or null when it was killed. */
function work(order: Record<string, unknown>): Promise<number | null> {
  return new Promise((done, fail) => {
    const child = start(order);
    let out = "";
    let err = "";
    child.stdout?.on("data", (data) => {
      out += data;
    });
    child.stderr?.on("data", (data) => {
      err += data;
    });
    child.once("error", fail);
    child.once("close", (code, signal) => (signal === "SIGKILL" ? done(null) : code === 0 ? done(Number(out)) : fail(new Error(err))));
  });
}

async function clear(db: Db, engine: Engine): Promise<void> {
  for (const sql of reset[engine]) await db.query(sql);
}

async function texts(db: Db): Promise<readonly (string | null | undefined)[]> {
  return (await db.query("SELECT text FROM notes ORDER BY id")).map(({ text }) => text);
}

describe.each(engines)("a runner killed on %s", (engine) => {
  const database = useDatabase(engine);
  const journal = () => readJournal(database.db, dialectOf(engine).journal({ name: "limbeck_revision" }));

  it("K4, leaves a statement at work on the server: the next run waits for it, finds it done, and goes on", async () => {
    const { db, url } = database;
    await clear(db, engine);
    const [first, ...others] = scenario[engine];
    if (first === undefined) throw new Error("no scenario");
    await upgrade(db, engine, [first]);
    const blocker = await open(engine, url);
    const watcher = await open(engine, url);
    // an open transaction that has read the table keeps the ALTER waiting; one that has written keeps the index waiting
    await blocker.query(engine === "postgres" ? "BEGIN" : "START TRANSACTION");
    await blocker.query(engine === "postgres" ? "LOCK TABLE notes IN ROW EXCLUSIVE MODE" : "SELECT * FROM notes");
    const child = start({ engine, url, direction: "upgrade", killAt: null });
    const session = await seen(watcher, atWork[engine]);
    child.kill("SIGKILL");
    await ended(child);
    const events: RunEvent[] = [];
    const next = upgrade(db, engine, [first, ...others], { wait: 30, onEvent: (event) => events.push(event) });
    await vi.waitFor(() => expect(events).not.toEqual([]), { timeout: 10_000 });
    await blocker.query("COMMIT");
    await next;
    await Promise.all([blocker.close(), watcher.close()]);
    expect(events[0]).toEqual({ kind: "waiting", holder: expect.stringContaining(`session ${session}`) });
    expect(
      events.filter(({ kind }) => kind === "statement").map((event) => (event as { index: number; revision: string }).index),
    ).not.toContain(1);
    expect(await texts(db)).toEqual(rows);
    expect((await journal()).interrupted).toBeNull();
  });

  it("K3, is no worse than a session cut by the server in the middle of a statement", async () => {
    const { db, url } = database;
    await clear(db, engine);
    const [first, ...others] = scenario[engine];
    if (first === undefined) throw new Error("no scenario");
    await upgrade(db, engine, [first]);
    const [blocker, victim] = await Promise.all([open(engine, url), open(engine, url)]);
    await blocker.query(engine === "postgres" ? "BEGIN" : "START TRANSACTION");
    await blocker.query(engine === "postgres" ? "LOCK TABLE notes IN ROW EXCLUSIVE MODE" : "SELECT * FROM notes");
    const cut = upgrade(victim, engine, others).catch((error: unknown) => error);
    expect(await seen(db, atWork[engine])).toBe(victim.session);
    await db.query(engine === "postgres" ? `SELECT pg_terminate_backend(${victim.session})` : `KILL ${victim.session}`);
    expect(await cut).toMatchObject({ outcome: "failed", code: "connection-lost", details: { revision: "r2", statement: 2, stands: 1 } });
    expect((await journal()).interrupted).toMatchObject({ id: "r2", direction: "upgrade", done: 1, total: 5 });
    await blocker.query("COMMIT");
    await upgrade(db, engine, [first, ...others], { wait: 20 });
    await Promise.all([blocker.close(), victim.close().catch(() => {})]);
    expect(await texts(db)).toEqual(rows);
  });

  it("K7, does not let two others run at once: one works, the others wait and find it done", async () => {
    const { db, url } = database;
    await clear(db, engine);
    await Promise.all(Array.from({ length: 3 }, () => work({ engine, url, direction: "upgrade", killAt: null })));
    expect(await texts(db)).toEqual(rows);
  });
});
