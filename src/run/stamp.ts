import type { Db } from "../core/db.ts";
import { type Journal, journalHeads, readJournal } from "./journal.ts";
import { type LockOptions, withLock } from "./lock.ts";
import type { RunOptions } from "./options.ts";
import { prepareJournal } from "./prepare.ts";
import { type ScriptOptions, scriptSink } from "./script.ts";
import { appliedRow, type RevisionRecord } from "./step.ts";
import { inTransaction } from "./transaction.ts";

/** What the journal is to say from now on. */
export interface Stamps {
  readonly add: readonly RevisionRecord[];
  readonly remove: readonly string[];
  /** statements on other records that must say the same */
  readonly also?: readonly string[];
}

type StampOptions = Pick<RunOptions, "dialect" | "journal">;

/** Writes the journal without running anything, under the lock. A revision that was left half way is settled by it. */
export async function stamp(
  db: Db,
  options: StampOptions & LockOptions,
  plan: (journal: Journal) => Promise<Stamps>,
): Promise<{ readonly heads: readonly string[] }> {
  const sql = options.dialect.journal(options.journal);
  return withLock(db, options.dialect, options.journal, options, async () => {
    const journal = await readJournal(db, sql);
    const stamps = await plan(journal);
    const statements = [...stampStatements(options, stamps, journal), ...(stamps.also ?? [])];
    await prepareJournal(db, options);
    await inTransaction(db, options.dialect, async () => {
      for (const statement of statements) await db.query(statement);
    });
    return { heads: journalHeads((await readJournal(db, sql)).rows) };
  });
}

/** Of the journal it must be known what it says: it is empty, or is made so first. */
export async function stampScript(
  options: ScriptOptions,
  { add, purge }: Pick<Stamps, "add"> & { readonly purge: boolean },
): Promise<string> {
  const { dialect, journal } = options;
  const table = dialect.quoteTable(journal);
  const sink = scriptSink(options);
  if (!purge) {
    sink.stopWhen("The journal is not empty", "limbeck stamp without --sql looks at what is there; --purge forgets it", [
      { sql: `SELECT count(*) AS count, min(id) AS samples FROM ${table}`, message: "recorded already", counts: false, tables: [] },
    ]);
  }
  await sink.begin();
  if (purge) await sink.journal(`DELETE FROM ${table}`);
  for (const statement of stampStatements(options, { add, remove: [] }, null)) await sink.journal(statement);
  await sink.commit();
  return sink.script().sql;
}

function stampStatements({ dialect, journal }: StampOptions, { add, remove }: Stamps, before: Journal | null): readonly string[] {
  const sql = dialect.journal(journal);
  const half = before?.rows.filter(({ status }) => status !== "applied") ?? [];
  const adding = new Set(add.map(({ id }) => id));
  const settled = half.filter(({ id, status }) => status === "reverting" && !adding.has(id) && !remove.includes(id));
  const gone = new Set([...remove, ...half.filter(({ status }) => status === "applying").map(({ id }) => id)]);
  return [
    ...[...gone].map((id) => sql.remove(id)),
    ...settled.map(({ id, total }) => sql.update(id, { status: "applied", done: total, session: null, error: null })),
    ...add.map((record) => sql.insert(appliedRow(record, 0, 0))),
  ];
}
