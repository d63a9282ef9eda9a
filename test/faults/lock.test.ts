import { execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect as dial } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { RunEvent } from "../../src/run/events.ts";
import { readJournal } from "../../src/run/journal.ts";
import { engines, open, useDatabase } from "../support/databases.ts";
import { freePort } from "../support/private-servers.ts";
import { ormconfig, useProject } from "../support/project.ts";
import { dialectOf, type Sketch, upgrade } from "./dialects.ts";

describe.each(engines)("the lock on %s", (engine) => {
  const database = useDatabase(engine);
  const postgres = engine === "postgres";
  const slow = postgres ? "SELECT pg_sleep(1)" : "DO SLEEP(1)";
  const build = postgres
    ? { sql: "CREATE INDEX CONCURRENTLY notes_text ON notes (text)", transactional: false, patient: true as const }
    : { sql: "CREATE INDEX notes_text ON notes (text)", transactional: false };
  const sketches: readonly Sketch[] = [
    { id: "a", upgrade: ["INSERT INTO notes (text) VALUES ('once')", { sql: slow, transactional: false }, build] },
    { id: "b", parents: ["a"], upgrade: ["INSERT INTO notes (text) VALUES ('again')"] },
  ];
  const journal = () => readJournal(database.db, dialectOf(engine).journal({ name: "limbeck_revision" }));

  afterEach(async () => {
    for (const table of ["notes", "limbeck_revision"]) await database.db.query(`DROP TABLE IF EXISTS ${table}`);
  });

  it("K7, lets one of many work, while the others hold nothing that it could wait for", async () => {
    await database.db.query(`CREATE TABLE notes (text ${postgres ? "text" : "varchar(50)"})`);
    const sessions = await Promise.all(Array.from({ length: 10 }, () => open(engine, database.url)));
    const waiting = new Set<string>();
    const seen: unknown[] = [];
    const runs = sessions.map((db) => {
      const onEvent = (event: RunEvent) => {
        if (event.kind === "waiting") waiting.add(db.session);
        if (event.kind === "statement" && event.index === 2) {
          // while the index is built the waiting ones are between two tries: no transaction, no snapshot
          if (postgres) seen.push(database.db.query(idle(sessions.map(({ session }) => session).filter((one) => one !== db.session))));
        }
      };
      return upgrade(db, engine, sketches, { wait: 60, onEvent });
    });
    const results = await Promise.all(runs);
    expect(results.map(({ done }) => done.length).sort()).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 2]);
    for (const { heads } of results) expect(heads).toEqual(["b"]);
    expect(waiting.size).toBe(9);
    expect(await database.db.query("SELECT text FROM notes ORDER BY text")).toEqual([{ text: "again" }, { text: "once" }]);
    expect((await journal()).interrupted).toBeNull();
    for (const answer of await Promise.all(seen)) expect(answer).toEqual([{ open: "0" }]);
    await Promise.all(sessions.map((db) => db.close()));
  });

  it("dies with its session, even when nobody gives it back", async () => {
    await database.db.query(`CREATE TABLE notes (text ${postgres ? "text" : "varchar(50)"})`);
    const other = await open(engine, database.url);
    await other.query(dialectOf(engine).lock.tryAcquire("limbeck_revision"));
    let closed: Promise<void> | null = null;
    const onEvent = (event: RunEvent) => {
      if (event.kind === "waiting") closed = other.close();
    };
    const next = upgrade(database.db, engine, sketches.slice(1), { wait: 30, onEvent });
    expect((await next).done).toHaveLength(1);
    expect(closed).not.toBeNull();
    await closed;
  });
});

function idle(sessions: readonly string[]): string {
  return `SELECT count(*) AS open FROM pg_stat_activity
WHERE pid IN (${sessions.join(", ")}) AND state <> 'active' AND (xact_start IS NOT NULL OR backend_xmin IS NOT NULL)`;
}

describe.each(engines)("three pipelines at once on %s", (engine) => {
  const wait = engine === "postgres" ? "SELECT pg_sleep(2)" : "DO SLEEP(2)";
  const text = engine === "postgres" ? "text" : "varchar(50)";
  const project = useProject(engine, {
    "ormconfig.ts": ormconfig(engine),
    "models/entities.ts": "",
    "migrations/0001-a.ts": `import { revision, sql } from "limbeck";
export default revision({ id: "0001", parents: [], message: "a", createdAt: "2026-01-01T00:00:00Z",
  upgrade(op) {
    op.createTable("notes", { columns: [{ name: "text", type: "${text}" }] });
    op.execute(sql\`INSERT INTO notes VALUES ('once')\`);
    op.execute(sql\`${wait}\`);
  },
  downgrade(op) { op.execute(sql\`DROP TABLE notes\`); },
});
`,
  });

  it("K7, do the work once, and all of them end well", async () => {
    const runs = await Promise.all(Array.from({ length: 3 }, () => project.run("upgrade", "head", "--wait", "60", "--json")));
    expect(runs.map(({ code, stderr }) => `${code}${code === 0 ? "" : stderr}`)).toEqual(["0", "0", "0"]);
    expect(runs.map(({ json }) => json.applied.length).sort()).toEqual([0, 0, 1]);
    for (const { json } of runs) expect(json.heads).toEqual(["0001"]);
    expect(await project.database.db.query("SELECT text FROM notes")).toEqual([{ text: "once" }]);
  });

  it("end with 5 when they may not wait so long, and say who is at it", async () => {
    await project.json(0, "downgrade", "base");
    const holder = await open(engine, project.database.url);
    await holder.query(dialectOf(engine).lock.tryAcquire("limbeck_revision"));
    const failed = await project.json(5, "upgrade", "head", "--wait", "1");
    expect(failed.error).toMatchObject({ code: "locked", message: expect.stringContaining(`session ${holder.session}`) });
    await holder.close();
    await project.json(0, "upgrade", "head");
  });
});

const bouncer = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer"].find((path) => {
  try {
    execFileSync(path, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
});
if (bouncer === undefined)
  console.error("\n!!! no pgbouncer here: what a transaction-pooling proxy does is NOT TESTED. apt-get install pgbouncer\n");

describe.runIf(bouncer !== undefined && engines.includes("postgres"))("a proxy that pools by transaction", () => {
  const database = useDatabase("postgres");

  const sketch = { id: "a", upgrade: ["SELECT 1"] };

  it.each(["bytransaction", "alone_bytransaction", "bystatement"])(
    "K8, %s: is refused, because neither lock nor settings would hold",
    async (pool) => {
      const proxy = await startBouncer(database.url);
      try {
        const db = await open("postgres", proxy.at(pool));
        const watch = () => open("postgres", proxy.at(pool));
        const error: unknown = await upgrade(db, "postgres", [sketch], { watch }).catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({ outcome: "refused", code: "pooled-connection", hint: expect.stringContaining("--url") });
        await db.close();
      } finally {
        await proxy.stop();
      }
    },
  );

  it.each(["bysession", "alone_bysession"])("K8, %s: is as good as none, also where it has no second session", async (pool) => {
    const proxy = await startBouncer(database.url);
    try {
      const db = await open("postgres", proxy.at(pool));
      const blocker = await open("postgres", database.url);
      await blocker.query("CREATE TABLE notes (id int)");
      await blocker.query("BEGIN; SELECT count(*) FROM notes");
      const watch = () => open("postgres", proxy.at(pool));
      const altering = { id: "a", upgrade: [{ sql: "ALTER TABLE notes ADD COLUMN more int" }] };
      await db.query("SET lock_timeout = 1000");
      const onEvent = ({ kind }: RunEvent) => {
        if (kind === "retry") void blocker.query("COMMIT");
      };
      const result = await upgrade(db, "postgres", [altering], { watch, lockTimeoutMs: 1000, onEvent });
      expect(result.done).toHaveLength(1);
      await blocker.query("DROP TABLE notes, limbeck_revision");
      await Promise.all([db.close(), blocker.close()]);
    } finally {
      await proxy.stop();
    }
  });
});

async function startBouncer(url: string) {
  const { username, hostname, port, pathname, password } = new URL(url);
  const dir = mkdtempSync(join(tmpdir(), "limbeck-pgbouncer-"));
  chmodSync(dir, 0o755);
  const listen = await freePort();
  const target = `host=${hostname} port=${port || 5432} dbname=${pathname.slice(1)} user=${username || "postgres"}${password ? ` password=${password}` : ""}`;
  writeFileSync(
    join(dir, "pgbouncer.ini"),
    `[databases]
bytransaction = ${target} pool_mode=transaction
bysession = ${target} pool_mode=session
bystatement = ${target} pool_mode=statement
alone_bytransaction = ${target} pool_mode=transaction pool_size=1
alone_bysession = ${target} pool_mode=session pool_size=1
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${listen}
unix_socket_dir =
auth_type = any
default_pool_size = 10
ignore_startup_parameters = extra_float_digits
`,
  );
  const user = process.getuid?.() === 0 ? ["-u", "nobody"] : [];
  const server = spawn(bouncer ?? "", [...user, join(dir, "pgbouncer.ini")], { stdio: "ignore" });
  for (const until = Date.now() + 10_000; Date.now() < until && !(await listens(listen)); )
    await new Promise((done) => setTimeout(done, 20));
  const at = (name: string) => `postgres://${username || "postgres"}@127.0.0.1:${listen}/${name}`;
  return {
    at,
    stop: async () => {
      await new Promise((done) => {
        server.once("exit", done);
        server.kill();
      });
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function listens(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = dial({ host: "127.0.0.1", port });
    socket.once("connect", () => {
      socket.destroy();
      done(true);
    });
    socket.once("error", () => done(false));
  });
}
