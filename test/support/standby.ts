import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connectPostgres } from "../../src/connect/postgres.ts";
import type { Db } from "../../src/core/db.ts";
import { freePort, gone, postgresAt, postgresIn } from "./private-servers.ts";

/** A server and one that follows it: what is committed on the first arrives on the second a moment later, or never. */
export interface Pair {
  readonly primary: string;
  readonly standby: string;
  /** the standby has all that the primary has written, and gets nothing more */
  part(): Promise<void>;
  /** the primary dies, the standby takes its place with what it has */
  failOver(): Promise<void>;
  stop(): Promise<void>;
}

/** Folders of data from which pairs begin: making one takes longer than all the rest. */
export async function pairs() {
  const dir = mkdtempSync(join(tmpdir(), "limbeck-pair-"));
  chmodSync(dir, 0o755);
  const fresh = join(dir, "fresh");
  await (await postgresIn(fresh, 0)).initialise();
  let count = 0;
  return {
    start: () => startPair(fresh, join(dir, String(++count))),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

async function startPair(fresh: string, dir: string): Promise<Pair> {
  const [primaryPort, standbyPort] = [await freePort(), await freePort()];
  const data = { primary: `${dir}-primary`, standby: `${dir}-standby` };
  for (const folder of Object.values(data)) copy(fresh, folder);
  const source = `host=127.0.0.1 port=${primaryPort} user=postgres password=postgres`;
  writeFileSync(join(data.standby, "standby.signal"), "");
  writeFileSync(join(data.standby, "postgresql.auto.conf"), `primary_conninfo = '${source}'\n`);
  const [primary, standby] = [await postgresIn(data.primary, primaryPort), await postgresIn(data.standby, standbyPort)];
  await primary.start();
  let alive = [primary, standby];
  // it tells of being ready when it is promoted
  const promoted = standby.start();
  promoted.catch(() => {});
  const urls = { primary: postgresAt(primaryPort), standby: postgresAt(standbyPort) };
  await until(urls.standby, "SELECT 1 AS ok");
  return {
    ...urls,
    async part() {
      const [row] = await asking(urls.primary, (db) => db.query("SELECT pg_current_wal_insert_lsn() AS lsn"));
      await until(urls.standby, `SELECT 1 AS ok WHERE pg_last_wal_replay_lsn() >= '${row?.lsn}'`);
      await asking(urls.standby, (db) => db.query("ALTER SYSTEM SET primary_conninfo = ''"));
      await asking(urls.standby, (db) => db.query("SELECT pg_reload_conf()"));
      await until(urls.standby, "SELECT 1 AS ok WHERE NOT EXISTS (SELECT 1 FROM pg_stat_wal_receiver)");
    },
    async failOver() {
      const pid = Number(readFileSync(join(data.primary, "postmaster.pid"), "utf8").split("\n")[0]);
      process.kill(pid, "SIGQUIT");
      await gone(pid);
      alive = [standby];
      await asking(urls.standby, (db) => db.query("SELECT pg_promote()"));
      await promoted;
    },
    async stop() {
      await Promise.all(alive.map((server) => server.stop()));
      // the package clears away only what it has stopped itself
      rmSync(data.primary, { recursive: true, force: true });
    },
  };
}

/** With its owner: a server reads only what is its own. */
function copy(from: string, to: string): void {
  execFileSync("cp", ["-a", from, to]);
}

async function asking<T>(url: string, work: (db: Db) => Promise<T>): Promise<T> {
  const db = await connectPostgres({ connectionString: url }, process.cwd());
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

async function until(url: string, question: string): Promise<void> {
  for (const end = Date.now() + 30_000; ; await sleep(20)) {
    const rows = await asking(url, (db) => db.query(question)).catch(() => []);
    if (rows.length > 0) return;
    if (Date.now() > end) throw new Error(`it never came to: ${question}`);
  }
}
