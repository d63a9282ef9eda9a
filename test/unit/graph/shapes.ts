import { buildGraph, type RevisionGraph } from "../../../src/graph/graph.ts";
import type { Node } from "../../../src/graph/node.ts";

type Sketch = { readonly id: string } & Partial<Node>;

/** `a -> b` written as data: [{ id, parents }] with the rest left out. */
export function graphOf(...nodes: readonly Sketch[]): RevisionGraph {
  return buildGraph(nodes.map(nodeOf));
}

export function nodeOf(sketch: Sketch): Node {
  return { parents: [], dependsOn: [], labels: [], ...sketch };
}

const from = (id: string, ...parents: string[]): Sketch => ({ id, parents });

export const shapes = {
  none: [],
  line: [from("aaaa"), from("bbbb", "aaaa"), from("cccc", "bbbb"), from("dddd", "cccc"), from("eeee", "dddd")],
  names: [from("somelongername"), from("someothername", "somelongername"), from("e", "someothername")],
  twoNames: [
    { id: "somelongername", labels: ["abranch"] },
    { id: "someothername", labels: ["ebranch"] },
  ],
  fork: [
    from("aaaa"),
    from("bbbb", "aaaa"),
    { ...from("c1c1", "bbbb"), labels: ["one"] },
    from("d1d1", "c1c1"),
    { ...from("c2c2", "bbbb"), labels: ["two"] },
    from("d2d2", "c2c2"),
  ],
  merge: [
    from("aaaa"),
    from("bbbb", "aaaa"),
    { ...from("c1c1", "bbbb"), labels: ["one"] },
    from("d1d1", "c1c1"),
    { ...from("c2c2", "bbbb"), labels: ["two"] },
    from("d2d2", "c2c2"),
    from("eeee", "d1d1", "d2d2"),
    from("ffff", "eeee"),
  ],
  /** one arm goes on beside the merge */
  early: [
    from("aaaa"),
    from("bbbb", "aaaa"),
    from("c1c1", "bbbb"),
    from("c2c2", "bbbb"),
    from("mmmm", "c1c1", "c2c2"),
    from("d2d2", "c2c2"),
  ],
  three: [from("aaaa"), from("b1b1", "aaaa"), from("b2b2", "aaaa"), from("b3b3", "aaaa"), from("mmmm", "b1b1", "b2b2", "b3b3")],
  twinMerges: [from("aaaa"), from("b1b1", "aaaa"), from("b2b2", "aaaa"), from("m1m1", "b1b1", "b2b2"), from("m2m2", "b1b1", "b2b2")],
  bases: [
    { ...from("a1a1"), labels: ["left"] },
    from("a2a2", "a1a1"),
    from("a3a3", "a2a2"),
    { ...from("b1b1"), labels: ["right"] },
    { ...from("b2b2", "b1b1"), dependsOn: ["a2a2"] },
    from("b3b3", "b2b2"),
  ],
  implied: [
    from("a1a1"),
    from("b1b1", "a1a1"),
    from("c1c1", "b1b1"),
    from("d1d1", "c1c1"),
    from("a2a2"),
    from("b2b2", "a2a2"),
    { ...from("c2c2", "b2b2"), dependsOn: ["c1c1"] },
  ],
  criss: [
    { ...from("a1a1"), labels: ["left"] },
    { ...from("b1b1"), labels: ["right"] },
    from("a2a2", "a1a1"),
    { ...from("b2b2", "b1b1"), dependsOn: ["a2a2"] },
    { ...from("a3a3", "a2a2"), dependsOn: ["b1b1"] },
  ],
  mergeDep: [from("a1a1"), { ...from("b1b1"), dependsOn: ["a1a1"] }, from("mmmm", "a1a1", "b1b1")],
  ownParent: [from("aaaa"), { ...from("bbbb", "aaaa"), dependsOn: ["aaaa"] }, { ...from("cccc", "bbbb"), dependsOn: ["aaaa"] }],
  /** y2 leans on x1 */
  leaning: [
    { ...from("x1x1"), labels: ["x"] },
    { ...from("y1y1"), labels: ["y"] },
    { ...from("y2y2", "y1y1"), dependsOn: ["x1x1"] },
  ],
} satisfies Record<string, readonly Sketch[]>;

export type Shape = keyof typeof shapes;

export function shape(name: Shape): RevisionGraph {
  return graphOf(...shapes[name]);
}
