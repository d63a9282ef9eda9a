import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import type { Db } from "../../core/db.ts";
import type { Project } from "../project/project.ts";

/**
 * A scratch place is named after the session that made it, so that the next one can tell what a killed run has left: on PostgreSQL by the
 * server's list of sessions, on MySQL by a lock of the same name, which the session holds.
 */
const prefix = "limbeck_proof_";

export const nameOf = ({ session }: Db): string => `${prefix}${session}`;

/** Takes away what sessions that are gone have left. What may not be dropped stays: it is in nobody's way. */
export async function sweep({ dialect }: Project, db: Db): Promise<void> {
  for (const { kind, name } of await db.query(dialect.name === "mysql" ? leftOnMysql(dialect.quoteLiteral) : leftOnPostgres)) {
    const gone =
      kind === "schema" ? dropSchema(dialect, db, name ?? "") : db.query(`DROP DATABASE IF EXISTS ${dialect.quoteName(name ?? "")}`);
    await gone.catch(() => {});
  }
}

const atOnce = 100;

/** Many tables go one portion after the other: each keeps its places in the server's lock table until its transaction ends. */
export async function dropSchema({ quoteName, quoteLiteral }: Project["dialect"], db: Db, name: string): Promise<void> {
  for (;;) {
    const tables = await db.query(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname = ${quoteLiteral(name)} LIMIT ${atOnce}`,
    );
    if (tables.length < atOnce) break;
    await db.query(`DROP TABLE IF EXISTS ${tables.map((table) => table.name).join(", ")} CASCADE`);
  }
  await db.query(`DROP SCHEMA IF EXISTS ${quoteName(name)} CASCADE`);
}

const leftOnPostgres = `SELECT kind, name FROM (
    SELECT 'schema' AS kind, nspname::text AS name FROM pg_namespace UNION ALL SELECT 'database', datname::text FROM pg_database
  ) AS places
  WHERE name ~ '^${prefix}[0-9]+$' AND NOT EXISTS (SELECT 1 FROM pg_stat_activity WHERE pid::text = substr(name, ${prefix.length + 1}))`;

const leftOnMysql = (literal: (text: string) => string): string =>
  `SELECT 'database' AS kind, schema_name AS name FROM information_schema.schemata
  WHERE schema_name LIKE ${literal(`${prefix.replaceAll("_", "\\_")}%`)} AND IS_FREE_LOCK(schema_name) = 1`;

/** A folder for an embedded database, after the folders of processes that are gone were removed. */
export function freshFolder(): string {
  const own = `limbeck-proof-${hostname()}-`;
  for (const name of readdirSync(tmpdir())) {
    const pid = name.startsWith(own) ? Number(name.slice(own.length).split("-")[0]) : Number.NaN;
    if (Number.isInteger(pid) && !isAlive(pid)) rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
  return mkdtempSync(join(tmpdir(), `${own}${process.pid}-`));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
