import { LimbeckError } from "../core/errors.ts";
import { labelOf } from "../core/schema.ts";
import type { Statement } from "../core/statement.ts";
import type { JournalSql } from "../dialect/dialect.ts";
import { isLost, journalFailed } from "./failure.ts";
import type { Interrupted } from "./journal.ts";
import type { RunOptions } from "./options.ts";
import type { Patience } from "./retry.ts";
import type { Sink } from "./sink.ts";
import type { Compiled, Direction } from "./step.ts";

/** A run on its way. */
export interface Course {
  readonly sink: Sink;
  readonly options: RunOptions;
  readonly journal: JournalSql;
  readonly live: Live | null;
  readonly transaction: Transaction;
  here: Here;
  /** the last statement that ran, for people */
  last: string | null;
}

/** What only a run on a server has. */
export interface Live {
  readonly patience: Patience;
  /** after a statement that commits by itself has failed: what it left half done is taken away */
  readonly takeBack: (statement: Statement) => Promise<unknown>;
  /** what the journal says is half way */
  readonly interrupted: () => Promise<Interrupted | null>;
}

/** One at a time; it may hold several revisions, or a part of one. */
interface Transaction {
  open: boolean;
  committing: boolean;
  /** the revisions that end with it */
  revisions: Done[];
  /** what it holds, to do it again when a lock that was not had has taken it back */
  replay: (() => Promise<void>)[];
}

/** How far the present revision is. */
interface Here {
  /** place of the statement */
  index: number;
  /** statements that stand and are recorded; null while the revision is one transaction */
  kept: number | null;
  /** it has a row that says how far it is */
  begun: boolean;
}

export interface Done {
  readonly id: string;
  readonly direction: Direction;
  readonly message: string;
  readonly ms: number;
  readonly statements: number;
}

export function courseOf(sink: Sink, options: RunOptions, live: Live | null): Course {
  return {
    sink,
    options,
    journal: options.dialect.journal(options.journal),
    live,
    transaction: { open: false, committing: false, revisions: [], replay: [] },
    here: { index: 0, kept: null, begun: false },
    last: null,
  };
}

export async function begin({ sink, transaction }: Course): Promise<void> {
  if (transaction.open) return;
  await sink.begin();
  transaction.open = true;
}

export async function commit(course: Course): Promise<void> {
  const { sink, transaction } = course;
  if (!transaction.open) return;
  transaction.committing = true;
  await sink.commit();
  transaction.committing = false;
  hasEnded(course);
}

/** What it held stands, whoever has committed it. */
export function hasEnded({ transaction }: Course): void {
  transaction.open = false;
  transaction.revisions = [];
  transaction.replay = [];
}

/** What it held is remembered, for those who do it again. */
export async function rollback({ sink, transaction }: Course): Promise<void> {
  await sink.rollback();
  transaction.open = false;
}

/** The transaction that was rolled back, once more, up to where it was. */
export async function beginAgain(course: Course): Promise<void> {
  await begin(course);
  for (const work of course.transaction.replay) await work();
}

/** One row of the journal. */
export function record(course: Course, sql: string): Promise<void> {
  return written(course, async () => {
    try {
      await course.sink.journal(sql, 1);
    } catch (error) {
      if (isLost(error) || error instanceof LimbeckError) throw error;
      throw journalFailed(labelOf(course.options.journal), "written", error);
    }
  });
}

/** Other records that must say the same as the journal. They come first: where a step commits by itself, theirs is the word that counts. */
export async function recordAlongside(course: Course, { also = [] }: Compiled): Promise<void> {
  for (const sql of also) await written(course, () => course.sink.journal(sql));
}

async function written({ transaction }: Course, work: () => Promise<void>): Promise<void> {
  await work();
  if (transaction.open) transaction.replay.push(work);
}
