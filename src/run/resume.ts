import type { Db } from "../core/db.ts";
import { integrity } from "../core/errors.ts";
import type { Statement } from "../core/statement.ts";
import type { JournalEntry } from "../dialect/dialect.ts";
import type { Journal } from "./journal.ts";
import type { RunOptions } from "./options.ts";
import type { Limits } from "./patient.ts";
import { notHappened, progress, sent } from "./row.ts";
import { hasHappened } from "./settle.ts";
import type { Sink } from "./sink.ts";
import type { Compiled, Step } from "./step.ts";

export interface Resume {
  readonly id: string;
  /** place of the first statement that is still to be sent */
  readonly from: number;
  /** how far that one is, if it comes part of the way */
  readonly progress: string | null;
}

/** What an earlier run left half way comes first; nothing else may run before it is whole. */
export function resumedFirst<T extends Step>(steps: readonly T[], { interrupted }: Journal): readonly T[] {
  if (interrupted === null) return steps;
  const { id, direction, done, total } = interrupted;
  const first = steps.find((step) => step.id === id && step.direction === direction);
  if (first !== undefined) return [first, ...steps.filter((step) => step !== first)];
  const command = direction === "upgrade" ? `limbeck upgrade ${id}` : `limbeck downgrade ${id}@-1`;
  throw integrity(
    "interrupted-revision",
    `The ${direction} of revision ${id} was interrupted after ${done} of ${total} statements.`,
    `finish it first: ${command}`,
    {
      revision: id,
      direction,
      done,
      total,
    },
  );
}

/** Where to go on: after the last statement known to have happened. */
export async function resumeAt(db: Db, step: Compiled, journal: Journal, sink: Sink, options: RunOptions & Limits): Promise<Resume> {
  const row = journal.rows.find(({ id }) => id === step.id);
  if (row === undefined) return { id: step.id, from: 0, progress: null };
  requireSame(step, row);
  const statement = step.statements[row.done];
  const happened = statement !== undefined && (await outcomeOf(db, step, statement, row, options));
  const from = happened ? row.done + 1 : row.done;
  const sql = options.dialect.journal(options.journal);
  const kept = statement?.batches === undefined ? null : (Object.values((await db.query(sql.progress(step.id)))[0] ?? {})[0] ?? null);
  const note = { ...progress(step, options.transaction, from), session: sink.session, progress: kept };
  await sink.journal(sql.update(step.id, note), 1);
  return { id: step.id, from, progress: kept };
}

async function outcomeOf(db: Db, step: Compiled, statement: Statement, row: JournalEntry, limits: Limits): Promise<boolean> {
  const { probe, batches } = statement;
  if (probe === undefined && row.error === sent && batches === undefined) throw unknownOutcome(step, statement, row);
  const happened = await hasHappened(db, statement, limits);
  return happened && !row.error?.startsWith(notHappened);
}

function requireSame(step: Compiled, row: JournalEntry): void {
  if (row.checksum === step.record.checksum && row.total === step.statements.length) return;
  const why =
    row.checksum === step.record.checksum
      ? `now makes ${step.statements.length} statements of it, then ${row.total}`
      : "the file was edited since";
  throw integrity(
    "edited-revision",
    `Revision ${step.id} was interrupted after ${row.done} of ${row.total} statements, and ${why}: it cannot go on.`,
    "bring the file back as it was and run again; or finish by hand and record it: limbeck stamp REV",
    { revisions: [step.id], done: row.done, total: row.total },
  );
}

function unknownOutcome(step: Compiled, statement: Statement, row: JournalEntry): Error {
  return integrity(
    "unknown-outcome",
    `An earlier run ended while statement ${row.done + 1} of ${row.total} of revision ${step.id} was at the server, and nothing tells whether it has happened:\n  ${statement.sql}`,
    `look whether it has. When all of the revision is in place: limbeck stamp ${step.id}; when you have taken back what it did: limbeck stamp ${step.record.parents.join(" ") || "base"}, and upgrade again`,
    { revision: step.id, statement: row.done + 1, sql: statement.sql, session: row.session },
  );
}
