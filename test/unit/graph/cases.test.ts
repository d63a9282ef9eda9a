import { describe, expect, it } from "vitest";
import { listHistory } from "../../../src/graph/history.ts";
import { planDowngrade, planStamp, planUpgrade } from "../../../src/graph/plan.ts";
import { appliedAt, resolveRange } from "../../../src/graph/range.ts";
import { resolveMany, resolveOne } from "../../../src/graph/target.ts";
import { ancestors } from "../../../src/graph/walk.ts";
import { failure, play } from "./play.ts";
import { graphOf, type Shape, shape, shapes } from "./shapes.ts";

type Case = readonly [shape: Shape, at: string, command: string, did: string, heads: string];

const moves: readonly Case[] = [
  ["line", "", "upgrade head", "aaaa bbbb cccc dddd eeee", "eeee"],
  ["line", "bbbb", "upgrade +1", "cccc", "cccc"],
  ["line", "", "upgrade +2", "aaaa bbbb", "bbbb"],
  ["line", "bbbb", "upgrade dddd", "cccc dddd", "dddd"],
  ["line", "", "upgrade cccc+1", "aaaa bbbb cccc dddd", "dddd"],
  ["line", "", "upgrade head-1", "aaaa bbbb cccc dddd", "dddd"],
  ["line", "", "upgrade base+2", "aaaa bbbb", "bbbb"],
  ["line", "eeee", "upgrade head", "", "eeee"],
  ["line", "eeee", "upgrade bbbb", "", "eeee"],
  ["none", "", "upgrade heads", "", ""],
  ["none", "", "upgrade head", "", ""],
  ["fork", "aaaa", "upgrade d1d1 d2d2", "bbbb c1c1 d1d1 c2c2 d2d2", "d1d1 d2d2"],
  ["fork", "bbbb", "upgrade one@head", "c1c1 d1d1", "d1d1"],
  ["fork", "bbbb", "upgrade one", "c1c1", "c1c1"],
  ["fork", "c1c1", "upgrade two@+1", "c2c2", "c1c1 c2c2"],
  ["fork", "", "upgrade two@+3", "aaaa bbbb c2c2", "c2c2"],
  ["merge", "bbbb", "upgrade ffff", "c1c1 d1d1 c2c2 d2d2 eeee ffff", "ffff"],
  ["early", "d2d2", "upgrade mmmm", "c1c1 mmmm", "mmmm d2d2"],
  ["twinMerges", "b1b1 b2b2", "upgrade heads", "m1m1 m2m2", "m1m1 m2m2"],
  ["twoNames", "", "upgrade abranch@some", "somelongername", "somelongername"],
  ["twoNames", "", "upgrade ebranch@some", "someothername", "someothername"],
  ["names", "someothername", "upgrade e", "e", "e"],
  ["line", "eeee", "downgrade dddd-1", "eeee dddd", "cccc"],
  ["line", "eeee", "downgrade bbbb+1", "eeee dddd", "cccc"],
  ["line", "eeee", "downgrade -2", "eeee dddd", "cccc"],
  ["line", "bbbb", "downgrade -2", "bbbb aaaa", ""],
  ["line", "bbbb", "downgrade bbbb", "", "bbbb"],
  ["line", "", "downgrade base", "", ""],
  ["fork", "d1d1 d2d2", "downgrade two@-2", "d2d2 c2c2", "d1d1"],
  ["fork", "d1d1 d2d2", "downgrade one@-1", "d1d1", "c1c1 d2d2"],
  ["fork", "d1d1 d2d2", "downgrade one@head-1", "d1d1", "c1c1 d2d2"],
  ["fork", "c1c1 d2d2", "downgrade d1d1@-1", "c1c1", "d2d2"],
  ["fork", "d1d1 d2d2", "downgrade one@bbbb", "d1d1 c1c1", "d2d2"],
  ["fork", "d1d1 d2d2", "downgrade d1d1@bbbb", "d1d1 c1c1", "d2d2"],
  ["fork", "d1d1 d2d2", "downgrade c2c2@bbbb", "d2d2 c2c2", "d1d1"],
  ["fork", "d1d1 d2d2", "downgrade two@base+2", "d2d2 c2c2", "d1d1"],
  ["fork", "d1d1 d2d2", "downgrade c1c1", "d1d1", "c1c1 d2d2"],
  ["fork", "d1d1 d2d2", "downgrade aaaa", "d2d2 c2c2 d1d1 c1c1 bbbb", "aaaa"],
  ["merge", "ffff", "downgrade base", "ffff eeee d2d2 c2c2 d1d1 c1c1 bbbb aaaa", ""],
  ["merge", "ffff", "downgrade bbbb", "ffff eeee d2d2 c2c2 d1d1 c1c1", "bbbb"],
  ["early", "mmmm d2d2", "downgrade c1c1", "mmmm", "c1c1 d2d2"],
  ["three", "mmmm", "downgrade -1", "mmmm", "b1b1 b2b2 b3b3"],
  ["bases", "a3a3 b3b3", "downgrade right@base", "b3b3 b2b2 b1b1", "a3a3"],
  ["implied", "a2a2", "upgrade c2c2", "a1a1 b1b1 c1c1 b2b2 c2c2", "c2c2"],
  ["implied", "d1d1 c2c2", "downgrade c1c1", "d1d1", "c2c2"],
  ["criss", "a3a3 b2b2", "downgrade base", "a3a3 b2b2 a2a2 b1b1 a1a1", ""],
  ["criss", "a3a3 b2b2", "downgrade b1b1", "b2b2", "a3a3"],
  ["mergeDep", "", "upgrade head", "a1a1 b1b1 mmmm", "mmmm"],
  ["mergeDep", "mmmm", "downgrade a1a1", "mmmm", "b1b1"],
  ["ownParent", "", "upgrade head", "aaaa bbbb cccc", "cccc"],
  ["leaning", "x1x1 y2y2", "downgrade x@-1", "y2y2 x1x1", "y1y1"],
];

const stamps: readonly (readonly [shape: Shape, at: string, targets: string, heads: string])[] = [
  ["names", "", "someo", "someothername"],
  ["fork", "", "heads", "d1d1 d2d2"],
  ["fork", "d1d1 d2d2", "heads", "d1d1 d2d2"],
  ["fork", "d1d1 c2c2", "bbbb", "bbbb"],
  ["fork", "d1d1 d2d2", "c1c1", "c1c1 d2d2"],
  ["fork", "d1d1 d2d2", "one@base", "d2d2"],
  ["fork", "d1d1 d2d2", "base", ""],
  ["fork", "d1d1", "two@head", "d1d1 d2d2"],
  ["merge", "d1d1 c2c2", "eeee", "eeee"],
  ["merge", "eeee", "c2c2", "c2c2"],
  ["line", "bbbb", "+1", "cccc"],
  ["line", "bbbb", "-1", "aaaa"],
  ["bases", "a3a3", "b1b1", "a3a3 b1b1"],
];

const spaced = (text: string) => text.split(" ").filter(Boolean);

describe("upgrade and downgrade", () => {
  it.each(moves)("%s at (%s): %s runs (%s)", (name, at, command, did, heads) => {
    const played = play(shape(name), spaced(at), command);
    expect(played.did).toEqual(spaced(did));
    expect(new Set(played.heads)).toEqual(new Set(spaced(heads)));
  });
});

describe("stamp", () => {
  it.each(stamps)("%s at (%s) to %s leaves (%s)", (name, at, targets, heads) => {
    const graph = shape(name);
    expect(new Set(play(graph, spaced(at), `stamp ${targets}`).heads)).toEqual(new Set(spaced(heads)));
  });

  it("has nothing to do where the database is already", () => {
    expect(play(shape("fork"), ["d1d1", "d2d2"], "stamp heads").did).toEqual([]);
  });
});

describe("a revision argument that cannot be taken", () => {
  it.each<readonly [Shape, string, string, string, string]>([
    ["line", "aaaa", "upgrade cccc+9", "too-far", ""],
    ["line", "bbbb", "downgrade -5", "too-far", ""],
    ["line", "eeee", "upgrade +1", "too-far", ""],
    ["line", "eeee", "upgrade -1", "wrong-direction", "downgrade -1"],
    ["line", "bbbb", "downgrade +1", "wrong-direction", "upgrade +1"],
    ["fork", "bbbb", "upgrade one@d2d2", "not-on-branch", "d2d2"],
    ["fork", "", "upgrade head", "several-heads", "d1d1, d2d2"],
    ["fork", "bbbb", "upgrade +1", "ambiguous-steps", "c1c1, c2c2"],
    ["fork", "c1c1 c2c2", "upgrade +1", "several-heads", "c1c1, c2c2"],
    ["fork", "d1d1 d2d2", "downgrade -1", "several-heads", "d1d1, d2d2"],
    ["three", "mmmm", "downgrade -2", "ambiguous-steps", "b1b1, b2b2, b3b3"],
    ["fork", "bbbb", "stamp head", "several-heads", "d1d1, d2d2"],
    ["names", "", "upgrade so", "ambiguous-revision", "somelongername, someothername"],
    ["line", "", "upgrade aaa", "short-revision", "aaaa"],
    ["line", "bbbb", "downgrade dddd", "not-below", "dddd"],
    ["fork", "d1d1", "downgrade two@-1", "not-below", "d1d1 stands on bbbb"],
    ["fork", "d1d1", "stamp two@-2", "not-below", "c2c2 is not"],
    ["criss", "a1a1 b2b2", "downgrade a3a3@-1", "not-below", "b2b2 stands on a2a2"],
    ["line", "", "upgrade @head", "no-branch", ""],
  ])("%s at (%s): %s is %s", (name, at, command, code, says) => {
    const error = failure(() => play(shape(name), spaced(at), command));
    expect(error).toMatchObject({ outcome: "usage", code });
    expect(`${error.message} ${error.hint}`).toContain(says);
  });

  it.each<readonly [Shape, string, string]>([
    ["fork", "bbbb", "upgrade +1"],
    ["fork", "", "upgrade base+3"],
    ["bases", "", "upgrade +1"],
    ["merge", "eeee", "downgrade -2"],
    ["merge", "eeee", "downgrade eeee-1"],
  ])("that meets several ways is told how each is named: %s at (%s), %s", (name, at, command) => {
    const { code, hint } = failure(() => play(shape(name), spaced(at), command));
    expect(code).toBe("ambiguous-steps");
    const ways = hint.slice(hint.indexOf(": ") + 2).split(", or ");
    expect(ways).toHaveLength(2);
    for (const way of ways) expect(play(shape(name), spaced(at), `${command.split(" ")[0]} ${way}`).did).not.toEqual([]);
  });

  it("is an integrity error with near misses when no revision has that id", () => {
    const error = failure(() => play(shape("line"), [], "stamp bbbx"));
    expect(error).toMatchObject({ outcome: "integrity", code: "unknown-revision", details: { near: ["bbbb"] } });
  });

  it("names what the database has and no file", () => {
    const graph = graphOf(...shapes.line.slice(0, 4));
    const applied = new Set([...ancestors(graph, ["dddd"]), "eeee"]);
    for (const command of ["upgrade", "downgrade", "stamp"]) {
      const error = failure(() => playWith(graph, applied, command));
      expect(error).toMatchObject({ outcome: "integrity", code: "unknown-applied", details: { revisions: ["eeee"] } });
    }
  });
});

describe("ranges", () => {
  it.each<readonly [Shape, string, string, string]>([
    ["line", "bbbb", "current:+2", "dddd cccc bbbb"],
    ["line", "cccc", "current:head", "eeee dddd cccc"],
    ["line", "dddd", "-2:current", "dddd cccc bbbb"],
    ["line", "bbbb", "-9:current", "bbbb aaaa"],
    ["line", "dddd", "current:+9", "eeee dddd"],
    ["line", "", "bbbb:", "eeee dddd cccc bbbb"],
    ["line", "", ":bbbb", "bbbb aaaa"],
    ["line", "", "cccc", "cccc"],
    ["names", "", "somel:someo", "someothername somelongername"],
    ["fork", "", "bbbb:heads", "d2d2 c2c2 d1d1 c1c1 bbbb"],
    ["fork", "", "one@base:one@head", "d1d1 c1c1 bbbb aaaa"],
    ["merge", "", "c1c1:eeee", "eeee d1d1 c1c1"],
    ["fork", "", "c1c1:heads", "d1d1 c1c1"],
    ["fork", "d1d1 d2d2", "c2c2:current", "d2d2 c2c2"],
    ["fork", "d1d1 c2c2", "current:two@head", "d2d2 c2c2"],
  ])("%s at (%s): %s lists %s", (name, at, range, ids) => {
    const graph = shape(name);
    const resolved = resolveRange(graph, ancestors(graph, spaced(at)), range);
    expect(listHistory(graph, resolved).map(({ id }) => id)).toEqual(spaced(ids));
  });

  it.each<readonly [Shape, string, string, string, string]>([
    ["fork", "", "c1c1:c2c2", "c2c2 does not follow c1c1", "--graph"],
    ["fork", "", "d1d1:two@head", "d2d2 does not follow d1d1", "--graph"],
    ["bases", "", "a1a1:b1b1", "b1b1 does not follow a1a1", "--graph"],
    // it needs it, and is of another line
    ["bases", "", "a2a2:b2b2", "b2b2 does not follow a2a2", "--graph"],
    ["fork", "d1d1", "current:two@head", "d2d2 does not follow d1d1", "--graph"],
    ["fork", "c1c1 c2c2", "current:bbbb", "bbbb does not follow c1c1, c2c2", "bbbb:current"],
    ["line", "", "head:base", "the base does not follow eeee", "base:head"],
    ["line", "", "cccc:current", "the base does not follow cccc", "current:cccc"],
    ["line", "dddd", "current:-2", "bbbb does not follow dddd", "-2:current"],
  ])("whose ends are not on one line are refused: %s at (%s), %s", (name, at, range, says, next) => {
    const graph = shape(name);
    const error = failure(() => resolveRange(graph, ancestors(graph, spaced(at)), range));
    expect(error).toMatchObject({ code: "bad-range", message: expect.stringContaining(says), hint: expect.stringContaining(next) });
  });

  it("begin a script where all below the left end is applied", () => {
    expect([...appliedAt(shape("line"), new Set(), "cccc")].sort()).toEqual(["aaaa", "bbbb", "cccc"]);
  });

  it("are refused with two colons or two relative ends", () => {
    for (const text of ["a:b:c", "-1:+1"]) expect(failure(() => resolveRange(shape("line"), new Set(), text)).code).toBe("bad-range");
  });
});

describe("one revision", () => {
  it("may end in what looks like steps", () => {
    const graph = graphOf({ id: "release-1" }, { id: "release-2", parents: ["release-1"] });
    expect(resolveOne(graph, new Set(), "release-2")).toBe("release-2");
    expect(resolveOne(graph, new Set(), "release-2-1")).toBe("release-1");
  });

  it("is not the base, and not several", () => {
    expect(failure(() => resolveOne(shape("line"), new Set(), "base")).code).toBe("no-such-place");
    expect(failure(() => resolveOne(shape("fork"), new Set(), "heads")).code).toBe("several-heads");
    expect(resolveOne(shape("line"), new Set(["aaaa"]), "current")).toBe("aaaa");
  });

  it("is none for the base, any of several for the heads", () => {
    expect(resolveMany(shape("line"), new Set(), ["base"])).toEqual([]);
    expect(resolveMany(shape("fork"), new Set(), ["one@head", "two"])).toEqual(["d1d1", "c2c2"]);
  });

  it("is named once, however often it is asked for", () => {
    expect(resolveMany(shape("fork"), new Set(), ["heads", "d1d1"])).toEqual(["d1d1", "d2d2"]);
  });
});

function playWith(graph: ReturnType<typeof shape>, applied: ReadonlySet<string>, command: string): void {
  if (command === "upgrade") planUpgrade(graph, applied, ["dddd"]);
  if (command === "downgrade") planDowngrade(graph, applied, ["dddd"]);
  if (command === "stamp") planStamp(graph, applied, [{ id: "cccc", branch: null }]);
}
