import { integrity } from "../core/errors.ts";
import type { RevisionGraph } from "./graph.ts";
import type { Target } from "./target.ts";
import { ancestors, descendants, headsAmong, lineage, sorted } from "./walk.ts";

/** What is still to run to have the targets, in order. */
export function planUpgrade(graph: RevisionGraph, applied: ReadonlySet<string>, targets: readonly string[]): readonly string[] {
  requireKnown(graph, applied);
  const wanted = ancestors(graph, targets);
  return graph.order.filter((id) => wanted.has(id) && !applied.has(id));
}

/** What is to be taken back, in order, when `roots` (see resolveDowngrade) go: they and all that stands on them. */
export function planDowngrade(graph: RevisionGraph, applied: ReadonlySet<string>, roots: readonly string[]): readonly string[] {
  requireKnown(graph, applied);
  const gone = descendants(graph, roots);
  return graph.order.filter((id) => gone.has(id) && applied.has(id)).reverse();
}

export interface StampPlan {
  readonly add: readonly string[];
  readonly remove: readonly string[];
  /** afterwards */
  readonly heads: readonly string[];
}

/**
 * Afterwards exactly the targets and what is below them count as applied in the targets' lineages; other lineages stay as they are.
 * `base` with a branch clears that branch, without one everything.
 */
export function planStamp(graph: RevisionGraph, applied: ReadonlySet<string>, targets: readonly Target[]): StampPlan {
  requireKnown(graph, applied);
  const touched = targets.map(({ id, branch }) =>
    id !== null ? lineage(graph, id, "all") : branch !== null ? lineage(graph, branch, "all") : null,
  );
  const kept = headsAmong(graph, applied, "parents").filter((head) => touched.every((ids) => ids !== null && !ids.has(head)));
  const after = new Set([
    ...[...ancestors(graph, kept)].filter((id) => applied.has(id)),
    ...ancestors(
      graph,
      targets.flatMap(({ id }) => id ?? []),
    ),
  ]);
  return {
    add: graph.order.filter((id) => after.has(id) && !applied.has(id)),
    remove: graph.order.filter((id) => applied.has(id) && !after.has(id)).reverse(),
    heads: headsAmong(graph, after),
  };
}

/** The journal must name only revisions that there are files of: what the others did nobody could take back. */
function requireKnown(graph: RevisionGraph, applied: ReadonlySet<string>): void {
  const unknown = sorted(graph, applied).filter((id) => !graph.nodes.has(id));
  if (unknown.length === 0) return;
  throw integrity(
    "unknown-applied",
    `The database has ${unknown.length === 1 ? "a revision" : "revisions"} that no file has: ${unknown.join(", ")}.`,
    "check out the branch that has the file; or, if it was deleted on purpose: limbeck repair",
    { revisions: unknown },
  );
}
