import { failed, LimbeckError } from "../core/errors.ts";
import { labelOf } from "../core/schema.ts";
import type { Statement } from "../core/statement.ts";
import type { JournalRow, JournalSql } from "../dialect/dialect.ts";
import { alone, batchesOf } from "./batches.ts";
import { isLost, messageOf, type Standing, statementFailed, stopped } from "./failure.ts";
import type { Compiled, Sink } from "./sink.ts";
import { appliedRow, type Direction, type RunOptions, type TransactionMode } from "./step.ts";

/** Stands in the journal's `error` from before a statement that commits by itself is sent until its end is known. */
export const sent = "sent, end not known";

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
  /** whether a transaction is open, and the revisions that end with it */
  open: boolean;
  committing: boolean;
  uncommitted: Done[];
  /** the last statement that ran, for people */
  last: string | null;
  index: number;
  /** statements of the present revision that stand and are recorded; null while it is one transaction */
  kept: number | null;
}

export interface Resume {
  readonly id: string;
  /** place of the first statement that is still to be sent */
  readonly from: number;
}

/** Runs the steps into the sink, journal and all. `before` is called before the first statement of each. */
export async function execute(
  steps: readonly Compiled[],
  sink: Sink,
  options: RunOptions,
  given: { readonly resume?: Resume | null; readonly signal?: AbortSignal; readonly before?: (step: Compiled) => Promise<void> } = {},
): Promise<readonly Done[]> {
  const journal = options.dialect.journal(options.journal);
  const course: Course = {
    sink,
    options,
    journal,
    signal: given.signal,
    open: false,
    committing: false,
    uncommitted: [],
    last: null,
    index: 0,
    kept: null,
  };
  const done: Done[] = [];
  for (const step of steps) {
    const resume = given.resume?.id === step.id ? given.resume : null;
    course.index = resume?.from ?? 0;
    course.kept = resume?.from ?? null;
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
  const batches = batchesOf(step.statements, options.transaction, resume?.from);
  if (resume === null && batches.every(({ transactional }) => transactional)) {
    await begin(course);
    for (const [i, statement] of step.statements.entries()) await send(course, step, statement, i);
    await record(course, step.direction === "upgrade" ? journal.insert(appliedRow(step.record, total, spent())) : journal.remove(step.id));
    await alongside(course, step);
  } else {
    await commit(course);
    if (resume === null) await record(course, opened(step, course));
    course.kept = resume?.from ?? 0;
    if (batches.length === 0) {
      await record(course, finished(step, journal, spent()));
      await alongside(course, step);
    }
    for (const { transactional, first, statements } of batches) {
      if (transactional) await begin(course);
      for (const [i, statement] of statements.entries()) await send(course, step, statement, first + i);
      const end = first + statements.length;
      await record(
        course,
        end === total ? finished(step, journal, spent()) : journal.update(step.id, progress(step, options.transaction, end)),
      );
      if (end === total) await alongside(course, step);
      await commit(course);
      course.kept = end;
    }
  }
  options.onEvent?.({ kind: "revisionDone", revision: step.id, direction: step.direction, ms: spent() });
  return spent();
}

/** The row before the first statement: who is at it, and how far. */
function opened(step: Compiled, course: Course): string {
  const { journal, sink, options } = course;
  const total = step.statements.length;
  const start = { ...progress(step, options.transaction, 0), total, session: sink.session };
  if (step.direction === "downgrade") return journal.update(step.id, { ...start, status: "reverting" });
  return journal.insert({ ...appliedRow(step.record, 0, 0), ...start, status: "applying" });
}

/** How far, and with the same write the intent to send what comes next where that commits by itself. */
export function progress(step: Compiled, mode: TransactionMode, done: number): Pick<JournalRow, "done" | "error"> {
  const next = step.statements[done];
  return { done, error: next !== undefined && alone(next, mode) ? sent : null };
}

function finished(step: Compiled, journal: JournalSql, ms: number): string {
  if (step.direction === "downgrade") return journal.remove(step.id);
  const { status, done, total, duration_ms, applied_at, session, error } = appliedRow(step.record, step.statements.length, ms);
  return journal.update(step.id, { status, done, total, duration_ms, applied_at, session, error });
}

async function send(course: Course, step: Compiled, statement: Statement, index: number): Promise<void> {
  const { options, signal } = course;
  course.index = index;
  if (signal?.aborted) throw new Stop();
  const about = { revision: step.id, index, total: step.statements.length };
  options.onEvent?.({ kind: "statement", ...about, sql: statement.sql });
  const started = performance.now();
  await course.sink.statement(statement, step);
  course.last = `statement ${index + 1} of ${about.total} of ${step.id}`;
  options.onEvent?.({ kind: "statementDone", ...about, ms: performance.now() - started });
}

async function record(course: Course, sql: string): Promise<void> {
  try {
    await course.sink.journal(sql);
  } catch (error) {
    if (isLost(error)) throw error;
    const table = labelOf(course.options.journal);
    throw failed("journal-failed", `The journal ${table} could not be written: ${messageOf(error)}`, "limbeck doctor", { table }, error);
  }
}

/** Other records that must say the same as the journal. */
async function alongside({ sink }: Course, { also = [] }: Compiled): Promise<void> {
  for (const sql of also) await sink.journal(sql);
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
}

/** The user wants no more. */
export class Stop extends Error {}

/** Whatever stops the work leaves no open transaction, a journal that says how far it came, and an error that says the same. */
async function guarded<T>(course: Course, step: Compiled, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const undone = course.open ? course.uncommitted.map(({ id }) => id) : [];
    if (course.open) await course.sink.rollback().catch(() => {});
    course.open = false;
    const { index, kept, committing } = course;
    const standing: Standing = { step, index, undone: kept === null ? [...undone, step.id] : undone, kept, committing };
    if (course.kept !== null && !isLost(error)) {
      const note = error instanceof Stop ? "stopped as asked" : messageOf(error).slice(0, 2000);
      await course.sink.journal(course.journal.update(step.id, { error: note, session: null })).catch(() => {});
    }
    if (error instanceof Stop) throw stopped(course.last, standing);
    throw error instanceof LimbeckError ? error : statementFailed(error, standing);
  }
}
