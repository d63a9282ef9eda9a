import type { Operation } from "../core/operation.ts";
import type { NotCompared } from "../dialect/dialect.ts";
import { type Attributed, attribute } from "../diff/attribute.ts";
import type { Difference } from "../diff/diff.ts";
import { type Comparison, compare, differsBy, historySchema } from "./compare.ts";
import { requireIntact } from "./integrity.ts";
import { type Location, openProject, type Project, type Session, withDatabase } from "./project.ts";
import { readSeen } from "./seen.ts";

export interface CheckResult {
  readonly clean: boolean;
  readonly operations: readonly Operation[];
  /** the operations and what is unmanaged, each with whose it is */
  readonly differences: readonly Attributed[];
  readonly pending: readonly string[];
  readonly heads: readonly string[];
  readonly notCompared: readonly NotCompared[];
  readonly unmanaged: Difference["unmanaged"];
  readonly names: Difference["names"];
}

/** Do entities, revisions and database agree? */
export async function check(location: Location): Promise<CheckResult> {
  const opened = await openProject(location, true);
  return withDatabase(opened, async (session) => {
    const { project, journal } = await readSeen(opened, session.db);
    await requireIntact(project, session.db, journal);
    const { applied } = journal;
    const comparison = await compare(project, session, applied);
    const { difference, notCompared } = comparison;
    const pending = project.graph.order.filter((id) => !applied.has(id));
    const heads = project.graph.heads;
    return {
      clean: difference.operations.length === 0 && pending.length === 0 && heads.length <= 1,
      operations: difference.operations,
      differences: attribute(difference, await witnesses(project, session, comparison, applied)),
      pending,
      heads,
      notCompared,
      unmanaged: difference.unmanaged,
      names: difference.names,
    };
  });
}

/** The history's word on the database, asked only when there is a difference to explain. */
async function witnesses(project: Project, session: Session, { difference, had, known }: Comparison, applied: ReadonlySet<string>) {
  if (difference.operations.length === 0) return { toApplied: [], toAll: [] };
  const toApplied = (await differsBy(project, session, had, known)).operations;
  if (project.graph.order.every((id) => applied.has(id))) return { toApplied, toAll: toApplied };
  const { schema } = await historySchema(project, session.server, new Set(project.graph.order));
  const all = project.dialect.normalize(schema, session.server);
  return { toApplied, toAll: (await differsBy(project, session, had, all)).operations };
}
