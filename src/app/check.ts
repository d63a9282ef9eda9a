import type { Operation } from "../core/operation.ts";
import type { NotCompared } from "../dialect/dialect.ts";
import type { Difference } from "../diff/diff.ts";
import { readJournal } from "../run/journal.ts";
import { compare } from "./compare.ts";
import { requireIntact } from "./load.ts";
import { type Location, openProject, withDatabase } from "./project.ts";

export interface CheckResult {
  readonly clean: boolean;
  readonly operations: readonly Operation[];
  readonly pending: readonly string[];
  readonly heads: readonly string[];
  readonly notCompared: readonly NotCompared[];
  readonly unmanaged: Difference["unmanaged"];
  readonly names: Difference["names"];
}

/** Do entities, revisions and database agree? */
export async function check(location: Location): Promise<CheckResult> {
  const project = await openProject(location, true);
  return withDatabase(project, async (session) => {
    const journal = await readJournal(session.db, project.dialect.journal(project.journal));
    await requireIntact(project, journal);
    const { applied } = journal;
    const { difference, notCompared } = await compare(project, session, applied);
    const pending = project.graph.order.filter((id) => !applied.has(id));
    const heads = project.graph.heads;
    return {
      clean: difference.operations.length === 0 && pending.length === 0 && heads.length <= 1,
      operations: difference.operations,
      pending,
      heads,
      notCompared,
      unmanaged: difference.unmanaged,
      names: difference.names,
    };
  });
}
