import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Db, Server } from "../../src/core/db.ts";
import type { Operation } from "../../src/core/operation.ts";
import type { Statement } from "../../src/core/statement.ts";
import { compile } from "../../src/dialect/postgres/compile/index.ts";
import { session } from "../../src/dialect/postgres/session.ts";
import type { TestDatabase } from "./databases.ts";

const run = promisify(execFile);

export async function serverOf(db: Db): Promise<Server> {
  const [row] = await db.query("SHOW server_version_num");
  const number = Number(row?.server_version_num);
  return {
    flavor: "postgres",
    version: [Math.floor(number / 10_000), number % 10_000],
    defaultSchema: "public",
    database: "test",
  };
}

/** Runs statements as the runner does: what may share a transaction does, the others stand alone. */
export async function send(db: Db, statements: readonly Statement[]): Promise<void> {
  for (const sql of session({ lockTimeoutMs: 5000, statementTimeoutMs: 0 })) await db.query(sql);
  let open = false;
  try {
    for (const statement of statements) {
      const begins = statement.transactional && !open;
      if (begins) await db.query("BEGIN");
      if (!statement.transactional && open) await db.query("COMMIT");
      open = statement.transactional;
      await db.query(statement.sql);
    }
    if (open) await db.query("COMMIT");
  } catch (error) {
    await db.query("ROLLBACK");
    throw error;
  }
}

export async function apply(db: Db, operations: readonly Operation[], metadataTable?: string): Promise<readonly Statement[]> {
  const server = await serverOf(db);
  const statements = compile(operations, { server, ...(metadataTable === undefined ? {} : { metadataTable: { name: metadataTable } }) });
  await send(db, statements);
  return statements;
}

/** The whole schema in the server's own words. */
export async function dump(database: TestDatabase): Promise<string> {
  const { stdout } = await run("pg_dump", ["--schema-only", "--no-owner", "-d", database.url]);
  return stdout
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("--") && !line.startsWith("\\"))
    .join("\n");
}

export async function reset(db: Db, setup: readonly string[]): Promise<void> {
  await db.query("DROP SCHEMA IF EXISTS public, app CASCADE; CREATE SCHEMA public");
  for (const sql of setup) await db.query(sql);
}
