import type { LockSql } from "../dialect.ts";
import { doBlock, quoteLiteral } from "./quote.ts";

/**
 * An advisory lock of the session. PostgreSQL keeps these apart per database already, so the key comes from the journal alone: its name
 * and, where that has none, the schema that it stands in. md5 gives the same 64 bits on every version, which the server's own hash
 * functions do not promise.
 */
function key(name: string): string {
  const journal = name.includes(".") ? quoteLiteral(name) : `concat(current_schema(), '.', ${quoteLiteral(name)})`;
  return `('x' || substr(md5('limbeck:' || ${journal}), 1, 16))::bit(64)::bigint`;
}

export const lock: LockSql = {
  tryAcquire: (name) => `SELECT CASE WHEN pg_try_advisory_lock(${key(name)}) THEN 1 ELSE 0 END AS "acquired"`,
  tryAcquireUntilCommit: (name) => `SELECT CASE WHEN pg_try_advisory_xact_lock(${key(name)}) THEN 1 ELSE 0 END AS "acquired"`,
  release: (name) => `SELECT CASE WHEN pg_advisory_unlock(${key(name)}) THEN 1 ELSE 0 END AS "released"`,
  acquireOrFail: (name) => [
    doBlock(
      `BEGIN
  IF NOT pg_try_advisory_lock(${key(name)}) THEN
    RAISE EXCEPTION 'another run is migrating this database' USING ERRCODE = 'lock_not_available', HINT = 'Run the script again when it has ended.';
  END IF;
END`,
    ),
  ],
  holder: (name) => `SELECT a.pid, a.usename AS "user", a.state, a.backend_start AS since, a.query
FROM pg_locks AS l JOIN pg_stat_activity AS a ON a.pid = l.pid, (SELECT ${key(name)} AS id) AS key
WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND l.classid::bigint = ((key.id >> 32) & 4294967295) AND l.objid::bigint = (key.id & 4294967295)`,
};
