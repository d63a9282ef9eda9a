import { describe, expect, it } from "vitest";
import { column, compared, foreignKey, schema, table } from "./build.ts";

const items = (...columns: Parameters<typeof table>[1]) => schema([table("items", ["id integer", ...columns])]);
const asked = (from: Parameters<typeof table>[1], to: Parameters<typeof table>[1]) =>
  compared(items(...from), items(...to)).review.map((point) => [point.from, point.to, point.alternatives ?? []]);

describe("columns that may have been renamed", () => {
  it("stay drop and add in the operations, with a question", () => {
    const { operations, review } = compared(items("created_by integer"), items("created_by_id integer"));
    expect(operations.map(({ kind }) => kind)).toEqual(["addColumn", "dropColumn"]);
    expect(review).toMatchObject([
      { id: "r1", kind: "rename", table: "items", from: "created_by", to: "created_by_id", stake: "the values of created_by" },
    ]);
    expect(review[0]?.confidence).toBeGreaterThan(0.8);
    expect(review[0]?.evidence).toContain("same position");
  });

  it("are asked about when one goes and one of the same type comes, whatever their names", () => {
    expect(asked(["phone character varying(20)?"], ["twitter character varying(20)?"])).toEqual([["phone", "twitter", []]]);
  });

  it("are not asked about when their types or their targets have nothing in common", () => {
    expect(asked(["qty integer"], ["email character varying(50)"])).toEqual([]);
    const make = (name: string, target: string) =>
      schema([
        table("a", ["id integer"]),
        table("b", ["id integer"]),
        table("items", ["id integer", `${name} integer`], { foreignKeys: [foreignKey("fk", name, target)] }),
      ]);
    expect(compared(make("owner_id", "a"), make("owner_ref", "b")).review).toEqual([]);
    expect(compared(make("owner_id", "a"), make("keeper", "a")).review).toMatchObject([
      { evidence: expect.arrayContaining(["same foreign key to a"]) },
    ]);
  });

  it("are surest in another style of writing", () => {
    const { review } = compared(items("userName text", "a text"), items("user_name text?", "b text"));
    expect(review).toMatchObject([
      { from: "userName", to: "user_name" },
      { from: "a", to: "b" },
    ]);
    expect(review[0]?.confidence).toBeGreaterThan(0.9);
    expect(asked(["userName text"], ["username text"])).toEqual([["userName", "username", []]]);
  });

  it("show every candidate", () => {
    expect(asked(["name text"], ["first_name text", "last_name text"])).toEqual([["name", "first_name", ["last_name"]]]);
    const { review } = compared(items("first_name text", "last_name text"), items("full_name text"));
    expect(review).toHaveLength(1);
    expect(review[0]?.evidence.join()).toContain("may have become full_name, too");
  });

  it("show every candidate also where no name is like another: one that goes lives on in one that comes, or in none", () => {
    expect(asked(["kept integer", "lang text"], ["kept integer", "code text", "title text"])).toEqual([["lang", "code", ["title"]]]);
    const { review } = compared(items("kept integer", "code text", "title text"), items("kept integer", "lang text"));
    expect(review).toMatchObject([{ from: "code", to: "lang" }]);
    expect(review[0]?.evidence).toContain("title may have become lang, too");
  });

  it("two at once, each by its own target", () => {
    const make = (a: string, b: string) =>
      schema([
        table("item", ["id integer"]),
        table("tag", ["id integer"]),
        table("item_tag", [`${a} integer`, `${b} integer`], {
          primaryKey: { name: "pk", columns: [a, b] },
          foreignKeys: [foreignKey("fk1", a, "item"), foreignKey("fk2", b, "tag")],
        }),
      ]);
    expect(compared(make("itemId", "tagId"), make("item_id", "tag_id")).review.map(({ from, to }) => [from, to])).toEqual([
      ["itemId", "item_id"],
      ["tagId", "tag_id"],
    ]);
  });

  it("never are computed ones", () => {
    const generated = { generated: { expression: "id + 1", stored: true } };
    expect(asked([column("a integer", generated)], [column("b integer", generated)])).toEqual([]);
  });
});

describe("tables that may have been renamed", () => {
  const questions = (from: ReturnType<typeof table>, to: ReturnType<typeof table>) => compared(schema([from]), schema([to])).review;

  it("are asked about by their columns and their names", () => {
    expect(questions(table("item_tag", ["a integer", "b integer"]), table("item_tags", ["a integer", "b integer"]))).toMatchObject([
      { kind: "renameTable", table: "item_tag", from: "item_tag", to: "item_tags", stake: "all rows of item_tag" },
    ]);
    expect(questions(table("item", ["id integer"]), { ...table("item", ["id integer"]), schema: "app" })).toMatchObject([
      { kind: "renameTable", from: "item", to: "app.item" },
    ]);
  });

  it("are not asked about when they are unlike", () => {
    expect(
      questions(table("logs", ["id uuid", "line text", "at date"]), table("people", ["id integer", "name text", "age integer"])),
    ).toEqual([]);
  });
});
