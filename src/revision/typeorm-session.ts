import { setTimeout as sleep } from "node:timers/promises";
import type { Db, Row, Server } from "../core/db.ts";
import { locked, usage } from "../core/errors.ts";
import { labelOf, type QualifiedName } from "../core/schema.ts";
import type { Dialect } from "../dialect/dialect.ts";
import { journalFor } from "./typeorm-journal.ts";

/** What TypeORM hands to a migration. */
export interface QueryRunner {
  /** TypeORM's EntityManager */
  readonly manager: unknown;
  query(sql: string, values?: unknown[]): Promise<unknown>;
  query(sql: string, values: unknown[] | undefined, structured: true): Promise<{ readonly affected?: number }>;
  readonly isTransactionActive: boolean;
  readonly connection?: DataSource;
  readonly dataSource?: DataSource;
}
interface DataSource {
  readonly options: {
    readonly type: string;
    readonly metadataTableName?: string;
    readonly migrationsTableName?: string;
    readonly schema?: string;
  };
}

/** TypeORM's session, seen as one of ours. */
export interface Session {
  readonly runner: QueryRunner;
  readonly dialect: Dialect;
  readonly server: Server;
  readonly db: Db;
  readonly journal: QualifiedName;
  readonly metadataTable: QualifiedName;
  /** TypeORM's own record of what it has run */
  readonly migrationsTable: QualifiedName;
}

export async function meet(runner: QueryRunner): Promise<Session> {
  const options = (runner.dataSource ?? runner.connection)?.options;
  const { type = "", metadataTableName = "typeorm_metadata", migrationsTableName = "migrations", schema } = options ?? {};
  const dialect = await dialectOf(type);
  const db = dbOf(runner, dialect.name);
  const apart = dialect.name === "postgres" && schema !== undefined && schema !== "public";
  const migrationsTable = { name: migrationsTableName, ...(apart ? { schema } : {}) };
  const [server, journal] = [await dialect.identify(db), await journalFor(db, dialect)];
  return { runner, dialect, db, server, journal, metadataTable: { name: metadataTableName }, migrationsTable };
}

async function dialectOf(type: string): Promise<Dialect> {
  if (type === "postgres") return (await import("../dialect/postgres/index.ts")).postgres;
  if (type === "mysql" || type === "mariadb") return (await import("../dialect/mysql/index.ts")).mysql;
  throw usage(
    "unsupported-database",
    `A revision can't be run on a data source of type "${type}".`,
    "known are postgres, mysql and mariadb",
  );
}

/** Seconds, as our own runner waits. */
const patience = 60;

/**
 * One run at a time, ours or TypeORM's. In an open transaction of PostgreSQL a failed statement would keep the lock from being let go of,
 * and hide what went wrong: there the work is taken back to where it began.
 */
export async function alone(session: Session, work: () => Promise<void>): Promise<void> {
  const { runner, dialect, db } = session;
  const name = labelOf(session.journal);
  const inside = dialect.transactionalDdl && runner.isTransactionActive;
  const untilCommit = inside ? dialect.lock.tryAcquireUntilCommit?.(name) : undefined;
  await acquire(db, untilCommit ?? dialect.lock.tryAcquire(name));
  try {
    if (inside) await db.query("SAVEPOINT limbeck");
    await work();
  } catch (error) {
    if (inside) await db.query("ROLLBACK TO SAVEPOINT limbeck").catch(() => {});
    throw error;
  } finally {
    // a session that is gone has let go of it by itself, and a transaction that TypeORM ends later lets go of it then
    if (untilCommit === undefined) await db.query(dialect.lock.release(name)).catch(() => {});
  }
}

/** Tries and polls: a blocking lock would deadlock with the holder's CREATE INDEX CONCURRENTLY. */
async function acquire(db: Db, sql: string): Promise<void> {
  const until = performance.now() + patience * 1000;
  for (let pause = 50; !(await isOne(db, sql)); pause = Math.min(1000, pause * 1.5)) {
    if (performance.now() > until) {
      throw locked(
        "locked",
        `Another run of limbeck has been at work on this database for ${patience} seconds.`,
        "wait for it to end, then run the migrations again",
      );
    }
    await sleep(pause * (0.5 + Math.random()));
  }
}

async function isOne(db: Db, sql: string): Promise<boolean> {
  const [row] = await db.query(sql);
  return Object.values(row ?? {})[0] === "1";
}

function dbOf(runner: QueryRunner, flavor: Db["flavor"]): Db {
  const query = async (sql: string, values?: readonly unknown[]): Promise<readonly Row[]> => {
    const rows = await runner.query(sql, values === undefined ? undefined : [...values]);
    return Array.isArray(rows) ? rows.map((row) => rowOf(row, flavor)) : [];
  };
  return {
    flavor,
    session: "",
    query,
    async batch(statements) {
      const results = [];
      for (const sql of statements) results.push((await query(sql)).map((row) => Object.values(row)));
      return results;
    },
    warnings: async () => [],
    close: async () => {},
  };
}

/** The driver's idea of a value, back to the text that the server writes. */
function rowOf(row: unknown, flavor: Db["flavor"]): Row {
  return Object.fromEntries(Object.entries(row as object).map(([key, value]) => [key, textOf(value, flavor)]));
}
function textOf(value: unknown, flavor: Db["flavor"]): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "boolean" && flavor === "postgres") return value ? "t" : "f";
  if (value instanceof Date) return value.toISOString();
  if (Buffer.isBuffer(value)) return value.toString("utf8");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
