import { join, relative } from "node:path";
import { usage } from "../core/errors.ts";
import type { Header } from "../core/revision.ts";
import { requireWhole } from "../graph/graph.ts";
import { resolveMany } from "../graph/target.ts";
import { ancestors } from "../graph/walk.ts";
import { appliedFor } from "./history.ts";
import { folderFor, type Location, openProject } from "./project.ts";
import { checkId, fileName, freshId, writeProved } from "./write.ts";

export interface MergeOptions {
  readonly message?: string;
  readonly id?: string;
  readonly labels: readonly string[];
}

export interface MergeResult {
  readonly id: string;
  readonly file: string;
  readonly parents: readonly string[];
  readonly conflicts: readonly never[];
}

/** One revision that follows several. */
export async function merge(location: Location, targets: readonly string[], options: MergeOptions): Promise<MergeResult> {
  const project = await openProject(location);
  const { graph } = project;
  requireWhole(graph);
  const applied = await appliedFor(project, targets.join(" "));
  const parents = resolveMany(graph, applied ?? new Set(), targets);
  if (parents.length < 2) {
    throw usage("nothing-to-merge", `There is nothing to merge: ${parents.join(", ") || "no revision"} is one head.`, "limbeck heads");
  }
  for (const id of parents) {
    const above = parents.find((other) => other !== id && ancestors(graph, [other], "parents").has(id));
    if (above !== undefined) throw usage("not-parallel", `${above} follows ${id} already: there is nothing to merge.`, "limbeck heads");
  }
  const header: Header = {
    id: options.id === undefined ? freshId(project) : checkId(project, options.id),
    parents,
    dependsOn: [],
    labels: options.labels,
    replaces: [],
    message: options.message ?? `merge ${parents.join(" and ")}`,
    createdAt: new Date().toISOString().replace(/\.\d+Z$/, "Z"),
    review: [],
  };
  const { writeRevision } = await import("../revision/write/index.ts");
  const file = join(folderFor(project), fileName(header));
  await writeProved(file, await writeRevision({ header, upgrade: [], downgrade: [] }), header, []);
  return { id: header.id, file: relative(location.cwd, file), parents, conflicts: [] };
}
