import { describe, expect, it } from "vitest";
import { column, compared, looseRules, schema, strictRules, table, told } from "./build.ts";

const mood = (...values: string[]) => ({ enums: [{ name: "mood", values }] });
const items = (type: string, more = {}, enums = {}) => schema([table("items", ["id integer", column(`m ${type}`, more)])], enums);

describe("enum types", () => {
  it("changes values in one step that takes the defaults along", () => {
    const from = items("mood", { default: "'a'" }, mood("a", "b"));
    const to = items("mood", { default: "'c'" }, mood("a", "b", "c"));
    expect(compared(from, to).operations).toEqual([
      {
        kind: "alterEnum",
        name: "mood",
        from: ["a", "b"],
        to: ["a", "b", "c"],
        columns: [{ table: "items", column: "m", default: { from: "'a'", to: "'c'" } }],
      },
    ]);
  });

  it("alters besides only what else differs", () => {
    const from = items("mood", { default: "'a'" }, mood("a"));
    const to = items("mood", { default: "'b'", nullable: true }, mood("a", "b"));
    expect(compared(from, to).operations).toMatchObject([
      { kind: "alterEnum" },
      { kind: "alterColumn", from: { default: "'b'" }, to: { nullable: true } },
    ]);
  });

  it("creates a type before its first use and drops it after its last", () => {
    expect(told(compared(schema([table("items", ["id integer"])]), items("mood", {}, mood("a"))).operations)).toEqual([
      "createEnum mood",
      "addColumn items.m",
    ]);
    expect(told(compared(items("mood", {}, mood("a")), schema([table("items", ["id integer"])])).operations)).toEqual([
      "dropColumn items.m",
      "dropEnum mood",
    ]);
    expect(told(compared(items("text"), items("mood", {}, mood("a"))).operations)).toEqual(["createEnum mood", "alterColumn items.m"]);
    expect(told(compared(items("mood", {}, mood("a")), items("text"), strictRules, null).operations)).toEqual([
      "alterColumn items.m",
      "dropEnum mood",
    ]);
  });

  it("keeps a shared type while one table still uses it, and swaps it once for all", () => {
    const other = table("others", ["id integer", "m mood[]"]);
    const both = (...values: string[]) => schema([table("items", ["id integer", "m mood"]), other], mood(...values));
    expect(told(compared(both("a"), schema([table("items", ["id integer"]), other], mood("a"))).operations)).toEqual([
      "dropColumn items.m",
    ]);
    expect(compared(both("a", "b"), both("a")).operations).toMatchObject([
      {
        kind: "alterEnum",
        columns: [
          { table: "items", column: "m" },
          { table: "others", column: "m", array: true },
        ],
      },
    ]);
  });

  it("lets go of columns before the values change, and adds columns after", () => {
    const from = schema([table("items", ["id integer", "old mood"])], mood("a", "b"));
    const to = schema([table("items", ["id integer", "fresh mood", "more mood"])], mood("a", "c"));
    expect(told(compared(from, to).operations)).toEqual([
      "dropColumn items.old",
      "alterEnum mood",
      "addColumn items.fresh",
      "addColumn items.more",
    ]);
  });

  it("takes a type under another name for the same type when its columns say so", () => {
    const to = items("feeling", {}, { enums: [{ name: "feeling", values: ["a", "b"] }] });
    expect(told(compared(items("mood", {}, mood("a")), to).operations)).toEqual(["renameEnum mood>feeling", "alterEnum feeling"]);
  });

  it("asks about a value that may be renamed", () => {
    const { review } = compared(items("mood", {}, mood("a", "b")), items("mood", {}, mood("a", "bee")));
    expect(review).toMatchObject([{ id: "r1", kind: "renameEnumValue", table: "mood", from: "b", to: "bee" }]);
    expect(compared(items("enum('a','b')"), items("enum('a','bee')"), looseRules).review).toMatchObject([
      { kind: "renameEnumValue", table: "items", column: "m", from: "b", to: "bee" },
    ]);
    expect(compared(items("mood", {}, mood("a", "b")), items("mood", {}, mood("a"))).review).toEqual([]);
  });

  it("brings back the checks over columns whose type is swapped", () => {
    const make = (...values: string[]) =>
      schema([table("items", ["id integer", "m mood"], { checks: [{ name: "ck", expression: "m <> 'a'::mood" }] })], mood(...values));
    expect(told(compared(make("a", "b"), make("a")).operations)).toEqual(["dropCheck items.ck", "alterEnum mood", "addCheck items.ck"]);
    expect(told(compared(make("a"), make("a", "b")).operations)).toEqual(["alterEnum mood"]);
  });
});
