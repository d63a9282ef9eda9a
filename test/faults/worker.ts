import { connectMysql } from "../../src/connect/mysql.ts";
import { connectPostgres } from "../../src/connect/postgres.ts";
import type { RunEvent } from "../../src/run/events.ts";
import { downgrade, upgrade } from "./dialects.ts";
import { scenario } from "./scenario.ts";

/** A runner in a process of its own that kills itself, as SIGKILL does, at the given event. */
interface Order {
  readonly engine: "postgres" | "mysql";
  readonly url: string;
  readonly project: string;
  readonly direction: "upgrade" | "downgrade";
  /** the event, counted from 0; null: to the end */
  readonly killAt: number | null;
}

const order = JSON.parse(process.argv[2] ?? "") as Order;
const db =
  order.engine === "postgres"
    ? await connectPostgres({ connectionString: order.url }, order.project)
    : await connectMysql({ uri: order.url }, order.project);
let seen = 0;
const onEvent = (_: RunEvent) => {
  if (seen++ === order.killAt) process.kill(process.pid, "SIGKILL");
};
await (order.direction === "upgrade" ? upgrade : downgrade)(db, order.engine, scenario[order.engine], { onEvent, wait: 20 });
await db.close();
process.stdout.write(`${seen}`);
