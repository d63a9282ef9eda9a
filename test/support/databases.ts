import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, inject } from "vitest";
import { connectMysql } from "../../src/connect/mysql.ts";
import { connectPostgres } from "../../src/connect/postgres.ts";
import type { Db } from "../../src/core/db.ts";

export type Engine = "postgres" | "mysql";

const servers: Record<Engine, string | null> = {
  postgres: inject("postgres"),
  mysql: inject("mysql"),
};
/** the engines that could be had for this run */
export const engines: readonly Engine[] = (["postgres", "mysql"] as const).filter((engine) => servers[engine] !== null);

const project = fileURLToPath(new URL("../..", import.meta.url));
let count = 0;

export interface TestDatabase {
  readonly url: string;
  readonly name: string;
  readonly db: Db;
}

export function open(engine: Engine, url: string): Promise<Db> {
  return engine === "postgres" ? connectPostgres({ connectionString: url }, project) : connectMysql({ uri: url }, project);
}

/** A database of the calling test file's own, there from beforeAll to afterAll. */
export function useDatabase(engine: Engine): TestDatabase {
  const database: { url: string; name: string; db: Db } = {
    url: "",
    name: "",
    db: undefined as unknown as Db,
  };
  beforeAll(async () => {
    Object.assign(database, await createDatabase(engine));
  });
  afterAll(async () => {
    await database.db?.close();
    if (database.name) await dropDatabase(engine, database.name);
  });
  return database;
}

export async function createDatabase(engine: Engine): Promise<TestDatabase> {
  const server = serverOf(engine);
  const name = `limbeck_test_${process.pid}_${Date.now().toString(36)}_${++count}`;
  const admin = await open(engine, server);
  await admin.query(engine === "postgres" ? `CREATE DATABASE "${name}" TEMPLATE template0` : `CREATE DATABASE \`${name}\``);
  await admin.close();
  const url = Object.assign(new URL(server), {
    pathname: `/${name}`,
  }).toString();
  return { name, url, db: await open(engine, url) };
}

export async function dropDatabase(engine: Engine, name: string): Promise<void> {
  const admin = await open(engine, serverOf(engine));
  await admin.query(engine === "postgres" ? `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)` : `DROP DATABASE IF EXISTS \`${name}\``);
  await admin.close();
}

function serverOf(engine: Engine): string {
  const url = servers[engine];
  if (url === null) throw new Error(`no ${engine} server for this test: guard it with \`engines\``);
  return url;
}
