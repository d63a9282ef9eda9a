import { describe, expect, it } from "vitest";
import { emptySchema, type Schema, type Table } from "../../../../src/core/schema.ts";
import { assume } from "../../../../src/dialect/postgres/identify.ts";
import { normalize } from "../../../../src/dialect/postgres/normalize.ts";
import { collapse, normalizeExpression } from "../../../../src/dialect/postgres/scan.ts";

const server = assume("postgres");
const bare = { columns: [], uniques: [], indexes: [], foreignKeys: [], checks: [], exclusions: [] };
const long = "x".repeat(70);
const cut = "x".repeat(63);

function normalTable(table: Partial<Table>): Table | undefined {
  return normalize({ ...emptySchema, tables: [{ name: "t", ...bare, ...table }] }, server).tables[0];
}

describe("a schema in PostgreSQL's spelling", () => {
  it("does not say the default schema, and says everything else once", () => {
    const schema: Schema = {
      namespaces: ["b", "public", "a", "b"],
      extensions: ["plpgsql", "citext", "citext"],
      enums: [{ schema: "public", name: "mood", values: ["a"], comment: "" }],
      tables: [{ schema: "public", name: "t", ...bare }],
      views: [{ schema: "public", name: "v", definition: " SELECT 1 ; \n", indexes: [] }],
      external: [{ schema: "public", name: "e" }],
    };
    expect(normalize(schema, server)).toEqual({
      namespaces: ["a", "b"],
      extensions: ["citext"],
      enums: [{ name: "mood", values: ["a"] }],
      tables: [{ name: "t", ...bare }],
      views: [{ name: "v", definition: "SELECT 1 ;", indexes: [] }],
      external: [{ name: "e" }],
    });
  });

  it("has names as long as the server keeps them, never half a character", () => {
    expect(
      normalTable({
        name: long,
        columns: [{ name: long, type: `"${long}"` }],
        primaryKey: { name: long, columns: [long] },
        uniques: [{ name: `u${long}`, columns: [long] }],
        indexes: [{ name: `i${long}`, columns: [long, { column: long, order: "desc" }], include: [long] }],
        foreignKeys: [{ name: long, columns: [long], references: { schema: "public", table: long, columns: [long] } }],
        checks: [{ name: "é".repeat(40), expression: "((a) > (0))" }],
      }),
    ).toEqual({
      name: cut,
      columns: [{ name: cut, type: cut }],
      primaryKey: { name: cut, columns: [cut] },
      uniques: [{ name: `u${cut.slice(1)}`, columns: [cut] }],
      indexes: [{ name: `i${cut.slice(1)}`, columns: [cut, { column: cut, order: "desc" }], include: [cut] }],
      foreignKeys: [{ name: cut, columns: [cut], references: { table: cut, columns: [cut] } }],
      checks: [{ name: "é".repeat(31), expression: "(a) > (0)" }],
      exclusions: [],
    });
  });

  it("has columns as the server has them", () => {
    const table = normalTable({
      primaryKey: { columns: ["a"] },
      columns: [
        { name: "a", type: "bigserial", nullable: true, default: "nextval('t_a_seq')" },
        { name: "b", type: "int", identity: { always: true, options: "start 1  increment by 5 no cycle" }, nullable: true },
        { name: "c", type: "varchar", collation: "default", comment: "" },
        { name: "d", type: "text", collation: 'pg_catalog."C"', default: "NULL::text" },
        { name: "e", type: "int", generated: { expression: "(a *\n 2)", stored: true }, default: "1" },
      ],
    });
    expect(table?.columns).toEqual([
      { name: "a", type: "bigint", autoIncrement: true },
      { name: "b", type: "integer", identity: { always: true, options: "INCREMENT BY 5" } },
      { name: "c", type: "character varying" },
      { name: "d", type: "text", collation: "C" },
      { name: "e", type: "integer", generated: { expression: "a * 2", stored: true } },
    ]);
  });

  it("has indexes without what they would be anyway", () => {
    const table = normalTable({
      uniques: [{ name: "both", columns: ["a"] }],
      indexes: [
        { name: "both", columns: ["a"], unique: true },
        {
          name: "i",
          columns: [
            { column: "a", nulls: "last" },
            { column: "b", order: "desc", nulls: "first" },
          ],
          method: "BTREE",
          include: [],
        },
        { name: "s", columns: ["p"], kind: "spatial", where: "( p IS NOT NULL )", options: "fillfactor = 70,deduplicate_items='off'" },
        { name: "e", columns: [{ expression: "( lower(a) )", nulls: "first" }], nullsNotDistinct: true },
      ],
    });
    expect(table?.indexes).toEqual([
      { name: "i", columns: ["a", { column: "b", order: "desc" }] },
      { name: "s", columns: ["p"], method: "gist", where: "p IS NOT NULL", options: "fillfactor=70, deduplicate_items=off" },
      { name: "e", columns: [{ expression: "lower(a)", nulls: "first" }] },
    ]);
  });

  it("is the same when it is spelled again", () => {
    const once = normalize(
      { ...emptySchema, tables: [{ name: "t", ...bare, columns: [{ name: "a", type: "varchar(3)", default: "'x'::text" }] }] },
      server,
    );
    expect(normalize(once, server)).toEqual(once);
  });
});

describe("an expression", () => {
  it.each([
    ["((a) > (0))", "(a) > (0)"],
    ["(a) > (0)", "(a) > (0)"],
    ["((a > 0))", "a > 0"],
    ["(a = ')')", "a = ')'"],
    ["a\n  >\t0 -- why\n", "a > 0"],
    ["a /* ( */ > 0", "a > 0"],
    ["a = 'x  y' AND \"b  c\" > E'\\'  '", "a = 'x  y' AND \"b  c\" > E'\\'  '"],
    ["$f$ a  b $f$", "$f$ a  b $f$"],
    ["()", ""],
  ])("%j is %j", (said, is) => {
    expect(normalizeExpression(said)).toBe(is);
  });

  it("keeps its outer parentheses where they are not asked to go", () => {
    expect(collapse(" ( a  >  0 ) ")).toBe("( a > 0 )");
  });
});
