import type { CodeStep } from "../core/revision.ts";
import { atOnce, type Statement } from "../core/statement.ts";
import type { JournalRow } from "../dialect/dialect.ts";
import type { Session } from "./typeorm-session.ts";

/** One direction of one revision, ready to be sent. */
export interface Work {
  readonly id: string;
  readonly direction: "upgrade" | "downgrade";
  readonly statements: readonly Statement[];
  readonly code: readonly CodeStep[];
  /** what the journal says of it when all is done */
  readonly row: JournalRow;
}

/** Stands in the journal while a statement that commits by itself is at the server: so our own runner knows where to go on. */
export const sent = "sent, end not known";

/** Begins the journal's word of a statement to which the server itself said no: our own runner sends it again then. */
const notHappened = "did not happen: ";

/** The SQLSTATE of an answer; a session that is ended or lost has none, or one that says so. */
function wasRefused(error: unknown): boolean {
  const { code, sqlState, driverError } = error as { code?: unknown; sqlState?: unknown; driverError?: unknown };
  if (driverError !== undefined && driverError !== null) return wasRefused(driverError);
  return /^(?:(?!08|57)\d\d|P0)[0-9A-Z]{3}$/.test(String(sqlState ?? code ?? ""));
}

export async function send(session: Session, { statements, ...more }: Work): Promise<void> {
  const work = { ...more, statements: statements.map(atOnce) };
  if (work.statements.every(({ transactional, mayCommit }) => transactional && !mayCommit)) await asOne(session, work);
  else await oneByOne(session, work);
}

/** All of it or nothing: in TypeORM's transaction, or in one of its own. */
async function asOne(session: Session, work: Work): Promise<void> {
  const rows = session.dialect.journal(session.journal);
  const all = async () => {
    const started = performance.now();
    // the row comes first: a run beside this one, which TypeORM commits later than the lock ends, must wait for it
    await session.db.query(work.direction === "upgrade" ? rows.insert(work.row) : rows.remove(work.id));
    for (const statement of work.statements) await sendOne(session, work, statement);
    if (work.direction === "upgrade") {
      await session.db.query(rows.update(work.id, { duration_ms: Math.round(performance.now() - started) }));
    }
  };
  await (session.runner.isTransactionActive ? all() : inTransaction(session, all));
}

/** Each statement with the journal's word of it: a run that ends in between is finished by `limbeck upgrade`. */
async function oneByOne(session: Session, work: Work): Promise<void> {
  const rows = session.dialect.journal(session.journal);
  const note = (change: Partial<JournalRow>) => session.db.query(rows.update(work.id, change));
  const started = performance.now();
  let whole = true;
  const open = { done: 0, total: work.row.total, error: null };
  if (work.direction === "upgrade") await session.db.query(rows.insert({ ...work.row, ...open, status: "applying" }));
  else await note({ ...open, status: "reverting" });
  try {
    for (const [i, statement] of work.statements.entries()) {
      const after = { done: i + 1, error: null };
      whole = !statement.mayCommit;
      if (statement.transactional && !statement.batches) {
        await inTransaction(session, async () => {
          // where it commits by itself, as DDL does on MySQL, this is committed with what it did
          if (statement.mayCommit) await note({ error: sent });
          await sendOne(session, work, statement);
          await note(after);
        });
      } else {
        await note({ error: sent });
        await sendOne(session, work, statement);
        await note(after);
      }
    }
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    await note({ error: `${whole && wasRefused(error) ? notHappened : ""}${said}`.slice(0, 2000) }).catch(() => {});
    throw error;
  }
  const { status, applied_at } = work.row;
  if (work.direction === "downgrade") await session.db.query(rows.remove(work.id));
  else await note({ status, applied_at, duration_ms: Math.round(performance.now() - started) });
}

async function inTransaction({ db }: Session, body: () => Promise<void>): Promise<void> {
  await db.query("START TRANSACTION");
  try {
    await body();
  } catch (error) {
    await db.query("ROLLBACK").catch(() => {});
    throw error;
  }
  await db.query("COMMIT");
}

async function sendOne({ runner, db }: Session, { code }: Work, statement: Statement): Promise<void> {
  if (statement.code !== undefined) await code[statement.code]?.({ query: db.query, manager: async () => runner.manager, x: {} });
  else if (statement.batches) while ((await affected(runner, statement.sql)) > 0);
  else await runner.query(statement.sql);
}

async function affected(runner: Session["runner"], sql: string): Promise<number> {
  return (await runner.query(sql, undefined, true)).affected ?? 0;
}
