import type { Db, Row, Server } from "../core/db.ts";
import { locked, refused } from "../core/errors.ts";
import type { Revision } from "../core/revision.ts";
import { version } from "../core/version.ts";
import type { Dialect } from "../dialect/dialect.ts";
import { checksum } from "./checksum.ts";
import type { Declaration } from "./declare.ts";

/** What TypeORM's runner wants of a migration, and what it hands to one. */
export interface Migration {
  readonly name: string;
  readonly transaction: boolean;
  up(runner: QueryRunner): Promise<void>;
  down(runner: QueryRunner): Promise<void>;
}
export type MigrationClass = new () => Migration;
interface QueryRunner {
  query(sql: string): Promise<unknown>;
  readonly isTransactionActive: boolean;
  readonly connection?: { readonly options: { readonly type: string } };
  readonly dataSource?: { readonly options: { readonly type: string } };
}

/**
 * The revision as a migration class: `dataSource.runMigrations()` can run it, and a team can leave without rewriting a file. It takes our
 * lock and keeps our journal in step, so that both runners agree on what was applied.
 */
export function migrationClass(declaration: Declaration, read: () => Revision): MigrationClass {
  const stamp = String(Date.parse(declaration.createdAt) || 0).padStart(13, "0");
  return class implements Migration {
    readonly name = `${declaration.id}_${stamp}`;
    // statements that may not stand in a transaction decide for themselves below
    readonly transaction = true;
    up(runner: QueryRunner): Promise<void> {
      return move(runner, read(), "up");
    }
    down(runner: QueryRunner): Promise<void> {
      return move(runner, read(), "down");
    }
  };
}

const journal = { name: "limbeck_revision" };

async function move(runner: QueryRunner, revision: Revision, direction: "up" | "down"): Promise<void> {
  if (revision.review.length > 0) {
    const open = revision.review.map(({ id, table, from, to }) => `${id} ${table}.${from ?? ""} → ${to ?? ""}`).join(", ");
    throw refused("open-review", `Revision ${revision.id} has open review points: ${open}.`, `limbeck resolve ${revision.id}`, {
      revision: revision.id,
    });
  }
  const { dialect, server, db } = await meet(runner);
  const recording = direction === "up" ? revision.upgrade : revision.downgrade;
  const lockName = journal.name;
  if (!(await isOne(db, dialect.lock.tryAcquire(lockName)))) {
    throw locked("locked", "Another run of limbeck is at work on this database.", "wait for it to end, then run the migrations again");
  }
  try {
    const statements = dialect.compile(recording.operations, { server, metadataTable: { name: "typeorm_metadata" } });
    const alone = statements.find(({ transactional }) => !transactional);
    if (alone !== undefined && dialect.transactionalDdl && runner.isTransactionActive) {
      throw refused(
        "no-transaction",
        `Revision ${revision.id} has a statement that may not run in a transaction: ${alone.sql}`,
        "run it with limbeck upgrade, or TypeORM's with migrationsTransactionMode: 'none'",
      );
    }
    for (const { sql, code } of statements) {
      if (code === undefined) await runner.query(sql);
      else await recording.code[code]?.({ query: db.query, x: {} });
    }
    const rows = dialect.journal(journal);
    for (const sql of rows.create) await runner.query(sql);
    if (direction === "up") await runner.query(rows.insert(rowOf(revision, statements.length)));
    else await runner.query(rows.remove(revision.id));
  } finally {
    await runner.query(dialect.lock.release(lockName));
  }
}

async function meet(runner: QueryRunner): Promise<{ dialect: Dialect; server: Server; db: Db }> {
  const type = (runner.dataSource ?? runner.connection)?.options.type;
  const dialect =
    type === "postgres" ? (await import("../dialect/postgres/index.ts")).postgres : (await import("../dialect/mysql/index.ts")).mysql;
  const db = dbOf(runner, dialect.name);
  return { dialect, db, server: await dialect.identify(db) };
}

/** TypeORM's session as one of ours. */
function dbOf(runner: QueryRunner, flavor: Db["flavor"]): Db {
  const query = async (sql: string): Promise<readonly Row[]> => {
    const rows = await runner.query(sql);
    if (!Array.isArray(rows)) return [];
    return rows.map((row) =>
      Object.fromEntries(Object.entries(row as object).map(([key, value]) => [key, value === null ? null : String(value)])),
    );
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

async function isOne(db: Db, sql: string): Promise<boolean> {
  const [row] = await db.query(sql);
  return ["1", "t", "true"].includes(String(Object.values(row ?? {})[0]));
}

function rowOf(revision: Revision, total: number) {
  return {
    id: revision.id,
    parents: revision.parents,
    depends_on: revision.dependsOn,
    message: revision.message,
    checksum: checksum(revision),
    source_hash: "",
    applied_at: null,
    duration_ms: 0,
    applied_by: null,
    tool_version: version,
    status: "applied" as const,
    done: total,
    total,
    session: null,
    error: null,
    operations: JSON.stringify({ upgrade: revision.upgrade.operations, downgrade: revision.downgrade.operations }),
  };
}
