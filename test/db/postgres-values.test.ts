import { beforeEach, describe, expect, it } from "vitest";
import type { Operation } from "../../src/core/operation.ts";
import type { Column } from "../../src/core/schema.ts";
import { prechecks } from "../../src/dialect/postgres/prechecks/index.ts";
import { engines, useDatabase } from "../support/databases.ts";
import { reset } from "../support/postgres-compile.ts";

const texts = {
  json: [
    ...["{}", " [ ] ", '{"a":1}', '[1, -2.5e+10, true, null, "x"]', '"a\\"b"', '{"a":{"b":[{"c":[]}]}}', '"\\u00e9"', "0", "-0", "1e5"],
    ...[
      "",
      "{",
      "{a:1}",
      "{'a':1}",
      "[1,]",
      "[1 2]",
      "01",
      "1.",
      "-",
      "truefalse",
      '"a""b"',
      '{"a"}',
      '{"a":1,}',
      "[1]]",
      "nul",
      '"\\x"',
      '"a\tb"',
      "NaN",
      '{"a":1 "b":2}',
      "\u0001",
    ],
  ],
  date: [
    ...["2020-02-29", "2020-1-31", "epoch", "Jan 5 2020", "20200131", "infinity", "2000-02-29", "9999-12-31"],
    ...[
      "2019-02-29",
      "2020-13-01",
      "2020-04-31",
      "2020-00-10",
      "1900-02-29",
      "hello",
      "",
      "0000-01-01",
      "1",
      "2020",
      "12345",
      "20201331",
      "200131",
      "2020366",
      "2020367",
      "202001311230",
    ],
  ],
  "timestamp with time zone": [
    ...["2020-01-31 10:00:00", "2020-01-31T10:00:00.000Z", "2020-01-31 24:00:00", "2020-01-31 10:00:00+02", "now"],
    ...["2020-01-31 25:00", "2020-02-30T10:00", "2020-01-31 10:60:00", "soon", "1"],
  ],
  "time without time zone": [...["10:00", "23:59:60", "allballs"], ...["25:00", "10:75", "noon", "1", "1030", "103059", "12345", "2560"]],
  inet: [...["10.0.0.1", "10.0.0.0/8", "::1"], ...["host", "10.0.0.1/x"]],
} as const;

const column = (name: string, type: string, more: Partial<Column> = {}): Column => ({ name, type, nullable: true, ...more });

describe.runIf(engines.includes("postgres"))("values that are to be of another type", () => {
  const database = useDatabase("postgres");
  beforeEach(() => reset(database.db, []));

  /** What stands in the way, as the oldest servers are asked: by code, with count and samples. */
  async function found(...operations: readonly Operation[]): Promise<readonly (readonly [string, number, string | null | undefined])[]> {
    const server = { flavor: "postgres", version: [15, 0], defaultSchema: "public", database: "" } as const;
    const answers = [];
    for (const { code, sql, about } of prechecks(operations, { server })) {
      const [row] = about === "server" ? [] : await database.db.query(sql);
      if (Number(row?.count ?? 0) > 0) answers.push([code, Number(row?.count), row?.samples] as const);
    }
    return answers;
  }
  const reads = (text: string, type: string): Promise<boolean> =>
    database.db.query(`SELECT $1::${type}`, [text]).then(
      () => true,
      () => false,
    );

  it.each(Object.keys(texts) as (keyof typeof texts)[])(
    "are told apart before PostgreSQL 16 as the server reads them: %s",
    async (type) => {
      const { db } = database;
      await db.query("CREATE TABLE t (v text)");
      const wrong: string[] = [];
      for (const text of texts[type]) {
        await db.query("INSERT INTO t VALUES ($1)", [text]);
        const refused = (await found({ kind: "alterColumn", table: "t", from: column("v", "text"), to: column("v", type) })).length > 0;
        if (refused === (await reads(text, type))) wrong.push(`${JSON.stringify(text)} is ${refused ? "refused" : "let through"}`);
        await db.query("DELETE FROM t");
      }
      expect(wrong).toEqual([]);
    },
  );

  const alter = (from: Column, to: Column, using?: string): Operation => ({
    kind: "alterColumn",
    table: "t",
    from,
    to,
    ...(using !== undefined && { using }),
  });

  it("are counted where they become equal under a unique index", async () => {
    const { db } = database;
    await db.query(`CREATE EXTENSION IF NOT EXISTS citext; CREATE COLLATION nocase (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
      CREATE TABLE t (a integer, v text, w text, n numeric, UNIQUE (a, v), UNIQUE (n), PRIMARY KEY (w));
      INSERT INTO t VALUES (1, 'x', '1', 1.2), (1, 'X', '01', 1.4), (2, 'x', '2', 5), (NULL, 'y', '3', 7), (NULL, 'Y', '4', 8), (3, NULL, '5', NULL)`);
    expect(await found(alter(column("v", "text"), column("v", "citext")))).toEqual([["duplicates", 2, expect.stringMatching(/^x$/i)]]);
    expect(await found(alter(column("v", "text"), column("v", "text", { collation: "nocase" })))).toEqual([
      ["duplicates", 2, expect.stringMatching(/^x$/i)],
    ]);
    expect(await found(alter(column("v", "text"), column("v", "text", { collation: "C" })))).toEqual([]);
    expect(await found(alter(column("n", "numeric"), column("n", "integer")))).toEqual([["duplicates", 2, "1"]]);
    expect(await found(alter(column("w", "text"), column("w", "integer"), '"w"::integer'))).toEqual([["duplicates", 2, "1"]]);
    expect(await found(alter(column("v", "text"), column("v", "text[]"), "string_to_array(v, ',')"))).toEqual([]);
  });

  it("that cannot be converted do not hide those that become equal", async () => {
    await database.db.query("CREATE TABLE t (v text UNIQUE); INSERT INTO t VALUES ('1'), ('01'), ('one')");
    expect(await found(alter(column("v", "text"), column("v", "integer"), "v::integer"))).toEqual([
      ["cast", 1, "one"],
      ["duplicates", 2, "1"],
    ]);
  });

  it("that every row gets with a new column are equal under its unique", async () => {
    await database.db.query("CREATE TABLE t (a integer); INSERT INTO t VALUES (1), (1), (2)");
    const add = (more: Partial<Column>, fill?: string): Operation => ({
      kind: "addColumn",
      table: "t",
      column: { name: "n", type: "text", ...more },
      ...(fill !== undefined && { fill }),
    });
    const unique = (...columns: readonly string[]): Operation => ({ kind: "addUnique", table: "t", unique: { name: "u", columns } });
    expect(await found(add({ default: "'x'" }), unique("n"))).toEqual([["duplicates", 3, "x"]]);
    expect(await found(add({}, "'y'"), unique("n", "a"))).toEqual([["duplicates", 2, "y / 1"]]);
    expect(await found(add({ nullable: true }), unique("n"))).toEqual([]);
    expect(await found(add({ default: "gen_random_uuid()" }), unique("n"))).toEqual([]);
    const renamed: Operation = { kind: "renameColumn", table: "t", from: "n", to: "m" };
    expect(await found(add({ default: "'x'" }), renamed, unique("m"))).toEqual([["duplicates", 3, "x"]]);
    const key: Operation = { kind: "addPrimaryKey", table: "t", primaryKey: { name: "k", columns: ["n", "a"] } };
    expect(await found(add({ default: "'x'" }), key)).toEqual([["duplicates", 2, "x / 1"]]);
    await database.db.query("DELETE FROM t WHERE a = 1");
    expect(await found(add({ default: "'x'" }), unique("n"))).toEqual([]);
  });

  it("are really refused by the server then", async () => {
    await database.db.query("CREATE TABLE t (v numeric UNIQUE); INSERT INTO t VALUES (1.2), (1.4)");
    await expect(database.db.query("ALTER TABLE t ALTER v TYPE integer")).rejects.toThrow(/could not create unique index/);
  });
});
