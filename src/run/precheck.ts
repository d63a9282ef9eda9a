import type { Db } from "../core/db.ts";
import { failed, refused } from "../core/errors.ts";
import type { Precheck } from "../core/statement.ts";
import { cannotBeAsked, isBusy, isLost, messageOf } from "./failure.ts";
import type { RunOptions } from "./options.ts";
import { contextAt, type Step } from "./step.ts";

/** A precheck that found rows in the way. */
export interface Obstacle {
  readonly revision: string;
  readonly op: number;
  readonly code: string;
  readonly about: "rows" | "server";
  readonly message: string;
  readonly count: number;
  readonly samples: string | null;
  readonly hint: string;
}

export interface Question {
  readonly step: Step;
  /** among the operations of its revision */
  readonly operation: number;
  readonly check: Precheck;
}

/** What is asked before anything runs, and what only right before a revision, because earlier ones have a hand in it. */
export interface Questions {
  readonly first: readonly Question[];
  later(step: Step): readonly Question[];
}

/**
 * The dialect is given the operations of the whole run as one list: so it knows which tables a question can be asked of as they are now,
 * and under which names. A question that it has for a revision alone, but not within the run, must wait for that revision's turn.
 */
export function questionsOf(steps: readonly Step[], { dialect, context }: RunOptions): Questions {
  const places = steps.flatMap((step) => step.operations.map((_, operation) => ({ step, operation })));
  const operations = steps.flatMap((step) => step.operations);
  const known = steps[0] === undefined ? context : contextAt(steps[0], context);
  const first = dialect.prechecks(operations, known).flatMap((check) => {
    const place = places[check.operation];
    return place === undefined ? [] : [{ ...place, check }];
  });
  const asked = new Set(first.map(keyOf));
  return {
    first,
    later: (step) =>
      dialect
        .prechecks(step.operations, contextAt(step, context))
        .map((check) => ({ step, operation: check.operation, check }))
        .filter((question) => !asked.has(keyOf(question))),
  };
}

/** When it is asked: what ran before in this run and stands, and whether a transaction is open. */
interface Moment {
  readonly ran: readonly string[];
  readonly inTransaction: boolean;
}
const beforeAll: Moment = { ran: [], inTransaction: false };

/** Asks all and refuses when one finds something: every obstacle is named, not only the first. */
export async function ask(db: Db, questions: readonly Question[], { ran, inTransaction }: Moment = beforeAll): Promise<void> {
  const obstacles: Obstacle[] = [];
  for (const question of questions) obstacles.push(...(await answer(db, question, inTransaction)));
  const [first] = obstacles;
  if (first === undefined) return;
  const lines = obstacles.map(lineOf);
  const stands = ran.length === 0 ? "Nothing was changed." : `Applied before it, and standing: ${ran.join(", ")}.`;
  throw refused(
    "precheck-failed",
    `${obstacles.every(({ about }) => about === "server") ? "The server" : "What is there"} does not allow it:\n${lines.join("\n")}\n${stands}`,
    [...new Set(obstacles.map(({ hint }) => hint))].join("\n"),
    { checks: obstacles, applied: ran },
  );
}

function lineOf({ revision, about, message, count, samples }: Obstacle): string {
  const nothing = samples === null || samples === "";
  if (about === "server") return `  ${revision}: ${message}${nothing ? "" : `: ${samples}`}`;
  const shown = nothing ? "" : `, as ${samples}`;
  return `  ${revision}: ${message} (${count} ${count === 1 ? "row" : "rows"}${shown})`;
}

async function answer(db: Db, { step, operation, check }: Question, inTransaction: boolean): Promise<readonly Obstacle[]> {
  const row = await firstRow(db, check.sql, inTransaction);
  const count = Number(row?.count ?? 0);
  if (!(count > 0)) return [];
  const { code, about = "rows", message } = check;
  const hint = check.hint.replaceAll("{revision}", step.id);
  return [{ revision: step.id, op: operation, code, about, message, count, samples: row?.samples ?? null, hint }];
}

/** A question about what is not there, or may not be seen, stops nothing: the statement itself will say what is wrong. */
async function firstRow(db: Db, sql: string, inTransaction: boolean) {
  try {
    return (await db.query(sql))[0];
  } catch (error) {
    // in an open transaction PostgreSQL takes nothing more after an error
    if (!inTransaction && cannotBeAsked(error)) return undefined;
    // who is in the way is told where the session is at hand
    if (isLost(error) || isBusy(error)) throw error;
    throw failed(
      "precheck-unanswered",
      `The server did not answer a question about the data: ${messageOf(error)}\n  ${sql.replaceAll("\n", "\n  ")}\nNothing of the revision was sent.`,
      "mend the cause and run it again; where it takes too long: --statement-timeout SECONDS",
      { sql },
      error,
    );
  }
}

function keyOf({ step, operation, check }: Question): string {
  return `${step.id} ${operation} ${check.code}`;
}
