import { usage } from "../core/errors.ts";
import { planUpgrade } from "../graph/plan.ts";
import { appliedAt, splitRange } from "../graph/range.ts";
import { resolveUpgrade } from "../graph/target.ts";
import { headsAmong } from "../graph/walk.ts";
import type { Script } from "../run/script.ts";
import { type Choose, type Moved, type MoveOptions, move, type PlannedRevision, preview, writeScript } from "./move/move.ts";
import { type Location, openProject, type Project } from "./project/project.ts";

/** Brings the database to the targets. */
export async function upgrade(
  location: Location,
  targets: readonly string[],
  options: MoveOptions = {},
): Promise<{ readonly applied: readonly Moved[]; readonly heads: readonly string[] }> {
  const { moved, heads } = await move(location, "upgrade", upgradeChooser(targets), options);
  return { applied: moved, heads };
}

export async function upgradePlan(
  location: Location,
  targets: readonly string[],
  options: MoveOptions,
): Promise<{ readonly revisions: readonly PlannedRevision[] }> {
  return { revisions: await preview(location, "upgrade", upgradeChooser(targets), options) };
}

/** `A:B` begins at A; one target alone begins before the first revision. */
export async function upgradeScript(location: Location, targets: readonly string[], options: MoveOptions): Promise<Script> {
  const project = await openProject(location, { whole: true });
  const [only = "head"] = targets;
  const range = splitRange(only) ?? { from: "", to: only };
  const applied = appliedAt(project.graph, new Set(), range.from);
  const to = targets.length > 1 ? targets : [range.to === "" ? "heads" : range.to];
  refuseTurned(project, applied, to, only);
  return writeScript(project, "upgrade", applied, upgradeChooser(to), options);
}

/** A script of a range upside down would have nothing in it, and say so to nobody. */
function refuseTurned({ graph }: Project, applied: ReadonlySet<string>, to: readonly string[], range: string): void {
  if (applied.size === 0) return;
  const ids = resolveUpgrade(graph, applied, to);
  const ends = headsAmong(graph, applied);
  if (ids.some((id) => !applied.has(id) || ends.includes(id))) return;
  throw usage("wrong-direction", `"upgrade ${range}" goes the other way.`, `limbeck downgrade ${range} --sql`);
}

export function upgradeChooser(targets: readonly string[]): Choose {
  return (graph, applied) => planUpgrade(graph, applied, resolveUpgrade(graph, applied, targets));
}
