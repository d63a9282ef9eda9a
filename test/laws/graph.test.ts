import fc from "fast-check";
import { describe, it } from "vitest";
import { LimbeckError } from "../../src/core/errors.ts";
import { buildGraph } from "../../src/graph/graph.ts";
import { listHistory } from "../../src/graph/history.ts";
import type { Node } from "../../src/graph/node.ts";
import { planDowngrade, planStamp, planUpgrade } from "../../src/graph/plan.ts";
import { headsAmong } from "../../src/graph/walk.ts";

/** Random revisions, each with parents and dependencies among the earlier ones, in any order of files. */
const nodes = fc
  .array(fc.record({ parents: fc.array(fc.nat(), { maxLength: 3 }), dependsOn: fc.array(fc.nat(), { maxLength: 2 }), shuffle: fc.nat() }), {
    maxLength: 14,
  })
  .map((sketch) =>
    sketch
      .map(({ parents, dependsOn, shuffle }, i) => {
        const earlier = (picks: readonly number[]) => [...new Set(picks.flatMap((pick) => (i === 0 ? [] : [`r${pick % i}`])))];
        return { shuffle, node: { id: `r${i}`, parents: earlier(parents), dependsOn: earlier(dependsOn), labels: [] } satisfies Node };
      })
      .sort((a, b) => a.shuffle - b.shuffle)
      .map(({ node }) => node),
  );
const picks = fc.array(fc.nat(), { minLength: 1, maxLength: 3 });

const pick = (from: readonly Node[], numbers: readonly number[]): string[] =>
  from.length === 0 ? [] : numbers.flatMap((number) => from[number % from.length]?.id ?? []);

/** The reference: slow and plain. */
function naiveBelow(all: readonly Node[], id: string): Set<string> {
  const node = all.find((other) => other.id === id);
  const next = node === undefined ? [] : [...node.parents, ...node.dependsOn];
  return new Set([id, ...next.flatMap((other) => [...naiveBelow(all, other)])]);
}
const naiveClosure = (all: readonly Node[], ids: readonly string[]) => new Set(ids.flatMap((id) => [...naiveBelow(all, id)]));
const same = (a: Iterable<string>, b: Iterable<string>) => [...a].sort().join() === [...b].sort().join();
const closed = (all: readonly Node[], ids: ReadonlySet<string>) => same(naiveClosure(all, [...ids]), ids);

function inOrder(all: readonly Node[], steps: readonly string[]): boolean {
  const place = new Map(steps.map((id, i) => [id, i]));
  return all.every(({ id, parents, dependsOn }) =>
    [...parents, ...dependsOn].every((below) => !place.has(id) || !place.has(below) || (place.get(below) ?? 0) < (place.get(id) ?? 0)),
  );
}

describe("on any graph", () => {
  it("an upgrade runs what is below the targets and missing, parents and dependencies first", () => {
    fc.assert(
      fc.property(nodes, picks, picks, (all, at, to) => {
        const applied = naiveClosure(all, pick(all, at));
        const targets = pick(all, to);
        const steps = planUpgrade(buildGraph(all), applied, targets);
        const wanted = [...naiveClosure(all, targets)].filter((id) => !applied.has(id));
        return same(steps, wanted) && inOrder(all, steps);
      }),
    );
  });

  it("a downgrade takes back the roots and all that stands on them, and leaves nothing without its ground", () => {
    fc.assert(
      fc.property(nodes, picks, picks, (all, at, drop) => {
        const applied = naiveClosure(all, pick(all, at));
        const roots = pick(all, drop);
        const steps = planDowngrade(buildGraph(all), applied, roots);
        const wanted = [...applied].filter((id) => roots.some((root) => naiveBelow(all, id).has(root)));
        const left = new Set([...applied].filter((id) => !steps.includes(id)));
        return same(steps, wanted) && inOrder(all, [...steps].reverse()) && closed(all, left);
      }),
    );
  });

  it("an upgrade after a downgrade is where it was", () => {
    fc.assert(
      fc.property(nodes, picks, picks, (all, at, drop) => {
        const graph = buildGraph(all);
        const applied = naiveClosure(all, pick(all, at));
        const down = planDowngrade(graph, applied, pick(all, drop));
        const left = new Set([...applied].filter((id) => !down.includes(id)));
        return same([...left, ...planUpgrade(graph, left, headsAmong(graph, applied))], applied);
      }),
    );
  });

  it("stamping leaves whole lineages with the targets among them, and says what it adds and removes", () => {
    fc.assert(
      fc.property(nodes, picks, picks, (all, at, to) => {
        const graph = buildGraph(all);
        const applied = naiveClosure(all, pick(all, at));
        const targets = pick(all, to);
        const { add, remove, heads } = planStamp(
          graph,
          applied,
          targets.map((id) => ({ id, branch: null })),
        );
        const after = new Set([...applied, ...add].filter((id) => !remove.includes(id)));
        const above = [...after].some(
          (id) => targets.length > 0 && !targets.includes(id) && targets.every((target) => naiveBelow(all, id).has(target)),
        );
        return closed(all, after) && targets.every((id) => after.has(id)) && !above && same(heads, headsAmong(graph, after));
      }),
    );
  });

  it("the heads are those that nothing applied stands on, and the history has everything once", () => {
    fc.assert(
      fc.property(nodes, picks, (all, at) => {
        const graph = buildGraph(all);
        const applied = naiveClosure(all, pick(all, at));
        const heads = [...applied].filter((id) => [...applied].every((other) => other === id || !naiveBelow(all, other).has(id)));
        const listed = listHistory(graph).map(({ id }) => id);
        return (
          same(headsAmong(graph, applied), heads) &&
          same(
            listed,
            all.map(({ id }) => id),
          ) &&
          inOrder(all, [...listed].reverse())
        );
      }),
    );
  });

  it("a cycle is found wherever it is, and each of its revisions named with the next one", () => {
    fc.assert(
      fc.property(nodes, fc.nat(), fc.boolean(), (all, number, byParent) => {
        const [top] = pick(all, [number]);
        const bottom = top === undefined ? undefined : [...naiveBelow(all, top)].find((id) => id !== top);
        if (top === undefined || bottom === undefined) return true;
        const broken = all.map((node) =>
          node.id !== bottom
            ? node
            : byParent
              ? { ...node, parents: [...node.parents, top] }
              : { ...node, dependsOn: [...node.dependsOn, top] },
        );
        try {
          buildGraph(broken);
          return false;
        } catch (error) {
          if (!(error instanceof LimbeckError)) throw error;
          const ring = error.details.revisions as readonly string[];
          const needs = (id: string) =>
            broken.filter((node) => node.id === id).flatMap(({ parents, dependsOn }) => [...parents, ...dependsOn]);
          return (
            ring.length > 1 && ring.every((id, i) => error.message.includes(id) && needs(id).includes(ring[(i + 1) % ring.length] ?? ""))
          );
        }
      }),
    );
  });
});
