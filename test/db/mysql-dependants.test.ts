import { describe, expect, it } from "vitest";
import { atLeast } from "../../src/core/db.ts";
import type { Operation } from "../../src/core/operation.ts";
import { type Column, emptySchema, type Table } from "../../src/core/schema.ts";
import { compile } from "../../src/dialect/mysql/compile/index.ts";
import { identify } from "../../src/dialect/mysql/identify.ts";
import { prechecks } from "../../src/dialect/mysql/prechecks/index.ts";
import { engines, useDatabase } from "../support/databases.ts";
import { apply, reset, send } from "../support/mysql-compile.ts";

const column = (name: string, more: Partial<Column> = {}): Column => ({ name, type: "int", nullable: true, ...more });
const table: Table = { name: "t", columns: [column("a")], uniques: [], indexes: [], foreignKeys: [], checks: [], exclusions: [] };
const drop: Operation = { kind: "dropColumn", table: "t", column: column("a") };
const add: Operation = { kind: "addColumn", table: "t", column: column("a") };
const dropTable: Operation = { kind: "dropTable", table: "t", definition: table };
const rename: Operation = { kind: "renameColumn", table: "t", from: "a", to: "aa" };
const renameTable: Operation = { kind: "renameTable", from: "t", to: "tt" };
const view = (definition: string) => ({ name: "v", definition, indexes: [] });
const fk = { name: "f", columns: ["x"], references: { table: "t", columns: ["a"] } };
const other = "CREATE TABLE o (x int, a int, CONSTRAINT f FOREIGN KEY (x) REFERENCES t (a))";
const dropKey: Operation = { kind: "dropForeignKey", table: "o", foreignKey: fk };
const addKey: Operation = { kind: "addForeignKey", table: "o", foreignKey: fk };
const wider = { kind: "alterColumn", table: "t", from: column("a"), to: column("a", { type: "bigint" }) } as const;
const trigger = (body: string) => `CREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW ${body}`;

/** What stands there, what is to be done, and who is named; null: nobody, and all goes on. */
const cases: readonly (readonly [string, readonly string[], readonly Operation[], string | null])[] = [
  ["a column that nobody uses", ["CREATE VIEW v AS SELECT b FROM t", trigger("SET new.b = 1")], [drop], null],
  ["a column in a view", ["CREATE VIEW v AS SELECT b FROM t WHERE a > 0"], [drop], "view v"],
  ["a column in a view, under an alias", ["CREATE VIEW v AS SELECT x.b FROM t AS x WHERE x.a > 0"], [drop], "view v"],
  ["a column in a view, under the second alias", ["CREATE VIEW v AS SELECT y.a FROM t AS x JOIN t AS y ON x.b = y.b"], [drop], "view v"],
  [
    "a column of the same name in a view",
    ["CREATE TABLE o (a int)", "CREATE VIEW v AS SELECT y.a, x.b FROM t AS x JOIN o AS y ON y.a = x.b"],
    [drop],
    null,
  ],
  [
    "a column whose view is made anew",
    ["CREATE VIEW v AS SELECT a, b FROM t"],
    [{ kind: "alterView", view: "v", from: view("SELECT a, b FROM t"), to: view("SELECT b FROM t") }, drop],
    null,
  ],
  ["a column that goes and comes again, in a view", ["CREATE VIEW v AS SELECT a FROM t"], [drop, add], null],
  ["a column that gets another name, in a view", ["CREATE VIEW v AS SELECT a FROM t"], [rename], "view v"],
  ["a table in a view", ["CREATE VIEW v AS SELECT b FROM t"], [dropTable], "view v"],
  ["a table that gets another name, in a view", ["CREATE VIEW v AS SELECT b FROM t"], [renameTable], "view v"],
  [
    "a table that is made anew, in a view",
    ["CREATE VIEW v AS SELECT a FROM t"],
    [dropTable, { kind: "createTable", table: "t", definition: table }],
    null,
  ],
  ["a column in a trigger", [trigger("SET new.b = NEW.`a` + 1")], [drop], "trigger r"],
  ["a column that gets another name, in a trigger", [trigger("SET new.b = new.a")], [rename], "trigger r"],
  ["a column whose name begins like that in a trigger", ["ALTER TABLE t ADD ab int", trigger("SET new.ab = 1")], [drop], null],
  ["a column in a check", ["ALTER TABLE t ADD CONSTRAINT k CHECK (a > b)"], [drop], "check k"],
  ["a column in another column's check", ["ALTER TABLE t ADD c int CHECK (c > a)"], [drop], "check c"],
  ["a column in another column's default", ["ALTER TABLE t ADD c int DEFAULT (a + 1)"], [drop], "default of c"],
  ["a column whose name stands in a text", ["ALTER TABLE t ADD c varchar(9) DEFAULT 'of `a`'"], [drop], null],
  ["a column with a check of its own", ["ALTER TABLE t MODIFY a int CHECK (a > 0)"], [drop], null],
  [
    "a column in a check that goes",
    ["ALTER TABLE t ADD CONSTRAINT k CHECK (a > b)"],
    [{ kind: "dropCheck", table: "t", check: { name: "k", expression: "a > b" } }, drop],
    null,
  ],
  ["a column of which another is computed", ["ALTER TABLE t ADD g int AS (a + 1)"], [drop], "computed column g"],
  [
    "a column of which one is computed that goes",
    ["ALTER TABLE t ADD g int AS (a + 1)"],
    [{ kind: "dropColumn", table: "t", column: column("g", { generated: { expression: "`a` + 1", stored: false } }) }, drop],
    null,
  ],
  [
    "a column in a foreign key",
    ["CREATE TABLE o (x int PRIMARY KEY)", "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES o (x)"],
    [drop],
    "foreign key f",
  ],
  ["a column to which another table points", [other], [drop], "foreign key f of o"],
  ["a column to which another table points, that gets another type", [other], [dropKey, wider, addKey], "foreign key f of o"],
  [
    "a column that gets another type together with the one that points to it",
    [other],
    [dropKey, wider, { ...wider, table: "o", from: column("x"), to: column("x", { type: "bigint" }) }, addKey],
    null,
  ],
  ["a table to which another table points", [other], [dropTable], "foreign key f of o"],
  ["a table to which another table no longer points", [other], [{ kind: "dropForeignKey", table: "o", foreignKey: fk }, dropTable], null],
  [
    "a table to which one points that goes, too",
    [other],
    [{ kind: "dropTable", table: "o", definition: { ...table, name: "o" } }, dropTable],
    null,
  ],
  ["a step of the author's own before it", ["CREATE VIEW v AS SELECT a FROM t"], [{ kind: "execute", sql: "DROP VIEW v" }, drop], null],
];

describe.runIf(engines.includes("mysql"))("what would fail without a table or column that goes is named beforehand", () => {
  const database = useDatabase("mysql");

  it.each(cases)("%s", async (_, setup, operations, named) => {
    const { db } = database;
    // a column's own check speaks of no other there
    const made = db.flavor === "mysql" ? setup.map((sql) => sql.replace("int CHECK (c", "int, ADD CONSTRAINT c CHECK (c")) : setup;
    await reset(db, database.name, ["CREATE TABLE t (id int PRIMARY KEY AUTO_INCREMENT, a int, b int, UNIQUE KEY ours (a))", ...made]);
    const server = await identify(db);
    const asked = prechecks(operations, { server }).filter(({ code }) => code === "dependants");
    const answers = await Promise.all(asked.map(async ({ sql }) => (await db.query(sql))[0]));
    expect(answers.flatMap((row) => (row?.count === "0" ? [] : [row?.samples])).join("; ")).toBe(named ?? "");
    // and so it is: the server refuses, or takes no more rows, or shows none
    const fails = async (sql: string) =>
      (await db.query(sql).then(
        () => 0,
        () => 1,
      )) as number;
    const done = await apply(db, operations).then(
      () => true,
      () => false,
    );
    const views = await db.query("SELECT TABLE_NAME AS name FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE()");
    const now = operations.includes(renameTable) ? "tt" : "t";
    let failing = operations.includes(dropTable) ? 0 : await fails(`INSERT INTO ${now} (b) VALUES (7)`);
    for (const { name } of views) failing += await fails(`SELECT * FROM \`${name}\``);
    expect(done && failing === 0).toBe(named === null);
  });

  it("an index on an expression, where there are such", async () => {
    const { db } = database;
    if (db.flavor === "mariadb") return;
    await reset(db, database.name, ["CREATE TABLE t (id int PRIMARY KEY, a int, b int, KEY theirs (b, (a + 1)))"]);
    const asked = prechecks([drop], { server: await identify(db) }).filter(({ code }) => code === "dependants");
    const answers = await Promise.all(asked.map(async ({ sql }) => (await db.query(sql))[0]?.samples ?? ""));
    expect(answers.filter((answer) => answer !== "")).toEqual(["index theirs"]);
    await expect(apply(db, [drop])).rejects.toThrow("functional index dependency");
  });

  const index = { name: "mends", columns: ["b"], unique: true } as const;
  const loose = { ...fk, references: { table: "t", columns: ["b"] } };

  it.each<readonly [string, readonly Operation[], string]>([
    ["another column that comes", [{ ...add, column: column("z") }], "o.f to t (b)"],
    ["another name", [renameTable], "o.f to t (b)"],
    [
      "the unique key that is missing",
      [
        { kind: "addIndex", table: "t", index },
        { ...add, column: column("z") },
      ],
      "",
    ],
    [
      "the foreign key that goes",
      [
        { kind: "dropForeignKey", table: "o", foreignKey: loose },
        { ...add, column: column("z") },
      ],
      "",
    ],
    ["another table", [{ ...add, table: "o", column: column("z") }], ""],
  ])("a foreign key to columns that are no unique key, which MySQL takes no more: %s", async (_, operations, named) => {
    const { db } = database;
    const server = await identify(db);
    if (!atLeast(server, 8, 4) || db.flavor === "mariadb") return;
    await reset(db, database.name, ["CREATE TABLE t (id int PRIMARY KEY, a int, b int, KEY (b), UNIQUE (a, b))"]);
    await db.query("SET SESSION restrict_fk_on_non_standard_key = OFF");
    await db.query(
      "CREATE TABLE o (x int, CONSTRAINT f FOREIGN KEY (x) REFERENCES t (b), CONSTRAINT good FOREIGN KEY (x) REFERENCES t (id))",
    );
    await db.query("SET SESSION restrict_fk_on_non_standard_key = ON");
    const asked = prechecks(operations, { server }).filter(({ message }) => message.includes("no unique key"));
    const answers = await Promise.all(asked.map(async ({ sql }) => (await db.query(sql))[0]?.samples ?? ""));
    expect(answers.filter((answer) => answer !== "").join("; ")).toBe(named);
    const done = send(db, compile(operations, { server }));
    await (named === "" ? done : expect(done).rejects.toThrow());
  });

  const read = "ALTER TABLE t ADD COLUMN g int AS (a + 1) STORED, ADD COLUMN d int DEFAULT (a + 1)";
  const g = column("g", { generated: { expression: "`a` + 1", stored: true } });
  const known: Table = { ...table, columns: [column("a"), g, column("d", { default: "(`a` + 1)" })] };

  /** What stands there, what the history knows, what is to be done, and who is named on MySQL; MariaDB carries the new name everywhere. */
  it.each<readonly [string, readonly string[], Table, readonly Operation[], string]>([
    [
      "whom nobody told of",
      [read, "ALTER TABLE t ADD CONSTRAINT k CHECK (a > 0)"],
      table,
      [rename],
      "check k; computed column g; default of d",
    ],
    ["an index on an expression", ["ALTER TABLE t ADD KEY theirs (b, (a + 1))"], table, [rename], "index theirs"],
    ["whom the history knows", [read], known, [rename], ""],
    ["who goes before", [read], known, [{ kind: "dropColumn", table: "t", column: g }, rename], ""],
    [
      "who is known by another name",
      [read],
      known,
      [{ kind: "renameColumn", table: "t", from: "g", to: "gg" }, { kind: "renameColumn", table: "t", from: "d", to: "dd" }, rename],
      "",
    ],
    ["beside a foreign key, a computed column", [read, other], known, [rename], "computed column g"],
    ["names that begin like that", ["ALTER TABLE t ADD ab int, ADD CONSTRAINT k CHECK (ab > 0)"], table, [rename], ""],
  ])("a column that gets another name and is read: %s", async (_, setup, before, operations, named) => {
    const { db } = database;
    if (db.flavor === "mariadb" && named.includes("index")) return;
    await reset(db, database.name, ["CREATE TABLE t (id int PRIMARY KEY AUTO_INCREMENT, a int, b int, UNIQUE KEY ours (a))", ...setup]);
    const context = { server: await identify(db), before: { ...emptySchema, tables: [before] } };
    const asked = prechecks(operations, context).filter(({ code }) => code === "dependants");
    const answers = await Promise.all(asked.map(async ({ sql }) => (await db.query(sql))[0]?.samples ?? ""));
    const is = db.flavor === "mysql" ? named : "";
    expect(answers.filter((answer) => answer !== "").join("; ")).toBe(is);
    // and so it is
    const done = send(db, compile(operations, context));
    await (is === "" ? done : expect(done).rejects.toThrow());
  });
});
