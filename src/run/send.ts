import type { Statement } from "../core/statement.ts";
import { begin, beginAgain, type Course, hasEnded, type Live, record, rollback } from "./course.ts";
import { retrying } from "./retry.ts";
import { beginning, sent } from "./row.ts";
import type { Turn } from "./sink.ts";
import type { Compiled } from "./step.ts";
import { Stop } from "./stop.ts";
import { Ended, endOf, marked } from "./unseen.ts";

/** Sends a statement of the step, and again while others hold what it needs; `progress`: how far an earlier run came with it. */
export async function send(course: Course, step: Compiled, index: number, progress: string | null): Promise<void> {
  const { sink, live, transaction } = course;
  const total = step.statements.length;
  const statement = step.statements[index];
  if (statement === undefined) throw new Error(`revision ${step.id} has no statement ${index}`);
  const turn: Turn = { place: { revision: step.id, index, total }, progress };
  course.here.index = index;
  if (live?.patience.signal?.aborted) throw new Stop();
  const work = () => sendOnce(course, step, statement, turn);
  if (live === null) await sink.statement(statement, step, turn);
  else if (transaction.open && statement.mayCommit) await sendUnseen(course, live, step, turn, work);
  else if (transaction.open) await sendInTransaction(course, live, turn, work);
  // each batch of a backfill comes again by itself; what code or a call had committed when it failed nobody knows
  else if (statement.batches || statement.code !== undefined || statement.mayCommit) await work();
  else await sendAlone(live, statement, turn, work);
  course.last = `statement ${index + 1} of ${total} of ${step.id}`;
}

async function sendOnce({ options, sink }: Course, step: Compiled, statement: Statement, turn: Turn): Promise<void> {
  const { place } = turn;
  options.onEvent?.({ kind: "statement", ...place, sql: statement.sql });
  const started = performance.now();
  await sink.statement(statement, step, turn);
  options.onEvent?.({ kind: "statementDone", ...place, ms: performance.now() - started });
}

function sendAlone({ patience, takeBack }: Live, statement: Statement, { place }: Turn, work: () => Promise<void>): Promise<void> {
  const nothing = async () => {};
  return retrying(patience, place, nothing, async (attempt) => {
    if (attempt > 1) await takeBack(statement);
    await work();
  });
}

/** The whole transaction is rolled back, so that nobody waits for its locks meanwhile, and done again. */
async function sendInTransaction(course: Course, { patience }: Live, { place }: Turn, work: () => Promise<void>): Promise<void> {
  await retrying(
    patience,
    place,
    () => rollback(course),
    async (attempt) => {
      if (attempt > 1) await beginAgain(course);
      await work();
    },
  );
  course.transaction.replay.push(work);
}

/**
 * Nobody sees beforehand whether it ends the transaction, as DDL does on MySQL. So the journal's word of it stands in the same transaction:
 * whatever happens, the row is there exactly when the work before it stands, too.
 */
async function sendUnseen(course: Course, live: Live, step: Compiled, turn: Turn, work: () => Promise<void>): Promise<void> {
  const { here, journal, sink } = course;
  const { index } = turn.place;
  const at = { done: index, error: sent, progress: null };
  await record(course, here.begun ? journal.update(step.id, at) : beginning(journal, step, sink.session, at));
  here.begun = true;
  const standsUntil = async () => {
    const row = await live.interrupted();
    return row?.id === step.id && row.done === index;
  };
  const stand = (statements: number) => {
    hasEnded(course);
    here.kept = statements;
  };
  await sendInTransaction(course, live, turn, () => marked(sink, work, standsUntil)).catch((error: unknown) => {
    if (error instanceof Ended) stand(index);
    throw error;
  });
  const end = await endOf(sink, standsUntil);
  if (end === "open") return;
  if (end === "rolled back") throw new Error("it rolled back the transaction that it is part of, and did not say so");
  stand(index + 1);
  await record(course, journal.update(step.id, { done: index + 1, error: null }));
  await begin(course);
}
