import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Db, Server } from "../../src/core/db.ts";
import { type Engine, engines, open, useDatabase } from "../support/databases.ts";
import { upgrade } from "./dialects.ts";
import { clear, dialectFor, go, limits, ready, standing } from "./matrix/history.ts";
import { counted } from "./matrix/messages.ts";

const whole = process.env.FAULTS === "all";
const project = fileURLToPath(new URL("../..", import.meta.url));
let dir: string;
let victim: string;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "limbeck-frozen-"));
  victim = join(dir, "victim.mjs");
  buildSync({
    entryPoints: [fileURLToPath(new URL("matrix/victim.ts", import.meta.url))],
    outfile: victim,
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "error",
  });
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const end = (db: Db, engine: Engine, session: string) =>
  db.query(engine === "postgres" ? `SELECT pg_terminate_backend(${session})` : `KILL ${session}`);

describe.each(engines)("K4, a runner that stands still on %s", (engine) => {
  const database = useDatabase(engine);
  let server: Server;
  let messages = 0;
  let result: unknown;

  beforeAll(async () => {
    server = await ready(database.db, engine);
    await clear(database.db, engine);
    const counting = counted(database.db, () => {
      messages++;
    });
    await go(counting, engine, server, "upgrade");
    result = await standing(database.db, engine, server);
  });
  beforeEach(() => clear(database.db, engine));

  const run = (wait: number) => go(database.db, engine, server, "upgrade", { wait }).catch((thrown: unknown) => thrown);
  const places = () => {
    const step = whole ? 1 : Math.floor(messages / 2);
    return Array.from({ length: messages }, (_, at) => at).filter(
      (at) => at > 3 && at < messages - 1 && at % step === Math.floor(step / 2),
    );
  };
  /** stands still before that message; gives the session that has the lock */
  const freeze = async (
    at: number,
  ): Promise<{ readonly child: ChildProcess; readonly session: string; readonly ended: Promise<string> }> => {
    const order = { engine, url: database.url, direction: "upgrade", signal: "SIGSTOP", at, project };
    const child = spawn(process.execPath, [victim, JSON.stringify(order)], { stdio: ["ignore", "ignore", "pipe"] });
    let err = "";
    child.stderr.on("data", (data) => {
      err += data;
    });
    const ended = new Promise<string>((done) => child.once("close", (code) => done(code === 0 ? "0" : err)));
    await vi.waitFor(() => expect(readFileSync(`/proc/${child.pid}/stat`, "utf8")).toMatch(/\) T /), { timeout: 20_000 });
    const [holder] = await database.db.query(dialectFor(engine).lock.holder("limbeck_revision"));
    return { child, session: holder?.pid ?? "", ended };
  };

  it("keeps its lock: the others are told who holds it, and when it thaws it ends as if nothing had been", async () => {
    for (const at of places()) {
      const { child, session, ended } = await freeze(at);
      const error = await run(0);
      expect(error).toMatchObject({ outcome: "locked", code: "locked", message: expect.stringContaining(`session ${session}`) });
      child.kill("SIGCONT");
      expect(await ended, `frozen before ${at}`).toBe("0");
      expect(await run(10)).toMatchObject({ done: [] });
      expect(await standing(database.db, engine, server), `frozen before ${at}`).toEqual(result);
      await clear(database.db, engine);
    }
  }, 3_600_000);

  it("writes nothing more when its session was ended meanwhile and another has done the work", async () => {
    let cases = 0;
    for (const at of places()) {
      const { child, session, ended } = await freeze(at);
      await end(database.db, engine, session);
      await go(database.db, engine, server, "upgrade", { wait: 30 });
      expect(await standing(database.db, engine, server), `frozen before ${at}`).toEqual(result);
      child.kill("SIGCONT");
      expect(await ended, `frozen before ${at}`).toMatch(/connection-lost/);
      expect(await standing(database.db, engine, server), `frozen before ${at}`).toEqual(result);
      await clear(database.db, engine);
      cases++;
    }
    if (whole) console.log(`| ${engine} | upgrade | frozen | ${cases} |`);
  }, 3_600_000);
});

describe.each(engines)("K3, the sessions of a run on %s", (engine) => {
  const database = useDatabase(engine);
  const postgres = engine === "postgres";

  it("may lose the one that only looks: the work goes on, unseen", async () => {
    const { db, url } = database;
    await db.query("CREATE TABLE notes (id int)");
    const blocker = await open(engine, url);
    await blocker.query(postgres ? "BEGIN" : "START TRANSACTION");
    await blocker.query("SELECT count(*) FROM notes");
    let watching: Db | null = null;
    const watch = async () => {
      watching ??= await open(engine, url);
      return watching;
    };
    let cut: Promise<unknown> | null = null;
    const result = await upgrade(
      db,
      engine,
      [{ id: "a", upgrade: [{ sql: "ALTER TABLE notes ADD COLUMN more int", transactional: postgres }] }],
      {
        watch,
        lockTimeoutMs: 3000,
        onEvent: (event) => {
          if (event.kind === "blocked") cut ??= end(blocker, engine, watching?.session ?? "").then(() => blocker.query("COMMIT"));
        },
      },
    );
    expect(cut).not.toBeNull();
    expect(result.done).toHaveLength(1);
    await cut;
    await blocker.close();
  });

  it("outlive the limits that a role or a database has for idle sessions", async () => {
    const { db, url, name } = database;
    const strict: Record<Engine, readonly string[]> = {
      postgres: ["idle_in_transaction_session_timeout", "idle_session_timeout", "transaction_timeout"],
      mysql: ["wait_timeout", ...(db.flavor === "mariadb" ? ["idle_transaction_timeout", "idle_write_transaction_timeout"] : [])],
    };
    let settings = strict[engine];
    if (postgres) {
      const known = await db.query("SELECT name FROM pg_settings");
      settings = settings.filter((setting) => known.some((row) => row.name === setting));
      for (const setting of settings) await db.query(`ALTER DATABASE "${name}" SET ${setting} = '300ms'`);
    }
    const session = await open(engine, url);
    if (!postgres) for (const setting of settings) await session.query(`SET SESSION ${setting} = 1`);
    await session.batch(dialectFor(engine).session(limits));
    for (const begin of ["SELECT 1", postgres ? "BEGIN" : "START TRANSACTION", "CREATE TEMPORARY TABLE kept (id int)"]) {
      await session.query(begin);
      await db.query(postgres ? "SELECT pg_sleep(0.5)" : "DO SLEEP(1.3)");
    }
    expect(await session.query("SELECT 'alive' AS it")).toEqual([{ it: "alive" }]);
    await session.close();
  });
});
