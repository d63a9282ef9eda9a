import type { Db } from "../../core/db.ts";
import type { Blocker, ServerProgress, Watch } from "../dialect.ts";

export const watch: Watch = { blockers, progress };

/** Also who stands in the queue before us. A prepared transaction has no session: it is pid 0 there. */
async function blockers(db: Db, session: string): Promise<readonly Blocker[]> {
  const rows = await db.query(
    `SELECT b.pid, a.usename AS "user", a.state, a.query,
  floor(extract(epoch FROM clock_timestamp() - COALESCE(a.xact_start, a.query_start, a.backend_start)))::bigint AS seconds
FROM (SELECT DISTINCT unnest(pg_blocking_pids($1::int)) AS pid) AS b LEFT JOIN pg_stat_activity AS a ON a.pid = b.pid
ORDER BY a.xact_start NULLS LAST, b.pid`,
    [session],
  );
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
