import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lanes } from "../../../src/cli/text/lanes.ts";

/** `child: parent, parent`, newest first. */
function picture(...rows: readonly string[]): string {
  const parsed = rows.map((row) => {
    const [id = "", parents = ""] = row.split(":");
    return { id, parents: parents.split(",").flatMap((parent) => parent.trim() || []) };
  });
  const drawn = lanes(parsed).flatMap(({ head, after }, i) => [head + parsed[i]?.id, ...after]);
  return `\n${drawn.join("\n")}\n`;
}

describe("the picture of a history", () => {
  it("of a line is a line", () => {
    expect(picture("c: b", "b: a", "a")).toBe(`
* c
* b
* a
`);
  });

  it("shows where branches part", () => {
    expect(picture("c: a", "b: a", "a")).toBe(`
* c
| * b
|/
* a
`);
  });

  it("shows a merge, and where its arms come from", () => {
    expect(picture("e: d1, d2", "d2: c2", "c2: b", "d1: b", "b: a", "a")).toBe(`
* e
|\\
| * d2
| * c2
* | d1
|/
* b
* a
`);
  });

  it("shows a merge of three", () => {
    expect(picture("m: b1, b2, b3", "b3: a", "b2: a", "b1: a", "a")).toBe(`
* m
|\\
| |\\
| | * b3
| * | b2
| |/
* | b1
|/
* a
`);
  });

  it("shows twin merges of the same arms", () => {
    expect(picture("m2: b1, b2", "m1: b1, b2", "b2: a", "b1: a", "a")).toBe(`
* m2
|\\
| | * m1
| | |\\
| |/ /
|/|/
| * b2
* | b1
|/
* a
`);
  });

  it("shows branches that part far from each other", () => {
    expect(picture("d: a", "c: b", "b", "e: a", "a")).toBe(`
* d
| * c
| * b
| * e
|/
* a
`);
    expect(picture("x: a", "y: b", "z: a", "b: a", "a")).toBe(`
* x
| * y
| | * z
| |/
|/|
| * b
|/
* a
`);
  });

  it("closes the gap of a branch that begins in the middle", () => {
    expect(picture("x: a", "y", "z: a", "a")).toBe(`
* x
| * y
| * z
|/
* a
`);
    expect(picture("m: x, y, z", "y", "z: x", "x")).toBe(`
* m
|\\
| |\\
| * | y
|  /
| * z
|/
* x
`);
  });

  it("has one mark a row, as many lines at each row as ways that pass it, and ends with none", () => {
    const graphs = fc
      .array(fc.array(fc.nat(), { maxLength: 3 }), { maxLength: 12 })
      .map((list) =>
        list.map((picks, i) => ({ id: `r${i}`, parents: [...new Set(i === 0 ? [] : picks.map((pick) => `r${pick % i}`))] })).reverse(),
      );
    fc.assert(
      fc.property(graphs, (rows) => {
        const drawn = lanes(rows);
        drawn.forEach(({ head, after }, i) => {
          const later = new Set(rows.slice(i).map(({ id }) => id));
          const waited = new Set(rows.slice(0, i).flatMap(({ parents }) => parents.filter((id) => later.has(id))));
          waited.add(rows[i]?.id ?? "");
          expect(head.replaceAll(" ", "")).toHaveLength(waited.size);
          expect(head.match(/\*/g)).toHaveLength(1);
          for (const line of after) expect(line).toMatch(/^[|/\\ ]+$/);
        });
        expect(drawn.at(-1)?.after ?? []).toEqual([]);
      }),
    );
  });
});
