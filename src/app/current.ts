import type { Db } from "../core/db.ts";
import { toldMissing } from "../graph/graph.ts";
import { headsAmong, headsOf } from "../graph/walk.ts";
import type { Interrupted } from "../run/journal.ts";
import { type HistoryRow, rowsOf } from "./history.ts";
import { inLanes, type Told, toldOf } from "./move/lanes.ts";
import { readSeen } from "./move/seen.ts";
import { chooseTargets, type TargetChoice } from "./move/targets.ts";
import { type Location, openProject, type Project } from "./project/project.ts";
import { openWithDatabase, withDatabase } from "./project/session.ts";

export interface CurrentResult {
  readonly heads: readonly string[];
  readonly atHead: boolean;
  readonly pending: readonly string[];
  /** applied, but without a file */
  readonly unknown: readonly string[];
  readonly interrupted: Interrupted | null;
  readonly revisions: readonly HistoryRow[];
  /** parents and dependencies that no file has, in sentences */
  readonly missing: readonly string[];
}

/** Where the database is. Makes no table. */
export async function current(location: Location): Promise<CurrentResult> {
  return openWithDatabase(location, {}, (opened, { db }) => standing(opened, db, location));
}

/** Where one target is; null where it could not be looked at. */
export interface TargetStanding {
  readonly target: string;
  readonly error: Told | null;
  readonly standing: Omit<CurrentResult, "revisions" | "missing"> | null;
}

/** Where each of many databases is. One that can't be reached keeps nobody from looking at the others. */
export async function currentFleet(
  location: Location,
  choice: TargetChoice & { readonly concurrency: number },
): Promise<{ readonly targets: readonly TargetStanding[]; readonly exitCode: number }> {
  const targets = chooseTargets(await openProject(location), choice);
  const found = new Map<string, TargetStanding>();
  let worst = 0;
  await inLanes(targets, choice.concurrency, async ({ name, project }) => {
    try {
      const { revisions: _, missing: __, ...rest } = await withDatabase(project, ({ db }) => standing(project, db, location));
      found.set(name, { target: name, standing: rest, error: null });
    } catch (caught) {
      const { exitCode, ...error } = toldOf(caught);
      worst = Math.max(worst, exitCode);
      found.set(name, { target: name, standing: null, error });
    }
  });
  return { targets: targets.flatMap(({ name }) => found.get(name) ?? []), exitCode: worst };
}

async function standing(opened: Project, db: Db, location: Location): Promise<CurrentResult> {
  const { project, journal } = await readSeen(opened, db);
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
    missing: toldMissing(graph),
  };
}
