import { describe, expect, it } from "vitest";
import type { View } from "../../../src/core/schema.ts";
import { resolve } from "../../../src/diff/resolve.ts";
import { compared, looseRules, schema, strictRules, table, told } from "./build.ts";

const items = (type = "integer") => table("items", ["id integer", `qty ${type}`, "other text"]);
const a = (more: Partial<View> = {}): View => ({
  name: "a",
  definition: "SELECT id, qty FROM items",
  indexes: [],
  reads: [{ name: "items", columns: ["id", "qty"] }],
  ...more,
});
const b: View = { name: "b", definition: "SELECT id FROM a", indexes: [], reads: [{ name: "a", columns: ["id"] }] };

describe("views", () => {
  it("creates a view after what it reads and drops it before", () => {
    expect(told(compared(schema([]), schema([items()], { views: [b, a()] })).operations)).toEqual([
      "createTable items",
      "createView a",
      "createView b",
    ]);
    expect(told(compared(schema([items()], { views: [a(), b] }), schema([])).operations)).toEqual([
      "dropView b",
      "dropView a",
      "dropTable items",
    ]);
  });

  it("makes a changed view anew, and those that read it", () => {
    const to = schema([items()], { views: [a({ definition: "SELECT id FROM items" }), b] });
    expect(told(compared(schema([items()], { views: [a(), b] }), to).operations)).toEqual([
      "dropView b",
      "dropView a",
      "createView a",
      "createView b",
    ]);
    expect(told(compared(schema([items()], { views: [a(), b] }), to, looseRules).operations)).toEqual(["alterView a"]);
  });

  it("moves views aside for a column that is retyped, unmanaged ones too", () => {
    const make = (type: string, views: readonly View[]) => schema([items(type)], { views });
    const { operations } = compared(make("integer", [a({ comment: "c" }), b]), make("bigint", []), strictRules, null);
    expect(told(operations)).toEqual(["dropView b", "dropView a", "alterColumn items.qty", "createView a", "createView b"]);
    expect(operations[3]).toMatchObject({ definition: a({ comment: "c" }) });
    expect(told(compared(make("integer", [a()]), make("bigint", [a()]), looseRules).operations)).toEqual(["alterColumn items.qty"]);
  });

  it("leaves views alone that do not read the column", () => {
    const view = a({ reads: [{ name: "items", columns: ["id"] }] });
    expect(told(compared(schema([items()], { views: [view] }), schema([items("bigint")], { views: [view] })).operations)).toEqual([
      "alterColumn items.qty",
    ]);
  });

  it("does not take what a view read for what it will read", () => {
    const old: View = { name: "v", definition: "SELECT qty FROM items", indexes: [], reads: [{ name: "items", columns: ["qty"] }] };
    const { reads: _, ...fresh } = { ...old, definition: "SELECT id FROM parts" };
    const parts = { ...items(), name: "parts" };
    const { operations } = compared(schema([items()], { views: [old] }), schema([parts], { views: [fresh] }));
    expect(told(operations)).toEqual(["dropView v", "dropTable items", "createTable parts", "createView v"]);
  });

  it("makes a view after the table it reads has moved, though the old name is in its text", () => {
    const view: View = { name: "v", definition: "SELECT id FROM app.items", indexes: [] };
    const { operations, review } = compared(
      schema([items()]),
      schema([{ ...items(), schema: "app" }], { views: [view], namespaces: ["app"] }),
    );
    const { operations: moved } = resolve(operations, review, { all: "rename" });
    expect(told(moved)).toEqual(["createSchema app", "moveTable items", "createView v"]);
  });

  it("takes a view away for the time its table changes, where it could be replaced in place, so that the way back works too", () => {
    const view = (name: string): View => ({ name: "v", definition: `SELECT ${name} FROM items`, indexes: [] });
    const make = (name: string) => schema([table("items", ["id integer", `${name} text`])], { views: [view(name)] });
    const { operations } = compared(make("one"), make("two"), looseRules);
    expect(told(operations)).toEqual(["dropView v", "addColumn items.two", "dropColumn items.one", "createView v"]);
    const retyped = (type: string, name: string) => schema([items(type)], { views: [view(name)] });
    expect(told(compared(retyped("integer", "id"), retyped("bigint", "qty"), looseRules).operations)).toEqual([
      "alterColumn items.qty",
      "alterView v",
    ]);
  });

  it("adds an index to a materialised view without making it anew", () => {
    const index = { name: "ix", columns: ["id"] };
    const make = (...indexes: View["indexes"]) => schema([items()], { views: [a({ materialized: true, indexes })] });
    expect(compared(make(), make(index)).operations).toEqual([{ kind: "addIndex", table: "a", index }]);
  });
});
