import type { Db, Row } from "../../core/db.ts";
import type { Blocker, ServerProgress, Watch } from "../dialect.ts";

export const watch: Watch = { blockers, holders, progress };

/** the session, since when its transaction is open, what it does */
const about = `p.ID AS \`pid\`, p.USER AS \`user\`, p.INFO AS \`query\`,
  IF(x.trx_id IS NULL, p.COMMAND, CONCAT(p.COMMAND, ', transaction open')) AS \`state\`,
  COALESCE(TIMESTAMPDIFF(SECOND, x.trx_started, NOW()), p.TIME) AS \`seconds\``;
const sessions = "information_schema.PROCESSLIST AS p LEFT JOIN information_schema.INNODB_TRX AS x ON x.trx_mysql_thread_id = p.ID";

/**
 * Rows and tables are locked by different parts of the server. Who holds a table's definition is told only by MySQL's performance schema,
 * where it is on, and by MariaDB's METADATA_LOCK_INFO, where it is installed; without them all that can be had is who may.
 */
async function blockers(db: Db, session: string): Promise<readonly Blocker[]> {
  const [waiter] = await db.query(
    `SELECT STATE AS \`state\`, DB AS \`db\` FROM information_schema.PROCESSLIST WHERE ID = ${number(session)}`,
  );
  if (waiter === undefined) return [];
  if (!/metadata lock/i.test(waiter.state ?? "")) return (await asked(db, rowLocks(db, session))) ?? [];
  const holders = await asked(db, db.flavor === "mariadb" ? mariadbHolders(session) : mysqlHolders(session));
  if (holders !== null && holders.length > 0) return holders;
  return ((await asked(db, candidates(session))) ?? []).map((blocker) => ({ ...blocker, likely: true }));
}

/** Who holds a table for itself; where nothing tells it, whoever may. */
async function holders(db: Db): Promise<readonly Blocker[] | null> {
  const alone =
    db.flavor === "mariadb"
      ? `SELECT DISTINCT ${about} FROM information_schema.METADATA_LOCK_INFO AS h, ${sessions}
WHERE p.ID = h.THREAD_ID AND p.ID <> CONNECTION_ID() AND h.LOCK_MODE IN ('MDL_EXCLUSIVE', 'MDL_SHARED_NO_READ_WRITE')`
      : `SELECT DISTINCT ${about} FROM performance_schema.metadata_locks AS h
JOIN performance_schema.threads AS ht ON ht.THREAD_ID = h.OWNER_THREAD_ID, ${sessions}
WHERE p.ID = ht.PROCESSLIST_ID AND p.ID <> CONNECTION_ID() AND h.OBJECT_TYPE = 'TABLE' AND h.LOCK_TYPE IN ('EXCLUSIVE', 'SHARED_NO_READ_WRITE')
  AND h.LOCK_STATUS = 'GRANTED'`;
  const found = await asked(db, alone);
  if (found !== null && found.length > 0) return found;
  const likely = ((await asked(db, candidates(db.session))) ?? []).map((blocker) => ({ ...blocker, likely: true as const }));
  return likely.length > 0 ? likely : found;
}

function rowLocks(db: Db, session: string): string {
  if (db.flavor === "mariadb") {
    return `SELECT DISTINCT ${about} FROM information_schema.INNODB_LOCK_WAITS AS w
JOIN information_schema.INNODB_TRX AS r ON r.trx_id = w.requesting_trx_id AND r.trx_mysql_thread_id = ${number(session)}
JOIN information_schema.INNODB_TRX AS b ON b.trx_id = w.blocking_trx_id, ${sessions} WHERE p.ID = b.trx_mysql_thread_id`;
  }
  return `SELECT DISTINCT ${about} FROM sys.innodb_lock_waits AS w, ${sessions}
WHERE w.waiting_pid = ${number(session)} AND p.ID = w.blocking_pid`;
}

function mysqlHolders(session: string): string {
  return `SELECT DISTINCT ${about} FROM performance_schema.metadata_locks AS w
JOIN performance_schema.threads AS wt ON wt.THREAD_ID = w.OWNER_THREAD_ID AND wt.PROCESSLIST_ID = ${number(session)} AND w.LOCK_STATUS = 'PENDING'
JOIN performance_schema.metadata_locks AS h ON h.OBJECT_TYPE = w.OBJECT_TYPE AND h.OBJECT_SCHEMA <=> w.OBJECT_SCHEMA
  AND h.OBJECT_NAME <=> w.OBJECT_NAME AND h.LOCK_STATUS = 'GRANTED'
JOIN performance_schema.threads AS ht ON ht.THREAD_ID = h.OWNER_THREAD_ID, ${sessions}
WHERE p.ID = ht.PROCESSLIST_ID AND p.ID <> ${number(session)}`;
}

/** It names every lock, not who waits for it: another's lock on a table that the waiting statement has a lock on, too, or names. */
function mariadbHolders(session: string): string {
  return `SELECT DISTINCT ${about} FROM information_schema.METADATA_LOCK_INFO AS h
JOIN information_schema.PROCESSLIST AS w ON w.ID = ${number(session)}, ${sessions}
WHERE p.ID = h.THREAD_ID AND p.ID <> w.ID AND h.LOCK_TYPE LIKE 'Table metadata%' AND h.TABLE_SCHEMA = w.DB
  AND LOCATE(LOWER(h.TABLE_NAME), LOWER(w.INFO)) > 0`;
}

/** Whoever has a transaction open, or is at work in the same database. */
function candidates(session: string): string {
  return `SELECT ${about} FROM ${sessions}, (SELECT DB FROM information_schema.PROCESSLIST WHERE ID = ${number(session)}) AS w
WHERE p.ID <> ${number(session)} AND p.ID <> CONNECTION_ID() AND (x.trx_id IS NOT NULL OR (p.DB = w.DB AND p.COMMAND = 'Query'))
ORDER BY (p.DB <=> w.DB) DESC, x.trx_started IS NULL, x.trx_started`;
}

/** What a server does not have, or a user may not see, is no answer. */
async function asked(db: Db, sql: string): Promise<readonly Blocker[] | null> {
  try {
    return (await db.query(sql)).map(blockerOf);
  } catch {
    return null;
  }
}

function blockerOf({ pid, user, state, seconds, query }: Row): Blocker {
  return { pid: pid ?? "", user: user ?? "", state: state ?? "", seconds: seconds ? Number(seconds) : null, query: query ?? "" };
}

async function progress(db: Db, session: string): Promise<ServerProgress | null> {
  const [row] = await db.query(db.flavor === "mariadb" ? mariadbProgress(session) : mysqlProgress(session)).catch(() => []);
  if (row === undefined || row.phase === "" || !(Number(row.total) > 0)) return null;
  return { phase: row.phase ?? "", done: Number(row.done), total: Number(row.total) };
}

/** In thousandths of the stage. */
function mariadbProgress(session: string): string {
  return `SELECT CONCAT(STATE, IF(MAX_STAGE > 1, CONCAT(' (', STAGE, ' of ', MAX_STAGE, ')'), '')) AS \`phase\`,
  ROUND(PROGRESS * 10) AS \`done\`, IF(MAX_STAGE > 0, 1000, 0) AS \`total\` FROM information_schema.PROCESSLIST WHERE ID = ${number(session)}`;
}

function mysqlProgress(session: string): string {
  return `SELECT SUBSTRING_INDEX(s.EVENT_NAME, '/', -1) AS \`phase\`, s.WORK_COMPLETED AS \`done\`, s.WORK_ESTIMATED AS \`total\`
FROM performance_schema.events_stages_current AS s JOIN performance_schema.threads AS t USING (THREAD_ID)
WHERE t.PROCESSLIST_ID = ${number(session)}`;
}

function number(session: string): number {
  return Number(session);
}
