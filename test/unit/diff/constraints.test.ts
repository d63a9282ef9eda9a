import { describe, expect, it } from "vitest";
import type { Table } from "../../../src/core/schema.ts";
import { diff } from "../../../src/diff/diff.ts";
import { compared, foreignKey, looseRules, schema, strictRules, table, told } from "./build.ts";

const items = (more: Partial<Table>, columns = ["id integer", "a integer", "b integer"]) => schema([table("items", columns, more)]);
const index = (name: string, ...columns: string[]) => ({ name, columns });
const names = (from: Partial<Table>, to: Partial<Table>, rules = strictRules) => told(compared(items(from), items(to), rules).operations);

describe("constraints and indexes", () => {
  it("replaces an index whose definition changed under one name", () => {
    expect(names({ indexes: [index("ix", "a", "b")] }, { indexes: [index("ix", "b", "a")] })).toEqual([
      "dropIndex items.ix",
      "addIndex items.ix",
    ]);
    expect(names({ indexes: [index("ix", "a")] }, { indexes: [{ ...index("ix", "a"), where: "a > 0" }] })).toEqual([
      "dropIndex items.ix",
      "addIndex items.ix",
    ]);
    expect(names({ indexes: [index("ix", "a")] }, { indexes: [{ ...index("ix", "a"), unique: true }] })).toEqual([
      "dropIndex items.ix",
      "addIndex items.ix",
    ]);
  });

  it("renames what the history knew under the old name", () => {
    expect(names({ indexes: [index("ix", "a")] }, { indexes: [index("ix2", "a")] })).toEqual(["renameIndex items.ix>ix2"]);
    expect(names({ uniques: [index("uq", "a")] }, { uniques: [index("uq2", "a")] })).toEqual(["renameConstraint items.uq>uq2"]);
    expect(names({ primaryKey: { name: "p", columns: ["id"] } }, { primaryKey: { name: "q", columns: ["id"] } })).toEqual([
      "renameConstraint items.p>q",
    ]);
    const from = items({ foreignKeys: [foreignKey("fk", "a", "items")] });
    expect(compared(from, items({ foreignKeys: [foreignKey("fk2", "a", "items")] })).operations).toEqual([
      { kind: "renameConstraint", table: "items", from: "fk", to: "fk2", foreignKey: foreignKey("fk", "a", "items") },
    ]);
  });

  it("only names names that nobody knew, and takes them in when told to", () => {
    const [from, to] = [items({ indexes: [index("hand", "a")] }), items({ indexes: [index("ix", "a")] })];
    const { operations, names: only, unmanaged } = compared(from, to, strictRules, null);
    expect([operations, unmanaged]).toEqual([[], []]);
    expect(only).toEqual([{ what: "index", table: "items", from: "hand", to: "ix" }]);
    expect(told(diff(from, to, { rules: strictRules, known: null, names: true }).operations)).toEqual(["renameIndex items.hand>ix"]);
  });

  it("compares names as the server keeps them", () => {
    const long = "i".repeat(70);
    expect(names({ indexes: [index(long.slice(0, 63), "a")] }, { indexes: [index(long, "a")] })).toEqual([]);
  });

  it("pairs several objects of one structure, each with one", () => {
    expect(names({ indexes: [index("x", "a"), index("y", "a")] }, { indexes: [index("y", "a"), index("z", "a")] })).toEqual([
      "renameIndex items.x>z",
    ]);
  });

  it("widens, swaps, drops and adds a primary key", () => {
    expect(names({}, { primaryKey: { name: "pk_items", columns: ["id", "a"] } })).toEqual([
      "dropPrimaryKey items.pk_items",
      "addPrimaryKey items.pk_items",
    ]);
    const { primaryKey: _, ...bare } = table("items", ["id integer", "a integer", "b integer"]);
    expect(told(compared(items({}), schema([bare])).operations)).toEqual(["dropPrimaryKey items.pk_items"]);
    expect(told(compared(schema([bare]), items({})).operations)).toEqual(["addPrimaryKey items.pk_items"]);
  });

  it("lets a foreign key go while the key it points to is replaced", () => {
    const make = (columns: string[]) =>
      schema([
        table("owners", ["id integer", "code integer"], {
          uniques: [{ name: "uq", columns: ["code"] }],
          primaryKey: { name: "pk_owners", columns },
        }),
        table("items", ["id integer", "owner integer"], { foreignKeys: [foreignKey("fk", "owner", "owners")] }),
      ]);
    expect(told(compared(make(["id"]), make(["id", "code"])).operations)).toEqual([
      "dropForeignKey items.fk",
      "dropPrimaryKey owners.pk_owners",
      "addPrimaryKey owners.pk_owners",
      "addForeignKey items.fk",
    ]);
    expect(told(compared(make(["id"]), make(["id", "code"]), looseRules).operations)).toEqual([
      "dropPrimaryKey owners.pk_owners",
      "addPrimaryKey owners.pk_owners",
    ]);
  });

  it("keeps the replacement of an index under a foreign key together", () => {
    const make = (...indexes: Table["indexes"]) => items({ indexes, foreignKeys: [foreignKey("fk", "a", "items")] });
    const { operations } = compared(make(index("ix", "a")), make(index("ix", "a", "b")), looseRules);
    expect(told(operations)).toEqual(["dropIndex items.ix", "addIndex items.ix"]);
  });

  it("changes checks and foreign keys by going and coming", () => {
    expect(names({ checks: [{ name: "c", expression: "a > 0" }] }, { checks: [{ name: "c", expression: "a > 1" }] })).toEqual([
      "dropCheck items.c",
      "addCheck items.c",
    ]);
    const from = { foreignKeys: [foreignKey("fk", "a", "items")] };
    expect(names(from, { foreignKeys: [foreignKey("fk", "a", "items", { onDelete: "CASCADE" })] })).toEqual([
      "dropForeignKey items.fk",
      "addForeignKey items.fk",
    ]);
  });

  it("drops an index before the column it needs", () => {
    const from = items({ indexes: [index("ix", "b")] });
    expect(told(compared(from, items({}, ["id integer", "a integer"])).operations)).toEqual(["dropIndex items.ix", "dropColumn items.b"]);
  });
});
