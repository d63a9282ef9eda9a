import type { Node, RevisionGraph } from "./graph.ts";
import type { Range } from "./range.ts";
import { ancestors, descendants } from "./walk.ts";

export interface Entry extends Node {
  readonly isHead: boolean;
  readonly isBase: boolean;
  readonly isBranchPoint: boolean;
  readonly isMergePoint: boolean;
}

/** Newest first; of a range both ends and what lies between them. */
export function listHistory(graph: RevisionGraph, range: Range | null = null): readonly Entry[] {
  const wanted = range === null ? null : between(graph, range);
  return graph.order
    .filter((id) => wanted === null || wanted.has(id))
    .flatMap((id) => entryOf(graph, id) ?? [])
    .reverse();
}

export function entryOf(graph: RevisionGraph, id: string): Entry | null {
  const node = graph.nodes.get(id);
  if (node === undefined) return null;
  const children = graph.children.get(id)?.length ?? 0;
  return {
    ...node,
    isHead: children === 0,
    isBase: node.parents.length === 0,
    isBranchPoint: children > 1,
    isMergePoint: node.parents.length > 1,
  };
}

function between(graph: RevisionGraph, { from, to }: Range): ReadonlySet<string> {
  const below = ancestors(graph, to);
  if (from.length === 0) return below;
  const above = descendants(graph, from, "parents");
  const before = ancestors(graph, from);
  return new Set([...from, ...[...below].filter((id) => above.has(id) && !before.has(id))]);
}
