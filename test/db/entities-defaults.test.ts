import { describe, expect, it } from "vitest";
import type { Context } from "../../src/entities/context.ts";
import { defaultOf } from "../../src/entities/default.ts";
import type { ColumnMetadata } from "../../src/entities/metadata.ts";
import { engines, useDatabase } from "../support/databases.ts";

const columnWith = (value: unknown, more: object = {}): ColumnMetadata => ({
  databaseName: "a",
  propertyName: "a",
  propertyPath: "a",
  type: "text",
  isNullable: false,
  isPrimary: false,
  isGenerated: false,
  default: value,
  ...more,
});
const contextOf = (dialect: "postgres" | "mysql", flavor: Context["flavor"] = dialect): Context =>
  ({ dialect, flavor, defaultSchema: undefined, dataSource: { driver: {} } }) as unknown as Context;

const postgres: readonly (readonly [unknown, string, string])[] = [
  ["it's a \\ 'quote'", "text", "it's a \\ 'quote'"],
  ["{}", "jsonb", "{}"],
  [{ a: ["it's", 1], b: null }, "jsonb", '{"a": ["it\'s", 1], "b": null}'],
  [[1, 2], "jsonb", "[1, 2]"],
  [5, "text", "5"],
  ["007", "text", "007"],
  [-5, "integer", "-5"],
  ["-5", "bigint", "-5"],
  [1e21, "numeric(30,0)", "1000000000000000000000"],
  [true, "boolean", "true"],
  ["false", "boolean", "false"],
  [1, "boolean", "true"],
  [true, "text", "true"],
  [["a b", 'c,d"', "it's", "", "NULL", "back\\slash", null], "text[]", `{"a b","c,d\\"",it's,"","NULL","back\\\\slash",NULL}`],
  [
    [
      [1, 2],
      [3, 4],
    ],
    "integer[]",
    "{{1,2},{3,4}}",
  ],
  [[true, false], "boolean[]", "{t,f}"],
  [new Date(0), "timestamp with time zone", "1970-01-01 00:00:00+00"],
  ["0101", "bit(4)", "0101"],
];

const mysql: readonly (readonly [unknown, string, string])[] = [
  ["it's a \\ 'quote'", "varchar(50)", "it's a \\ 'quote'"],
  ["😀", "varchar(50)", "😀"],
  [5, "varchar(50)", "5"],
  [-5, "int", "-5"],
  ["5", "bigint unsigned", "5"],
  [1.5, "decimal(12,2)", "1.50"],
  [true, "tinyint(1)", "1"],
  ["false", "tinyint", "0"],
  [{ a: "it's \\" }, "json", '{"a":"it\'s \\\\"}'],
  ["2020-01-31", "date", "2020-01-31"],
];

describe.skipIf(!engines.includes("postgres"))("a default on PostgreSQL", () => {
  const database = useDatabase("postgres");
  it.each(postgres)("%j of type %s means %s", async (value, type, expected) => {
    await database.db.query("SET timezone = 'UTC'");
    const literal = defaultOf(columnWith(value), type, contextOf("postgres"));
    await database.db.query(`CREATE TEMP TABLE t (n int, a ${type} DEFAULT ${literal})`);
    await database.db.query("INSERT INTO t (n) VALUES (1)");
    expect(await database.db.query("SELECT a::text AS a FROM t")).toEqual([{ a: expected }]);
    await database.db.query("DROP TABLE t");
  });
});

describe.skipIf(!engines.includes("mysql"))("a default on MariaDB or MySQL", () => {
  const database = useDatabase("mysql");
  it.each(mysql)("%j of type %s means %s", async (value, type, expected) => {
    const flavor = database.db.flavor === "mariadb" ? "mariadb" : "mysql";
    const literal = defaultOf(columnWith(value, type.startsWith("decimal") ? { scale: 2 } : {}), type, contextOf("mysql", flavor));
    await database.db.query(`CREATE TEMPORARY TABLE t (n int, a ${type} DEFAULT ${literal}) CHARACTER SET utf8mb4`);
    await database.db.query("INSERT INTO t (n) VALUES (1)");
    const [row] = await database.db.query("SELECT CAST(a AS CHAR) AS a FROM t");
    await database.db.query("DROP TEMPORARY TABLE t");
    // MySQL, whose json is no text, puts spaces between its words
    expect(type === "json" ? JSON.stringify(JSON.parse(row?.a ?? "")) : row?.a).toBe(expected);
  });

  it("is an expression where MySQL takes no literal", () => {
    expect(defaultOf(columnWith({}), "json", contextOf("mysql"))).toBe("('{}')");
    expect(defaultOf(columnWith("x"), "text", contextOf("mysql"))).toBe("('x')");
    expect(defaultOf(columnWith(["a", "b"], { type: "set" }), "set('a','b')", contextOf("mysql"))).toBe("'a,b'");
  });
});
