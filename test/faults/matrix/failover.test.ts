import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Db } from "../../../src/core/db.ts";
import { readJournal } from "../../../src/run/journal.ts";
import type { Direction } from "../../../src/run/step.ts";
import { engines, open } from "../../support/databases.ts";
import { startMariadb } from "../../support/private-servers.ts";
import { startReplicated } from "../../support/replica.ts";
import { type Pair, pairs } from "../../support/standby.ts";
import { clear, dialectFor, go, ready, standing } from "./history.ts";
import { counted } from "./messages.ts";

const whole = process.env.FAULTS === "all";
const refused = { outcome: "refused", code: "read-only", hint: expect.stringContaining("--url") };

const mariadbd = ["/usr/sbin/mariadbd", "/usr/local/sbin/mariadbd"].find((path) => existsSync(path));
if (mariadbd === undefined) console.error("\n!!! no mariadbd here: what a server that only reads does is NOT TESTED on MariaDB\n");

const startable = engines.filter((engine) => engine === "postgres" || mariadbd !== undefined);

describe.each(startable)("K17, a standby on %s", (engine) => {
  let made: { start(): Promise<Pair>; remove(): void };
  beforeAll(async () => {
    made = engine === "postgres" ? await pairs() : { start: () => startReplicated(mariadbd ?? ""), remove: () => {} };
  });
  afterAll(() => made?.remove());

  const within = async <T>(url: string, work: (db: Db, server: Awaited<ReturnType<typeof ready>>) => Promise<T>): Promise<T> => {
    const db = await open(engine, url);
    try {
      return await work(db, await ready(db, engine));
    } finally {
      await db.close().catch(() => {});
    }
  };
  const prepare = (pair: Pair, direction: Direction) =>
    within(pair.primary, async (db, server) => {
      if (direction === "downgrade") await go(db, engine, server, "upgrade");
    });
  const using = async (work: (pair: Pair) => Promise<void>) => {
    const pair = await made.start();
    try {
      await work(pair);
    } finally {
      await pair.stop();
    }
  };

  it.runIf(engine === "postgres")("takes no writes, and is refused before anything is asked or sent", () =>
    using((pair) =>
      within(pair.standby, async (db, server) => {
        const error: unknown = await go(db, engine, server, "upgrade").catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({ ...refused, message: expect.stringContaining("it is a standby") });
      }),
    ),
  );

  describe.each(["upgrade", "downgrade"] as const)("that takes the primary's place in the middle of an %s", (direction) => {
    it("knows what it has, also where the last commits are lost, and the next run ends as if nothing had been", async () => {
      let result: unknown;
      let messages = 0;
      await using(async (pair) => {
        await prepare(pair, direction);
        await within(pair.primary, async (db, server) => {
          const counting = counted(db, () => {
            messages++;
          });
          await go(counting, engine, server, direction);
          result = await standing(db, engine, server);
        });
      });
      const step = whole ? 1 : messages;
      let cases = 0;
      for (let at = whole ? 1 : Math.floor(step / 2); at < messages - 1; at += step) {
        // with everything, or without what the last messages did
        const lost = [5, 0, 2, 12][cases % 4] ?? 0;
        const where = `failover before message ${at} of ${messages}, without the last ${lost}`;
        await using(async (pair) => {
          await prepare(pair, direction);
          const error: unknown = await within(pair.primary, (db, server) => {
            const hooked = counted(db, async (message) => {
              if (message === Math.max(0, at - lost)) await pair.part();
              if (message === at) await pair.failOver();
            });
            return go(hooked, engine, server, direction).catch((thrown: unknown) => thrown);
          });
          expect(error, where).toMatchObject({ code: "connection-lost" });
          await within(pair.standby, async (db, server) => {
            const { rows, interrupted } = await readJournal(db, dialectFor(engine).journal({ name: "limbeck_revision" }));
            const half = rows.find(({ status }) => status !== "applied");
            expect(interrupted?.id, where).toBe(half?.id);
            await go(db, engine, server, direction);
            expect(await standing(db, engine, server), where).toEqual(result);
          });
        });
        cases++;
      }
      if (whole) console.log(`| ${engine} | ${direction} | failover | ${cases} |`);
    }, 3_600_000);
  });
});

describe.runIf(mariadbd !== undefined)("K17, a replica on MariaDB", () => {
  let own: Awaited<ReturnType<typeof startMariadb>>;
  let admin: Db;
  const as = (user: string) => open("mysql", Object.assign(new URL(own.url), { pathname: "/copied", username: user }).toString());
  beforeAll(async () => {
    own = await startMariadb(mariadbd ?? "");
    admin = await open("mysql", own.url);
    await admin.query("CREATE DATABASE copied");
    await admin.query("CREATE USER app@'127.0.0.1' IDENTIFIED BY ''");
    await admin.query("GRANT ALL ON copied.* TO app@'127.0.0.1'");
  });
  afterAll(async () => {
    await admin?.close();
    await own?.stop();
  });

  it.each(["root", "app"])(
    "is refused to %s: also an administrator, who could write, would part it from its primary for good",
    async (user) => {
      const db = await as(user);
      const server = await ready(db, "mysql");
      await admin.query("SET GLOBAL read_only = ON");
      const error: unknown = await go(db, "mysql", server, "upgrade").catch((thrown: unknown) => thrown);
      await admin.query("SET GLOBAL read_only = OFF");
      expect(error).toMatchObject({ ...refused, message: expect.stringContaining("read_only is on") });
      expect(await db.query("SHOW TABLES")).toEqual([]);
      await db.close();
    },
  );

  it("that a primary becomes in the middle of a run stops it, and the next run ends as if nothing had been", async () => {
    const db = await as("app");
    const server = await ready(db, "mysql");
    let messages = 0;
    const counting = counted(db, () => {
      messages++;
    });
    await go(counting, "mysql", server, "upgrade");
    const result = await standing(db, "mysql", server);
    const step = whole ? 1 : Math.floor(messages / 3);
    let cases = 0;
    for (let at = 0; at < messages - 1; at += step) {
      const where = `read_only before message ${at} of ${messages}`;
      await clear(db, "mysql");
      const hooked = counted(db, async (message) => {
        if (message === at) await admin.query("SET STATEMENT lock_wait_timeout = 1 FOR SET GLOBAL read_only = ON");
      });
      const error: unknown = await go(hooked, "mysql", server, "upgrade").catch((thrown: unknown) => thrown);
      await admin.query("SET GLOBAL read_only = OFF");
      if (error instanceof Error) expect(error, where).toMatchObject({ hint: expect.stringContaining("--url") });
      await go(db, "mysql", server, "upgrade");
      expect(await standing(db, "mysql", server), where).toEqual(result);
      cases++;
    }
    if (whole) console.log(`| mysql | upgrade | read_only | ${cases} |`);
    await db.close();
  });
});
