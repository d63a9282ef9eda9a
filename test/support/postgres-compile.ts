import type { Db, Server } from "../../src/core/db.ts";
import type { Operation } from "../../src/core/operation.ts";
import type { Statement } from "../../src/core/statement.ts";
import { compile } from "../../src/dialect/postgres/compile/index.ts";
import { session } from "../../src/dialect/postgres/session.ts";
import { batchesOf } from "../../src/run/batches.ts";
import type { TestDatabase } from "./databases.ts";

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
  for (const batch of batchesOf(statements, "each")) {
    if (batch.transactional) await db.query("BEGIN");
    try {
      for (const statement of batch.statements) await sendOne(db, statement);
    } catch (error) {
      await db.query("ROLLBACK");
      throw error;
    }
    if (batch.transactional) await db.query("COMMIT");
  }
}

export async function sendOne(db: Db, { sql, batches }: Statement): Promise<void> {
  if (batches === undefined) {
    await db.query(sql);
    return;
  }
  for (let rows = "1"; rows !== "0"; ) {
    const [changed] = await db.query(`WITH changed AS (${sql} RETURNING 1) SELECT count(*) AS rows FROM changed`);
    rows = changed?.rows ?? "0";
  }
}

export interface How {
  readonly metadataTable?: string;
  /** plain forms throughout */
  readonly plain?: boolean;
}

export async function compiled(
  db: Db,
  operations: readonly Operation[],
  { metadataTable, plain }: How = {},
): Promise<readonly Statement[]> {
  return compile(operations, {
    server: await serverOf(db),
    ...(metadataTable === undefined ? {} : { metadataTable: { name: metadataTable } }),
    ...(plain ? { online: false } : {}),
  });
}

export async function apply(db: Db, operations: readonly Operation[], how: How = {}): Promise<readonly Statement[]> {
  const statements = await compiled(db, operations, how);
  await send(db, statements);
  return statements;
}

const own = "(SELECT oid FROM pg_namespace WHERE nspname IN ('public', 'app'))";
const facts = [
  `SELECT 'schema', nspname FROM pg_namespace WHERE nspname IN ('public', 'app')`,
  `SELECT 'extension', extname FROM pg_extension WHERE extname <> 'plpgsql'`,
  `SELECT 'type', oid::regtype, (SELECT array_agg(enumlabel ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = pg_type.oid), obj_description(oid, 'pg_type')
   FROM pg_type WHERE typtype = 'e' AND typnamespace IN ${own}`,
  `SELECT 'relation', oid::regclass, relkind, reloptions, obj_description(oid, 'pg_class'), CASE WHEN relkind IN ('v', 'm') THEN pg_get_viewdef(oid) END
   FROM pg_class WHERE relnamespace IN ${own}`,
  `SELECT 'column', a.attrelid::regclass, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated,
   pg_get_expr(d.adbin, d.adrelid), a.attcollation::regcollation, col_description(a.attrelid, a.attnum)
   FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
   WHERE c.relkind IN ('r', 'v', 'm') AND a.attnum > 0 AND NOT a.attisdropped AND c.relnamespace IN ${own}`,
  `SELECT 'sequence', s.seqrelid::regclass, s.seqtypid::regtype, s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle,
   d.deptype, d.refobjid::regclass, (SELECT attname FROM pg_attribute WHERE attrelid = d.refobjid AND attnum = d.refobjsubid)
   FROM pg_sequence s LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = s.seqrelid AND d.refobjsubid > 0`,
  `SELECT 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid), condeferred, convalidated
   FROM pg_constraint WHERE contype <> 'n' AND conrelid > 0 AND connamespace IN ${own}`,
  `SELECT 'index', indexrelid::regclass, pg_get_indexdef(indexrelid), indisvalid FROM pg_index JOIN pg_class ON oid = indexrelid WHERE relnamespace IN ${own}`,
];

/** The whole schema in the server's own words, without the order of columns: what is added later comes last. */
export async function dump(database: TestDatabase): Promise<readonly string[]> {
  const found = await database.db.batch(facts);
  return found.flatMap((rows) => rows.map((row) => row.join(" | "))).sort();
}

export async function reset(db: Db, setup: readonly string[]): Promise<void> {
  await db.query("DROP SCHEMA IF EXISTS public, app CASCADE; CREATE SCHEMA public");
  for (const sql of setup) await db.query(sql);
}
