import type { Db } from "../../core/db.ts";
import type { SessionOptions } from "../dialect.ts";

/**
 * What a value or an error means must not depend on how a role or a database happens to be configured: strings, time zone and
 * the printing of dates are set. The search_path is the user's: it says which schema is the default one.
 */
export function session(options: SessionOptions): readonly string[] {
  return [
    "SET client_encoding = 'UTF8'",
    "SET standard_conforming_strings = on",
    "SET TimeZone = 'UTC'",
    "SET DateStyle = 'ISO'",
    "SET IntervalStyle = 'postgres'",
    "SET bytea_output = 'hex'",
    "SET client_min_messages = 'warning'",
    ...patience(options),
    "SET idle_in_transaction_session_timeout = 0",
  ];
}

export function patience({ lockTimeoutMs, statementTimeoutMs }: SessionOptions): readonly string[] {
  return [`SET lock_timeout = ${lockTimeoutMs}`, `SET statement_timeout = ${statementTimeoutMs}`];
}

/** Behind a proxy that pools by transaction each statement may reach another backend, where neither the lock nor the settings are. */
export async function pooled(db: Db): Promise<string | null> {
  const mark = `limbeck ${db.session}`;
  const first = await db.query("SELECT pg_backend_pid() AS pid, set_config('limbeck.session', $1, false)", [mark]);
  for (let round = 0; round < 3; round++) {
    const [seen] = await db.query("SELECT pg_backend_pid() AS pid, current_setting('limbeck.session', true) AS mark");
    if (seen?.pid !== first[0]?.pid || seen?.mark !== mark) {
      return "two statements of one session reached different server processes: a proxy is pooling by transaction, so that locks and settings do not hold";
    }
  }
  return null;
}
