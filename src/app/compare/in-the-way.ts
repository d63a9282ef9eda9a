import type { Operation } from "../../core/operation.ts";
import type { Project } from "../project/project.ts";
import type { Session } from "../project/session.ts";

const asked: ReadonlySet<string> = new Set(["dependants", "unmanaged", "partitioned"]);

/** What others have on what goes or changes: `upgrade` would refuse it, here and now. Whoever writes the revision is told at once. */
export async function inTheWay(
  { dialect }: Project,
  { db, context }: Pick<Session, "db" | "context">,
  operations: readonly Operation[],
): Promise<readonly string[]> {
  const notes: string[] = [];
  for (const { code, sql, message, hint } of operations.length === 0 ? [] : dialect.prechecks(operations, context)) {
    if (!asked.has(code)) continue;
    // a question that can't be asked here is asked again before the revision runs
    const [row] = await db.query(sql).catch(() => []);
    if (Number(row?.count ?? 0) > 0)
      notes.push(`as it stands, upgrade refuses this: ${message}${row?.samples ? `: ${row.samples}` : ""}\n  ${hint}`);
  }
  return notes;
}
