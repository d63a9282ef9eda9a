import type { Db } from "../../core/db.ts";
import { LimbeckError, locked } from "../../core/errors.ts";
import type { Blocker, Watch } from "../../dialect/dialect.ts";
import { blockerText, isBusy, messageOf } from "../../run/failure.ts";

/** What a command met that only looks: a lock that it did not get in time is told with who holds it; anything else is as it was. */
export async function heldTable(error: unknown, db: Db, watch: Watch): Promise<unknown> {
  if (error instanceof LimbeckError || !isBusy(error)) return error;
  await db.query("ROLLBACK").catch(() => {});
  const blockers = await watch.holders(db).catch(() => null);
  const [first] = blockers ?? [];
  return locked(
    "table-locked",
    `The server did not give a lock in time: ${messageOf(error)}\n${heldBy(blockers)}`,
    `run it again${first === undefined || first.pid === "0" ? "" : ` when session ${first.pid} has ended`}; or wait longer: lockTimeout: SECONDS in the configuration`,
    { blockers: blockers ?? [] },
    error,
  );
}

function heldBy(blockers: readonly Blocker[] | null): string {
  if (blockers === null) return "The server does not say who holds it.";
  if (blockers.length === 0) return "Who held it has let go by now.";
  return `In its way:\n${blockers.map((one) => `  ${blockerText(one)}`).join("\n")}`;
}
