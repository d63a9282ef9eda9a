import type { Db } from "../core/db.ts";
import { failed } from "../core/errors.ts";
import type { Statement } from "../core/statement.ts";
import { isLost, messageOf } from "./failure.ts";
import { type Limits, patiently } from "./patient.ts";

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
