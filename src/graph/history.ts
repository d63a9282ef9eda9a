import type { RevisionGraph } from "./graph.ts";
import type { Node } from "./node.ts";
import type { Range } from "./range.ts";
import { ancestors, descendants } from "./walk.ts";

export interface Marks {
  readonly isHead: boolean;
  readonly isBase: boolean;
  readonly isBranchPoint: boolean;
  readonly isMergePoint: boolean;
}
export interface Entry extends Node, Marks {}

/** Newest first; of a range both ends and what lies between them. */
export function listHistory(graph: RevisionGraph, range: Range | null = null): readonly Entry[] {
  return historyIds(graph, range).flatMap((id) => {
    const node = graph.nodes.get(id);
    return node === undefined ? [] : [{ ...node, ...marksOf(graph, id) }];
  });
}

/** The same, where the ids are enough. */
export function historyIds(graph: RevisionGraph, range: Range | null): readonly string[] {
  const wanted = range === null ? null : between(graph, range);
  return graph.order.filter((id) => wanted === null || wanted.has(id)).reverse();
}

export function marksOf(graph: RevisionGraph, id: string): Marks {
  const parents = graph.nodes.get(id)?.parents.length;
  const children = graph.children.get(id)?.length ?? 0;
  return {
    isHead: parents !== undefined && children === 0,
    isBase: parents === 0,
    isBranchPoint: children > 1,
    isMergePoint: parents !== undefined && parents > 1,
  };
}

function between(graph: RevisionGraph, { from, to }: Range): ReadonlySet<string> {
  const below = ancestors(graph, to);
  if (from.length === 0) return below;
  const above = descendants(graph, from, "parents");
  const before = ancestors(graph, from);
  for (const id of from) before.delete(id);
  return new Set([...below].filter((id) => above.has(id) && !before.has(id)));
}
