import { describe, expect, it } from "vitest";
import type { Operation } from "../../../src/core/operation.ts";
import type { Table, View } from "../../../src/core/schema.ts";
import { agreed, attribute } from "../../../src/diff/attribute.ts";

const add = (name: string): Operation => ({ kind: "addColumn", table: "exams", column: { name, type: "integer" } });
const table = (...columns: string[]): Table => ({
  name: "todos",
  columns: columns.map((name) => ({ name, type: "integer" })),
  uniques: [],
  indexes: [],
  foreignKeys: [],
  checks: [],
  exclusions: [],
});
const create = (...columns: string[]): Operation => ({ kind: "createTable", table: "todos", definition: table(...columns) });
const verdicts = (operations: readonly Operation[], toApplied: readonly Operation[], toAll: readonly Operation[]) =>
  attribute({ operations, unmanaged: [] }, { toApplied, toAll, unrecorded: [] }).map(({ verdict }) => verdict);

describe("whose a difference is", () => {
  it("is nobody's revision's: not generated", () => {
    expect(verdicts([add("a")], [], [])).toEqual(["not generated"]);
  });

  it("is a pending revision's: not applied", () => {
    expect(verdicts([add("a"), add("b")], [], [add("b")])).toEqual(["not generated", "not applied"]);
  });

  it("is the database's: changed by hand, even while others are pending", () => {
    expect(verdicts([add("a"), add("b")], [add("a")], [add("a"), add("b")])).toEqual(["changed by hand", "not applied"]);
  });

  it("is a pending revision's where it makes a table that the entities say more of", () => {
    expect(verdicts([create("id", "more")], [], [create("id")])).toEqual(["not applied"]);
  });

  it("does not depend on the order of fields", () => {
    const [one] = [add("a")];
    const turned = { column: { type: "integer", name: "a" }, table: "exams", kind: "addColumn" } as Operation;
    expect(verdicts([one], [turned], [])).toEqual(["changed by hand"]);
  });

  it("is nobody's at all: unmanaged, with the object", () => {
    const object = { what: "table", name: "left_over", because: "neither the models nor the revisions know it" };
    expect(attribute({ operations: [], unmanaged: [object] }, { toApplied: [], toAll: [], unrecorded: [] })).toEqual([
      { verdict: "unmanaged", object },
    ]);
  });

  it("is in no revision where entities and database agree on what the revisions lack: not recorded", () => {
    const unrecorded = agreed([add("a"), add("b")], [add("b"), add("c")]);
    expect(unrecorded).toEqual([add("b")]);
    expect(attribute({ operations: [], unmanaged: [] }, { toApplied: [], toAll: [], unrecorded })).toEqual([
      { verdict: "not recorded", operation: add("b") },
    ]);
  });

  it("is no agreement of entities and database when a view makes way for the one, and is not there at all for the other", () => {
    const definition: View = { name: "v", definition: "SELECT 1", indexes: [] };
    const drop: Operation = { kind: "dropView", view: "v", definition };
    const again: Operation = { kind: "createView", view: "v", definition };
    expect(agreed([drop, again], [drop])).toEqual([]);
    expect(agreed([drop, again], [drop, again])).toEqual([drop, again]);
    expect(agreed([drop], [drop])).toEqual([drop]);
  });
});
