import { describe, expect, it } from "vitest";
import { column, compared, foreignKey, looseRules, schema, strictRules, table, told } from "./build.ts";

const items = (...columns: Parameters<typeof table>[1]) => schema([table("items", ["id integer", ...columns])]);

describe("columns", () => {
  it("finds nothing between equals, whatever the order of the columns", () => {
    expect(compared(items("a text", "b text"), items("b text", "a text")).operations).toEqual([]);
  });

  it("alters all attributes of a column at once, and never drops it for them", () => {
    const { operations, review } = compared(
      items("v character varying(50)"),
      items(column("v character varying(200)?", { default: "'x'", comment: "c", collation: "C" })),
    );
    expect(operations).toEqual([
      {
        kind: "alterColumn",
        table: "items",
        from: column("v character varying(50)"),
        to: column("v character varying(200)?", { default: "'x'", comment: "c", collation: "C" }),
      },
    ]);
    expect(review).toEqual([]);
  });

  it("alters a plain column that becomes generated, identity or self-counting", () => {
    const generated = items(column("v integer", { generated: { expression: "id + 1", stored: true } }));
    expect(told(compared(items("v integer"), generated).operations)).toEqual(["alterColumn items.v"]);
    expect(
      told(
        compared(items(column("v integer", { autoIncrement: true })), items(column("v integer", { identity: { always: true } })))
          .operations,
      ),
    ).toEqual(["alterColumn items.v"]);
  });

  it("gives the known conversion along", () => {
    expect(compared(items("v character varying(9)"), items("v integer")).operations).toMatchObject([{ using: '"v"::integer' }]);
  });

  it("asks for a conversion that nobody can know", () => {
    const { operations, review } = compared(items("v integer"), items("v uuid"));
    expect(operations[0]).not.toHaveProperty("using");
    expect(review).toEqual([
      {
        id: "r1",
        kind: "using",
        table: "items",
        column: "v",
        from: "integer",
        to: "uuid",
        evidence: ["integer does not become uuid by itself", "a guess: ?"],
        stake: "the values of v cannot become uuid before it is said how",
      },
    ]);
  });

  it("leaves types alone that are the same to the server", () => {
    const rules = { ...strictRules, conversion: () => ({ kind: "none" }) as const };
    expect(compared(items("v int4"), items("v integer"), rules).operations).toEqual([]);
  });

  it("keeps a collation and a sequence name that the models say nothing of", () => {
    const from = items(column("v text", { collation: "C" }), column("n integer", { autoIncrement: true, sequence: "mine" }));
    const to = items("v text", column("n integer", { autoIncrement: true }));
    expect(compared(from, to, strictRules, null).operations).toEqual([]);
    expect(told(compared(from, to).operations)).toEqual(["alterColumn items.v"]);
  });

  it("makes a generated column anew when what it reads is retyped, with its index", () => {
    const twice = (type: string) => column(`twice ${type}`, { generated: { expression: '"qty" * 2', stored: true } });
    const index = { indexes: [{ name: "ix_twice", columns: ["twice"] }] };
    const from = schema([table("items", ["id integer", "qty integer", twice("integer")], index)]);
    const to = schema([table("items", ["id integer", "qty bigint", twice("integer")], index)]);
    expect(told(compared(from, to).operations)).toEqual([
      "dropIndex items.ix_twice",
      "dropColumn items.twice",
      "alterColumn items.qty",
      "addColumn items.twice",
      "addIndex items.ix_twice",
    ]);
    expect(told(compared(from, to, looseRules).operations)).toEqual(["alterColumn items.qty"]);
  });

  it("brings back the index on a column whose expression changes", () => {
    const make = (expression: string) =>
      schema([
        table("items", ["id integer", column("twice integer", { generated: { expression, stored: true } })], {
          indexes: [{ name: "ix_twice", columns: ["twice"] }],
        }),
      ]);
    expect(told(compared(make("id * 2"), make("id * 3")).operations)).toEqual([
      "dropIndex items.ix_twice",
      "alterColumn items.twice",
      "addIndex items.ix_twice",
    ]);
  });

  it("retypes both ends of a foreign key; on engines that need it without the foreign key", () => {
    const pair = (type: string) =>
      schema([
        table("owners", [`id ${type}`]),
        table("items", ["id integer", `owner_id ${type}?`], { foreignKeys: [foreignKey("fk", "owner_id", "owners")] }),
      ]);
    expect(told(compared(pair("integer"), pair("bigint")).operations)).toEqual(["alterColumn items.owner_id", "alterColumn owners.id"]);
    expect(told(compared(pair("integer"), pair("bigint"), looseRules).operations)).toEqual([
      "dropForeignKey items.fk",
      "alterColumn items.owner_id",
      "alterColumn owners.id",
      "addForeignKey items.fk",
    ]);
    expect(told(compared(pair("integer"), pair("uuid")).operations)).toEqual([
      "dropForeignKey items.fk",
      "alterColumn items.owner_id",
      "alterColumn owners.id",
      "addForeignKey items.fk",
    ]);
  });
});
