import { describe, expect, it } from "vitest";
import type { Operation } from "../../src/core/operation.ts";
import type { Column, ForeignKey } from "../../src/core/schema.ts";
import { prechecks } from "../../src/dialect/postgres/prechecks/index.ts";
import { engines, useDatabase } from "../support/databases.ts";
import { reset, serverOf } from "../support/postgres-compile.ts";

interface Case {
  readonly name: string;
  readonly setup: readonly string[];
  readonly operations: readonly Operation[];
  /** code, count and samples of the questions that find something */
  readonly found: readonly (readonly [string, string, string | null])[];
  /** what puts the rows right */
  readonly mend: string;
}

const retype = (from: string, to: string, more: { using?: string; fill?: string; nullable?: true } = {}): Operation => {
  const { nullable, ...rest } = more;
  const loose: Pick<Column, "nullable"> = nullable === undefined ? {} : { nullable };
  return {
    kind: "alterColumn",
    table: "t",
    from: { name: "v", type: from, ...loose },
    to: { name: "v", type: to, ...loose },
    ...rest,
  };
};
const one = (type: string, ...values: readonly string[]): readonly string[] => [
  `CREATE TABLE t (v ${type})`,
  ...values.map((value) => `INSERT INTO t VALUES (${value})`),
];
const fk = (more: Partial<ForeignKey> = {}): Operation => ({
  kind: "addForeignKey",
  table: "t",
  foreignKey: { name: "f", columns: ["v", "w"], references: { table: "o", columns: ["a", "b"] }, ...more },
});
const pairs = [
  "CREATE TABLE o (a int, b int, UNIQUE (a, b)); INSERT INTO o VALUES (1, 1)",
  "CREATE TABLE t (v int, w int); INSERT INTO t VALUES (1, 1), (1, 2), (NULL, 9), (NULL, NULL)",
];

const cases: readonly Case[] = [
  {
    name: "rows under a new column without a value",
    setup: one("int", "1", "2"),
    operations: [{ kind: "addColumn", table: "t", column: { name: "n", type: "text" } }],
    found: [["no-fill", "2", null]],
    mend: "DELETE FROM t",
  },
  {
    name: "NULLs under NOT NULL",
    setup: one("int", "1", "NULL"),
    operations: [
      { kind: "alterColumn", table: "t", from: { name: "v", type: "integer", nullable: true }, to: { name: "v", type: "integer" } },
    ],
    found: [["nulls", "1", null]],
    mend: "DELETE FROM t WHERE v IS NULL",
  },
  {
    name: "texts that are too long, but not for blanks at the end",
    setup: one("varchar(20)", "'four'", "'five5'", "'abcd  '", "NULL"),
    operations: [retype("character varying(20)", "character varying(4)")],
    found: [["too-long", "1", "five5"]],
    mend: "DELETE FROM t WHERE v = 'five5'",
  },
  {
    name: "elements of an array that are too long",
    setup: one("varchar(20)[]", "'{a,abc}'", "'{a}'"),
    operations: [retype("character varying(20)[]", "character varying(2)[]")],
    found: [["too-long", "1", "{a,abc}"]],
    mend: "DELETE FROM t WHERE v = '{a,abc}'",
  },
  {
    name: "numbers out of a smaller range",
    setup: one("bigint", "1", "3000000000", "-3000000000"),
    operations: [retype("bigint", "integer")],
    found: [["out-of-range", "2", "3000000000, -3000000000"]],
    mend: "DELETE FROM t WHERE abs(v) > 9",
  },
  {
    name: "decimals that do not fit, but not rounding",
    setup: one("numeric(10,4)", "9.99", "9.9999", "1.2345", "'NaN'"),
    operations: [retype("numeric(10,4)", "numeric(3,2)")],
    found: [["out-of-range", "1", "9.9999"]],
    mend: "DELETE FROM t WHERE v = 9.9999",
  },
  {
    name: "nothing in the way of a column that grows",
    setup: one("numeric(10,2)", "99999999.99"),
    operations: [
      retype("numeric(10,2)", "numeric(12,3)"),
      retype("smallint", "bigint"),
      retype("character varying(4)", "character varying(9)"),
    ],
    found: [],
    mend: "SELECT 1",
  },
  {
    name: "texts that are no integers",
    setup: one("text", "' 12 '", "'12a'", "''", "'99999999999'", "NULL"),
    operations: [retype("text", "integer", { using: '"v"::integer' })],
    found: [["cast", "3", "12a, , 99999999999"]],
    mend: "DELETE FROM t WHERE v <> ' 12 '",
  },
  ...(
    [
      ["uuid", "'9f0c1d3e-8a77-4b4e-9d5c-1c2d3e4f5a6b'", "'nope'"],
      ["boolean", "'yes'", "'maybe'"],
      ["numeric(4,2)", "'12.345'", "'123.4'"],
      ["double precision", "'1e5'", "'e'"],
      ["date", "'2024-02-03'", "'soon'"],
      ["timestamp with time zone", "'2024-02-03 10:00+02'", "'later'"],
      ["jsonb", "'{}'", "'hello'"],
    ] as const
  ).map(([type, good, bad]) => ({
    name: `texts that are no ${type}`,
    setup: one("text", good, bad),
    operations: [retype("text", type)],
    found: [["cast", "1", bad.slice(1, -1)]] as const,
    mend: `DELETE FROM t WHERE v = ${bad}`,
  })),
  {
    name: "texts that are not in an enum type that is there",
    setup: ["CREATE TYPE mood AS ENUM ('a', 'b')", ...one("text", "'a'", "'z'")],
    operations: [retype("text", "mood", { using: "v::text::mood" })],
    found: [["enum-value", "1", "z"]],
    mend: "DELETE FROM t WHERE v = 'z'",
  },
  {
    name: "texts that are not in an enum type that the revision makes",
    setup: one("text", "'a'", "'z'"),
    operations: [{ kind: "createEnum", definition: { name: "Mood", values: ["a"] } }, retype("text", '"Mood"')],
    found: [["enum-value", "1", "z"]],
    mend: "DELETE FROM t WHERE v = 'z'",
  },
  {
    name: "values that an enum type loses",
    setup: [
      "CREATE TYPE mood AS ENUM ('a', 'b', 'c')",
      "CREATE TABLE t (v mood, l mood[])",
      "INSERT INTO t VALUES ('b', '{a}'), ('a', '{a,b}'), ('c', '{c}')",
    ],
    operations: [
      {
        kind: "alterEnum",
        name: "mood",
        from: ["a", "b", "c"],
        to: ["a"],
        replace: { c: "a" },
        columns: [
          { table: "t", column: "v" },
          { table: "t", column: "l", array: true },
        ],
      },
    ],
    found: [
      ["enum-value", "1", "b"],
      ["enum-value", "1", "{a,b}"],
    ],
    mend: "UPDATE t SET v = 'a', l = '{a}'",
  },
  {
    name: "duplicates under a unique constraint, NULLs being different",
    setup: one("int", "1", "1", "2", "2", "2", "3", "NULL", "NULL"),
    operations: [{ kind: "addUnique", table: "t", unique: { name: "u", columns: ["v"] } }],
    found: [["duplicates", "5", "2, 1"]],
    mend: "DELETE FROM t WHERE v < 3",
  },
  {
    name: "NULLs that are to be equal",
    setup: one("int", "3", "NULL", "NULL"),
    operations: [{ kind: "addUnique", table: "t", unique: { name: "u", columns: ["v"], nullsNotDistinct: true } }],
    found: [["duplicates", "2", ""]],
    mend: "DELETE FROM t WHERE v IS NULL",
  },
  {
    name: "duplicates under a unique index on an expression of some rows",
    setup: one("text", "'a'", "'A'", "'zz'", "'ZZ'"),
    operations: [
      { kind: "addIndex", table: "t", index: { name: "i", columns: [{ expression: "lower(v)" }], unique: true, where: "v < 'm'" } },
    ],
    found: [["duplicates", "2", "a"]],
    mend: "DELETE FROM t WHERE v = 'A'",
  },
  {
    name: "NULLs and duplicates under a primary key",
    setup: one("int", "1", "1", "NULL"),
    operations: [{ kind: "addPrimaryKey", table: "t", primaryKey: { columns: ["v"] } }],
    found: [
      ["nulls", "1", null],
      ["duplicates", "2", "1"],
    ],
    mend: "DELETE FROM t",
  },
  {
    name: "orphans, but not where a column is NULL",
    setup: pairs,
    operations: [fk()],
    found: [["orphans", "1", "1 / 2"]],
    mend: "DELETE FROM t WHERE w = 2",
  },
  {
    name: "orphans and half NULL keys under MATCH FULL",
    setup: pairs,
    operations: [fk({ match: "full" })],
    found: [["orphans", "2", "1 / 2, 9"]],
    mend: "DELETE FROM t WHERE w > 1",
  },
  {
    name: "values that point to a table of the revision",
    setup: pairs,
    operations: [
      {
        kind: "createTable",
        table: "n",
        definition: { name: "n", columns: [], uniques: [], indexes: [], foreignKeys: [], checks: [], exclusions: [] },
      },
      fk({ references: { table: "n", columns: ["a", "b"] } }),
    ],
    found: [["orphans", "2", "1 / 1, 1 / 2"]],
    mend: "DELETE FROM t",
  },
  {
    name: "rows that a check does not allow",
    setup: one("int", "1", "-1", "NULL"),
    operations: [{ kind: "addCheck", table: "t", check: { name: "c", expression: "v > 0" } }],
    found: [["check", "1", "(-1)"]],
    mend: "DELETE FROM t WHERE v < 0",
  },
  {
    name: "what has another name before the run",
    setup: one("int", "NULL"),
    operations: [
      { kind: "renameTable", from: "t", to: "u" },
      { kind: "renameColumn", table: "u", from: "v", to: "w" },
      { kind: "alterColumn", table: "u", from: { name: "w", type: "integer", nullable: true }, to: { name: "w", type: "integer" } },
    ],
    found: [["nulls", "1", null]],
    mend: "DELETE FROM t",
  },
  {
    name: "nothing that an earlier operation may have put right",
    setup: one("int", "1", "1", "NULL"),
    operations: [
      { kind: "backfill", table: "t", set: { v: "0" } },
      { kind: "alterColumn", table: "t", from: { name: "v", type: "integer", nullable: true }, to: { name: "v", type: "integer" } },
      { kind: "execute", sql: "DELETE FROM t" },
      { kind: "addColumn", table: "t", column: { name: "n", type: "text" } },
    ],
    found: [],
    mend: "SELECT 1",
  },
];

describe.runIf(engines.includes("postgres"))("PostgreSQL prechecks", () => {
  const database = useDatabase("postgres");

  it.each(cases)("find $name", async ({ setup, operations, found, mend }) => {
    const { db } = database;
    await reset(db, setup);
    const server = await serverOf(db);
    const ask = async () => {
      const answers = [];
      for (const question of prechecks(operations, { server })) {
        const [row] = await db.query(question.sql);
        if (row?.count !== "0") answers.push([question.code, row?.count, row?.samples ?? null]);
      }
      return answers;
    };
    expect(await ask()).toEqual(found);
    await db.query(mend);
    expect(await ask()).toEqual([]);
  });

  it("name the next command and what they read", async () => {
    const server = await serverOf(database.db);
    const [question] = prechecks([{ kind: "addColumn", schema: "app", table: "exams", column: { name: "title", type: "text" } }], {
      server,
    });
    expect(question).toMatchObject({
      code: "no-fill",
      operation: 0,
      hint: "limbeck resolve {revision} --fill app.exams.title=EXPR",
      tables: [{ schema: "app", name: "exams", columns: [] }],
    });
  });
});
