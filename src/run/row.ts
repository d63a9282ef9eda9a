import type { JournalRow, JournalSql } from "../dialect/dialect.ts";
import { alone } from "./batches.ts";
import type { TransactionMode } from "./options.ts";
import { appliedRow, type Compiled } from "./step.ts";

/** What the journal's row says of a revision on its way, so that the next run can go on whatever becomes of this one. */

/** Stands in `error` from before a statement that commits by itself is sent until its end is known. */
export const sent = "sent, end not known";

/** Begins `error` where the statement was refused, or stopped before it was sent. */
export const notHappened = "did not happen: ";

export type Progress = Pick<JournalRow, "done" | "error" | "progress">;

/** How far, and with the same write the intent to send what comes next where that commits by itself. */
export function progress({ statements }: Compiled, mode: TransactionMode, done: number): Progress {
  const next = statements[done];
  return { done, error: next !== undefined && alone(next, mode) ? sent : null, progress: null };
}

/** Before the first statement: who is at it, and how far. */
export function beginning(journal: JournalSql, step: Compiled, session: string | null, so: Progress): string {
  const start = { ...so, total: step.statements.length, session };
  if (step.direction === "downgrade") return journal.update(step.id, { ...start, status: "reverting" });
  return journal.insert({ ...appliedRow(step.record, 0, 0), ...start, status: "applying" });
}

/** After the last one; `begun`: the row is there already. */
export function ending(journal: JournalSql, step: Compiled, ms: number, begun: boolean): string {
  if (step.direction === "downgrade") return journal.remove(step.id);
  const row = appliedRow(step.record, step.statements.length, ms);
  if (!begun) return journal.insert(row);
  const { status, done, total, duration_ms, applied_at, session, error, progress } = row;
  return journal.update(step.id, { status, done, total, duration_ms, applied_at, session, error, progress });
}

/** After what stopped it; nobody is at it any more. `happened`: the statement at hand may have. */
export function stopping(journal: JournalSql, { id }: Compiled, reason: string, happened: boolean): string {
  return journal.update(id, { error: `${happened ? "" : notHappened}${reason}`.slice(0, 2000), session: null });
}
