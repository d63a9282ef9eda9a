import type { Db, Row } from "../../core/db.ts";
import type { Blocker, ServerProgress, Watch } from "../dialect.ts";

export const watch: Watch = { blockers, holders, progress };

/** Also who stands in the queue before us. */
async function blockers(db: Db, session: string): Promise<readonly Blocker[]> {
  return sessions(await db.query(about("SELECT unnest(pg_blocking_pids($1::int)) AS pid"), [session]));
}

/** Only one lock keeps readers out. Who waits for it has them wait, too, and itself waits for others. */
async function holders(db: Db): Promise<readonly Blocker[]> {
  const strongest = `SELECT COALESCE(pid, 0) AS pid, granted FROM pg_locks WHERE locktype = 'relation' AND mode = 'AccessExclusiveLock'
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND pid IS DISTINCT FROM pg_backend_pid()`;
  return sessions(
    await db.query(
      about(
        `SELECT pid FROM (${strongest}) AS s UNION SELECT unnest(pg_blocking_pids(pid)) FROM (${strongest}) AS s WHERE NOT granted AND pid > 0`,
      ),
    ),
  );
}

const about = (pids: string): string => `SELECT b.pid, a.usename AS "user", a.state, a.query,
  floor(extract(epoch FROM clock_timestamp() - COALESCE(a.xact_start, a.query_start, a.backend_start)))::bigint AS seconds
FROM (SELECT DISTINCT pid FROM (${pids}) AS p) AS b LEFT JOIN pg_stat_activity AS a ON a.pid = b.pid
ORDER BY a.xact_start NULLS LAST, b.pid`;

/** A prepared transaction has no session: it is pid 0. */
function sessions(rows: readonly Row[]): readonly Blocker[] {
  return rows.map(({ pid, user, state, seconds, query }) =>
    pid === "0"
      ? { pid: "0", user: "", state: "prepared transaction", seconds: null, query: "SELECT * FROM pg_prepared_xacts" }
      : { pid: pid ?? "", user: user ?? "", state: state ?? "", seconds: seconds ? Number(seconds) : null, query: query ?? "" },
  );
}

/** Building an index counts its waits for other transactions, its blocks and its tuples, phase by phase. */
async function progress(db: Db, session: string): Promise<ServerProgress | null> {
  const [index] = await db.query(
    `SELECT phase, lockers_done, lockers_total, blocks_done, blocks_total, tuples_done, tuples_total
FROM pg_stat_progress_create_index WHERE pid = $1::int`,
    [session],
  );
  if (index !== undefined) {
    const kind = index.phase?.startsWith("waiting") ? "lockers" : Number(index.tuples_total) > 0 ? "tuples" : "blocks";
    return counted(index.phase, index[`${kind}_done`], index[`${kind}_total`]);
  }
  const [cluster] = await db.query(
    "SELECT command, phase, heap_blks_scanned, heap_blks_total FROM pg_stat_progress_cluster WHERE pid = $1::int",
    [session],
  );
  return cluster === undefined ? null : counted(cluster.phase, cluster.heap_blks_scanned, cluster.heap_blks_total);
}

function counted(phase: string | null | undefined, done: string | null | undefined, total: string | null | undefined): ServerProgress {
  const of = Number(total ?? 0);
  return { phase: phase ?? "", done: of > 0 ? Number(done ?? 0) : null, total: of > 0 ? of : null };
}
