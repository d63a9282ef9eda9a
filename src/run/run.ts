import type { Db } from "../core/db.ts";
import { fitting } from "./capacity.ts";
import type { Done } from "./course.ts";
import { execute } from "./execute.ts";
import { type Journal, journalHeads, readJournal } from "./journal.ts";
import { live } from "./live.ts";
import { withLock } from "./lock.ts";
import type { LiveOptions } from "./options.ts";
import { ask, questionsOf } from "./precheck.ts";
import { prepareJournal } from "./prepare.ts";
import { resumeAt, resumedFirst } from "./resume.ts";
import { hasHappened } from "./settle.ts";
import { type Compiled, compiled, type Step } from "./step.ts";
import { watcherOf } from "./watcher.ts";

export interface RunResult {
  readonly done: readonly Done[];
  readonly heads: readonly string[];
}

/** Makes the plan from the journal as it is under the lock; everything that it refuses is refused before anything is sent. */
export type Plan = (journal: Journal) => Promise<readonly Step[]>;

/** One at a time: lock, journal, plan, questions to the data, statements. */
export async function run(db: Db, options: LiveOptions, plan: Plan): Promise<RunResult> {
  const { dialect } = options;
  const sql = dialect.journal(options.journal);
  return withLock(db, dialect, options.journal, options, async () => {
    const journal = await readJournal(db, sql);
    const steps = compiled(resumedFirst(await plan(journal), journal), options);
    if (steps.length === 0) return { done: [], heads: journalHeads(journal.rows) };
    const done = await runSteps(db, steps, journal, options);
    return { done, heads: journalHeads((await readJournal(db, sql)).rows) };
  });
}

async function runSteps(db: Db, steps: readonly Compiled[], journal: Journal, options: LiveOptions): Promise<readonly Done[]> {
  const { dialect, lockTimeoutMs, signal, onEvent } = options;
  const [first] = steps;
  const half = first !== undefined && first.id === journal.interrupted?.id ? first : null;
  // a half applied revision was asked about when it began, and what follows cannot be asked about before it is whole
  const questions = questionsOf(half === null ? steps : [], options);
  await ask(db, questions.first);
  const cut = await fitting(db, steps, options);
  await prepareJournal(db, options);
  const firstMs = lockTimeoutMs > 0 ? Math.min(500, lockTimeoutMs / 3) : 500;
  const watcher = watcherOf({ watch: dialect.watch, open: options.watch, session: db.session, firstMs, onEvent });
  const sink = live(db, options, watcher);
  const ran: string[] = [];
  const together = options.transaction === "all";
  try {
    const resume = half === null ? null : await resumeAt(db, half, journal, sink, options);
    return await execute(cut, sink, options, {
      resume,
      live: {
        patience: { lockTimeoutMs, signal, onEvent, blockers: watcher.blockers },
        takeBack: (statement) => hasHappened(db, statement, options),
        interrupted: async () => (await readJournal(db, dialect.journal(options.journal))).interrupted,
      },
      before: async (step) => {
        if (step.id !== half?.id) await ask(db, questions.later(step), { ran: together ? [] : ran, inTransaction: together });
        ran.push(step.id);
      },
    });
  } finally {
    await watcher.close();
  }
}
