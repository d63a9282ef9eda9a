import { usage } from "../core/errors.ts";
import { requireWhole } from "../graph/graph.ts";
import { planDowngrade } from "../graph/plan.ts";
import { appliedAt, splitRange } from "../graph/range.ts";
import { resolveDowngrade } from "../graph/target.ts";
import type { Script } from "../run/script.ts";
import { type Choose, type Moved, type MoveOptions, move, type PlannedRevision, preview, writeScript } from "./move/move.ts";
import { type Location, openProject, type Project } from "./project/project.ts";

/** Takes the database back to the target. */
export async function downgrade(
  location: Location,
  target: string,
  options: MoveOptions = {},
): Promise<{ readonly reverted: readonly Moved[]; readonly heads: readonly string[] }> {
  const project = await opened(location);
  const { moved, heads } = await move(location, project, "downgrade", downgradeChooser(target), options);
  return { reverted: moved, heads };
}

export async function downgradePlan(
  location: Location,
  target: string,
  options: MoveOptions,
): Promise<{ readonly revisions: readonly PlannedRevision[] }> {
  const project = await opened(location);
  return { revisions: await preview(project, "downgrade", downgradeChooser(target), options) };
}

export async function downgradeScript(location: Location, target: string, options: MoveOptions): Promise<Script> {
  const project = await opened(location);
  const range = splitRange(target);
  if (range === null || range.from === "" || range.to === "") {
    throw usage(
      "range-needed",
      `"${target}" does not say where the script begins: nothing is asked of a database.`,
      `limbeck downgrade head:${target} --sql`,
    );
  }
  const applied = appliedAt(project.graph, new Set(), range.from);
  return writeScript(project, "downgrade", applied, downgradeChooser(range.to), options);
}

async function opened(location: Location): Promise<Project> {
  const project = await openProject(location);
  requireWhole(project.graph);
  return project;
}

export function downgradeChooser(target: string): Choose {
  return (graph, applied) => planDowngrade(graph, applied, resolveDowngrade(graph, applied, target));
}
