import { integrity, refused } from "../core/errors.ts";
import { pointText } from "../core/point.ts";
import { journalled } from "../core/redact.ts";
import type { Header, Revision } from "../core/revision.ts";
import type { Statement } from "../core/statement.ts";
import { version } from "../core/version.ts";
import type { JournalRow } from "../dialect/dialect.ts";
import { checksum } from "./checksum.ts";
import { askBefore } from "./typeorm-prechecks.ts";
import { send } from "./typeorm-send.ts";
import { alone, meet, type QueryRunner, type Session } from "./typeorm-session.ts";

/** What TypeORM's runner wants of a migration. */
export interface Migration {
  readonly name: string;
  up(runner: QueryRunner): Promise<void>;
  down(runner: QueryRunner): Promise<void>;
}
export type MigrationClass = new () => Migration;
type Direction = "upgrade" | "downgrade";

/** What the files that TypeORM has loaded say of each other: the migration that a revision wraps, the squash that it was put into. */
const wrapped = new Map<string, string>();
const replacedBy = new Map<string, string>();
const squashes = new Set<string>();

/** What is known of it without recording its operations. */
type Declared = Pick<Header, "id" | "createdAt" | "typeorm"> & Partial<Pick<Header, "replaces">>;

/**
 * The revision as a migration class: `dataSource.runMigrations()` can run it, and a team can leave without rewriting a file. It takes our
 * lock and keeps our journal in step, so that both runners agree on what was applied.
 */
export function migrationClass(declaration: Declared, read: () => Revision): MigrationClass {
  if (declaration.typeorm !== undefined) wrapped.set(declaration.id, declaration.typeorm);
  if ((declaration.replaces ?? []).length > 0) squashes.add(declaration.id);
  for (const one of declaration.replaces ?? []) replacedBy.set(one, declaration.id);
  const stamp = String(Date.parse(declaration.createdAt) || 0).padStart(13, "0");
  // it must not say `transaction`: TypeORM refuses every migration that does in its usual mode, one transaction for all
  return class implements Migration {
    readonly name = declaration.typeorm ?? `${declaration.id}_${stamp}`;
    up(runner: QueryRunner): Promise<void> {
      return move(runner, read(), "upgrade");
    }
    down(runner: QueryRunner): Promise<void> {
      return move(runner, read(), "downgrade");
    }
  };
}

async function move(runner: QueryRunner, revision: Revision, direction: Direction): Promise<void> {
  refuseOpenPoints(revision);
  const session = await meet(runner);
  await alone(session, async () => {
    const rows = await journalRows(session);
    if (await settled(session, rows, revision, direction)) return;
    if (!mustRun(rows, revision, direction, await executedIn(session))) return;
    const statements = await compiled(session, revision, direction);
    refuseTransaction(session, revision, statements);
    await askBefore(session, revision.id, revision[direction].operations);
    const { code } = revision[direction];
    await send(session, { id: revision.id, direction, statements, code, row: rowOf(revision, statements.length) });
  });
}

function refuseOpenPoints({ id, review }: Revision): void {
  if (review.length === 0) return;
  const open = review.map((point) => `${point.id} ${pointText(point)}`).join(", ");
  throw refused("open-review", `Revision ${id} has open review points: ${open}. Nothing of it was run.`, `limbeck resolve ${id}`, {
    revision: id,
  });
}

/** The journal as it is under the lock; its table is made when it is missing. */
async function journalRows({
  dialect,
  db,
  journal,
}: Session): Promise<ReadonlyMap<string, Pick<JournalRow, "status"> & { readonly parents: readonly string[] }>> {
  const sql = dialect.journal(journal);
  const [found] = await db.query(sql.exists);
  if (Object.values(found ?? {})[0] !== "1") for (const statement of sql.create) await db.query(statement);
  const list = (text: string | null | undefined) => JSON.parse(text || "[]") as readonly string[];
  const status = (text: string | null | undefined) => (text === "applying" || text === "reverting" ? text : "applied");
  return new Map(
    (await db.query(sql.brief)).map((row) => [
      row.id ?? "",
      { status: status(row.status), parents: [...list(row.parents), ...list(row.depends_on)] },
    ]),
  );
}

/** A squash whose originals are all there counts as applied: the journal says so from now on. */
async function settled(
  { db, dialect, journal }: Session,
  rows: Awaited<ReturnType<typeof journalRows>>,
  revision: Revision,
  direction: Direction,
): Promise<boolean> {
  const { id, replaces } = revision;
  const there = replaces.filter((one) => rows.has(one));
  if (rows.has(id) || there.length === 0) return false;
  if (direction === "downgrade" || there.length < replaces.filter((one) => !squashes.has(one)).length) {
    throw integrity(
      "squash-half-way",
      `The database has some of what revision ${id} replaces: ${there.join(", ")}.`,
      "limbeck upgrade head",
      {
        revision: id,
        applied: there,
      },
    );
  }
  const sql = dialect.journal(journal);
  for (const one of there) await db.query(sql.remove(one));
  await db.query(sql.insert(rowOf(revision, 0)));
  return true;
}

/** TypeORM's own record: it may have run, without us, a migration that a revision wraps. */
async function executedIn({ db, dialect, migrationsTable }: Session): Promise<ReadonlySet<string>> {
  const [found] = await db.query(dialect.journal(migrationsTable).exists);
  if (Object.values(found ?? {})[0] !== "1") return new Set();
  const name = dialect.quoteName("name");
  return new Set((await db.query(`SELECT ${name} AS name FROM ${dialect.quoteTable(migrationsTable)}`)).flatMap((row) => row.name ?? []));
}

/** TypeORM goes by the time of creation and by its own table; what counts is our journal and the parents. */
function mustRun(
  rows: Awaited<ReturnType<typeof journalRows>>,
  { id, parents, dependsOn }: Revision,
  direction: Direction,
  executed: ReadonlySet<string>,
): boolean {
  for (const [other, { status }] of rows) {
    if (status === "applied") continue;
    const command = status === "applying" ? `limbeck upgrade ${other}` : `limbeck downgrade ${other}@-1`;
    throw integrity("interrupted-revision", `An earlier run left revision ${other} half way.`, `finish it first: ${command}`, {
      revision: other,
    });
  }
  if (direction === "downgrade") {
    const child = [...rows].find(([, row]) => row.parents.includes(id));
    if (!rows.has(id) || child === undefined) return rows.has(id);
    throw integrity("child-applied", `Revision ${child[0]} builds on ${id} and is applied.`, `limbeck downgrade ${id}@-1`, {
      revision: id,
    });
  }
  const stands = (one: string): boolean => rows.has(one) || executed.has(wrapped.get(one) ?? one) || rows.has(replacedBy.get(one) ?? one);
  const before = [...parents, ...dependsOn].find((parent) => !stands(parent));
  if (rows.has(id) || before === undefined) return !rows.has(id);
  throw integrity(
    "parent-missing",
    `Revision ${id} builds on ${before}, which is not applied: TypeORM runs migrations in the order of createdAt, not of parents.`,
    `limbeck upgrade ${id}`,
    { revision: id, parent: before },
  );
}

async function compiled(
  { dialect, server, db, journal, metadataTable, runner }: Session,
  revision: Revision,
  direction: Direction,
): Promise<readonly Statement[]> {
  const { operations } = revision[direction];
  // TypeORM's usual mode has one transaction for all: what is done beside others' work can't be in it
  const plain = dialect.transactionalDdl && runner.isTransactionActive;
  const context = { server, metadataTable, ...(plain ? { online: false as const } : {}) };
  if (!dialect.needsBefore) return dialect.compile(operations, context);
  const found = await dialect.introspect(db, server, { schemas: [], ignore: [journal, metadataTable] });
  return dialect.compile(operations, { ...context, before: dialect.normalize(found.schema, server) });
}

function refuseTransaction({ dialect, runner }: Session, { id }: Revision, statements: readonly Statement[]): void {
  if (!runner.isTransactionActive) return;
  // DDL of MySQL's commits by itself, code that may be in none is another matter
  const outside = statements.find(({ transactional, code }) => !transactional && (dialect.transactionalDdl || code !== undefined));
  if (outside === undefined) return;
  throw refused(
    "no-transaction",
    `Revision ${id} has a statement that may not run in a transaction: ${outside.sql}`,
    'run it with limbeck, or give TypeORM the transaction mode "none"',
    { revision: id, sql: outside.sql },
  );
}

function rowOf(revision: Revision, total: number): JournalRow {
  return {
    id: revision.id,
    parents: revision.parents,
    depends_on: revision.dependsOn,
    message: revision.message,
    checksum: checksum(revision),
    // the file is not known here: the next run of ours goes by the checksum
    source_hash: "",
    applied_at: null,
    duration_ms: 0,
    applied_by: null,
    tool_version: version,
    status: "applied",
    done: total,
    total,
    session: null,
    error: null,
    operations: journalled(revision.upgrade.operations),
    progress: null,
  };
}
