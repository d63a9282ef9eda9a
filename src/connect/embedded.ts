import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import type { PGlite } from "@electric-sql/pglite";
import type { Db, Row, Rows } from "../core/db.ts";
import { failed, LimbeckError } from "../core/errors.ts";
import { driver } from "./driver.ts";
import { lockFolder } from "./folder-lock.ts";
import { fillFolder } from "./template.ts";

/** extensions that come with PGlite and must be named when the database is opened */
const extensions = {
  btree_gin: "btree_gin",
  btree_gist: "btree_gist",
  citext: "citext",
  cube: "cube",
  earthdistance: "earthdistance",
  fuzzystrmatch: "fuzzystrmatch",
  hstore: "hstore",
  intarray: "intarray",
  isn: "isn",
  ltree: "ltree",
  pg_trgm: "pg_trgm",
  pgcrypto: "pgcrypto",
  seg: "seg",
  tablefunc: "tablefunc",
  unaccent: "unaccent",
  "uuid-ossp": "uuid_ossp",
} as const;

/** PostgreSQL in this process, its data in a folder. It has one session, and nobody else may have the folder open. */
export async function openEmbedded(folder: string, projectDir: string): Promise<Db> {
  const dir = resolve(projectDir, folder);
  const pglite = driver<typeof import("@electric-sql/pglite")>("@electric-sql/pglite", projectDir);
  mkdirSync(dir, { recursive: true });
  const unlock = lockFolder(dir);
  try {
    await fillFolder(dir, pglite.PGlite, projectDir);
    const database = await pglite.PGlite.create({ dataDir: dir, extensions: bundled(projectDir) });
    return asDb(database, unlock);
  } catch (error) {
    unlock();
    if (error instanceof LimbeckError) throw error;
    throw failed(
      "embedded-failed",
      `The embedded database in ${dir} cannot be opened: ${error instanceof Error ? error.message : String(error)}.`,
      "it may be of another version of @electric-sql/pglite, or damaged: move the folder away, and limbeck upgrade head makes a new one",
      { folder: dir },
      error,
    );
  }
}

function bundled(projectDir: string): Record<string, import("@electric-sql/pglite").Extension> {
  const found: Record<string, import("@electric-sql/pglite").Extension> = {};
  for (const [name, file] of Object.entries(extensions)) {
    try {
      const extension = driver<Record<string, import("@electric-sql/pglite").Extension>>(
        `@electric-sql/pglite/contrib/${file}`,
        projectDir,
      )[file];
      if (extension !== undefined) found[name] = extension;
    } catch {
      // not in this version
    }
  }
  return found;
}

const int8 = 20;

/** Values stay the text that the server writes. */
const asText = new Proxy({}, { get: () => (value: string) => value });
const fromText = new Proxy({}, { get: () => (value: unknown) => (value === null ? null : String(value)) });

function asDb(database: PGlite, unlock: () => void): Db {
  const { parsers, serializers } = database;
  // a bigint is text with the usual driver, and so in the entities
  const asDriver = { ...parsers, [int8]: (value: string) => value };
  Object.assign(database, { parsers: asText, serializers: fromText });
  return {
    flavor: "postgres",
    session: String(process.pid),
    async query(sql, values) {
      if (values !== undefined && values.length > 0) return (await database.query<Row>(sql, [...values])).rows;
      const results = await database.exec(sql);
      return (results.at(-1)?.rows ?? []) as Row[];
    },
    async batch(statements) {
      if (statements.length === 0) return [];
      const results = await database.exec(statements.join(";\n"), { rowMode: "array" });
      return results.map(({ rows }) => rows as unknown as Rows);
    },
    native: () => ({
      async query(sql: string, values: unknown[] = []) {
        const { rows, affectedRows } = await database.query(sql, values, { parsers: asDriver, serializers });
        return { rows, rowCount: affectedRows ?? rows.length, command: /^\s*(\w+)/.exec(sql)?.[1]?.toUpperCase() };
      },
      on: () => {},
      removeListener: () => {},
    }),
    warnings: async () => [],
    async close() {
      try {
        await database.close();
      } finally {
        unlock();
      }
    },
  };
}
