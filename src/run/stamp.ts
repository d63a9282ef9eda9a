import type { Db } from "../core/db.ts";
import { type Journal, journalHeads, readJournal } from "./journal.ts";
import { type LockOptions, withLock } from "./lock.ts";
import type { RunOptions } from "./options.ts";
import { prepareJournal } from "./prepare.ts";
import { type ScriptOptions, type ScriptSink, scriptSink } from "./script.ts";
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

export interface StampedScript extends Stamps {
  /** what the journal has when the script begins; null: whatever it has is forgotten */
  readonly at: readonly string[] | null;
}

/** Of the journal it must be known what it says: it stops where that is something else, or makes it empty first. */
export async function stampScript(options: ScriptOptions, { add, remove, at }: StampedScript): Promise<string> {
  const sink = scriptSink(options);
  if (at !== null) sink.stopWhen(...journalIs(options, at));
  await sink.begin();
  if (at === null) await sink.journal(`DELETE FROM ${options.dialect.quoteTable(options.journal)}`);
  for (const statement of stampStatements(options, { add, remove }, null)) await sink.journal(statement);
  await sink.commit();
  return sink.script().sql;
}

function journalIs({ dialect, journal }: ScriptOptions, ids: readonly string[]): Parameters<ScriptSink["stopWhen"]> {
  const table = dialect.quoteTable(journal);
  const asked = (message: string, sql: string) => ({ sql, message, counts: false, tables: [] });
  const others = (where: string) => `SELECT count(*) AS count, min(id) AS samples FROM ${table}${where}`;
  if (ids.length === 0) {
    const hint = "limbeck stamp without --sql looks at what is there; A:B --sql begins at A; --purge forgets it";
    return ["The journal is not empty", hint, [asked("recorded already", others(""))]];
  }
  const list = ids.map(dialect.quoteLiteral).join(", ");
  return [
    "The journal is not where this script begins",
    "limbeck current says where the database is; write the script from there: limbeck stamp A:B --sql",
    [
      asked("a run left a revision half way, limbeck upgrade or downgrade finishes it", others(" WHERE status <> 'applied'")),
      asked("recorded beyond it", others(` WHERE id NOT IN (${list})`)),
      asked(
        "not all recorded that lead to it",
        `SELECT CASE count(*) WHEN ${ids.length} THEN 0 ELSE 1 END AS count FROM ${table} WHERE id IN (${list})`,
      ),
    ],
  ];
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
