import type { Statement } from "../core/statement.ts";
import type { TransactionMode } from "./options.ts";

/** Statements that stand or fall together: a run of transactional ones, or a single one that commits by itself. */
export interface Batch {
  readonly transactional: boolean;
  /** place of the first statement in its revision */
  readonly first: number;
  readonly statements: readonly Statement[];
}

/** `cuts`: places where a transaction has to end, because it would be too large. */
export function batchesOf(
  statements: readonly Statement[],
  mode: TransactionMode,
  from: number = 0,
  cuts: ReadonlySet<number> = none,
): readonly Batch[] {
  const batches: Batch[] = [];
  for (const [i, statement] of statements.entries()) {
    if (i < from) continue;
    const transactional = alone(statement, mode) === false;
    const last = batches.at(-1);
    if (transactional && last?.transactional && !cuts.has(i))
      batches[batches.length - 1] = { ...last, statements: [...last.statements, statement] };
    else batches.push({ transactional, first: i, statements: [statement] });
  }
  return batches;
}

const none: ReadonlySet<number> = new Set();

export function alone(statement: Statement, mode: TransactionMode): boolean {
  return mode === "none" || !statement.transactional || statement.batches !== undefined;
}
