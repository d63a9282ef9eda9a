import { describe, expect, it } from "vitest";
import type { Operation } from "../../src/core/operation.ts";
import type { Column } from "../../src/core/schema.ts";
import { identify } from "../../src/dialect/mysql/identify.ts";
import { prechecks } from "../../src/dialect/mysql/prechecks/index.ts";
import { session } from "../../src/dialect/mysql/session.ts";
import { engines, useDatabase } from "../support/databases.ts";
import { reset, schemaOf } from "../support/mysql-compile.ts";

interface Case {
  readonly name: string;
  readonly setup: readonly string[];
  readonly operations: readonly Operation[];
  /** code, count and samples of the questions that find something */
  readonly found: readonly (readonly [string, string, string | null])[];
  /** what puts the rows right */
  readonly mend: string;
}

const retype = (from: string, to: string, more: Partial<Column> = {}): Operation => ({
  kind: "alterColumn",
  table: "t",
  from: { name: "v", type: from, nullable: true },
  to: { name: "v", type: to, nullable: true, ...more },
});
const using = (from: string, to: string, expression: string, nullable: { readonly nullable?: true } = { nullable: true }): Operation => ({
  kind: "alterColumn",
  table: "t",
  from: { name: "v", type: from, nullable: true },
  to: { name: "v", type: to, ...nullable },
  using: expression,
});
const one = (type: string, ...values: readonly string[]): readonly string[] => [
  `CREATE TABLE t (v ${type} NULL)`,
  ...values.map((value) => `INSERT INTO t VALUES (${value})`),
];
/** The server reads rows in any order. */
const inOrder = (samples: string | null): string | undefined => samples?.split(", ").sort().join(", ");
const strictAgain = session({ lockTimeoutMs: 5000, statementTimeoutMs: 0 })[1] ?? "";
const tighten: Operation = {
  kind: "alterColumn",
  table: "t",
  from: { name: "v", type: "int", nullable: true },
  to: { name: "v", type: "int" },
};

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
    operations: [tighten],
    found: [["nulls", "1", null]],
    mend: "DELETE FROM t WHERE v IS NULL",
  },
  {
    name: "texts that are too long in characters, not in bytes",
    setup: one("varchar(20)", "'äöüß'", "'five5'", "NULL"),
    operations: [retype("varchar(20)", "varchar(4)")],
    found: [["too-long", "1", "five5"]],
    mend: "DELETE FROM t WHERE v = 'five5'",
  },
  {
    name: "numbers out of a smaller range",
    setup: one("bigint", "1", "3000000000", "-3000000000"),
    operations: [retype("bigint", "int")],
    found: [["out-of-range", "2", "3000000000, -3000000000"]],
    mend: "DELETE FROM t WHERE ABS(v) > 9",
  },
  {
    name: "negative numbers that become unsigned",
    setup: one("int", "1", "-1"),
    operations: [retype("int", "int unsigned")],
    found: [["out-of-range", "1", "-1"]],
    mend: "DELETE FROM t WHERE v < 0",
  },
  {
    name: "decimals that do not fit, and those that would be rounded",
    setup: one("decimal(10,4)", "9.99", "9.9999", "1.2345"),
    operations: [retype("decimal(10,4)", "decimal(3,2)")],
    found: [
      ["out-of-range", "1", "9.9999"],
      ["rounding", "2", "1.2345, 9.9999"],
    ],
    mend: "DELETE FROM t WHERE v <> 9.99",
  },
  {
    name: "nothing in the way of a column that grows",
    setup: one("decimal(10,2)", "99999999.99"),
    operations: [
      retype("decimal(10,2)", "decimal(12,3)"),
      retype("smallint", "bigint"),
      retype("varchar(4)", "varchar(9)"),
      retype("varchar(4)", "text"),
      retype("enum('a')", "enum('b','a')"),
    ],
    found: [],
    mend: "SELECT 1",
  },
  {
    name: "what an expression of the reviewer's makes, where the new type does not take it",
    setup: one("int", "1", "2", "NULL"),
    operations: [using("int", "uuid", "CONCAT('no ', v)")],
    found: [["cast", "2", "1, 2"]],
    mend: "DELETE FROM t WHERE v IS NOT NULL",
  },
  {
    name: "an expression that leaves no value for NOT NULL, or one that is too long",
    setup: one("int", "1", "22", "333"),
    operations: [using("int", "varchar(2)", "NULLIF(CAST(v AS CHAR), '1')", {})],
    found: [
      ["nulls", "1", "1"],
      ["too-long", "1", "333"],
    ],
    mend: "DELETE FROM t WHERE v <> 22",
  },
  {
    name: "nothing in the way of an expression that gives what the type takes, in whatever form",
    setup: one("int", "1", "2", "NULL"),
    operations: [
      using("int", "uuid", "UUID()"),
      using("int", "uuid", "UNHEX(MD5(v))"),
      using("int", "enum('a','b')", "v"),
      using("int", "enum('a','b')", "ELT(v, 'b', 'a')"),
      using("int", "tinyint", "v > 1"),
      using("int", "datetime", "FROM_UNIXTIME(v)"),
      using("int", "json", "JSON_ARRAY(v)"),
      using("int", "decimal(5,2)", "v / 3"),
      using("int", "binary(16)", "UNHEX(MD5(v))"),
      using("int", "int", "COALESCE(v, 0)", {}),
    ],
    found: [],
    mend: "SELECT 1",
  },
  {
    name: "texts that are no integers",
    setup: one("text", "' 12 '", "'12a'", "''", "'99999999999'", "NULL"),
    operations: [retype("text", "int")],
    found: [["cast", "3", "12a, , 99999999999"]],
    mend: "DELETE FROM t WHERE v <> ' 12 '",
  },
  ...(
    [
      ["uuid", "'9f0c1d3e-8a77-4b4e-9d5c-1c2d3e4f5a6b'", "'nope'"],
      ["decimal(4,2)", "'12.345'", "'123.4'"],
      ["double", "'1e5'", "'e'"],
      ["date", "'2024-02-03'", "'2024-02-30'"],
      ["datetime(3)", "'2024-02-03 10:00:00.5'", "'later'"],
      ["json", "'{}'", "'hello'"],
      ["inet6", "'::1'", "'house'"],
    ] as const
  ).map(([type, good, bad]) => ({
    name: `texts that are no ${type}`,
    setup: one("varchar(60)", good, bad),
    operations: [retype("varchar(60)", type)],
    found: [["cast", "1", bad.slice(1, -1)]] as const,
    mend: `DELETE FROM t WHERE v = ${bad}`,
  })),
  {
    name: "texts that are not in a list",
    setup: one("varchar(9)", "'a'", "'z'", "'it''s'"),
    operations: [retype("varchar(9)", "enum('a','it''s')")],
    found: [["enum-value", "1", "z"]],
    mend: "DELETE FROM t WHERE v = 'z'",
  },
  {
    name: "values that a list loses",
    setup: one("enum('a','b','c')", "'a'", "'b'", "'b'"),
    operations: [retype("enum('a','b','c')", "enum('a')")],
    found: [["enum-value", "2", "b, b"]],
    mend: "UPDATE t SET v = 'a'",
  },
  {
    name: "members that a set loses",
    setup: one("set('a','b','c')", "'a'", "'a,b'", "''"),
    operations: [retype("set('a','b','c')", "set('a','c')")],
    found: [["enum-value", "1", "a,b"]],
    mend: "UPDATE t SET v = 'a'",
  },
  {
    name: "characters that another character set does not have",
    setup: one("varchar(9)", "'é'", "'日'"),
    operations: [retype("varchar(9)", "varchar(9)", { charset: "latin1" })],
    found: [["cast", "1", "日"]],
    mend: "DELETE FROM t WHERE v = '日'",
  },
  {
    name: "moments that a timestamp does not reach",
    setup: one("datetime", "'1960-01-01'", "'2024-01-01'"),
    operations: [retype("datetime", "timestamp")],
    found: [["out-of-range", "1", "1960-01-01 00:00:00"]],
    mend: "DELETE FROM t WHERE v < '1970-01-01'",
  },
  {
    name: "numbers that are no moment",
    setup: one("int", "20260131", "1", "NULL"),
    operations: [retype("int", "datetime(6)")],
    found: [["cast", "1", "1"]],
    mend: "DELETE FROM t WHERE v = 1",
  },
  {
    name: "decimals that are no date",
    setup: one("decimal(12,2)", "20260131", "7.5"),
    operations: [retype("decimal(12,2)", "date")],
    found: [["cast", "1", "7.50"]],
    mend: "DELETE FROM t WHERE v < 8",
  },
  {
    name: "texts that are no moment",
    setup: one("text", "'2026-01-31 10:00:00'", "'soon'"),
    operations: [retype("text", "datetime")],
    found: [["cast", "1", "soon"]],
    mend: "DELETE FROM t WHERE v = 'soon'",
  },
  {
    name: "moments whose digits are too many",
    setup: one("datetime", "'2026-01-31 10:00:00'"),
    operations: [retype("datetime", "int")],
    found: [["out-of-range", "1", "2026-01-31 10:00:00"]],
    mend: "DELETE FROM t",
  },
  {
    name: "numbers that are no place in a list",
    setup: one("tinyint(1)", "0", "1", "2"),
    operations: [retype("tinyint(1)", "enum('b','a')")],
    found: [["enum-value", "1", "0"]],
    mend: "DELETE FROM t WHERE v = 0",
  },
  {
    name: "texts that are not among a set's values",
    setup: one("varchar(20)", "'a.b'", "'c,a.b'", "''", "'axb'", "'a.b,'"),
    operations: [retype("varchar(20)", "set('a.b','c')")],
    found: [["enum-value", "2", "a.b,, axb"]],
    mend: "DELETE FROM t WHERE v IN ('axb', 'a.b,')",
  },
  {
    name: "values that would lose their end",
    setup: one("decimal(10,4)", "1.25", "1.2345"),
    operations: [retype("decimal(10,4)", "decimal(10,2)")],
    found: [["rounding", "1", "1.2345"]],
    mend: "UPDATE t SET v = ROUND(v, 2)",
  },
  {
    name: "seconds that would lose their fraction",
    setup: one("datetime(6)", "'2026-01-31 10:00:00'", "'2026-01-31 10:00:00.5'"),
    operations: [retype("datetime(6)", "datetime")],
    found: [["rounding", "1", "2026-01-31 10:00:00.500000"]],
    mend: "DELETE FROM t WHERE MICROSECOND(v) > 0",
  },
  {
    name: "dates with a zero in them, in the column itself",
    setup: ["SET SESSION sql_mode = ''", ...one("datetime", "'0000-00-00'", "'2026-00-01'", "'2026-01-01'"), strictAgain],
    operations: [retype("datetime", "datetime(3)")],
    found: [["zero-date", "2", "0000-00-00 00:00:00, 2026-00-01 00:00:00"]],
    mend: "DELETE FROM t WHERE MONTH(v) = 0",
  },
  {
    name: "dates with a zero in them, in another column of a table that is copied",
    setup: ["SET SESSION sql_mode = ''", "CREATE TABLE t (v int, d date)", "INSERT INTO t VALUES (1, '0000-00-00')", strictAgain],
    operations: [retype("int", "bigint")],
    found: [["zero-date", "1", "0000-00-00"]],
    mend: "DELETE FROM t",
  },
  {
    name: "a 0 that AUTO_INCREMENT would number anew",
    setup: ["CREATE TABLE t (v int PRIMARY KEY)", "INSERT INTO t VALUES (0), (5)"],
    operations: [
      { kind: "alterColumn", table: "t", from: { name: "v", type: "int" }, to: { name: "v", type: "int", autoIncrement: true } },
    ],
    found: [["zero-number", "1", "0"]],
    mend: "UPDATE t SET v = 6 WHERE v = 0",
  },
  {
    name: "rows that another collation takes for equal",
    setup: [
      "CREATE TABLE t (k int, v varchar(9) COLLATE utf8mb4_bin NULL, UNIQUE KEY u (k, v))",
      "INSERT INTO t VALUES (1, 'a'), (1, 'A'), (2, 'a'), (1, NULL), (1, NULL)",
    ],
    operations: [
      {
        kind: "alterColumn",
        table: "t",
        from: { name: "v", type: "varchar(9)", nullable: true, collation: "utf8mb4_bin" },
        to: { name: "v", type: "varchar(9)", nullable: true, collation: "utf8mb4_unicode_ci" },
      },
    ],
    found: [["collision", "2", "1 / A"]],
    mend: "DELETE FROM t WHERE v = 'A' COLLATE utf8mb4_bin",
  },
  {
    name: "keys that a table's other collation takes for equal",
    setup: [
      "CREATE TABLE t (v varchar(9) PRIMARY KEY) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
      "INSERT INTO t VALUES ('b'), ('B'), ('c')",
    ],
    operations: [{ kind: "alterTable", table: "t", from: { collation: "utf8mb4_bin" }, to: { collation: "utf8mb4_unicode_ci" } }],
    found: [["collision", "2", "B"]],
    mend: "DELETE FROM t WHERE v = 'b' COLLATE utf8mb4_bin",
  },
  {
    name: "a moment that is no value of the list",
    setup: one("timestamp(6)", "'2026-01-01'"),
    operations: [retype("timestamp(6)", "enum('a','b')")],
    found: [["enum-value", "1", "2026-01-01 00:00:00.000000"]],
    mend: "DELETE FROM t",
  },
  {
    name: "duplicates by the column's collation, NULLs being different",
    setup: one("varchar(9)", "'a'", "'A'", "'á'", "'b'", "NULL", "NULL"),
    operations: [{ kind: "addIndex", table: "t", index: { name: "u", columns: ["v"], unique: true } }],
    found: [["duplicates", "3", "a"]],
    mend: "DELETE FROM t WHERE v <> 'b'",
  },
  {
    name: "duplicates in the first characters",
    setup: one("varchar(9)", "'abcd'", "'abxx'", "'zz'"),
    operations: [{ kind: "addIndex", table: "t", index: { name: "u", columns: [{ column: "v", prefix: 2 }], unique: true } }],
    found: [["duplicates", "2", "ab"]],
    mend: "DELETE FROM t WHERE v = 'abxx'",
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
    setup: [
      "CREATE TABLE o (a int, b int, UNIQUE (a, b))",
      "INSERT INTO o VALUES (1, 1)",
      "CREATE TABLE t (v int, w int)",
      "INSERT INTO t VALUES (1, 1), (1, 2), (NULL, 9), (NULL, NULL)",
    ],
    operations: [
      {
        kind: "addForeignKey",
        table: "t",
        foreignKey: { name: "f", columns: ["v", "w"], references: { table: "o", columns: ["a", "b"] } },
      },
    ],
    found: [["orphans", "1", "1 / 2"]],
    mend: "DELETE FROM t WHERE w = 2",
  },
  {
    name: "rows that a check does not allow",
    setup: one("int", "1", "-1", "NULL"),
    operations: [{ kind: "addCheck", table: "t", check: { name: "c", expression: "`v` > 0" } }],
    found: [["check", "1", "-1"]],
    mend: "DELETE FROM t WHERE v < 0",
  },
  {
    name: "what has another name before the run",
    setup: one("int", "NULL"),
    operations: [
      { kind: "renameTable", from: "t", to: "u" },
      { kind: "renameColumn", table: "u", from: "v", to: "w" },
      { kind: "alterColumn", table: "u", from: { name: "w", type: "int", nullable: true }, to: { name: "w", type: "int" } },
    ],
    found: [["nulls", "1", null]],
    mend: "DELETE FROM t",
  },
  {
    name: "nothing that an earlier operation may have put right",
    setup: one("int", "1", "1", "NULL"),
    operations: [
      { kind: "backfill", table: "t", set: { v: "0" } },
      tighten,
      { kind: "execute", sql: "DELETE FROM t" },
      retype("int", "tinyint"),
    ],
    found: [],
    mend: "SELECT 1",
  },
];

describe.runIf(engines.includes("mysql"))("MySQL prechecks", () => {
  const database = useDatabase("mysql");

  it.each(cases)("find $name", async ({ setup, operations, found, mend }) => {
    const { db } = database;
    for (const sql of session({ lockTimeoutMs: 5000, statementTimeoutMs: 0 })) await db.query(sql);
    await reset(db, database.name, setup);
    const server = await identify(db);
    const { schema } = await schemaOf(db);
    const ask = async () => {
      const answers = [];
      for (const question of prechecks(operations, { server, before: schema })) {
        const [row] = await db.query(question.sql);
        if (row?.count !== "0") answers.push([question.code, row?.count, inOrder(row?.samples ?? null)]);
      }
      return answers;
    };
    expect(await ask()).toEqual(found.map(([code, count, samples]) => [code, count, inOrder(samples)]));
    await db.query(mend);
    expect(await ask()).toEqual([]);
  });

  it("name the next command and what they read", async () => {
    const server = await identify(database.db);
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
