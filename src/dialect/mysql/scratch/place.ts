import type { Db, Server } from "../../../core/db.ts";
import { literal, quoted } from "../scan.ts";

const prefix = "limbeck_scratch_";

/**
 * Databases of the session's own, one for each that is stood in for, dropped at the end whatever happens. A lock of the same name
 * is held meanwhile: a database without it was left by a session that died, and goes with the next one. Null: it is not allowed.
 */
export async function inScratchDatabases<T>(
  db: Db,
  server: Server,
  count: number,
  work: (names: readonly string[]) => Promise<T>,
): Promise<T | null> {
  const own = `${prefix}${db.session}`;
  const names = Array.from({ length: count }, (_, at) => (at === 0 ? own : `${own}_${at}`));
  const { charset, collation } = server;
  const characters = (charset ? ` CHARACTER SET ${charset}` : "") + (collation ? ` COLLATE ${collation}` : "");
  await db.query(`SELECT GET_LOCK(${literal(own)}, 0)`);
  try {
    await sweep(db);
    const drops = names.map((name) => `DROP DATABASE IF EXISTS ${quoted(name)}`);
    try {
      await db.batch([...drops, ...names.map((name) => `CREATE DATABASE ${quoted(name)}${characters}`)]);
    } catch (error) {
      await db.batch(drops).catch(() => undefined);
      if (isDenied(error)) return null;
      throw error;
    }
    try {
      return await work(names);
    } finally {
      await db.batch([...drops, ...(server.database ? [`USE ${quoted(server.database)}`] : [])]);
    }
  } finally {
    await db.query(`SELECT RELEASE_LOCK(${literal(own)})`);
  }
}

async function sweep(db: Db): Promise<void> {
  const pattern = literal(`${prefix.replaceAll("_", "\\_")}%`);
  const [left = []] = await db.batch([
    `SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE ${pattern} AND IS_FREE_LOCK(REGEXP_SUBSTR(schema_name, '^${prefix}[0-9]+')) = 1`,
  ]);
  for (const [name] of left) if (name) await db.query(`DROP DATABASE IF EXISTS ${quoted(name)}`).catch(() => undefined);
}

function isDenied(error: unknown): boolean {
  const number = (error as { readonly errno?: number } | null)?.errno;
  // access denied to the database, command denied, read-only server
  return number === 1044 || number === 1142 || number === 1227 || number === 1290 || number === 1836;
}
