import type { Db } from "../core/db.ts";
import { failed, LimbeckError } from "../core/errors.ts";
import { type Done, execute } from "./execute.ts";
import { messageOf } from "./failure.ts";
import { type Journal, journalHeads, readJournal } from "./journal.ts";
import { live, type RunCode } from "./live.ts";
import { withLock } from "./lock.ts";
import { ask, questionsOf } from "./precheck.ts";
import { resumeAt, resumedFirst } from "./resume.ts";
import type { Compiled } from "./sink.ts";
import type { RunOptions, Step } from "./step.ts";

export interface LiveOptions extends RunOptions {
  /** seconds to wait for another run */
  readonly wait: number;
  /** runs a step that is written in code */
  readonly runCode: RunCode;
  readonly signal?: AbortSignal;
}

export interface RunResult {
  readonly done: readonly Done[];
  readonly heads: readonly string[];
}

/** Makes the plan from the journal as it is under the lock; everything that it refuses is refused before anything is sent. */
export type Plan = (journal: Journal) => Promise<readonly Step[]>;

/** One at a time: lock, journal, plan, questions to the data, statements. */
export async function run(db: Db, options: LiveOptions, plan: Plan): Promise<RunResult> {
  const { dialect, signal, onEvent, wait } = options;
  const sql = dialect.journal(options.journal);
  const waiting = { wait, ...(signal === undefined ? {} : { signal }), ...(onEvent === undefined ? {} : { onEvent }) };
  return withLock(db, dialect, options.journal, waiting, async () => {
    const journal = await readJournal(db, sql);
    const steps = compiled(resumedFirst(await plan(journal), journal), options);
    if (steps.length === 0) return { done: [], heads: journalHeads(journal.rows) };
    const done = await runSteps(db, steps, journal, options);
    return { done, heads: journalHeads((await readJournal(db, sql)).rows) };
  });
}

async function runSteps(db: Db, steps: readonly Compiled[], journal: Journal, options: LiveOptions): Promise<readonly Done[]> {
  const sink = live(db, options.runCode, options.signal);
  const [first] = steps;
  const half = first !== undefined && first.id === journal.interrupted?.id ? first : null;
  // a half applied revision was asked about when it began, and what follows cannot be asked about before it is whole
  const questions = questionsOf(half === null ? steps : [], options);
  await ask(db, questions.first);
  if (!journal.exists) await createJournal(db, options);
  const resume = half === null ? null : await resumeAt(db, half, journal, sink, options);
  const ran: string[] = [];
  const together = options.transaction === "all";
  return execute(steps, sink, options, {
    resume,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    before: async (step) => {
      if (step !== half) await ask(db, questions.later(step), { ran: together ? [] : ran, inTransaction: together });
      ran.push(step.id);
    },
  });
}

export async function createJournal(db: Db, { dialect, journal }: Pick<RunOptions, "dialect" | "journal">): Promise<void> {
  try {
    for (const sql of dialect.journal(journal).create) await db.query(sql);
  } catch (error) {
    if (error instanceof LimbeckError) throw error;
    throw failed("journal-failed", `The journal ${journal.name} could not be made: ${messageOf(error)}`, "limbeck doctor", {}, error);
  }
}

export function compiled(steps: readonly Step[], { dialect, context }: Pick<RunOptions, "dialect" | "context">): readonly Compiled[] {
  return steps.map((step) => {
    const here = step.before === undefined ? context : { ...context, before: step.before };
    return { ...step, statements: dialect.compile(step.operations, here) };
  });
}
