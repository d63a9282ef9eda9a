import { LimbeckError } from "../core/errors.ts";
import { labelOf } from "../core/schema.ts";
import type { Statement } from "../core/statement.ts";
import type { JournalRow, JournalSql } from "../dialect/dialect.ts";
import { alone, batchesOf } from "./batches.ts";
import { isLost, journalFailed, messageOf, type Standing, statementFailed, stopped, tableLocked } from "./failure.ts";
import type { Interrupted } from "./journal.ts";
import { NotHad, type Patience, retrying } from "./retry.ts";
import { wasRefused } from "./settle.ts";
import type { Compiled, Sink, Turn } from "./sink.ts";
import { appliedRow, type Direction, type RunOptions, type TransactionMode } from "./step.ts";
import { Stop } from "./stop.ts";
import { Ended, endOf, marked } from "./unseen.ts";

/** Stands in the journal's `error` from before a statement that commits by itself is sent until its end is known. */
export const sent = "sent, end not known";

/** Begins the journal's `error` where the statement was refused, or stopped before it was sent. */
export const notHappened = "did not happen: ";

export interface Done {
  readonly id: string;
  readonly direction: Direction;
  readonly message: string;
  readonly ms: number;
  readonly statements: number;
}

/** A run on its way. */
interface Course {
  readonly sink: Sink;
  readonly options: RunOptions;
  readonly journal: JournalSql;
  readonly signal: AbortSignal | undefined;
  readonly live: Live | null;
  /** whether a transaction is open, and the revisions that end with it */
  open: boolean;
  committing: boolean;
  uncommitted: Done[];
  /** what the open transaction holds, to do it again when a lock that was not had has taken it back */
  replay: (() => Promise<void>)[];
  /** the last statement that ran, for people */
  last: string | null;
  index: number;
  /** statements of the present revision that stand and are recorded; null while it is one transaction */
  kept: number | null;
  /** the present revision has a row that says how far it is */
  opened: boolean;
}

export interface Resume {
  readonly id: string;
  /** place of the first statement that is still to be sent */
  readonly from: number;
  /** how far that one is, if it comes part of the way */
  readonly progress: string | null;
}

/** What only a run on a server has. */
export interface Live {
  readonly patience: Patience;
  /** after a statement that commits by itself has failed: what it left half done is taken away */
  readonly takeBack: (statement: Statement) => Promise<unknown>;
  /** what the journal says is half way */
  readonly interrupted: () => Promise<Interrupted | null>;
}

/** Runs the steps into the sink, journal and all. `before` is called before the first statement of each. */
export async function execute(
  steps: readonly Compiled[],
  sink: Sink,
  options: RunOptions,
  given: { readonly resume?: Resume | null; readonly live?: Live; readonly before?: (step: Compiled) => Promise<void> } = {},
): Promise<readonly Done[]> {
  const journal = options.dialect.journal(options.journal);
  const course: Course = {
    sink,
    options,
    journal,
    signal: given.live?.patience.signal,
    live: given.live ?? null,
    open: false,
    committing: false,
    uncommitted: [],
    replay: [],
    last: null,
    index: 0,
    kept: null,
    opened: false,
  };
  const done: Done[] = [];
  for (const step of steps) {
    const resume = given.resume?.id === step.id ? given.resume : null;
    course.index = resume?.from ?? 0;
    course.kept = resume?.from ?? null;
    course.opened = resume !== null;
    const finished = await guarded(course, step, async () => {
      await given.before?.(step);
      const ms = await executeStep(step, course, resume);
      if (options.transaction !== "all") await commit(course);
      const { id, direction, record, statements } = step;
      return { id, direction, message: record.message, ms: Math.round(ms), statements: statements.length };
    });
    done.push(finished);
    if (course.open) course.uncommitted.push(finished);
  }
  const last = steps.at(-1);
  if (last !== undefined) await guarded(course, last, () => commit(course));
  return done;
}

async function executeStep(step: Compiled, course: Course, resume: Resume | null): Promise<number> {
  const { options, journal } = course;
  const started = performance.now();
  // a script takes no time: the same run gives the same text
  const spent = () => (course.sink.session === null ? 0 : performance.now() - started);
  const total = step.statements.length;
  options.onEvent?.({ kind: "revision", revision: step.id, direction: step.direction, message: step.record.message, total });
  await course.sink.announce(step);
  const batches = batchesOf(step.statements, options.transaction, resume?.from, step.cuts);
  if (resume === null && batches.length <= 1 && batches.every(({ transactional }) => transactional)) {
    await begin(course);
    for (const i of step.statements.keys()) await send(course, step, turnOf(step, i));
    await alongside(course, step);
    await record(
      course,
      step.direction === "upgrade" && !course.opened
        ? journal.insert(appliedRow(step.record, total, spent()))
        : finished(step, journal, spent()),
    );
  } else {
    await commit(course);
    if (resume === null) await record(course, opened(step, course));
    course.opened = true;
    course.kept = resume?.from ?? 0;
    if (batches.length === 0) {
      await begin(course);
      await alongside(course, step);
      await record(course, finished(step, journal, spent()));
    }
    for (const { transactional, first, statements } of batches) {
      if (transactional) await begin(course);
      for (const i of statements.keys()) {
        await send(course, step, turnOf(step, first + i, resume?.from === first + i ? resume.progress : null));
      }
      const end = first + statements.length;
      if (end === total) {
        await begin(course);
        await alongside(course, step);
      }
      await record(
        course,
        end === total ? finished(step, journal, spent()) : journal.update(step.id, progress(step, options.transaction, end)),
      );
      await commit(course);
      course.kept = end;
    }
  }
  options.onEvent?.({ kind: "revisionDone", revision: step.id, direction: step.direction, ms: spent() });
  return spent();
}

/** The row before the first statement: who is at it, and how far. */
function opened(step: Compiled, course: Course, at: Where = progress(step, course.options.transaction, 0)): string {
  const { journal, sink } = course;
  const total = step.statements.length;
  const start = { ...at, total, session: sink.session };
  if (step.direction === "downgrade") return journal.update(step.id, { ...start, status: "reverting" });
  return journal.insert({ ...appliedRow(step.record, 0, 0), ...start, status: "applying" });
}

type Where = Pick<JournalRow, "done" | "error" | "progress">;

/** How far, and with the same write the intent to send what comes next where that commits by itself. */
export function progress(step: Compiled, mode: TransactionMode, done: number): Where {
  const next = step.statements[done];
  return { done, error: next !== undefined && alone(next, mode) ? sent : null, progress: null };
}

function finished(step: Compiled, journal: JournalSql, ms: number): string {
  if (step.direction === "downgrade") return journal.remove(step.id);
  const { status, done, total, duration_ms, applied_at, session, error, progress } = appliedRow(step.record, step.statements.length, ms);
  return journal.update(step.id, { status, done, total, duration_ms, applied_at, session, error, progress });
}

function turnOf({ id, statements }: Compiled, index: number, progress: string | null = null): Turn {
  return { place: { revision: id, index, total: statements.length }, progress };
}

async function send(course: Course, step: Compiled, turn: Turn): Promise<void> {
  const { sink, live, open } = course;
  const { index, total } = turn.place;
  const statement = step.statements[index];
  if (statement === undefined) throw new Error(`revision ${step.id} has no statement ${index}`);
  course.index = index;
  if (course.signal?.aborted) throw new Stop();
  const work = () => sendOnce(course, step, statement, turn);
  if (live === null) await sink.statement(statement, step, turn);
  else if (open && statement.mayCommit) await sendUnseen(course, live, step, turn, work);
  else if (open) await inOpenTransaction(course, live, turn, work);
  // each batch of a backfill comes again by itself
  else if (statement.batches) await work();
  else {
    const settle = async () => {};
    const again = async (attempt: number) => {
      if (attempt > 1) await live.takeBack(statement);
      await work();
    };
    await retrying(live.patience, turn.place, settle, again);
  }
  course.last = `statement ${index + 1} of ${total} of ${step.id}`;
}

async function sendOnce({ options, sink }: Course, step: Compiled, statement: Statement, turn: Turn): Promise<void> {
  const { place } = turn;
  options.onEvent?.({ kind: "statement", ...place, sql: statement.sql });
  const started = performance.now();
  await sink.statement(statement, step, turn);
  options.onEvent?.({ kind: "statementDone", ...place, ms: performance.now() - started });
}

/**
 * Nobody sees beforehand whether it ends the transaction, as DDL does on MySQL. So the journal's word of it stands in the same transaction:
 * whatever happens, the row is there exactly when the work before it stands, too.
 */
async function sendUnseen(course: Course, live: Live, step: Compiled, turn: Turn, work: () => Promise<void>): Promise<void> {
  const { journal, sink } = course;
  const { index } = turn.place;
  const here = { done: index, error: sent, progress: null };
  await record(course, course.opened ? journal.update(step.id, here) : opened(step, course, here));
  course.opened = true;
  const standsUntil = async () => {
    const row = await live.interrupted();
    return row?.id === step.id && row.done === index;
  };
  const went = (kept: number) => Object.assign(course, { open: false, uncommitted: [], replay: [], kept });
  await inOpenTransaction(course, live, turn, () => marked(sink, work, standsUntil)).catch((error: unknown) => {
    if (error instanceof Ended) went(index);
    throw error;
  });
  const end = await endOf(sink, standsUntil);
  if (end === "open") return;
  if (end === "rolled back") throw new Error("it rolled back the transaction that it is part of, and did not say so");
  went(index + 1);
  await record(course, journal.update(step.id, { done: index + 1, error: null }));
  await begin(course);
}

/** The whole transaction is rolled back, so that nobody waits for its locks meanwhile, and done again. */
async function inOpenTransaction(course: Course, { patience }: Live, { place }: Turn, work: () => Promise<void>): Promise<void> {
  const settle = async () => {
    await course.sink.rollback();
    course.open = false;
  };
  await retrying(patience, place, settle, async (attempt) => {
    if (attempt > 1) {
      await course.sink.begin();
      course.open = true;
      for (const before of course.replay) await before();
    }
    await work();
  });
  course.replay.push(work);
}

async function record(course: Course, sql: string): Promise<void> {
  const work = async () => {
    try {
      await course.sink.journal(sql, 1);
    } catch (error) {
      if (isLost(error) || error instanceof LimbeckError) throw error;
      throw journalFailed(labelOf(course.options.journal), "written", error);
    }
  };
  await work();
  if (course.open) course.replay.push(work);
}

/** Other records that must say the same as the journal. They come first: where a step commits by itself, theirs is the word that counts. */
async function alongside(course: Course, { also = [] }: Compiled): Promise<void> {
  for (const sql of also) {
    const work = () => course.sink.journal(sql);
    await work();
    if (course.open) course.replay.push(work);
  }
}

async function begin(course: Course): Promise<void> {
  if (course.open) return;
  await course.sink.begin();
  course.open = true;
}

async function commit(course: Course): Promise<void> {
  if (!course.open) return;
  course.committing = true;
  await course.sink.commit();
  course.committing = false;
  course.open = false;
  course.uncommitted = [];
  course.replay = [];
}

/** Whatever stops the work leaves no open transaction, a journal that says how far it came, and an error that says the same. */
async function guarded<T>(course: Course, step: Compiled, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (caught) {
    const ended = caught instanceof Ended;
    const error = ended ? caught.cause : caught;
    const undone = course.uncommitted.map(({ id }) => id);
    if (course.open) await course.sink.rollback().catch(() => {});
    course.open = false;
    const { index, kept, committing } = course;
    const standing: Standing = { step, index, undone: kept === null ? [...undone, step.id] : undone, kept, committing, ended };
    if (course.kept !== null && !isLost(error)) {
      const known = error instanceof Stop || (!ended && wasRefused(error));
      const note = `${known ? notHappened : ""}${error instanceof Stop ? "stopped as asked" : messageOf(error)}`.slice(0, 2000);
      await course.sink.journal(course.journal.update(step.id, { error: note, session: null })).catch(() => {});
    }
    if (error instanceof Stop) throw stopped(course.last, standing);
    if (error instanceof NotHad) throw tableLocked(error, standing);
    throw error instanceof LimbeckError ? error : statementFailed(error, standing);
  }
}
