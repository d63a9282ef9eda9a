import { type LimbeckError, usage } from "../core/errors.ts";
import { isRelative, parseExpression } from "../graph/expression.ts";
import { planDowngrade } from "../graph/plan.ts";
import { appliedAt, splitRange } from "../graph/range.ts";
import { resolveDowngrade, resolveMany } from "../graph/target.ts";
import { ancestors } from "../graph/walk.ts";
import type { Script } from "../run/script.ts";
import { type Choose, type Moved, type MoveOptions, move, type PlannedRevision, preview, writeScript } from "./move/move.ts";
import { type Location, openProject, type Project } from "./project/project.ts";

/** Takes the database back to the target. */
export async function downgrade(
  location: Location,
  target: string,
  options: MoveOptions = {},
): Promise<{ readonly reverted: readonly Moved[]; readonly heads: readonly string[] }> {
  const { moved, heads } = await move(location, "downgrade", downgradeChooser(target), options);
  return { reverted: moved, heads };
}

export async function downgradePlan(
  location: Location,
  target: string,
  options: MoveOptions,
): Promise<{ readonly revisions: readonly PlannedRevision[] }> {
  return { revisions: await preview(location, "downgrade", downgradeChooser(target), options) };
}

export async function downgradeScript(location: Location, target: string, options: MoveOptions): Promise<Script> {
  const project = await openProject(location, { whole: true });
  const range = splitRange(target);
  if (range === null || range.from === "") throw beginningNeeded(project, target, range?.to ?? target);
  if (range.to === "") {
    throw usage("range-needed", `"${target}" does not say where the script ends.`, `limbeck downgrade ${range.from}:base --sql`);
  }
  const applied = appliedAt(project.graph, new Set(), range.from);
  refuseTurned(project, applied, range.to, target);
  return writeScript(project, "downgrade", applied, downgradeChooser(range.to), options);
}

/** At the head, or, where there are several, at all of them or at one that leads down to it: which, only who asks can know. */
function beginningNeeded({ graph }: Project, text: string, target: string): LimbeckError {
  const leads = (from: string): boolean => {
    try {
      return downgradeChooser(target)(graph, appliedAt(graph, new Set(), from)).length > 0;
    } catch {
      return false;
    }
  };
  const beginnings = graph.heads.length > 1 ? ["heads", ...graph.heads].filter(leads) : ["head"];
  return usage(
    "range-needed",
    `"${text}" does not say where the script begins: nothing is asked of a database.`,
    beginnings.length > 0 ? beginnings.map((from) => `limbeck downgrade ${from}:${target} --sql`).join("\nor: ") : "limbeck heads",
  );
}

function refuseTurned({ graph }: Project, applied: ReadonlySet<string>, to: string, range: string): void {
  if (isRelative(parseExpression(graph, to))) return;
  const ids = resolveMany(graph, applied, [to]);
  const below = ancestors(graph, ids);
  if (ids.every((id) => applied.has(id)) || ![...applied].every((id) => below.has(id))) return;
  throw usage("wrong-direction", `"downgrade ${range}" goes the other way.`, `limbeck upgrade ${range} --sql`);
}

export function downgradeChooser(target: string): Choose {
  return (graph, applied) => planDowngrade(graph, applied, resolveDowngrade(graph, applied, target));
}
