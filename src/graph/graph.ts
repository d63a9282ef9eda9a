import { integrity, type LimbeckError } from "../core/errors.ts";
import type { Node } from "./node.ts";
import { cycleIn, topological } from "./order.ts";
import { redirected } from "./replaced.ts";

/**
 * The revisions as a graph. Duplicates and cycles leave no graph to speak of: `buildGraph` throws. A parent or dependency that is not there
 * is kept in `missing`, so that reading commands go on; whoever walks over it gets the error.
 */
export interface RevisionGraph {
  readonly nodes: ReadonlyMap<string, Node>;
  /** parents and dependencies first; else as the nodes came */
  readonly order: readonly string[];
  readonly place: ReadonlyMap<string, number>;
  readonly children: ReadonlyMap<string, readonly string[]>;
  /** who depends on it, by id; children are not among them */
  readonly dependents: ReadonlyMap<string, readonly string[]>;
  /** without children */
  readonly heads: readonly string[];
  /** without parents */
  readonly bases: readonly string[];
  /** the revision that carries the label */
  readonly labels: ReadonlyMap<string, string>;
  readonly missing: readonly Missing[];
  /** a revision that is not here because others stand for it → those */
  readonly standIns: ReadonlyMap<string, readonly string[]>;
}

export interface Missing {
  readonly id: string;
  readonly as: "parent" | "dependency";
  readonly of: Node;
}

export function buildGraph(given: readonly Node[], standIns: ReadonlyMap<string, readonly string[]> = new Map()): RevisionGraph {
  const nodes = redirected(given, standIns);
  const labels = labelled(nodes);
  const resolved = indexed(nodes, labels);
  const known = (ids: readonly string[]) => ids.filter((id) => resolved.has(id));
  const missing: Missing[] = [];
  const children = new Map<string, string[]>();
  const dependents = new Map<string, string[]>();
  for (const node of resolved.values()) {
    refuseSelfLoop(node);
    for (const id of node.parents) if (!link(children, id, node.id, resolved)) missing.push({ id, as: "parent", of: node });
    for (const id of node.dependsOn) {
      if (node.parents.includes(id)) continue;
      if (!link(dependents, id, node.id, resolved)) missing.push({ id, as: "dependency", of: node });
    }
  }
  const below = missing.length === 0 ? (id: string) => belowOf(resolved.get(id)) : (id: string) => known(belowOf(resolved.get(id)));
  const order = topological(resolved.keys(), below);
  if (order === null) throw cycle(resolved, known);
  const place = new Map<string, number>();
  for (const id of order) place.set(id, place.size);
  return {
    nodes: resolved,
    order,
    place,
    children,
    dependents,
    heads: order.filter((id) => !children.has(id)),
    bases: order.filter((id) => resolved.get(id)?.parents.length === 0),
    labels,
    missing,
    standIns,
  };
}

/** What must have run before: parents and dependencies. */
export function belowOf(node: Pick<Node, "parents" | "dependsOn"> | undefined): readonly string[] {
  if (node === undefined) return [];
  return node.dependsOn.length === 0 ? node.parents : [...new Set([...node.parents, ...node.dependsOn])];
}

/** For commands that write or run: every parent and dependency must be there. */
export function requireWhole(graph: RevisionGraph): void {
  const [first] = graph.missing;
  if (first !== undefined) throw notThere(first);
}

export function notThere({ id, as, of }: Missing): LimbeckError {
  return integrity(
    as === "parent" ? "unknown-parent" : "unknown-dependency",
    `Revision ${of.id}${inFile(of)} names ${id} as its ${as}, but no file has that id.`,
    `bring back the file of ${id}, or correct ${as === "parent" ? "`parents`" : "`dependsOn`"} of ${of.id}`,
    { id, revision: of.id, ...(of.file === undefined ? {} : { files: [of.file] }) },
  );
}

/** For commands that only read and go on: what is not there, in sentences. */
export function toldMissing({ missing }: RevisionGraph): readonly string[] {
  return missing.map((one) => notThere(one).message);
}

function indexed(nodes: readonly Node[], labels: ReadonlyMap<string, string>): ReadonlyMap<string, Node> {
  const byId = new Map<string, Node>();
  for (const node of nodes) {
    const other = byId.get(node.id);
    if (other !== undefined) throw duplicateId(other, node);
    // a parent that is named twice makes no merge
    byId.set(node.id, node.parents.length > 1 ? { ...node, parents: [...new Set(node.parents)] } : node);
  }
  for (const node of byId.values())
    if (!node.dependsOn.every((name) => byId.has(name))) byId.set(node.id, withDependencies(node, byId, labels));
  return byId;
}

function labelled(nodes: readonly Node[]): ReadonlyMap<string, string> {
  if (nodes.every(({ labels }) => labels.length === 0)) return new Map();
  const holders = new Map<string, Node>();
  const byId = new Map(nodes.map((node) => [node.id, node]));
  for (const node of nodes) {
    for (const label of node.labels) {
      const other = holders.get(label);
      if (other !== undefined && other.id !== node.id) throw duplicateLabel(label, other, node);
      const named = byId.get(label);
      if (named !== undefined && named !== node) throw labelIsId(named, node);
      holders.set(label, node);
    }
  }
  return new Map([...holders].map(([label, node]) => [label, node.id]));
}

/** Dependencies may be given by label. */
function withDependencies(node: Node, byId: ReadonlyMap<string, Node>, labels: ReadonlyMap<string, string>): Node {
  return { ...node, dependsOn: node.dependsOn.map((name) => (byId.has(name) ? name : (labels.get(name) ?? name))) };
}

function link(map: Map<string, string[]>, from: string, to: string, nodes: ReadonlyMap<string, Node>): boolean {
  if (!nodes.has(from)) return false;
  const list = map.get(from);
  if (list === undefined) map.set(from, [to]);
  // one that is named twice comes twice in a row
  else if (list.at(-1) !== to) list.push(to);
  return true;
}

function refuseSelfLoop(node: Node): void {
  const parent = node.parents.includes(node.id);
  if (!parent && !node.dependsOn.includes(node.id)) return;
  throw integrity(
    parent ? "self-loop" : "dependency-self-loop",
    `Revision ${node.id}${inFile(node)} names itself as its ${parent ? "parent" : "dependency"}.`,
    `write the revision that comes before it into \`${parent ? "parents" : "dependsOn"}\``,
    { revisions: [node.id], files: filesOf([node]) },
  );
}

function cycle(nodes: ReadonlyMap<string, Node>, known: (ids: readonly string[]) => readonly string[]): LimbeckError {
  const ids = [...nodes.keys()];
  const parents = cycleIn(ids, (id) => known(nodes.get(id)?.parents ?? []));
  const found = parents ?? cycleIn(ids, (id) => known(belowOf(nodes.get(id)))) ?? [];
  const ring = found.flatMap((id) => nodes.get(id) ?? []);
  const by = parents === null ? "depend on" : "follow";
  return integrity(
    parents === null ? "dependency-cycle" : "cycle",
    `These revisions ${by} each other in a circle: ${[...ring, ...ring.slice(0, 1)].map((node) => `${node.id}${inFile(node)}`).join(" -> ")}.`,
    `correct \`${parents === null ? "dependsOn" : "parents"}\` in one of them`,
    { revisions: found, files: filesOf(ring) },
  );
}

function duplicateId(a: Node, b: Node): LimbeckError {
  return integrity(
    "duplicate-revision",
    `Two files have the revision id ${a.id}: ${filesOf([a, b]).join(" and ") || "no file known"}.`,
    "delete the copy, or give the newer one an id of its own",
    { revisions: [a.id], files: filesOf([a, b]) },
  );
}

function duplicateLabel(label: string, a: Node, b: Node): LimbeckError {
  return integrity(
    "duplicate-label",
    `The label "${label}" stands on two revisions: ${a.id}${inFile(a)} and ${b.id}${inFile(b)}.`,
    "a label names one branch: keep it on the first revision of that branch only",
    { label, revisions: [a.id, b.id], files: filesOf([a, b]) },
  );
}

/** Which of the two a revision argument means would be chance. */
function labelIsId(named: Node, holder: Node): LimbeckError {
  return integrity(
    "duplicate-label",
    `The label "${named.id}" of ${holder.id}${inFile(holder)} is the id of another revision${inFile(named)}.`,
    `give the branch of ${holder.id} another label`,
    { label: named.id, revisions: [named.id, holder.id], files: filesOf([named, holder]) },
  );
}

function inFile(node: Node): string {
  return node.file === undefined ? "" : ` (${node.file})`;
}

function filesOf(nodes: readonly Node[]): readonly string[] {
  return nodes.flatMap(({ file }) => file ?? []);
}
