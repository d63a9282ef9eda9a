import { describe, expect, it } from "vitest";
import { requireWhole } from "../../../src/graph/graph.ts";
import { listHistory } from "../../../src/graph/history.ts";
import { planUpgrade } from "../../../src/graph/plan.ts";
import { resolveOne } from "../../../src/graph/target.ts";
import { headsAmong, headsOf } from "../../../src/graph/walk.ts";
import { failure } from "./play.ts";
import { graphOf, shape, shapes } from "./shapes.ts";

describe("a graph", () => {
  it("knows heads, bases and an order that has parents and dependencies first", () => {
    const graph = shape("bases");
    expect(graph.heads).toEqual(["a3a3", "b3b3"]);
    expect(graph.bases).toEqual(["a1a1", "b1b1"]);
    expect(graph.order).toEqual(["a1a1", "a2a2", "a3a3", "b1b1", "b2b2", "b3b3"]);
  });

  it("orders by parents whatever the order of the files", () => {
    const graph = graphOf(...[...shapes.merge].reverse());
    for (const { id, parents } of shape("merge").nodes.values()) {
      for (const parent of parents) expect(graph.order.indexOf(parent)).toBeLessThan(graph.order.indexOf(id));
    }
  });

  it("hides heads that another applied revision depends on", () => {
    const graph = shape("implied");
    expect(headsAmong(graph, new Set(["a1a1", "b1b1", "c1c1", "a2a2", "b2b2", "c2c2"]))).toEqual(["c2c2"]);
    expect(headsOf(shapes.implied.map((node) => ({ parents: [], dependsOn: [], ...node })))).toEqual(["d1d1", "c2c2"]);
  });

  it("takes a dependency by label", () => {
    const graph = graphOf({ id: "aaaa", labels: ["accounts"] }, { id: "bbbb", dependsOn: ["accounts"] });
    expect(graph.nodes.get("bbbb")?.dependsOn).toEqual(["aaaa"]);
  });

  it("has no merge where one parent is named twice", () => {
    const graph = graphOf({ id: "aaaa" }, { id: "bbbb", parents: ["aaaa", "aaaa"] }, { id: "cccc", parents: ["bbbb"] });
    expect(listHistory(graph).map(({ isMergePoint }) => isMergePoint)).toEqual([false, false, false]);
    expect(resolveOne(graph, new Set(), "cccc-2")).toBe("aaaa");
  });

  it("does not take ids that are parts of one another for loops", () => {
    expect(graphOf({ id: "user" }, { id: "user_foo", parents: ["user"] }).heads).toEqual(["user_foo"]);
  });
});

describe("a broken graph", () => {
  it("names both files of a duplicate id", () => {
    const error = failure(() => graphOf({ id: "aaaa", file: "/m/1.ts" }, { id: "aaaa", file: "/m/2.ts" }));
    expect(error).toMatchObject({ outcome: "integrity", code: "duplicate-revision", details: { files: ["/m/1.ts", "/m/2.ts"] } });
  });

  it("names both revisions of a duplicate label", () => {
    const error = failure(() => graphOf({ id: "aaaa", labels: ["one"] }, { id: "bbbb", labels: ["one"], file: "b.ts" }));
    expect(error.code).toBe("duplicate-label");
    expect(error.message).toBe('The label "one" stands on two revisions: aaaa and bbbb (b.ts).');
  });

  it("names a label that is another revision's id, with both files", () => {
    const error = failure(() => graphOf({ id: "aaaa", file: "a.ts" }, { id: "bbbb", labels: ["aaaa"], file: "b.ts" }));
    expect(error).toMatchObject({ outcome: "integrity", code: "duplicate-label", details: { files: ["a.ts", "b.ts"] } });
    expect(error.message).toBe('The label "aaaa" of bbbb (b.ts) is the id of another revision (a.ts).');
    expect(graphOf({ id: "aaaa", labels: ["aaaa"] }).heads).toEqual(["aaaa"]);
  });

  it.each([
    ["self-loop", [{ id: "aaaa", parents: ["aaaa"] }]],
    ["dependency-self-loop", [{ id: "aaaa", dependsOn: ["aaaa"] }]],
    [
      "cycle",
      [
        { id: "aaaa", parents: ["cccc"] },
        { id: "bbbb", parents: ["aaaa"] },
        { id: "cccc", parents: ["bbbb"] },
      ],
    ],
    ["cycle", [{ id: "base" }, { id: "aaaa", parents: ["base", "bbbb"] }, { id: "bbbb", parents: ["aaaa"] }, { id: "free" }]],
    [
      "dependency-cycle",
      [
        { id: "aaaa", dependsOn: ["bbbb"] },
        { id: "bbbb", dependsOn: ["aaaa"] },
      ],
    ],
    ["dependency-cycle", [{ id: "aaaa", dependsOn: ["bbbb"] }, { id: "bbbb", parents: ["aaaa"] }, { id: "cccc" }]],
  ])("has no %s", (code, nodes) => {
    const error = failure(() => graphOf(...nodes));
    expect(error).toMatchObject({ outcome: "integrity", code });
    const looping = nodes.filter(({ id }) => !["base", "free", "cccc"].includes(id) || (code === "cycle" && nodes.length === 3));
    for (const { id } of looping) expect(error.message).toContain(id);
  });

  it("can still be listed when a parent is not there, but not be run over", () => {
    const graph = graphOf({ id: "aaaa" }, { id: "bbbb", parents: ["zzzz"], file: "b.ts" }, { id: "cccc", parents: ["bbbb"] });
    expect(graph.heads).toEqual(["aaaa", "cccc"]);
    expect(listHistory(graph).map(({ id }) => id)).toEqual(["cccc", "bbbb", "aaaa"]);
    expect(planUpgrade(graph, new Set(), ["aaaa"])).toEqual(["aaaa"]);
    for (const work of [() => planUpgrade(graph, new Set(), ["cccc"]), () => requireWhole(graph)]) {
      expect(failure(work)).toMatchObject({ outcome: "integrity", code: "unknown-parent", details: { id: "zzzz", files: ["b.ts"] } });
    }
  });

  it("names an unknown dependency", () => {
    const graph = graphOf({ id: "aaaa", dependsOn: ["zzzz"] });
    expect(failure(() => planUpgrade(graph, new Set(), ["aaaa"])).code).toBe("unknown-dependency");
  });
});

describe("history", () => {
  it("marks heads, bases, branch points and merge points, newest first", () => {
    const marks = listHistory(shape("merge")).map(({ id, isHead, isBase, isBranchPoint, isMergePoint }) =>
      [id, isHead && "head", isBase && "base", isBranchPoint && "branch", isMergePoint && "merge"].filter(Boolean).join(" "),
    );
    expect(marks).toEqual(["ffff head", "eeee merge", "d2d2", "c2c2", "d1d1", "c1c1", "bbbb branch", "aaaa base"]);
  });
});
