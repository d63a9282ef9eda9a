import type { Db } from "../../core/db.ts";
import type { ReadOnly, SessionOptions } from "../dialect.ts";
import { quoted } from "./scan.ts";

/** Never waiting for ever is a wait of a year. */
const longest = 31_536_000;

/**
 * What a value or an error means must not depend on how a server or a user happens to be configured. Without strict mode every value
 * that does not fit would be changed silently, and an engine that is not there be another one; safe updates would refuse to fill a column.
 */
export function session(options: SessionOptions): readonly string[] {
  return [
    "SET NAMES utf8mb4",
    "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'",
    "SET SESSION time_zone = '+00:00'",
    "SET SESSION foreign_key_checks = 1, SESSION unique_checks = 1, SESSION sql_safe_updates = 0",
    // a step in code, or a pause before another try, is longer than a web request may be; to MySQL GREATEST gives no integer
    "SET SESSION wait_timeout = CAST(GREATEST(@@wait_timeout, 28800) AS UNSIGNED) /*M! , SESSION idle_transaction_timeout = 0, SESSION idle_write_transaction_timeout = 0, SESSION idle_readonly_transaction_timeout = 0 */",
    ...patience(options),
  ];
}

export function patience(options: SessionOptions): readonly string[] {
  const wait = options.lockTimeoutMs > 0 ? Math.max(1, Math.ceil(options.lockTimeoutMs / 1000)) : longest;
  // MySQL has a limit for nothing but a SELECT; each takes the other's for a comment
  const limit = ` /*M! , SESSION max_statement_time = ${options.statementTimeoutMs / 1000} */ /*!80000 , SESSION max_execution_time = ${options.statementTimeoutMs} */`;
  return [`SET SESSION lock_wait_timeout = ${wait}, SESSION innodb_lock_wait_timeout = ${wait}${limit}`];
}

/** The database that unqualified names stand in. */
export function enter(database: string): readonly string[] {
  return [`USE ${quoted(database)}`];
}

/**
 * A replica is told to read only, so that it stays what its primary is. Administrators may write there all the same: what they do then
 * parts the two for good, and a pointer at the wrong server is the usual reason.
 */
export async function readOnly(db: Db): Promise<ReadOnly | null> {
  const names = ["read_only", "innodb_read_only", "tx_read_only", "transaction_read_only"];
  const rows = await db.query(`SHOW SESSION VARIABLES WHERE Variable_name IN (${names.map((name) => `'${name}'`).join(", ")})`);
  // newer MariaDB has more words than ON
  const on = rows.find(({ Value }) => Value !== "OFF")?.Variable_name;
  if (on === undefined) return null;
  return { why: `${on} is on, as on a replica`, hint: `give limbeck the primary server: --url; if this is it, switch ${on} off` };
}
