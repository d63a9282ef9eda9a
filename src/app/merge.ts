import { join, relative } from "node:path";
import { usage } from "../core/errors.ts";
import type { Header } from "../core/revision.ts";
import { type RevisionGraph, requireWhole } from "../graph/graph.ts";
import { resolveMany } from "../graph/target.ts";
import { ancestors } from "../graph/walk.ts";
import { appliedFor } from "./history.ts";
import { acceptsConflicts, conflictsOf, type MergeConflict, refuseConflicts } from "./merge/arms.ts";
import { folderFor, type Location, openProject, type Project } from "./project/project.ts";
import { checkId, checkLabels, fileName, freshId, writeProved } from "./write/write.ts";

export interface MergeOptions {
  readonly message?: string;
  readonly id?: string;
  readonly labels: readonly string[];
  /** what is known and meant: `conflict` */
  readonly accept: readonly string[];
}

export interface MergeResult {
  readonly id: string;
  readonly file: string;
  readonly parents: readonly string[];
  /** pairs of operations whose order matters, accepted */
  readonly conflicts: readonly MergeConflict[];
}

/** One revision that follows several. */
export async function merge(location: Location, targets: readonly string[], options: MergeOptions): Promise<MergeResult> {
  const accepted = acceptsConflicts(options.accept);
  const project = await openProject(location);
  const parents = await armsOf(project, targets);
  const header: Header = {
    id: options.id === undefined ? freshId(project) : checkId(project, options.id),
    parents,
    dependsOn: [],
    labels: checkLabels(project, options.labels),
    replaces: [],
    message: options.message ?? `merge ${parents.join(" and ")}`,
    createdAt: new Date().toISOString().replace(/\.\d+Z$/, "Z"),
    review: [],
  };
  const conflicts = await conflictsOf(project, parents, location.cwd);
  if (!accepted) refuseConflicts(conflicts, `limbeck merge ${targets.join(" ")}`);
  const { writeRevision } = await import("../revision/write/index.ts");
  const file = join(folderFor(project), fileName(header));
  await writeProved(file, await writeRevision({ header, upgrade: [], downgrade: [] }), header, []);
  return { id: header.id, file: relative(location.cwd, file), parents, conflicts };
}

/** Several revisions of which none follows another. */
export async function armsOf(project: Project, targets: readonly string[]): Promise<readonly string[]> {
  const { graph } = project;
  requireWhole(graph);
  const applied = await appliedFor(project, targets.join(" "));
  const arms = resolveMany(graph, applied ?? new Set(), targets);
  if (arms.length < 2) {
    throw usage("nothing-to-merge", `There is nothing to merge: ${arms.join(", ") || "no revision"} is one head.`, "limbeck heads");
  }
  refuseFollowers(graph, arms);
  return arms;
}

function refuseFollowers(graph: RevisionGraph, arms: readonly string[]): void {
  const below = ancestors(graph, new Set(arms.flatMap((id) => graph.nodes.get(id)?.parents ?? [])), "parents");
  const lower = arms.find((id) => below.has(id));
  if (lower === undefined) return;
  const above = arms.find((id) => id !== lower && ancestors(graph, [id], "parents").has(lower));
  throw usage("not-parallel", `${above} follows ${lower} already: there is nothing to merge.`, "limbeck heads");
}
