import { expect, it } from "vitest";
import { neededFor, partOf, touchedBy } from "../../../../src/app/scratch/part.ts";
import type { Operation } from "../../../../src/core/operation.ts";
import { emptySchema, type Schema } from "../../../../src/core/schema.ts";

it("keeps a type that only an untouched table still uses on both sides", () => {
  const state = { name: "state", type: "st" };
  const table = (name: string, columns: Schema["tables"][number]["columns"]) => ({
    name,
    columns,
    uniques: [],
    indexes: [],
    foreignKeys: [],
    checks: [],
    exclusions: [],
  });
  const enums = [{ name: "st", values: ["a"] }];
  const had: Schema = { ...emptySchema, enums, tables: [table("a", [state]), table("b", [state])] };
  const wanted: Schema = { ...emptySchema, enums, tables: [table("a", []), table("b", [state])] };
  const drop: Operation = { kind: "dropColumn", table: "a", column: state };
  const needed = neededFor(touchedBy([drop]), [had, wanted]);
  expect(partOf(had, needed).enums).toEqual(enums);
  expect(partOf(wanted, needed).enums).toEqual(enums);
});
