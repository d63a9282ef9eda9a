import type { Node } from "./node.ts";

/** A revision that was put together of others, which databases may still be amid. */
export interface Squash extends Node {
  /** all that it stands for, those too that squashes among them stand for */
  readonly replaces: readonly string[];
}

/** How a database stands to a squash: it has none of what it replaces, some of it, or all. */
export type Standing = "before" | "inside" | "after";

/** The revisions that count for a database, and the names that others have for them. */
export interface Chosen {
  readonly ids: ReadonlySet<string>;
  /** a revision that is not among `ids` → those that stand for it */
  readonly standIns: ReadonlyMap<string, readonly string[]>;
  /** squashes that count as applied without a row of their own */
  readonly settled: readonly string[];
}

/**
 * Which revisions count for a database that has applied these: a squash, or, where the database is amid what the squash replaces, the
 * originals, until it has them all. `squashes` are all that are known, those among the originals too.
 */
export function chooseFor(active: readonly Node[], squashes: readonly Squash[], applied: ReadonlySet<string>): Chosen {
  const byId = new Map(squashes.map((squash) => [squash.id, squash]));
  const isApplied = (id: string): boolean => {
    if (applied.has(id) || squashes.some(({ id: other, replaces }) => applied.has(other) && replaces.includes(id))) return true;
    const own = byId.get(id);
    return own !== undefined && own.replaces.length > 0 && own.replaces.every(isApplied);
  };
  const standing = ({ id, replaces }: Squash): Standing => {
    if (isApplied(id)) return "after";
    return replaces.some((one) => applied.has(one)) ? "inside" : "before";
  };
  const ids = new Set<string>();
  const standIns = new Map<string, readonly string[]>();
  const settled: string[] = [];
  /** gives what stands for the revision */
  const choose = (id: string): readonly string[] => {
    const squash = byId.get(id);
    if (squash !== undefined && standing(squash) === "inside") {
      const parts = directParts(squash, byId).flatMap(choose);
      standIns.set(id, parts);
      return parts;
    }
    ids.add(id);
    for (const hidden of squash?.replaces ?? []) standIns.set(hidden, [id]);
    if (squash !== undefined && standing(squash) === "after" && !applied.has(id)) settled.push(id);
    return [id];
  };
  for (const { id } of active) choose(id);
  return { ids, standIns, settled };
}

/** What it replaces without what squashes among that replace. */
function directParts({ replaces }: Squash, squashes: ReadonlyMap<string, Squash>): readonly string[] {
  const below = new Set(replaces.flatMap((id) => squashes.get(id)?.replaces ?? []));
  return replaces.filter((id) => !below.has(id));
}

/** Parents and dependencies under the names that count. Of several that stand for one, those at its end are meant. */
export function redirected<T extends Node>(nodes: readonly T[], standIns: ReadonlyMap<string, readonly string[]>): readonly T[] {
  if (standIns.size === 0) return nodes;
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const ends = (ids: readonly string[]): readonly string[] => {
    const below = new Set(ids.flatMap((id) => byId.get(id)?.parents ?? []));
    return ids.filter((id) => !below.has(id));
  };
  const named = (id: string): readonly string[] => {
    const others = standIns.get(id);
    return others === undefined || byId.has(id) ? [id] : ends(others);
  };
  const list = (ids: readonly string[], own: string) => [...new Set(ids.flatMap(named))].filter((id) => id !== own);
  return nodes.map((node) => {
    const same = ![...node.parents, ...node.dependsOn].some((id) => standIns.has(id) && !byId.has(id));
    return same ? node : { ...node, parents: list(node.parents, node.id), dependsOn: list(node.dependsOn, node.id) };
  });
}

/** What the squashes stand for, where no database is asked. */
export function standInsOf(squashes: readonly Squash[]): ReadonlyMap<string, readonly string[]> {
  return new Map(squashes.flatMap(({ id, replaces }) => replaces.map((one): [string, readonly string[]] => [one, [id]])));
}
