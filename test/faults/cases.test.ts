import { createServer, connect as dial, type Socket } from "node:net";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Db, Server } from "../../src/core/db.ts";
import { readJournal } from "../../src/run/journal.ts";
import { script } from "../../src/run/script.ts";
import { stamp } from "../../src/run/stamp.ts";
import { feed, feeding, said, withClients } from "../support/client.ts";
import { type Engine, engines, open, useDatabase } from "../support/databases.ts";
import { clear, dialectFor, go, limits, ready, revisions, standing, steps } from "./matrix/history.ts";
import { counted } from "./matrix/messages.ts";

/** The cases of docs/reliability.md that are no place in the matrix. */
describe.each(engines)("on %s", (engine) => {
  const database = useDatabase(engine);
  const postgres = engine === "postgres";
  const dialect = dialectFor(engine);
  const journal = { name: "limbeck_revision" };
  let server: Server;
  let result: unknown;

  beforeAll(async () => {
    server = await ready(database.db, engine);
    await clear(database.db, engine);
    await run();
    result = await standing(database.db, engine, server);
  });
  beforeEach(() => clear(database.db, engine));

  const run = (db: Db = database.db, more: Parameters<typeof go>[4] = {}) => go(db, engine, server, "upgrade", more);
  /** an open transaction that has written keeps the index waiting; one that has read keeps the ALTER waiting */
  const block = async (blocker: Db) => {
    await blocker.query(postgres ? "BEGIN" : "START TRANSACTION");
    await blocker.query(postgres ? "LOCK TABLE notes IN ROW EXCLUSIVE MODE" : "SELECT * FROM notes");
  };
  const failure = (work: Promise<unknown>) =>
    work.then(
      () => null,
      (thrown: unknown) => thrown,
    );

  it("K4, a proxy that cuts the client off leaves the statement at work: the next run waits for it and does not send it again", async () => {
    const { db, url } = database;
    const [first] = revisions(engine);
    if (first === undefined) throw new Error("no revision");
    await run(db, { of: [first] });
    const proxy = await startProxy(url);
    const [victim, blocker] = await Promise.all([open(engine, proxy.url), open(engine, url)]);
    await ready(victim, engine);
    await block(blocker);
    const cut = failure(run(victim));
    await vi.waitFor(async () => expect(await db.query(waiting[engine])).toEqual([{ id: victim.session }]), { timeout: 20_000 });
    proxy.cut();
    expect(await cut).toMatchObject({ code: "connection-lost" });
    const sent: string[] = [];
    let waited: string | null = null;
    const next = run(
      counted(db, (_, sql) => {
        sent.push(sql);
      }),
      {
        onEvent: (event) => {
          if (event.kind === "waiting") waited ??= event.holder;
        },
      },
    );
    await vi.waitFor(() => expect(waited).toContain(`session ${victim.session}`), { timeout: 10_000 });
    await blocker.query("COMMIT");
    await next;
    expect(sent.filter((sql) => /^(?:CREATE|ALTER)[^;]*\bnotes_text\b/.test(sql))).toEqual([]);
    expect(await standing(db, engine, server)).toEqual(result);
    await Promise.all([blocker.close(), victim.close().catch(() => {}), proxy.close()]);
  });

  it("K12, a journal that is gone is not made up: the first statement meets what stands, and the error names stamp and adopt", async () => {
    const { db } = database;
    await run();
    await db.query(`DROP TABLE ${journal.name}`);
    expect(await failure(run())).toMatchObject({
      code: "statement-failed",
      hint: expect.stringMatching(/limbeck stamp r1.*limbeck adopt/),
    });
    expect(await db.query("SELECT count(*) AS count FROM notes")).toEqual([{ count: "7" }]);
  });

  it("K12, a table of that name that is no journal is told as one, and left alone", async () => {
    const { db } = database;
    await db.query(`CREATE TABLE ${journal.name} (id int, what int)`);
    expect(await failure(run())).toMatchObject({ code: "journal-unreadable", hint: expect.stringContaining("defineConfig") });
    expect(await db.query("SELECT count(*) AS count FROM limbeck_revision")).toEqual([{ count: "0" }]);
  });

  it("K12, a row that was changed by hand is named", async () => {
    const { db } = database;
    await run();
    await db.query("UPDATE limbeck_revision SET parents = 'r1' WHERE id = 'r2'");
    expect(await failure(run())).toMatchObject({
      code: "journal-unreadable",
      message: expect.stringMatching(/parents of revision r2.*: r1|r1$/),
    });
  });

  it.runIf(postgres)("K12, a journal that this role may not see is no empty one", async () => {
    const { db } = database;
    await run();
    await db.query("SET ROLE pg_read_all_settings");
    expect(await failure(run())).toMatchObject({ code: "journal-unreadable", hint: expect.stringContaining("grant") });
    await db.query("RESET ROLE");
  });

  it("K13, a clock that is set back while a run waits makes it wait no longer", async () => {
    const other = await open(engine, database.url);
    await other.query(dialect.lock.tryAcquire(journal.name));
    vi.useFakeTimers({ toFake: ["Date"] });
    const started = performance.now();
    const error = await failure(run(database.db, { wait: 1, onEvent: () => vi.setSystemTime(0) })).finally(() => vi.useRealTimers());
    expect(error).toMatchObject({ code: "locked" });
    expect(performance.now() - started).toBeLessThan(10_000);
    await other.close();
  });

  it("K16, a stamp beside an upgrade waits, and sees what that has done", async () => {
    const { db, url } = database;
    const other = await open(engine, url);
    const options = { dialect, journal };
    const none = { add: [], remove: [] };
    let refused: unknown;
    let seen: readonly string[] = [];
    let stamping: Promise<unknown> | null = null;
    const hooked = counted(db, async (message) => {
      if (message !== 20) return;
      refused = await failure(stamp(other, { ...options, wait: 0 }, async () => none));
      stamping = stamp(other, { ...options, wait: 30 }, async ({ rows }) => {
        seen = rows.map(({ id, status }) => `${id} ${status}`).sort();
        return none;
      });
    });
    await run(hooked);
    await stamping;
    expect(refused).toMatchObject({ code: "locked" });
    expect(seen).toEqual(["r1 applied", "r2 applied", "r3 applied"]);
    expect((await readJournal(db, dialect.journal(journal))).interrupted).toBeNull();
    await other.close();
  });

  it.runIf(withClients.includes(engine))(
    "K18, a script whose client was killed half way: the script stops at the journal, and a run finishes it",
    async () => {
      const { db, url } = database;
      const [first] = revisions(engine);
      if (first === undefined) throw new Error("no revision");
      await run(db, { of: [first] });
      const planned = steps(engine, "upgrade", new Set(["r1"]), revisions(engine));
      const { sql } = await script(planned, { dialect, context: { server }, journal, transaction: "each", ...limits, skipCode: false });
      const blocker = await open(engine, url);
      await block(blocker);
      const client = feeding(engine, url, sql);
      await vi.waitFor(async () => expect(await db.query(waiting[engine])).toHaveLength(1), { timeout: 20_000 });
      client.kill("SIGKILL");
      await blocker.query("COMMIT");
      await vi.waitFor(async () => expect(await db.query(dialect.lock.holder(journal.name))).toEqual([]), { timeout: 20_000 });
      expect(await said(() => feed(engine, url, sql))).toMatch(/a run left a revision half way/);
      await run();
      expect(await standing(db, engine, server)).toEqual(result);
      await blocker.close();
    },
  );
});

/** the session that waits in the first statement of r2 that commits by itself */
const waiting: Record<Engine, string> = {
  postgres: `SELECT pid AS id FROM pg_stat_activity
WHERE datname = current_database() AND state = 'active' AND query LIKE '%CREATE INDEX CONCURRENTLY%' AND wait_event_type = 'Lock'`,
  mysql: "SELECT ID AS id FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND STATE LIKE '%metadata lock%'",
};

/** Between a client and its server; once it is cut, the client hears of it at once, the server when it has something to say. */
async function startProxy(url: string) {
  const target = new URL(url);
  const pairs: { readonly client: Socket; readonly server: Socket }[] = [];
  const proxy = createServer((client) => {
    const server = dial(Number(target.port || (target.protocol === "postgres:" ? 5432 : 3306)), target.hostname);
    pairs.push({ client, server });
    client.pipe(server, { end: false }).on("error", () => {});
    server.pipe(client).on("error", () => {});
    client.on("error", () => {});
  });
  await new Promise<void>((done) => proxy.listen(0, "127.0.0.1", done));
  const address = proxy.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: Object.assign(new URL(url), { hostname: "127.0.0.1", port: String(port) }).toString(),
    cut: () => {
      for (const { client, server } of pairs) {
        client.resetAndDestroy();
        server.destroy();
      }
    },
    async close() {
      for (const { server } of pairs) server.destroy();
      await new Promise((done) => proxy.close(done));
    },
  };
}
