import { belowOf, notThere, type RevisionGraph } from "./graph.ts";
import type { Node } from "./node.ts";

/** Which edges count: parents alone make a lineage, dependencies too decide what must have run. */
export type Along = "parents" | "all";

/** The ids and everything below them. Throws where a parent or dependency is not there. */
export function ancestors(graph: RevisionGraph, ids: Iterable<string>, along: Along = "all"): Set<string> {
  return reach(ids, (id) => {
    const node = graph.nodes.get(id);
    if (node === undefined) throw absent(graph, id);
    return along === "all" ? belowOf(node) : node.parents;
  });
}

/** The ids and everything above them. */
export function descendants(graph: RevisionGraph, ids: Iterable<string>, along: Along = "all"): Set<string> {
  return reach(ids, (id) => {
    const children = graph.children.get(id) ?? [];
    return along === "all" ? [...children, ...(graph.dependents.get(id) ?? [])] : children;
  });
}

/** What a branch qualifier stands for: the revision, all it comes from and all that follows. */
export function lineage(graph: RevisionGraph, id: string, along: Along = "parents"): Set<string> {
  return new Set([...ancestors(graph, [id], along), ...descendants(graph, [id], along)]);
}

/** In the graph's order; what it does not know comes last. */
export function sorted(graph: RevisionGraph, ids: Iterable<string>): string[] {
  const wanted = new Set(ids);
  const known = graph.order.filter((id) => wanted.has(id));
  return known.length === wanted.size ? known : [...known, ...[...wanted].filter((id) => !graph.nodes.has(id))];
}

/** The ends: what no other one has as a parent or (implied) as a dependency. Works on files and on journal rows. */
export function headsOf(nodes: Iterable<Pick<Node, "id" | "parents" | "dependsOn">>): string[] {
  const all = [...nodes];
  const below = new Set(all.flatMap(belowOf));
  return all.filter(({ id }) => !below.has(id)).map(({ id }) => id);
}

/** The heads among applied revisions, in the graph's order. `along` "parents" shows those too that a dependency implies. */
export function headsAmong(graph: RevisionGraph, applied: ReadonlySet<string>, along: Along = "all"): string[] {
  const nodes = sorted(graph, applied).map((id) => graph.nodes.get(id) ?? { id, parents: [], dependsOn: [] });
  return headsOf(along === "all" ? nodes : nodes.map(({ id, parents }) => ({ id, parents, dependsOn: [] })));
}

function reach(ids: Iterable<string>, next: (id: string) => readonly string[]): Set<string> {
  const found = new Set(ids);
  // a Set gives what is added while it is walked
  for (const id of found) for (const other of next(id)) found.add(other);
  return found;
}

function absent(graph: RevisionGraph, id: string): Error {
  const found = graph.missing.find((missing) => missing.id === id);
  return found === undefined ? new Error(`no revision ${id}`) : notThere(found);
}
