import { setTimeout as sleep } from "node:timers/promises";
import { connectMysql } from "../../src/connect/mysql.ts";
import type { Db } from "../../src/core/db.ts";
import { startMariadb } from "./private-servers.ts";
import type { Pair } from "./standby.ts";

/** A MariaDB and its replica, which follows without being waited for. */
export async function startReplicated(binary: string): Promise<Pair> {
  const start = (id: number) =>
    startMariadb(binary, { flags: ["--log-bin=binlog", "--log-slave-updates", `--server-id=${id}`, "--sync-binlog=1"] });
  const [primary, standby] = await Promise.all([start(1), start(2)]);
  let alive = [primary, standby];
  const at = (url: string) => Object.assign(new URL(url), { pathname: "/copied" }).toString();
  // what the installation has written is in both
  await asking(standby.url, (db) => db.query("RESET MASTER"));
  await asking(primary.url, async (db) => {
    await db.query("RESET MASTER");
    await db.query("SET GLOBAL innodb_flush_log_at_trx_commit = 1");
    await db.query("CREATE DATABASE copied");
  });
  await asking(standby.url, async (db) => {
    const from = `MASTER_HOST = '127.0.0.1', MASTER_PORT = ${new URL(primary.url).port}, MASTER_USER = 'root'`;
    await db.query(`CHANGE MASTER TO ${from}, MASTER_USE_GTID = slave_pos, MASTER_CONNECT_RETRY = 1`);
    await db.query("START SLAVE");
  });
  const caughtUp = async () => {
    const [row] = await asking(primary.url, (db) => db.query("SELECT @@gtid_binlog_pos AS pos"));
    const [waited] = await asking(standby.url, (db) => db.query(`SELECT MASTER_GTID_WAIT('${row?.pos}', 30) AS late`));
    if (waited?.late !== "0") throw new Error(await asking(standby.url, stateOf));
  };
  await caughtUp();
  return {
    primary: at(primary.url),
    standby: at(standby.url),
    async part() {
      await caughtUp();
      await asking(standby.url, (db) => db.query("STOP SLAVE"));
    },
    async failOver() {
      alive = [standby];
      await primary.stop();
      await asking(standby.url, async (db) => {
        // what has arrived is applied first
        for (let left = true; left; await sleep(20)) left = /Reading event|executing/i.test(await stateOf(db));
        await db.query("STOP SLAVE");
        await db.query("RESET SLAVE ALL");
      });
    },
    async stop() {
      await Promise.all(alive.map((server) => server.stop()));
    },
  };
}

async function stateOf(db: Db): Promise<string> {
  const [row] = await db.query("SHOW SLAVE STATUS");
  return `${row?.Slave_SQL_Running_State ?? ""} ${row?.Last_SQL_Error ?? ""}`;
}

async function asking<T>(url: string, work: (db: Db) => Promise<T>): Promise<T> {
  const db = await connectMysql({ uri: url }, process.cwd());
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}
