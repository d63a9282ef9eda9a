import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Db, Server } from "../../../src/core/db.ts";
import { readJournal } from "../../../src/run/journal.ts";
import type { Direction } from "../../../src/run/step.ts";
import { type Engine, engines, open, useDatabase } from "../../support/databases.ts";
import { clear, dialectFor, go, ready, standing } from "./history.ts";
import { counted } from "./messages.ts";

const project = fileURLToPath(new URL("../../..", import.meta.url));
/** every boundary, or as many as the usual run has time for */
const whole = process.env.FAULTS === "all";
const few = 2;
let dir: string;
let victim: string;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "limbeck-victim-"));
  victim = join(dir, "victim.mjs");
  buildSync({
    entryPoints: [fileURLToPath(new URL("victim.ts", import.meta.url))],
    outfile: victim,
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "error",
  });
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const deaths = ["SIGKILL", "SIGTERM", "SIGINT", "connection cut", "statement timeout", "disk full"] as const;
type Death = (typeof deaths)[number];
const directions = ["upgrade", "downgrade"] as const;

/** What the server says when it gives a statement up, said by the server itself. */
const refusals: Record<Engine, Partial<Record<Death, string>>> = {
  postgres: {
    "statement timeout": "DO $$ BEGIN RAISE EXCEPTION 'canceling statement due to statement timeout' USING ERRCODE = '57014'; END $$",
    "disk full": "DO $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$",
  },
  mysql: {
    "statement timeout":
      "SIGNAL SQLSTATE '70100' SET MYSQL_ERRNO = 1969, MESSAGE_TEXT = 'Query execution was interrupted (max_statement_time exceeded)'",
    "disk full": "SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1021, MESSAGE_TEXT = 'Disk full; waiting for someone to free some space'",
  },
};

function runVictim(order: Record<string, unknown>): Promise<{ code: number | null; signal: string | null; err: string }> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [victim, JSON.stringify({ ...order, project })], { stdio: ["ignore", "ignore", "pipe"] });
    let err = "";
    child.stderr.on("data", (data) => {
      err += data;
    });
    child.once("error", fail);
    child.once("close", (code, signal) => done({ code, signal, err }));
  });
}

describe.each(engines)("K1, K2, K3, K6, K15, a runner that dies on %s", (engine) => {
  const database = useDatabase(engine);
  let server: Server;
  const undisturbed = {} as Record<Direction, { readonly messages: number; readonly result: unknown }>;

  /** to where the run of that direction begins */
  const prepare = async (direction: Direction): Promise<void> => {
    await clear(database.db, engine);
    if (direction === "downgrade") await go(database.db, engine, server, "upgrade");
  };

  beforeAll(async () => {
    server = await ready(database.db, engine);
    for (const direction of directions) {
      await prepare(direction);
      let messages = 0;
      const counting = counted(database.db, () => {
        messages++;
      });
      await go(counting, engine, server, direction);
      undisturbed[direction] = { messages, result: await standing(database.db, engine, server) };
    }
  });

  const die = async (death: Death, direction: Direction, at: number): Promise<void> => {
    if (death === "SIGKILL" || death === "SIGTERM" || death === "SIGINT") {
      const { code, signal, err } = await runVictim({ engine, url: database.url, direction, signal: death, at });
      if (death === "SIGKILL") expect(signal, err).toBe("SIGKILL");
      // asked after the last statement, there is nothing left to stop
      else expect([130, 0], err).toContain(code);
      return;
    }
    const db = await open(engine, database.url);
    await ready(db, engine);
    const refusal = refusals[engine][death];
    const hooked = counted(db, async (message) => {
      if (message !== at) return;
      if (refusal !== undefined) return refusal;
      await cut(database.db, engine, db.session);
    });
    const error: unknown = await go(hooked, engine, server, direction).catch((thrown: unknown) => thrown);
    // a lock that is not given back any more goes with the session
    if (at < undisturbed[direction].messages - 1) expect(error, `${death} at ${at}`).toBeInstanceOf(Error);
    await db.close().catch(() => {});
  };

  describe.each(directions)("in the middle of an %s", (direction) => {
    it.each(deaths)(
      "%s: current says where it is, and the next run ends as if nothing had been",
      async (death) => {
        const { messages, result } = undisturbed[direction];
        const step = whole ? 1 : Math.max(1, Math.floor(messages / few));
        // another boundary for each death, so that the few are not always the same
        const first = whole ? 0 : deaths.indexOf(death) % step;
        let cases = 0;
        for (let at = first; at < messages; at += step) {
          const where = `${death} before message ${at} of ${messages}`;
          await prepare(direction);
          await die(death, direction, at);
          await expectTold(direction, where);
          await go(database.db, engine, server, direction);
          expect(await standing(database.db, engine, server), where).toEqual(result);
          cases++;
        }
        if (whole) console.log(`| ${engine} | ${direction} | ${death} | ${cases} |`);
      },
      3_600_000,
    );
  });

  /** what `current` reads: nothing half way, or which revision, in which direction, how far */
  async function expectTold(direction: Direction, where: string): Promise<void> {
    const { interrupted, rows } = await readJournal(database.db, dialectFor(engine).journal({ name: "limbeck_revision" }));
    const half = rows.filter(({ status }) => status !== "applied");
    expect(half.length, where).toBeLessThanOrEqual(1);
    if (half.length === 0) expect(interrupted, where).toBeNull();
    else expect(interrupted, where).toMatchObject({ id: half[0]?.id, direction });
    if (interrupted !== null) expect(interrupted.done, where).toBeLessThan(interrupted.total);
  }
});

async function cut(db: Db, engine: Engine, session: string): Promise<void> {
  await db.query(engine === "postgres" ? `SELECT pg_terminate_backend(${session})` : `KILL ${session}`);
}
