import { expect, it } from "vitest";
import type { Rules } from "../../../src/core/rules.ts";
import { emptySchema, type Schema } from "../../../src/core/schema.ts";
import { collisions, folded, tooLong } from "../../../src/diff/collisions.ts";

const table = {
  name: "t",
  columns: [],
  uniques: [],
  indexes: [{ name: "i", columns: ["a"] }],
  foreignKeys: [],
  checks: [],
  exclusions: [],
};
const schema: Schema = { ...emptySchema, tables: [table, { ...table, name: "u" }], enums: [{ name: "t", values: ["a"] }] };

it("names a table and a type, and two indexes, that would share a name", () => {
  expect(collisions(schema, { enumTypes: true } as Rules)).toEqual([
    { name: "t", objects: ["table t", "enum t"] },
    { name: "i", objects: ["index of t: i", "index of u: i"] },
  ]);
});

it("lets indexes of two tables share a name where they live in their tables", () => {
  expect(collisions(schema, { enumTypes: false } as Rules)).toEqual([]);
});

it("names what is longer than the server takes", () => {
  const rules = { fitsIdentifier: (name: string) => name.length < 2 } as Rules;
  expect(tooLong({ ...schema, tables: [{ ...table, indexes: [{ name: "ix", columns: [] }] }] }, rules)).toEqual([
    { what: "On t, the name", name: "ix" },
  ]);
});

it("names the tables and views that a server with small letters only would keep under another name", () => {
  const views = [{ name: "Seen", definition: "SELECT 1", indexes: [] }];
  const mixed: Schema = { ...schema, tables: [table, { ...table, name: "OrderItem" }], views };
  expect(folded(mixed, { foldsNames: true })).toEqual(["OrderItem", "Seen"]);
  expect(folded(mixed, {})).toEqual([]);
});
