import { describe, expect, it } from "vitest";
import type { Column, Table } from "../../../src/core/schema.ts";
import { diff } from "../../../src/diff/diff.ts";
import { column, foreignKey, schema, strictRules, table } from "./build.ts";

/** One column goes and one comes; two more of the same type do so, too, so that they are not the only ones. */
function judged(from: Column, to: Column, { before = {}, after = {}, properties = [] }: Besides = {}) {
  const others = (name: string) => [column(`${name}1 text`), column(`${name}2 text`)];
  const had = schema([table("users", ["id integer"]), table("items", ["id integer", "kept integer", ...others("zz"), from], before)]);
  const wanted = schema([table("users", ["id integer"]), table("items", ["id integer", to, ...others("qq")], after)]);
  const { review } = diff(had, wanted, {
    rules: strictRules,
    known: had,
    properties: new Map([["items", new Map([[to.name, properties]])]]),
  });
  const point = review.find((one) => one.from === from.name && one.to === to.name);
  return point === undefined ? null : { confidence: point.confidence ?? 0, evidence: point.evidence };
}

interface Besides {
  readonly before?: Partial<Table>;
  readonly after?: Partial<Table>;
  readonly properties?: readonly string[];
}

const plain = [column("alpha text"), column("omega text")] as const;
const key = (name: string, at: string): Partial<Table> => ({ foreignKeys: [foreignKey(name, at, "users")] });

describe("what speaks for a rename", () => {
  it("is not that a type is the same, where others of that type go and come", () => {
    expect(judged(...plain)).toBeNull();
  });

  it.each<[string, Column, Column, Besides, string]>([
    ["the same name in another case", column("alpha text"), column("ALPHA text"), {}, "same name in another style"],
    ["the same name in another style", column("fullName text"), column("full_name text"), {}, "same name in another style"],
    ["the property's name", ...plain, { properties: ["alpha"] }, "its property in the entity still says alpha"],
    ["the property's name in a style", column("al_pha text"), column("omega text"), { properties: ["alPha"] }, "still says alPha"],
    ["a comment", column("alpha text", { comment: "why" }), column("alphas text", { comment: "why" }), {}, "same comment"],
    [
      "a foreign key",
      column("alpha text"),
      column("omega text"),
      { before: key("a", "alpha"), after: key("b", "omega") },
      "same foreign key to users",
    ],
    ["a default", column("alpha text", { default: "'x'" }), column("alphas text", { default: "'x'" }), {}, "same default"],
    [
      "a unique",
      column("alpha text"),
      column("alphas text"),
      { before: { uniques: [{ name: "a", columns: ["alpha"] }] }, after: { uniques: [{ name: "b", columns: ["alphas"] }] } },
      "same unique",
    ],
    [
      "an index",
      column("alpha text"),
      column("alphas text"),
      { before: { indexes: [{ name: "a", columns: ["alpha"] }] }, after: { indexes: [{ name: "b", columns: ["alphas"] }] } },
      "same index",
    ],
  ])("is %s", (_, from, to, besides, said) => {
    const found = judged(from, to, besides);
    expect(found?.evidence.join()).toContain(said);
    const without = judged(column("alpha text"), column("alphas text"))?.confidence ?? 0;
    expect(found?.confidence).toBeGreaterThanOrEqual(from.name === "alpha" && to.name === "alphas" ? without : 0.5);
  });

  it("is not a property's name where the values are of another sort, or the foreign keys point elsewhere", () => {
    const properties = ["alpha"];
    expect(judged(column("alpha text"), column("omega integer"), { properties })).toBeNull();
    expect(judged(column("alpha integer"), column("alphas text"))).toBeNull();
    const elsewhere = { foreignKeys: [foreignKey("b", "omega", "items")] };
    expect(judged(...plain, { properties, before: key("a", "alpha"), after: elsewhere })).toBeNull();
  });
});
