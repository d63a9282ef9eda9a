import type { Db, Row } from "../../core/db.ts";
import type { Blocker, ServerProgress, Watch } from "../dialect.ts";

export const watch: Watch = { blockers, holders, progress };

/** Where the server tells of its sessions. */
interface Source {
  readonly list: string;
  readonly joined: string;
  /** a transaction is open */
  readonly open: string;
  /** for how many seconds */
  readonly seconds: string;
}

const information: Source = {
  list: "information_schema.PROCESSLIST",
  joined: "information_schema.PROCESSLIST AS p LEFT JOIN information_schema.INNODB_TRX AS x ON x.trx_mysql_thread_id = p.ID",
  open: "x.trx_id IS NOT NULL",
  seconds: "TIMESTAMPDIFF(SECOND, x.trx_started, NOW())",
};

/** MySQL's information_schema fails as a whole as soon as any session's statement has a character of four bytes. */
const performance: Source = {
  list: "performance_schema.processlist",
  joined: `performance_schema.processlist AS p LEFT JOIN performance_schema.threads AS pt ON pt.PROCESSLIST_ID = p.ID
LEFT JOIN performance_schema.events_transactions_current AS x ON x.THREAD_ID = pt.THREAD_ID AND x.STATE = 'ACTIVE' AND x.AUTOCOMMIT = 'NO'`,
  open: "x.EVENT_ID IS NOT NULL",
  seconds: "x.TIMER_WAIT DIV 1000000000000",
};

const sourcesOf = ({ flavor }: Db): readonly Source[] => (flavor === "mariadb" ? [information] : [performance, information]);

/** the session, since when its transaction is open, what it does */
const aboutIn = ({ open, seconds }: Source): string => `p.ID AS \`pid\`, p.USER AS \`user\`, p.INFO AS \`query\`,
  IF(${open}, CONCAT(p.COMMAND, ', transaction open'), p.COMMAND) AS \`state\`, COALESCE(${seconds}, p.TIME) AS \`seconds\``;

/**
 * Rows and tables are locked by different parts of the server. Who holds a table's definition is told only by MySQL's performance schema,
 * where it is on, and by MariaDB's METADATA_LOCK_INFO, where it is installed; without them all that can be had is who may.
 */
async function blockers(db: Db, session: string): Promise<readonly Blocker[]> {
  const waiter = await stateOf(db, session);
  if (waiter === undefined) return [];
  if (!/metadata lock/i.test(waiter)) return (await asked(db, (source) => rowLocks(db, session, source))) ?? [];
  const held = await asked(db, (source) => (db.flavor === "mariadb" ? mariadbHolders(session, source) : mysqlHolders(session, source)));
  if (held !== null && held.length > 0) return held;
  return ((await asked(db, (source) => candidates(session, source))) ?? []).map((blocker) => ({ ...blocker, likely: true }));
}

async function stateOf(db: Db, session: string): Promise<string | undefined> {
  for (const { list } of sourcesOf(db)) {
    const [row] = await db.query(`SELECT STATE AS \`state\` FROM ${list} WHERE ID = ${number(session)}`).catch(() => []);
    if (row !== undefined) return row.state ?? "";
  }
  return undefined;
}

/** Who holds a table for itself; where nothing tells it, whoever may. */
async function holders(db: Db): Promise<readonly Blocker[] | null> {
  const found = await asked(db, (source) => (db.flavor === "mariadb" ? mariadbAlone(source) : mysqlAlone(source)));
  if (found !== null && found.length > 0) return found;
  const may = (await asked(db, (source) => candidates(db.session, source))) ?? [];
  const likely = may.map((blocker) => ({ ...blocker, likely: true as const }));
  return likely.length > 0 ? likely : found;
}

const mariadbAlone = (source: Source): string =>
  `SELECT DISTINCT ${aboutIn(source)} FROM information_schema.METADATA_LOCK_INFO AS h, ${source.joined}
WHERE p.ID = h.THREAD_ID AND p.ID <> CONNECTION_ID() AND h.LOCK_MODE IN ('MDL_EXCLUSIVE', 'MDL_SHARED_NO_READ_WRITE')`;

const mysqlAlone = (source: Source): string =>
  `SELECT DISTINCT ${aboutIn(source)} FROM performance_schema.metadata_locks AS h
JOIN performance_schema.threads AS ht ON ht.THREAD_ID = h.OWNER_THREAD_ID, ${source.joined}
WHERE p.ID = ht.PROCESSLIST_ID AND p.ID <> CONNECTION_ID() AND h.OBJECT_TYPE = 'TABLE' AND h.LOCK_TYPE IN ('EXCLUSIVE', 'SHARED_NO_READ_WRITE')
  AND h.LOCK_STATUS = 'GRANTED'`;

function rowLocks({ flavor }: Db, session: string, source: Source): string {
  if (flavor === "mariadb") {
    return `SELECT DISTINCT ${aboutIn(source)} FROM information_schema.INNODB_LOCK_WAITS AS w
JOIN information_schema.INNODB_TRX AS r ON r.trx_id = w.requesting_trx_id AND r.trx_mysql_thread_id = ${number(session)}
JOIN information_schema.INNODB_TRX AS b ON b.trx_id = w.blocking_trx_id, ${source.joined} WHERE p.ID = b.trx_mysql_thread_id`;
  }
  return `SELECT DISTINCT ${aboutIn(source)} FROM performance_schema.data_lock_waits AS w
JOIN performance_schema.threads AS wt ON wt.THREAD_ID = w.REQUESTING_THREAD_ID AND wt.PROCESSLIST_ID = ${number(session)}
JOIN performance_schema.threads AS ht ON ht.THREAD_ID = w.BLOCKING_THREAD_ID, ${source.joined} WHERE p.ID = ht.PROCESSLIST_ID`;
}

function mysqlHolders(session: string, source: Source): string {
  return `SELECT DISTINCT ${aboutIn(source)} FROM performance_schema.metadata_locks AS w
JOIN performance_schema.threads AS wt ON wt.THREAD_ID = w.OWNER_THREAD_ID AND wt.PROCESSLIST_ID = ${number(session)} AND w.LOCK_STATUS = 'PENDING'
JOIN performance_schema.metadata_locks AS h ON h.OBJECT_TYPE = w.OBJECT_TYPE AND h.OBJECT_SCHEMA <=> w.OBJECT_SCHEMA
  AND h.OBJECT_NAME <=> w.OBJECT_NAME AND h.LOCK_STATUS = 'GRANTED'
JOIN performance_schema.threads AS ht ON ht.THREAD_ID = h.OWNER_THREAD_ID, ${source.joined}
WHERE p.ID = ht.PROCESSLIST_ID AND p.ID <> ${number(session)}`;
}

/** It names every lock, not who waits for it: another's lock on a table that the waiting statement has a lock on, too, or names. */
function mariadbHolders(session: string, source: Source): string {
  return `SELECT DISTINCT ${aboutIn(source)} FROM information_schema.METADATA_LOCK_INFO AS h
JOIN information_schema.PROCESSLIST AS w ON w.ID = ${number(session)}, ${source.joined}
WHERE p.ID = h.THREAD_ID AND p.ID <> w.ID AND h.LOCK_TYPE LIKE 'Table metadata%' AND h.TABLE_SCHEMA = w.DB
  AND LOCATE(LOWER(h.TABLE_NAME), LOWER(w.INFO)) > 0`;
}

/** Whoever has a transaction open, or is at work in the same database. */
function candidates(session: string, source: Source): string {
  const { list, joined, open, seconds } = source;
  return `SELECT ${aboutIn(source)} FROM (SELECT DB FROM ${list} WHERE ID = ${number(session)}) AS w, ${joined}
WHERE p.ID <> ${number(session)} AND p.ID <> CONNECTION_ID() AND (${open} OR (p.DB = w.DB AND p.COMMAND = 'Query'))
ORDER BY (p.DB <=> w.DB) DESC, NOT (${open}), ${seconds} DESC`;
}

/** What a server does not have, or a user may not see, is no answer. */
async function asked(db: Db, sql: (source: Source) => string): Promise<readonly Blocker[] | null> {
  for (const source of sourcesOf(db)) {
    const rows = await db.query(sql(source)).catch(() => null);
    if (rows !== null) return rows.map(blockerOf);
  }
  return null;
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
