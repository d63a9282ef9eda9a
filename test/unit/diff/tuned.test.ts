import { describe, expect, it } from "vitest";
import { emptySchema, type ForeignKey, type Index } from "../../../src/core/schema.ts";
import { claimed } from "../../../src/diff/claimed.ts";
import { asTuned } from "../../../src/diff/tuned.ts";
import { column, looseRules, schema, strictRules, table } from "./build.ts";

const items = (...indexes: Index[]) => schema([table("items", ["id integer", "a text", "b text"], { indexes })]);
const settled = (asked: Index, had: Index, known = emptySchema) => asTuned(items(asked), items(had), known, strictRules).tables[0]?.indexes;

describe("an index that was tuned by hand", () => {
  const plain: Index = { name: "ix", columns: ["a", "b"] };

  it("keeps what entities have no word for", () => {
    const tuned: Index = {
      name: "ix",
      columns: ["a", { column: "b", order: "desc", nulls: "last", opclass: "text_pattern_ops" }],
      include: ["id"],
      options: "fillfactor=70",
      comment: "the DBA's",
    };
    expect(settled(plain, tuned)).toEqual([tuned]);
    expect(settled(plain, tuned, items(tuned))).toEqual([tuned]);
    expect(settled({ ...plain, name: "other" }, tuned)).toEqual([{ ...tuned, name: "other" }]);
  });

  it("keeps its method, unless the entities say one or the history knows it as theirs", () => {
    const gin: Index = { ...plain, method: "gin" };
    expect(settled(plain, gin)).toEqual([gin]);
    expect(settled(plain, gin, items(gin))).toEqual([plain]);
    expect(settled({ ...plain, method: "gist" }, gin)).toEqual([{ ...plain, method: "gist" }]);
  });

  it("is another index when it has other columns, another condition, or is unique", () => {
    for (const other of [
      { columns: ["b", "a"] },
      { where: "a IS NULL" },
      { unique: true as const },
      { columns: [{ expression: "lower(a)" }] },
    ]) {
      expect(settled(plain, { ...plain, ...other })).toEqual([plain]);
    }
  });
});

describe("a foreign key where RESTRICT does what NO ACTION does", () => {
  const key: ForeignKey = { name: "fk", columns: ["a"], references: { table: "p", columns: ["id"] } };
  const restricted: ForeignKey = { ...key, name: "by_hand", onDelete: "RESTRICT" };
  const owner = (...foreignKeys: ForeignKey[]) => schema([table("items", ["id integer", "a integer"], { foreignKeys })]);
  const settled = (asked: ForeignKey, had: ForeignKey, known = emptySchema, rules = looseRules) =>
    asTuned(owner(asked), owner(had), known, rules).tables[0]?.foreignKeys;

  it("keeps the word that it has, where the revisions said what the entity says, or nothing", () => {
    for (const known of [emptySchema, owner(key), owner({ ...key, name: "by_hand" })]) {
      expect(settled(key, restricted, known)).toEqual([{ ...key, onDelete: "RESTRICT" }]);
    }
    const adopted = schema([table("items", ["id integer", "a integer"], { foreignKeys: [restricted], adopted: ["by_hand"] })]);
    expect(settled(key, restricted, adopted)).toEqual([{ ...key, onDelete: "RESTRICT" }]);
    expect(settled({ ...key, onDelete: "RESTRICT" }, key)).toEqual([key]);
    expect(settled({ ...key, onDelete: "RESTRICT" }, key, owner({ ...key, onDelete: "RESTRICT" }))).toEqual([key]);
  });

  it("is as the entity says it, where that is another thing, or another word than the revisions said", () => {
    expect(settled({ ...key, onDelete: "RESTRICT" }, key, owner(key))).toEqual([{ ...key, onDelete: "RESTRICT" }]);
    expect(settled(key, restricted, owner(restricted))).toEqual([key]);
    expect(settled({ ...key, onDelete: "CASCADE" }, restricted)).toEqual([{ ...key, onDelete: "CASCADE" }]);
    expect(settled(key, { ...restricted, onDelete: "CASCADE" })).toEqual([key]);
    expect(settled(key, { ...restricted, references: { table: "q", columns: ["id"] } })).toEqual([key]);
  });

  it("is never the same elsewhere", () => {
    expect(settled(key, restricted, emptySchema, strictRules)).toEqual([key]);
  });
});

describe("a left-over that is named to be dropped", () => {
  const had = schema([
    table("items", ["id integer", "old text"]),
    table("old", ["id integer"]),
    table("old", ["id integer"], { schema: "app" }),
  ]);

  it("is taken for known", () => {
    const known = claimed(emptySchema, had, { tables: ["app.old"], columns: [] });
    expect(known.tables).toEqual([table("old", ["id integer"], { schema: "app" })]);
    expect(claimed(known, had, { tables: ["app.old", "none"], columns: [] })).toEqual(known);
  });

  it("is a single column of a table that the history knows, or does not", () => {
    const claims = { tables: [], columns: [{ table: "items", column: "old" }] };
    const known = claimed(schema([table("items", ["id integer"])]), had, claims);
    expect(known.tables[0]?.columns).toEqual([column("id integer"), column("old text")]);
    expect(claimed(emptySchema, had, claims).tables[0]).toMatchObject({ name: "items", columns: [column("old text")] });
  });
});

describe("a view's comment", () => {
  it("is the database's: entities have no word for it", () => {
    const view = { name: "v", definition: "SELECT 1", indexes: [] };
    const wanted = (known = emptySchema) =>
      asTuned(schema([], { views: [view] }), schema([], { views: [{ ...view, comment: "the DBA's" }] }), known, strictRules).views;
    expect(wanted()).toEqual([{ ...view, comment: "the DBA's" }]);
    expect(wanted(schema([], { views: [{ ...view, comment: "the DBA's" }] }))).toEqual([{ ...view, comment: "the DBA's" }]);
  });
});
