import { describe, expect, it } from "vitest";
import type { Schema } from "../../../src/core/schema.ts";
import { column, compared, foreignKey, looseRules, schema, strictRules, table, told } from "./build.ts";

const owners = table("owners", ["id integer"]);

describe("tables", () => {
  it("creates a table with all it has, parents first", () => {
    const items = table("items", ["id integer", "owner_id integer"], { foreignKeys: [foreignKey("fk", "owner_id", "owners")] });
    const { operations } = compared(schema([]), schema([items, owners]));
    expect(told(operations)).toEqual(["createTable owners", "createTable items"]);
    expect(operations[1]).toEqual({ kind: "createTable", table: "items", definition: items });
  });

  it("adds afterwards only the foreign keys that close a cycle", () => {
    const a = table("a", ["id integer", "b_id integer"], {
      foreignKeys: [foreignKey("fk_a", "b_id", "b"), foreignKey("fk_self", "b_id", "a")],
    });
    const b = table("b", ["id integer", "a_id integer"], { foreignKeys: [foreignKey("fk_b", "a_id", "a")] });
    expect(told(compared(schema([]), schema([a, b])).operations)).toEqual(["createTable b", "createTable a", "addForeignKey b.fk_b"]);
    expect(told(compared(schema([a, b]), schema([])).operations)).toEqual(["dropForeignKey b.fk_b", "dropTable a", "dropTable b"]);
  });

  it("creates a table after the key of another table that it points to", () => {
    const items = table("items", ["id integer", "code text"], {
      foreignKeys: [{ name: "fk", columns: ["code"], references: { table: "owners", columns: ["code"] } }],
    });
    const to = schema([table("owners", ["id integer", "code text"], { uniques: [{ name: "uq", columns: ["code"] }] }), items]);
    expect(told(compared(schema([owners]), to).operations)).toEqual(["addColumn owners.code", "addUnique owners.uq", "createTable items"]);
  });

  it("frees a name before it is taken again", () => {
    const index = { indexes: [{ name: "ix_title", columns: ["id"] }] };
    const { operations } = compared(schema([table("exam", ["id integer", "a uuid"], index)]), schema([table("z", ["id integer"], index)]));
    expect(told(operations)).toEqual(["dropTable exam", "createTable z"]);
  });

  it("never drops what neither the models nor the revisions know, but names it", () => {
    const hand = table("items", ["id integer", column("legacy integer")], {
      indexes: [{ name: "ix_hand", columns: [{ expression: "lower(name)" }] }],
      foreignKeys: [foreignKey("fk_raw", "legacy", "owners")],
      checks: [{ name: "ck", expression: "legacy > 0" }],
      uniques: [{ name: "uq", columns: ["legacy"] }],
    });
    const known = schema([table("items", ["id integer"])]);
    for (const history of [known, null]) {
      const { operations, unmanaged } = compared(
        schema([hand, owners], { views: [{ name: "v", definition: "SELECT 1", indexes: [] }], enums: [{ name: "e", values: ["a"] }] }),
        known,
        strictRules,
        history,
      );
      expect(operations).toEqual([]);
      expect(unmanaged.map(({ what, name }) => `${what} ${name}`)).toEqual([
        "enum type e",
        "table owners",
        "view v",
        "check ck",
        "column legacy",
        "foreign key fk_raw",
        "index ix_hand",
        "unique uq",
      ]);
    }
  });

  it("drops what the history knows, by name or by structure", () => {
    const from = schema([
      table("items", ["id integer", "gone integer"], { indexes: [{ name: "renamed_by_hand", columns: ["id"] }] }),
      owners,
    ]);
    const known = schema([table("items", ["id integer", "gone integer"], { indexes: [{ name: "ix", columns: ["id"] }] }), owners]);
    expect(told(compared(from, schema([table("items", ["id integer"])]), strictRules, known).operations)).toEqual([
      "dropIndex items.renamed_by_hand",
      "dropColumn items.gone",
      "dropTable owners",
    ]);
  });

  it("drops a hand-made index with the column that it cannot do without", () => {
    const from = schema([table("items", ["id integer", "gone integer"], { indexes: [{ name: "hand", columns: ["gone", "id"] }] })]);
    const { operations, unmanaged } = compared(
      from,
      schema([table("items", ["id integer"])]),
      strictRules,
      schema([table("items", ["id integer", "gone integer"])]),
    );
    expect(told(operations)).toEqual(["dropIndex items.hand", "dropColumn items.gone"]);
    expect(unmanaged).toMatchObject([{ what: "index", name: "hand" }]);
  });

  it("leaves what is like something of ours alone, too, unless it is ours under another name", () => {
    const key = foreignKey("fk_ours", "a", "others");
    const index = { name: "ix_ours", columns: ["a"] };
    const others = table("others", ["id integer"]);
    const having = (...names: readonly string[]) =>
      schema([
        others,
        table("items", ["id integer", "a integer"], {
          foreignKeys: names.map((name) => ({ ...key, name: `fk_${name}` })),
          indexes: names.map((name) => ({ ...index, name: `ix_${name}` })),
        }),
      ]);
    const bare = having();
    const dropped = (from: Schema, to: Schema) => {
      const { operations, unmanaged } = compared(from, to, strictRules, having("ours"));
      return [operations.length, unmanaged.map(({ name }) => name)];
    };
    expect(dropped(having("ours", "theirs"), having("ours"))).toEqual([0, ["fk_theirs", "ix_theirs"]]);
    expect(dropped(having("ours", "theirs"), bare)).toEqual([2, ["fk_theirs", "ix_theirs"]]);
    expect(dropped(having("renamed"), bare)).toEqual([2, []]);
  });

  it("leaves external tables and indexes alone", () => {
    const from = schema([
      table("items", ["id integer", "x integer"]),
      table("logs", ["id integer"], { indexes: [{ name: "own", columns: ["id"] }] }),
    ]);
    const to = schema([table("logs", ["id integer"], { external: ["own"] })], { external: [{ name: "items" }] });
    expect(compared(from, to)).toMatchObject({ operations: [], unmanaged: [] });
  });

  it("takes comments as differences, storage options only where the models name them", () => {
    const make = (more: object) => schema([table("items", ["id integer"], more)]);
    expect(compared(make({ engine: "InnoDB" }), make({ comment: "it's" }), looseRules, null).operations).toEqual([
      { kind: "alterTable", table: "items", from: { engine: "InnoDB" }, to: { comment: "it's", engine: "InnoDB" } },
    ]);
    expect(compared(make({ engine: "InnoDB" }), make({ engine: "Aria" }), looseRules).operations).toHaveLength(1);
  });

  it("creates schemas and extensions first and drops only known ones", () => {
    const to = schema([{ ...owners, schema: "app" }], { namespaces: ["app"], extensions: ["citext"] });
    expect(told(compared(schema([]), to).operations)).toEqual(["createSchema app", "createExtension citext", "createTable owners"]);
    expect(compared(to, schema([]), strictRules, null).operations).toEqual([]);
    expect(told(compared(to, schema([])).operations)).toEqual(["dropTable owners", "dropExtension ", "dropSchema "]);
  });

  it("tells tables of one name in two schemas apart", () => {
    const make = (...columns: string[]) =>
      schema([owners, { ...table("owners", ["id integer", ...columns]), schema: "app" }], { namespaces: ["app"] });
    expect(compared(make(), make("x text?")).operations).toMatchObject([{ kind: "addColumn", schema: "app", table: "owners" }]);
  });

  it("compares two thousand tables without a change in no time", () => {
    const make = () =>
      schema(
        Array.from({ length: 2000 }, (_, i) =>
          table(
            `t${i}`,
            Array.from({ length: 10 }, (_, c) => (c === 0 ? "id integer" : `c${c} text`)),
            { indexes: [{ name: `ix${i}`, columns: ["c1"] }] },
          ),
        ),
      );
    const [from, to] = [make(), make()];
    expect(compared(from, to).operations).toEqual([]);
  });
});
