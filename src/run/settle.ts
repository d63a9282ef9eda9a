import type { Db } from "../core/db.ts";
import { failed } from "../core/errors.ts";
import type { Statement } from "../core/statement.ts";
import { isLost, messageOf } from "./failure.ts";
import { type Limits, patiently } from "./patient.ts";

const refused = new WeakSet<object>();

/** The server itself says no to what it is sent: whatever its catalogue shows later, this statement has not made it. */
export async function orRefused<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error && !isLost(error)) refused.add(error);
    throw error;
  }
}

export const wasRefused = (error: unknown): boolean => error instanceof Error && (refused.has(error) || wasRefused(error.cause));

/** Has it happened, though nobody said so? What it left half done is taken away, so that it can be sent again. */
export async function hasHappened(db: Db, statement: Statement, limits: Limits): Promise<boolean> {
  const { probe } = statement;
  if (probe === undefined) return false;
  const [found] = await db.query(probe.sql);
  const state = found === undefined ? "none" : Object.values(found)[0];
  if (state === "half") {
    for (const sql of probe.repair ?? []) {
      await patiently(db, statement, limits, () => db.query(sql)).catch((error: unknown) => {
        throw isLost(error) ? error : notRepaired(sql, error);
      });
    }
  }
  return state === "done";
}

function notRepaired(sql: string, error: unknown): Error {
  return failed(
    "statement-failed",
    `What an interrupted statement left half done could not be taken away: ${messageOf(error)}\n  ${sql}`,
    "run it by hand, then go on with the same command",
    { sql },
    error,
  );
}
