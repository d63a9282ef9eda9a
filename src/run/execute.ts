import { LimbeckError } from "../core/errors.ts";
import { type Batch, batchesOf } from "./batches.ts";
import { begin, type Course, commit, courseOf, type Done, type Live, record, recordAlongside, rollback } from "./course.ts";
import { isLost, messageOf, type Standing, statementFailed, stopped, tableLocked } from "./failure.ts";
import type { RunOptions } from "./options.ts";
import type { Resume } from "./resume.ts";
import { NotHad } from "./retry.ts";
import { beginning, ending, progress, stopping } from "./row.ts";
import { send } from "./send.ts";
import { wasRefused } from "./settle.ts";
import type { Sink } from "./sink.ts";
import type { Compiled } from "./step.ts";
import { Stop } from "./stop.ts";
import { Ended } from "./unseen.ts";

/** Runs the steps into the sink, journal and all. `before` is called before the first statement of each. */
export async function execute(
  steps: readonly Compiled[],
  sink: Sink,
  options: RunOptions,
  given: { readonly resume?: Resume | null; readonly live?: Live; readonly before?: (step: Compiled) => Promise<void> } = {},
): Promise<readonly Done[]> {
  const course = courseOf(sink, options, given.live ?? null);
  const done: Done[] = [];
  for (const step of steps) {
    const resume = given.resume?.id === step.id ? given.resume : null;
    course.here = { index: resume?.from ?? 0, kept: resume?.from ?? null, begun: resume !== null };
    const finished = await guarded(course, step, async () => {
      await given.before?.(step);
      const ms = await executeStep(course, step, resume);
      if (options.transaction !== "all") await commit(course);
      const { id, direction, record, statements } = step;
      return { id, direction, message: record.message, ms: Math.round(ms), statements: statements.length };
    });
    done.push(finished);
    if (course.transaction.open) course.transaction.revisions.push(finished);
  }
  const last = steps.at(-1);
  if (last !== undefined) await guarded(course, last, () => commit(course));
  return done;
}

async function executeStep(course: Course, step: Compiled, resume: Resume | null): Promise<number> {
  const { sink, options } = course;
  const started = performance.now();
  // a script takes no time: the same run gives the same text
  const spent = () => (sink.session === null ? 0 : performance.now() - started);
  const { id: revision, direction, record, statements } = step;
  options.onEvent?.({ kind: "revision", revision, direction, message: record.message, total: statements.length });
  await sink.announce(step);
  const batches = batchesOf(statements, options.transaction, resume?.from, step.cuts);
  const whole = batches.length <= 1 && batches.every(({ transactional }) => transactional);
  if (resume === null && whole) await asOne(course, step, spent);
  else await inBatches(course, step, batches, resume, spent);
  options.onEvent?.({ kind: "revisionDone", revision, direction, ms: spent() });
  return spent();
}

/** In one transaction, the one of the run where that has only one. */
async function asOne(course: Course, step: Compiled, spent: () => number): Promise<void> {
  await begin(course);
  for (const index of step.statements.keys()) await send(course, step, index, null);
  await end(course, step, spent());
}

/** Each of them committed, and the row saying how far it is. */
async function inBatches(
  course: Course,
  step: Compiled,
  batches: readonly Batch[],
  resume: Resume | null,
  spent: () => number,
): Promise<void> {
  const { sink, journal, here, options } = course;
  await commit(course);
  if (resume === null) await record(course, beginning(journal, step, sink.session, progress(step, options.transaction, 0)));
  here.begun = true;
  here.kept = resume?.from ?? 0;
  for (const { transactional, first, statements } of batches) {
    if (transactional) await begin(course);
    for (const i of statements.keys()) {
      const index = first + i;
      await send(course, step, index, resume?.from === index ? resume.progress : null);
    }
    const done = first + statements.length;
    if (done === step.statements.length) await end(course, step, spent());
    else await record(course, journal.update(step.id, progress(step, options.transaction, done)));
    await commit(course);
    here.kept = done;
  }
  // everything had happened, and only the row does not say so
  if (batches.length === 0) await end(course, step, spent());
}

async function end(course: Course, step: Compiled, ms: number): Promise<void> {
  await begin(course);
  await recordAlongside(course, step);
  await record(course, ending(course.journal, step, ms, course.here.begun));
}

/** Whatever stops the work leaves no open transaction, a journal that says how far it came, and an error that says the same. */
async function guarded<T>(course: Course, step: Compiled, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (caught) {
    const ended = caught instanceof Ended;
    const error = ended ? caught.cause : caught;
    const { open, committing, revisions } = course.transaction;
    if (open) await rollback(course).catch(() => {});
    const { index, kept } = course.here;
    const undone = [...revisions.map(({ id }) => id), ...(kept === null ? [step.id] : [])];
    const half = !open && step.statements[index]?.code !== undefined;
    const standing: Standing = { step, index, undone, kept, committing, ended, half };
    if (kept !== null && !isLost(error)) {
      const reason = error instanceof Stop ? "stopped as asked" : messageOf(error);
      const happened = !(error instanceof Stop) && (ended || !wasRefused(error));
      await course.sink.journal(stopping(course.journal, step, reason, happened)).catch(() => {});
    }
    if (error instanceof Stop) throw stopped(course.last, standing);
    if (error instanceof NotHad) throw tableLocked(error, standing);
    throw error instanceof LimbeckError ? error : statementFailed(error, standing);
  }
}
