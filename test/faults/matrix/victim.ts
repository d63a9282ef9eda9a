import { interruptible } from "../../../src/cli/interrupt.ts";
import type { Output } from "../../../src/cli/output.ts";
import { connectMysql } from "../../../src/connect/mysql.ts";
import { connectPostgres } from "../../../src/connect/postgres.ts";
import { LimbeckError } from "../../../src/core/errors.ts";
import { go, ready } from "./history.ts";
import { counted } from "./messages.ts";

/** A runner in a process of its own that sends itself a signal before one of its messages to the server. */
interface Order {
  readonly engine: "postgres" | "mysql";
  readonly url: string;
  readonly project: string;
  readonly direction: "upgrade" | "downgrade";
  readonly signal: "SIGKILL" | "SIGTERM" | "SIGINT" | "SIGSTOP";
  /** the message, counted from 0 */
  readonly at: number;
}

const { engine, url, project, direction, signal, at } = JSON.parse(process.argv[2] ?? "") as Order;
const db = engine === "postgres" ? await connectPostgres({ connectionString: url }, project) : await connectMysql({ uri: url }, project);
const server = await ready(db, engine);
const quiet = { progress: false, note: () => {} } as unknown as Output;
try {
  await interruptible(quiet, (stopping) => {
    const hooked = counted(db, (message) => {
      if (message === at) process.kill(process.pid, signal);
      // the handler of a signal runs in a turn of its own
      return new Promise((done) => setImmediate(done));
    });
    return go(hooked, engine, server, direction, { signal: stopping });
  });
  process.exitCode = 0;
} catch (error) {
  process.exitCode = error instanceof LimbeckError && error.outcome === "interrupted" ? 130 : 1;
  if (process.exitCode === 1) console.error(error);
}
await db.close();
