import { headsAmong, headsOf } from "../graph/walk.ts";
import type { Interrupted } from "../run/journal.ts";
import { type HistoryRow, rowsOf } from "./history.ts";
import { readSeen } from "./move/seen.ts";
import { type Location, openProject, withDatabase } from "./project/project.ts";

export interface CurrentResult {
  readonly heads: readonly string[];
  readonly atHead: boolean;
  readonly pending: readonly string[];
  /** applied, but without a file */
  readonly unknown: readonly string[];
  readonly interrupted: Interrupted | null;
  readonly revisions: readonly HistoryRow[];
}

/** Where the database is. Makes no table. */
export async function current(location: Location): Promise<CurrentResult> {
  const opened = await openProject(location);
  const { project, journal } = await withDatabase(opened, ({ db }) => readSeen(opened, db));
  const { graph } = project;
  // from the journal's own parents, so that a missing file hides nothing
  const applied = journal.rows.filter(({ id }) => journal.applied.has(id));
  const heads = headsOf(applied.map(({ id, parents, depends_on }) => ({ id, parents, dependsOn: depends_on })));
  const pending = graph.order.filter((id) => !journal.applied.has(id));
  const unknown = [...journal.applied].filter((id) => !graph.nodes.has(id));
  return {
    heads,
    atHead: pending.length === 0 && unknown.length === 0 && journal.interrupted === null,
    pending,
    unknown,
    interrupted: journal.interrupted,
    revisions: rowsOf(project, headsAmong(graph, new Set(heads.filter((id) => graph.nodes.has(id)))), journal.applied, location.cwd),
  };
}
