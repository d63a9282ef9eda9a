import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LimbeckError } from "../../src/core/errors.ts";
import { buildGraph } from "../../src/graph/graph.ts";
import { listHistory } from "../../src/graph/history.ts";
import type { Node } from "../../src/graph/node.ts";
import { planDowngrade, planStamp, planUpgrade } from "../../src/graph/plan.ts";
import { resolveRange } from "../../src/graph/range.ts";
import { resolve, resolveDowngrade, resolveOne, resolveStamp, resolveUpgrade } from "../../src/graph/target.ts";
import { headsAmong } from "../../src/graph/walk.ts";

/** Ids with common beginnings, some the beginning of others. */
const names = ["abcd1", "abcd12", "abce", "abcef", "bbbb", "bbbbb", "bcde", "cafe", "cafe1", "dada", "dadad", "eeee"];
/** Random revisions with labels; parents and dependencies among the earlier ones. */
const graphs = fc
  .array(
    fc.record({
      parents: fc.array(fc.nat(), { maxLength: 2 }),
      dependsOn: fc.oneof(
        { weight: 3, arbitrary: fc.constant<number[]>([]) },
        { weight: 1, arbitrary: fc.array(fc.nat(), { maxLength: 2 }) },
      ),
      labelled: fc.boolean(),
    }),
    { minLength: 1, maxLength: names.length },
  )
  .map((sketch) =>
    sketch.map(({ parents, dependsOn, labelled }, i): Node => {
      const earlier = (picks: readonly number[]) => [...new Set(i === 0 ? [] : picks.map((pick) => names[pick % i] ?? ""))];
      return { id: names[i] ?? "", parents: earlier(parents), dependsOn: earlier(dependsOn), labels: labelled ? [`label${i}`] : [] };
    }),
  );
const some = fc.array(fc.nat(), { maxLength: 3 });
const idOf = (all: readonly Node[], number: number): string => all[number % all.length]?.id ?? "";

/** The reference: sets, slow and plain. */
const parentsOf = (all: readonly Node[], id: string) => all.find((node) => node.id === id)?.parents ?? [];
const childrenOf = (all: readonly Node[], id: string) => all.filter(({ parents }) => parents.includes(id)).map((node) => node.id);
const needsOf = (all: readonly Node[], id: string) => [...parentsOf(all, id), ...(all.find((node) => node.id === id)?.dependsOn ?? [])];
function closure(ids: readonly string[], next: (id: string) => readonly string[]): ReadonlySet<string> {
  const more = ids.flatMap(next).filter((id) => !ids.includes(id));
  return more.length === 0 ? new Set(ids) : closure([...new Set([...ids, ...more])], next);
}
const below = (all: readonly Node[], ...ids: string[]) => closure(ids, (id) => needsOf(all, id));
const standsOn = (all: readonly Node[], id: string, root: string) => below(all, id).has(root);
const lineageOf = (all: readonly Node[], id: string) =>
  new Set([...closure([id], (one) => parentsOf(all, one)), ...closure([id], (one) => childrenOf(all, one))]);

const sorted = (ids: Iterable<string>) => [...new Set(ids)].sort();
/** What comes out, or the code of the error. */
function outcome<T>(work: () => T): T | string {
  try {
    return work();
  } catch (error) {
    if (error instanceof LimbeckError) return error.code;
    throw error;
  }
}
const law = (holds: (all: readonly Node[], numbers: readonly number[], at: readonly number[]) => void) =>
  fc.assert(
    fc.property(graphs, fc.array(fc.nat(), { minLength: 3, maxLength: 3 }), some, (all, numbers, at) => holds(all, numbers, at)),
    { numRuns: 600 },
  );

describe("a revision argument on any graph", () => {
  it("as the beginning of an id stands for the one that begins so, or lists those that do", () => {
    law((all, [number = 0, length = 0]) => {
      const text = idOf(all, number).slice(0, 1 + (length % 5));
      const begun = all.filter(({ id }) => id.startsWith(text)).map(({ id }) => id);
      const exact = begun.includes(text);
      const expected = exact ? text : begun.length > 1 ? "ambiguous-revision" : text.length < 4 ? "short-revision" : begun[0];
      const graph = buildGraph(all);
      expect(outcome(() => resolveOne(graph, new Set(), text))).toBe(expected);
      if (expected !== "ambiguous-revision") return;
      try {
        resolveOne(graph, new Set(), text);
      } catch (error) {
        expect(sorted((error as LimbeckError).details.choices as string[])).toEqual(sorted(begun));
      }
    });
  });

  it("with steps goes on as long as there is one way, and lists the ways where there are several", () => {
    law((all, [number = 0, count = 0, down = 0]) => {
      const start = idOf(all, number);
      const steps = 1 + (count % 4);
      let place: string | null = start;
      let expected: string | null | undefined;
      for (let i = 0; i < steps && expected === undefined; i++) {
        const ways: readonly (string | null)[] =
          place === null
            ? []
            : down % 2 === 0
              ? childrenOf(all, place)
              : parentsOf(all, place).length === 0
                ? [null]
                : parentsOf(all, place);
        if (ways.length === 0) expected = "too-far";
        else if (ways.length > 1) expected = "ambiguous-steps";
        else place = ways[0] ?? null;
      }
      const found = outcome(() => resolve(buildGraph(all), new Set(), `${start}${down % 2 === 0 ? "+" : "-"}${steps}`));
      expect(typeof found === "string" ? found : found[0]?.id).toBe(expected === undefined ? place : expected);
    });
  });

  it("qualified by a branch stands for what is on its lineage only", () => {
    law((all, [number = 0, other = 0]) => {
      const graph = buildGraph(all);
      const [branch, id] = [idOf(all, number), idOf(all, other)];
      const lineage = lineageOf(all, branch);
      expect(outcome(() => resolveOne(graph, new Set(), `${branch}@${id}`))).toBe(lineage.has(id) ? id : "not-on-branch");
      const heads = all.filter((node) => lineage.has(node.id) && childrenOf(all, node.id).length === 0).map((node) => node.id);
      expect(sorted(resolve(graph, new Set(), `${branch}@heads`).map((target) => target.id ?? ""))).toEqual(sorted(heads));
      expect(outcome(() => resolveOne(graph, new Set(), `${branch}@head`))).toBe(heads.length === 1 ? heads[0] : "several-heads");
      const label = all.find((node) => node.id === branch)?.labels[0];
      if (label !== undefined) expect(resolve(graph, new Set(), `${label}@heads`)).toEqual(resolve(graph, new Set(), `${branch}@heads`));
    });
  });

  it("as a range lists both ends and what lies between, newest first; ends that are not on one line are refused", () => {
    law((all, [from = 0, to = 0]) => {
      const graph = buildGraph(all);
      const [a, b] = [idOf(all, from), idOf(all, to)];
      if (!closure([b], (one) => parentsOf(all, one)).has(a)) {
        expect(outcome(() => resolveRange(graph, new Set(), `${a}:${b}`))).toBe("bad-range");
        return;
      }
      const between = all.filter(
        ({ id }) => standsOn(all, b, id) && closure([id], (one) => parentsOf(all, one)).has(a) && !standsOn(all, a, id),
      );
      const listed = listHistory(graph, resolveRange(graph, new Set(), `${a}:${b}`)).map(({ id }) => id);
      expect(sorted(listed)).toEqual(sorted([a, ...between.map(({ id }) => id)]));
      for (const [i, id] of listed.entries()) for (const later of listed.slice(i + 1)) expect(standsOn(all, later, id)).toBe(false);
    });
  });
});

describe("a move on any graph", () => {
  const startOf = (all: readonly Node[], at: readonly number[]) => below(all, ...at.map((number) => idOf(all, number)));

  it("down to a revision leaves it, and takes all that stands on its children, across merges and dependencies", () => {
    law((all, [number = 0, other = 0, qualified = 0], at) => {
      const graph = buildGraph(all);
      const applied = startOf(all, [...at, number]);
      const [id, branch] = [idOf(all, number), idOf(all, other)];
      const lineage = qualified % 2 === 0 ? null : lineageOf(all, branch);
      if (lineage !== null && !lineage.has(id)) return;
      const roots = childrenOf(all, id).filter((child) => lineage === null || lineage.has(child));
      const gone = [...applied].filter((one) => roots.some((root) => standsOn(all, one, root)));
      const did = planDowngrade(graph, applied, resolveDowngrade(graph, applied, lineage === null ? id : `${branch}@${id}`));
      expect(sorted(did)).toEqual(sorted(gone));
      for (const [i, one] of did.entries()) for (const later of did.slice(i + 1)) expect(standsOn(all, later, one)).toBe(false);
      expect(applied.has(id) && !did.includes(id)).toBe(true);
    });
  });

  it("down to the base takes all, down to what is not applied is refused", () => {
    law((all, [number = 0], at) => {
      const graph = buildGraph(all);
      const applied = startOf(all, at);
      expect(sorted(planDowngrade(graph, applied, resolveDowngrade(graph, applied, "base")))).toEqual(sorted(applied));
      const id = idOf(all, number);
      if (!applied.has(id)) expect(outcome(() => resolveDowngrade(graph, applied, id))).toBe("not-below");
    });
  });

  it("by one step up or down starts from the one head there is; several are an error that names them", () => {
    law((all, _, at) => {
      const graph = buildGraph(all);
      const applied = startOf(all, at);
      const heads = [...applied].filter((id) => ![...applied].some((one) => needsOf(all, one).includes(id)));
      expect(sorted(headsAmong(graph, applied))).toEqual(sorted(heads));
      const down = outcome(() => planDowngrade(graph, applied, resolveDowngrade(graph, applied, "-1")));
      const up = outcome(() => planUpgrade(graph, applied, resolveUpgrade(graph, applied, ["+1"])));
      if (heads.length > 1) {
        expect([up, down]).toEqual(["several-heads", "several-heads"]);
        return;
      }
      const [head] = heads;
      expect(down).toEqual(head === undefined ? "too-far" : [head]);
      const next = head === undefined ? all.filter(({ parents }) => parents.length === 0).map(({ id }) => id) : childrenOf(all, head);
      const [only = ""] = next;
      if (next.length === 1)
        expect(sorted(up as readonly string[])).toEqual(sorted([...below(all, only)].filter((id) => !applied.has(id))));
      else expect(up).toBe(next.length === 0 ? "too-far" : "ambiguous-steps");
    });
  });

  it("by stamps of several heads is the same in any order, and again is nothing", () => {
    law((all, numbers, at) => {
      const graph = buildGraph(all);
      const applied = startOf(all, at);
      const targets = [...new Set(numbers.map((number) => idOf(all, number)))];
      const stamped = (from: ReadonlySet<string>, texts: readonly string[]) => {
        const { add, remove } = planStamp(graph, from, resolveStamp(graph, from, texts));
        return new Set([...from, ...add].filter((id) => !remove.includes(id)));
      };
      const after = stamped(applied, targets);
      expect(sorted(stamped(applied, [...targets].reverse()))).toEqual(sorted(after));
      expect(sorted(stamped(after, targets))).toEqual(sorted(after));
      // exactly the targets where nothing was, and what is below them
      expect(sorted(stamped(new Set(), targets))).toEqual(sorted(below(all, ...targets)));
      expect(sorted(below(all, ...after))).toEqual(sorted(after));
      for (const target of targets) expect(after.has(target)).toBe(true);
      expect(sorted(stamped(applied, ["base"]))).toEqual([]);
    });
  });
});
