import type { Db } from "../core/db.ts";
import { refused } from "../core/errors.ts";
import type { Operation } from "../core/operation.ts";
import type { Dialect } from "../dialect/dialect.ts";
import type { RunOptions } from "./options.ts";
import type { Compiled } from "./step.ts";

/** so few locks fit in every server: it need not be asked */
const few = 500;

/** Cuts what would lock more than the server can hold, before anything is sent. */
export async function fitting(
  db: Db,
  steps: readonly Compiled[],
  { dialect: { lockTable }, transaction }: RunOptions,
): Promise<readonly Compiled[]> {
  if (lockTable === undefined || transaction === "none") return steps;
  const weights = steps.map((step) => weightsOf(step, lockTable.places));
  const total = transaction === "all" ? sum(weights.flat()) : Math.max(0, ...weights.map(sum));
  if (total <= few) return steps;
  const [row] = await db.query(lockTable.room);
  const room = Math.max(few, Number(row?.room ?? 0));
  if (total <= room) return steps;
  if (transaction === "all") throw tooMany(total, room);
  return steps.map((step, i) => ({ ...step, cuts: cutsOf(step, weights[i] ?? [], room) }));
}

type Sent = Pick<Compiled, "statements" | "operations">;

/** Statements before which a transaction has to end to fit in every server. */
export function cutsFor({ lockTable }: Dialect, sent: Sent): ReadonlySet<number> {
  return lockTable === undefined ? new Set() : cutsOf(sent, weightsOf(sent, lockTable.places), few);
}

/** By statement; an operation counts with its first one. */
function weightsOf({ statements, operations }: Sent, places: (operation: Operation) => number): readonly number[] {
  const counted = new Set<number>();
  return statements.map((statement) => {
    const first = statement.operations.filter((place) => !counted.has(place));
    for (const place of first) counted.add(place);
    return sum(first.map((place) => operations[place]).map((operation) => (operation === undefined ? 0 : places(operation))));
  });
}

function cutsOf({ statements }: Sent, weights: readonly number[], room: number): ReadonlySet<number> {
  const cuts = new Set<number>();
  let taken = 0;
  for (const [i, statement] of statements.entries()) {
    const weight = weights[i] ?? 0;
    if (!statement.transactional) taken = 0;
    else if (taken + weight > room && taken > 0) {
      cuts.add(i);
      taken = weight;
    } else taken += weight;
  }
  return cuts;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}

function tooMany(needed: number, room: number): Error {
  return refused(
    "too-many-locks",
    `One transaction for the whole run would take about ${needed} places in the server's lock table, and ${room} are to be had. Nothing was changed.`,
    "give each revision its own, which are cut further where they must be: --transaction each; or raise the server's max_locks_per_transaction",
    { needed, room },
  );
}
