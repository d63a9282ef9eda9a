import type { Db } from "../core/db.ts";
import { LimbeckError } from "../core/errors.ts";
import { labelOf } from "../core/schema.ts";
import { isLost, journalFailed } from "./failure.ts";
import type { RunOptions } from "./options.ts";

/** The journal is made where it is missing, and gets the columns that one of an earlier version lacks. */
export async function prepareJournal(db: Db, { dialect, journal }: Pick<RunOptions, "dialect" | "journal">): Promise<void> {
  const sql = dialect.journal(journal);
  try {
    const [exists, lacking] = await db.batch([sql.exists, sql.lacking]);
    if (exists?.[0]?.[0] === "1" && lacking?.[0]?.[0] === "0") return;
    for (const statement of sql.create) await db.query(statement);
  } catch (error) {
    if (error instanceof LimbeckError || isLost(error)) throw error;
    throw journalFailed(labelOf(journal), "made", error);
  }
}
