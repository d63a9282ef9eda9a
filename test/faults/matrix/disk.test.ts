import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Db, Server } from "../../../src/core/db.ts";
import { LimbeckError } from "../../../src/core/errors.ts";
import type { Revision } from "../../../src/core/revision.ts";
import type { Direction } from "../../../src/run/step.ts";
import { type Engine, engines, open } from "../../support/databases.ts";
import { startMariadb, startPostgres } from "../../support/private-servers.ts";
import { smallDisk } from "../../support/small-disk.ts";
import { clear, go, ready, revisions, standing } from "./history.ts";
import { large } from "./large.ts";
import { counted } from "./messages.ts";

const whole = process.env.FAULTS === "all";
const mariadbd = ["/usr/sbin/mariadbd", "/usr/local/sbin/mariadbd"].find((path) => existsSync(path));
const disk = smallDisk(220);
const startable = engines.filter((engine) => disk !== null && (engine === "postgres" || mariadbd !== undefined));
afterAll(() => disk?.remove());

interface Private {
  readonly url: string;
  revive(): Promise<boolean>;
  stop(): Promise<void>;
}

/** Small logs, so that a full disk is met by them as well. */
function start(engine: Engine): Promise<Private> {
  const under = disk?.dir;
  if (engine === "mysql") {
    const flags = [
      "--innodb-log-file-size=8M",
      "--innodb-data-file-path=ibdata1:8M:autoextend",
      "--log-bin=binlog",
      "--max-binlog-size=1M",
    ];
    return startMariadb(mariadbd ?? "", { under, flags: [...flags, "--innodb-buffer-pool-size=16M", "--server-id=1"] });
  }
  const flags = ["max_wal_size=8MB", "min_wal_size=2MB", "wal_keep_size=0"].flatMap((flag) => ["-c", flag]);
  return startPostgres(undefined, { under, flags, initdb: ["--wal-segsize=1"] });
}

describe.each(startable)("K6, a disk that is really full, %s", (engine) => {
  let own: Private;
  let server: Server;
  const told = { failed: 0, waited: 0, crashed: 0, fitted: 0 };

  const within = async <T>(work: (db: Db) => Promise<T>): Promise<T> => {
    const db = await open(engine, Object.assign(new URL(own.url), { pathname: "/filled" }).toString());
    try {
      server = await ready(db, engine);
      return await work(db);
    } finally {
      await db.close().catch(() => {});
    }
  };
  const prepare = (of: readonly Revision[]) =>
    within(async (db) => {
      await clear(db, engine);
      // what was dropped is given back by then
      await db.query(engine === "postgres" ? "CHECKPOINT" : "FLUSH BINARY LOGS");
      if (engine === "mysql") await db.query("PURGE BINARY LOGS BEFORE NOW() + INTERVAL 1 DAY");
      if (of.length > 0) await go(db, engine, server, "upgrade", { of });
    });

  beforeAll(async () => {
    own = await start(engine);
    const admin = await open(engine, own.url);
    await admin.query("CREATE DATABASE filled");
    await admin.close();
  });
  afterAll(async () => {
    disk?.free();
    await own?.stop();
    if (whole) console.log(`${engine}: ${JSON.stringify(told)}`);
  });

  /** A run that meets the full disk; where the server waits for room, it gets some after a while. */
  const meet = async (work: (db: Db) => Promise<unknown>): Promise<unknown> => {
    let waited = false;
    const patience = setTimeout(() => {
      waited = true;
      disk?.free();
    }, 8000);
    const error: unknown = await within((db) => work(db).catch((thrown: unknown) => thrown)).catch((thrown: unknown) => thrown);
    clearTimeout(patience);
    disk?.free();
    if (waited) told.waited++;
    else if (error instanceof Error) told.failed++;
    else told.fitted++;
    if (await own.revive()) told.crashed++;
    return error;
  };

  describe.each(["upgrade", "downgrade"] as const)("in the middle of an %s", (direction: Direction) => {
    it("from before a message on: when there is room again, the next run ends as if nothing had been", async () => {
      const from = direction === "downgrade" ? revisions(engine) : [];
      let messages = 0;
      await prepare(from);
      const result = await within(async (db) => {
        const counting = counted(db, () => {
          messages++;
        });
        await go(counting, engine, server, direction);
        return standing(db, engine, server);
      });
      const step = whole ? 1 : Math.floor(messages / 3);
      let cases = 0;
      for (let at = whole ? 0 : Math.floor(step / 2); at < messages - 1; at += step) {
        const where = `full before message ${at} of ${messages}`;
        await prepare(from);
        const error = await meet((db) => {
          const hooked = counted(db, (message) => {
            if (message === at) disk?.fill();
          });
          return go(hooked, engine, server, direction);
        });
        if (error instanceof Error) expect(error, where).toBeInstanceOf(LimbeckError);
        await within(async (db) => {
          await go(db, engine, server, direction);
          expect(await standing(db, engine, server), where).toEqual(result);
        });
        cases++;
      }
      if (whole) console.log(`| ${engine} | ${direction} | disk full | ${cases} |`);
    }, 3_600_000);
  });

  it("in the middle of statements that need much room: the next run ends as if nothing had been", async () => {
    const of = large(engine, 40_000);
    const [first] = of;
    if (first === undefined) throw new Error("no revision");
    await prepare([first]);
    const result = await within(async (db) => {
      await go(db, engine, server, "upgrade", { of });
      return standing(db, engine, server);
    });
    const megabyte = 1 << 20;
    const all = [0.3, 1, 2, 3, 4, 5, 6, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 60];
    let cases = 0;
    for (const room of whole ? all : [1, 6, 14]) {
      await prepare([first]);
      disk?.fill(room * megabyte);
      const error = await meet((db) => go(db, engine, server, "upgrade", { of }));
      const where = `with ${room} MB left`;
      if (error instanceof Error) expect(error, where).toBeInstanceOf(LimbeckError);
      if (error instanceof LimbeckError && error.code === "statement-failed")
        expect(error.hint, where).toMatch(/disk full.*limbeck upgrade l2/);
      if (whole) console.log(where, error instanceof Error ? error.message.split("\n")[0] : "done");
      await within(async (db) => {
        await go(db, engine, server, "upgrade", { of });
        expect(await standing(db, engine, server), where).toEqual(result);
      });
      cases++;
    }
    if (whole) console.log(`| ${engine} | upgrade | disk full within statements | ${cases} |`);
  }, 3_600_000);
});
