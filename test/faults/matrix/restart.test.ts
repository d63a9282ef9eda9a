import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Db, Server } from "../../../src/core/db.ts";
import type { Direction } from "../../../src/run/step.ts";
import { type Engine, engines, open } from "../../support/databases.ts";
import { type Restart, startMariadb, startPostgres } from "../../support/private-servers.ts";
import { clear, go, ready, standing } from "./history.ts";
import { large } from "./large.ts";
import { counted } from "./messages.ts";

const whole = process.env.FAULTS === "all";
const mariadbd = ["/usr/sbin/mariadbd", "/usr/local/sbin/mariadbd"].find((path) => existsSync(path));
const startable = engines.filter((engine) => engine === "postgres" || mariadbd !== undefined);
if (startable.length < engines.length)
  console.error("\n!!! no mariadbd here: what a restart of the server does is NOT TESTED on MariaDB\n");

interface Private {
  readonly url: string;
  restart(how: Restart): Promise<void>;
  stop(): Promise<void>;
}

describe.each(startable)("K5, a server that is restarted under a runner, %s", (engine: Engine) => {
  let own: Private;
  let url: string;
  let server: Server;
  const undisturbed = {} as Record<Direction, { readonly messages: number; readonly result: unknown }>;

  const within = async <T>(work: (db: Db) => Promise<T>): Promise<T> => {
    const db = await open(engine, url);
    try {
      server = await ready(db, engine);
      return await work(db);
    } finally {
      await db.close().catch(() => {});
    }
  };
  /** the tests' own server keeps a commit for a second before it writes it, and forgets when it is started that it should not */
  const durable = async () => {
    if (engine !== "mysql") return;
    const admin = await open(engine, own.url);
    await admin.query("SET GLOBAL innodb_flush_log_at_trx_commit = 1");
    await admin.close();
  };
  const prepare = (direction: Direction) =>
    within(async (db) => {
      await clear(db, engine);
      if (direction === "downgrade") await go(db, engine, server, "upgrade");
    });

  beforeAll(async () => {
    own = engine === "postgres" ? await startPostgres() : await startMariadb(mariadbd ?? "");
    const admin = await open(engine, own.url);
    await admin.query("CREATE DATABASE restarted");
    await admin.close();
    await durable();
    url = Object.assign(new URL(own.url), { pathname: "/restarted" }).toString();
    for (const direction of ["upgrade", "downgrade"] as const) {
      await prepare(direction);
      undisturbed[direction] = await within(async (db) => {
        let messages = 0;
        const counting = counted(db, () => {
          messages++;
        });
        await go(counting, engine, server, direction);
        return { messages, result: await standing(db, engine, server) };
      });
    }
  });
  afterAll(() => own?.stop());

  it.each([
    ["upgrade", "immediate"],
    ["upgrade", "fast"],
    ["downgrade", "immediate"],
    ["downgrade", "fast"],
  ] as const)(
    "%s, %s: the next run ends as if nothing had been",
    async (direction, how) => {
      const { messages, result } = undisturbed[direction];
      const step = whole ? 1 : Math.floor(messages / 2);
      let cases = 0;
      for (let at = whole ? 0 : Math.floor(step / 2); at < messages - 1; at += step) {
        const where = `restarted (${how}) before message ${at} of ${messages}`;
        await prepare(direction);
        let restarted = false;
        const error: unknown = await within((db) => {
          const hooked = counted(db, async (message) => {
            if (message !== at) return;
            await own.restart(how);
            await durable();
            restarted = true;
          });
          return go(hooked, engine, server, direction).catch((thrown: unknown) => thrown);
        });
        expect(restarted, where).toBe(true);
        expect(error, where).toMatchObject({ code: "connection-lost" });
        await within(async (db) => {
          await go(db, engine, server, direction);
          expect(await standing(db, engine, server), where).toEqual(result);
        });
        cases++;
      }
      if (whole) console.log(`| ${engine} | ${direction} | server restart, ${how} | ${cases} |`);
    },
    3_600_000,
  );

  it("in the middle of statements that take their time: the next run ends as if nothing had been", async () => {
    const of = large(engine, 100_000);
    const [first] = of;
    if (first === undefined) throw new Error("no revision");
    const begin = () =>
      within(async (db) => {
        await clear(db, engine);
        await go(db, engine, server, "upgrade", { of: [first] });
      });
    // a backfill has batches as large as the server is fast: no place of a message is sure
    const isLong = (sql: string) => /^(?:CREATE|ALTER TABLE)|^UPDATE entries SET n = n \+ 1$/.test(sql);
    await begin();
    const long: string[] = [];
    const result = await within(async (db) => {
      const noting = counted(db, (_, sql) => {
        if (isLong(sql)) long.push(sql);
      });
      await go(noting, engine, server, "upgrade", { of });
      return standing(db, engine, server);
    });
    expect(long.length).toBeGreaterThanOrEqual(4);
    let cases = 0;
    for (const [i, statement] of long.entries()) {
      for (const how of whole ? (["immediate", "fast"] as const) : ([i % 2 === 0 ? "immediate" : "fast"] as const)) {
        const where = `restarted (${how}) while this is at work: ${statement}`;
        await begin();
        let restarting: Promise<void> | null = null;
        const error: unknown = await within((db) => {
          let seen = 0;
          const hooked = counted(db, (_, sql) => {
            // it is sent in this turn, and takes longer than the signal
            if (isLong(sql) && seen++ === i) setTimeout(() => (restarting = own.restart(how)), 5);
          });
          return go(hooked, engine, server, "upgrade", { of }).catch((thrown: unknown) => thrown);
        });
        expect(restarting, where).not.toBeNull();
        await restarting;
        await durable();
        if (error instanceof Error) expect(error, where).toMatchObject({ code: "connection-lost" });
        await within(async (db) => {
          await go(db, engine, server, "upgrade", { of });
          expect(await standing(db, engine, server), where).toEqual(result);
        });
        cases++;
      }
    }
    if (whole) console.log(`| ${engine} | upgrade | server restart within a statement | ${cases} |`);
  }, 3_600_000);
});
