import { describe, expect, it } from "vitest";
import type { Operation } from "../../src/core/operation.ts";
import { type Column, emptySchema, type Schema } from "../../src/core/schema.ts";
import { identify } from "../../src/dialect/mysql/identify.ts";
import { prechecks } from "../../src/dialect/mysql/prechecks/index.ts";
import { engines, useDatabase } from "../support/databases.ts";
import { apply, reset, schemaOf } from "../support/mysql-compile.ts";

const retype = (name: string, from: Partial<Column> = {}, to: Partial<Column> = {}): Operation => ({
  kind: "alterColumn",
  table: "t",
  from: { name, type: "int", nullable: true, ...from },
  to: { name, type: "bigint", nullable: true, ...from, ...to },
});

/** A column as somebody made it by hand, with the history knowing no more than its type, and what a change of it would lose. */
const columns: readonly (readonly [definition: string, loss: string | null, known?: Partial<Column>])[] = [
  ["int INVISIBLE", "INVISIBLE"],
  ["int CHECK (c > 0)", "CHECK (`c` > 0)"],
  ["int COMMENT 'it''s' CHECK (c > 0)", "CHECK (`c` > 0), COMMENT 'it\\'s'"],
  ["text COMPRESSED", "COMPRESSED", { type: "text" }],
  ["int COMMENT 'by hand'", "COMMENT 'by hand'"],
  ["int COMMENT 'known'", null, { comment: "known" }],
  ["int DEFAULT 7", "DEFAULT 7"],
  ["int DEFAULT 7", null, { default: "5" }],
  ["int DEFAULT NULL", null],
  ["int AUTO_INCREMENT UNIQUE", "AUTO_INCREMENT"],
  ["int AUTO_INCREMENT UNIQUE", null, { autoIncrement: true }],
  ["int AS (1 + 1) VIRTUAL", "AS (1 + 1)"],
  [
    "datetime DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP",
    "ON UPDATE CURRENT_TIMESTAMP",
    { type: "datetime", default: "CURRENT_TIMESTAMP" },
  ],
  ["varchar(9) COLLATE utf8mb4_bin", "COLLATE utf8mb4_bin", { type: "varchar(9)" }],
  ["varchar(9) COLLATE utf8mb4_bin", null, { type: "varchar(9)", collation: "utf8mb4_bin" }],
  ["json", null, { type: "json" }],
];

/** To MySQL every check is the table's own, which no change of a column takes away; and it knows no compressed column. */
const onMysql: Readonly<Record<string, string | null>> = {
  "int CHECK (c > 0)": null,
  "int COMMENT 'it''s' CHECK (c > 0)": "COMMENT 'it\\'s'",
  "text COMPRESSED": null,
  "int AS (1 + 1) VIRTUAL": "AS ((1 + 1))",
};

describe.runIf(engines.includes("mysql"))("a column of which the server has more than the history knows", () => {
  const database = useDatabase("mysql");

  async function lost(operations: readonly Operation[], tables: Schema["tables"] = []): Promise<readonly (string | null | undefined)[]> {
    const server = await identify(database.db);
    const found = [];
    for (const { code, sql } of prechecks(operations, { server, before: { ...emptySchema, tables } })) {
      const [row] = await database.db.query(sql);
      if (code === "unknown-attribute" && row?.count !== "0") found.push(row?.samples);
    }
    return found;
  }

  it.each(columns.map(([definition, loss, known]) => ({ definition, loss, known })))(
    "$definition: a change is refused that would lose $loss",
    async ({ definition, loss, known }) => {
      const { db, name } = database;
      const made = db.flavor === "mysql" ? definition.replace(" COMPRESSED", "") : definition;
      await reset(db, name, [`CREATE TABLE t (id int PRIMARY KEY, c ${made}) CHARACTER SET utf8mb4`]);
      const said = db.flavor === "mysql" ? (onMysql[definition] === undefined ? loss : onMysql[definition]) : loss;
      expect(await lost([retype("c", known)])).toEqual(said === null ? [] : [`c ${said}`]);
    },
  );

  it("is asked about by its name before the run, once, and not when the run makes it", async () => {
    const { db } = database;
    await reset(db, database.name, ["CREATE TABLE t (id int PRIMARY KEY, c int COMMENT 'x', d int COMMENT 'y')"]);
    const rename: Operation = { kind: "renameColumn", table: "t", from: "c", to: "cc" };
    expect(await lost([rename, retype("cc")])).toEqual(["c COMMENT 'x'"]);
    expect(await lost([retype("c", { comment: "x" }, { comment: undefined as never }), retype("c")])).toEqual([]);
    const dropped: Operation = { kind: "dropColumn", table: "t", column: { name: "d", type: "int", nullable: true } };
    const made: Operation = { kind: "addColumn", table: "t", column: { name: "d", type: "int", nullable: true } };
    expect(await lost([dropped, made, retype("d")])).toEqual([]);
  });

  it("is computed from one that gets another name: MySQL has to be told all of it again", async () => {
    const { db } = database;
    await reset(db, database.name, ["CREATE TABLE t (id int PRIMARY KEY, a int, g int AS (a + 1) STORED INVISIBLE COMMENT 'by hand')"]);
    const g: Column = { name: "g", type: "int", nullable: true, generated: { expression: "`a` + 1", stored: true } };
    const parts = { uniques: [], indexes: [], foreignKeys: [], checks: [], exclusions: [] };
    const rename: Operation = { kind: "renameColumn", table: "t", from: "a", to: "aa" };
    const known = [{ name: "t", columns: [{ name: "a", type: "int", nullable: true } as const, g], ...parts }];
    expect(await lost([rename], known)).toEqual(db.flavor === "mysql" ? ["g INVISIBLE, COMMENT 'by hand'"] : []);
  });

  it("keeps a text from following its table into another collation", async () => {
    const { db } = database;
    await reset(db, database.name, ["CREATE TABLE t (id int PRIMARY KEY, c varchar(9) INVISIBLE) COLLATE utf8mb4_general_ci"]);
    const alter: Operation = { kind: "alterTable", table: "t", from: {}, to: { collation: "utf8mb4_bin" } };
    expect(await lost([alter])).toEqual(["c INVISIBLE"]);
  });

  it("tells the checks of the columns that change, and of no other", async () => {
    const { db } = database;
    await reset(db, database.name, [
      "CREATE TABLE t (id int PRIMARY KEY CHECK (id > 0), c varchar(9) INVISIBLE CHECK (c <> ''), d varchar(9) COLLATE utf8mb4_bin CHECK (d <> '')) COLLATE utf8mb4_general_ci",
      "CREATE TABLE u (c varchar(9) CHECK (c <> 'u'))",
    ]);
    expect(await lost([{ kind: "alterTable", table: "t", from: {}, to: { collation: "utf8mb4_unicode_ci" } }])).toEqual([
      db.flavor === "mysql" ? "c INVISIBLE" : "c CHECK (`c` <> ''), INVISIBLE",
    ]);
    expect(await lost([retype("id")])).toEqual(db.flavor === "mysql" ? [] : ["id CHECK (`id` > 0)"]);
  });

  it("is no obstacle where the history was read from the server itself", async () => {
    const { db } = database;
    await reset(db, database.name, [
      `CREATE TABLE t (id int AUTO_INCREMENT PRIMARY KEY, a varchar(9) COLLATE utf8mb4_bin DEFAULT 'x' COMMENT 'c', b int AS (1 + 1) STORED,
        g timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP, j json, e enum('a') CHARACTER SET latin1, u ${db.flavor === "mysql" ? "char(36)" : "uuid"} DEFAULT (uuid()))`,
    ]);
    const { schema } = await schemaOf(db);
    const all = schema.tables[0]?.columns ?? [];
    expect(all).toHaveLength(7);
    const { name: _, ...rest } = { name: 0, comment: "new" };
    expect(
      await lost(all.map((column): Operation => ({ kind: "alterColumn", table: "t", from: column, to: { ...column, ...rest } }))),
    ).toEqual([]);
  });
});

const dropColumn = (name: string, table = "t"): Operation => ({ kind: "dropColumn", table, column: { name, type: "int", nullable: true } });
const dropIndex = (name: string, table = "t"): Operation => ({ kind: "dropIndex", table, index: { name, columns: ["a", "b"] } });
const execute = (sql: string): Operation => ({ kind: "execute", sql });
const computed = (stored: boolean): Column => ({ name: "g", type: "int", nullable: true, generated: { expression: "`a` + 1", stored } });

/** What stands there, what is to be done, and the indexes that would go or get narrower; null: none that the list does not name itself. */
const indexes: readonly (readonly [string, string, readonly Operation[], string | null])[] = [
  ["on other columns", "CREATE INDEX theirs ON t (b, c)", [dropColumn("a")], null],
  ["on it alone", "CREATE INDEX theirs ON t (a)", [dropColumn("a")], "index theirs (a)"],
  ["on it and others", "CREATE INDEX theirs ON t (b, a DESC)", [dropColumn("a")], "index theirs (b, a DESC)"],
  ["on a prefix", "CREATE INDEX theirs ON t (b, s(7))", [dropColumn("s")], "index theirs (b, s(7))"],
  ["that are unique", "CREATE UNIQUE INDEX theirs ON t (a, b)", [dropColumn("a")], "unique index theirs (a, b)"],
  ["of words", "CREATE FULLTEXT INDEX theirs ON t (s)", [dropColumn("s")], "fulltext index theirs (s)"],
  ["of the primary key", "ALTER TABLE t DROP PRIMARY KEY, ADD PRIMARY KEY (id, a)", [dropColumn("a")], "unique index PRIMARY (id, a)"],
  ["that the list drops", "CREATE INDEX ours ON t (a, b)", [dropIndex("ours"), dropColumn("a")], null],
  [
    "that the list drops under other names",
    "CREATE INDEX ours ON t (a, b)",
    [
      { kind: "renameTable", from: "t", to: "tt" },
      { kind: "renameIndex", table: "tt", from: "ours", to: "yours" },
      { kind: "renameColumn", table: "tt", from: "a", to: "aa" },
      dropIndex("yours", "tt"),
      dropColumn("aa", "tt"),
    ],
    null,
  ],
  ["that the author's own SQL drops", "CREATE INDEX ours ON t (a, b)", [execute("DROP INDEX ours ON t"), dropColumn("a")], null],
  [
    "of which the author's own SQL does not speak",
    "CREATE INDEX theirs ON t (a, b)",
    [execute("DO 0"), dropColumn("a")],
    "index theirs (a, b)",
  ],
  [
    "that the server made for a foreign key that goes",
    "CREATE TABLE o (x int PRIMARY KEY); ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES o (x)",
    [
      { kind: "dropForeignKey", table: "t", foreignKey: { name: "f", columns: ["a"], references: { table: "o", columns: ["x"] } } },
      dropColumn("a"),
    ],
    null,
  ],
  [
    "on a computed column that gets stored",
    "CREATE INDEX theirs ON t (g, b)",
    [{ kind: "alterColumn", table: "t", from: computed(false), to: computed(true) }],
    null,
  ],
  [
    "on a computed column that gets a plain one",
    "CREATE INDEX theirs ON t (g, b)",
    [{ kind: "alterColumn", table: "t", from: computed(false), to: { name: "g", type: "int", nullable: true } }],
    "index theirs (g, b)",
  ],
];

describe.runIf(engines.includes("mysql"))("indexes that would go with a column without a word", () => {
  const database = useDatabase("mysql");

  it("a column that gets a plain one in its place keeps the indexes that the history knows", async () => {
    const { db } = database;
    await reset(db, database.name, [
      "CREATE TABLE t (id int PRIMARY KEY, a int, b int, g int AS (a + 1) VIRTUAL, UNIQUE KEY kg (g, b), KEY kb (b))",
      "INSERT INTO t (id, a, b) VALUES (1, 2, 3)",
    ]);
    const { schema, server } = await schemaOf(db);
    const change: Operation = { kind: "alterColumn", table: "t", from: computed(false), to: { name: "g", type: "int", nullable: true } };
    const asked = prechecks([change], { server, before: schema }).filter(({ code }) => code === "unmanaged");
    for (const { sql } of asked) expect((await db.query(sql))[0]?.count).toBe("0");
    await apply(db, [change]);
    expect((await schemaOf(db)).schema.tables[0]?.indexes).toEqual(schema.tables[0]?.indexes);
    expect(await db.query("SELECT g FROM t")).toEqual([{ g: "3" }]);
  });

  it("the index that the server made for a foreign key over several columns goes with it, also when one of its columns goes", async () => {
    const { db } = database;
    await reset(db, database.name, [
      "CREATE TABLE o (x int, y int, PRIMARY KEY (x, y))",
      "CREATE TABLE t (id int PRIMARY KEY, a int, b int, CONSTRAINT f FOREIGN KEY (a, b) REFERENCES o (x, y))",
    ]);
    const foreignKey = { name: "f", columns: ["a", "b"], references: { table: "o", columns: ["x", "y"] } };
    await apply(db, [{ kind: "dropForeignKey", table: "t", foreignKey }, dropColumn("a")]);
    expect((await schemaOf(db)).schema.tables.find(({ name }) => name === "t")?.indexes).toEqual([]);
  });

  it.each(indexes)("%s", async (_, setup, operations, named) => {
    const { db } = database;
    await reset(db, database.name, [
      "CREATE TABLE t (id int PRIMARY KEY, a int, b int, c int, s varchar(200), g int AS (a + 1) VIRTUAL)",
      // nothing else is computed of what goes
      ...(setup.includes("(g") ? [] : ["ALTER TABLE t DROP COLUMN g"]),
      ...setup.split("; "),
    ]);
    const server = await identify(db);
    const asked = prechecks(operations, { server }).filter(({ code }) => code === "unmanaged");
    const answers = await Promise.all(asked.map(async ({ sql }) => (await db.query(sql))[0]));
    expect(answers.flatMap((row) => (row?.count === "0" ? [] : [row?.samples]))).toEqual(named === null ? [] : [named]);
    // and so it is: without the question they are gone, or the server refuses by itself
    const statistics =
      "SELECT INDEX_NAME, COLUMN_NAME FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() ORDER BY 1, SEQ_IN_INDEX";
    const before = await db.query(statistics);
    const done = await apply(db, operations, { blind: named !== null }).then(
      () => true,
      () => false,
    );
    if (named !== null && done) expect(await db.query(statistics)).not.toEqual(before);
    if (named === null) expect(done).toBe(true);
  });
});
