import { describe, expect, it } from "vitest";
import { atLeast } from "../../src/core/db.ts";
import type { Operation } from "../../src/core/operation.ts";
import { type Column, emptySchema } from "../../src/core/schema.ts";
import type { CompileContext } from "../../src/dialect/dialect.ts";
import { compile } from "../../src/dialect/mysql/compile/index.ts";
import { engines, useDatabase } from "../support/databases.ts";
import { schemaOf, send, strict } from "../support/mysql-compile.ts";

/** What a table may have that makes a change cost more. */
const features = {
  plain: "",
  virtual: ", vv int AS (a + 1) VIRTUAL",
  "virtual with an index": ", vv int AS (a + 1) VIRTUAL, KEY kv (vv)",
  stored: ", ss int AS (a + 1) STORED",
  fulltext: ", ft text, FULLTEXT KEY kft (ft)",
  "a unique index that is too long": ", vl varchar(1000), UNIQUE KEY kl (vl)",
  spatial: ", sp point NOT NULL, SPATIAL KEY ksp (sp)",
  "a foreign key that cascades": ", cc int, KEY kcc (cc), CONSTRAINT fcc FOREIGN KEY (cc) REFERENCES p (id) ON DELETE CASCADE",
  "a foreign key that sets NULL": ", cn int, KEY kcn (cn), CONSTRAINT fcn FOREIGN KEY (cn) REFERENCES p (id) ON UPDATE SET NULL",
} as const;

const tableWith = (feature: string): readonly string[] => [
  "DROP TABLE IF EXISTS t, p",
  "CREATE TABLE p (id int PRIMARY KEY)",
  `CREATE TABLE t (id int NOT NULL PRIMARY KEY, a int, b varchar(20), d int, e int NOT NULL, v31 varchar(31), v32 varchar(32), v64 varchar(64),
    l varchar(100) CHARACTER SET latin1, g3 enum('a','b') CHARACTER SET utf8mb3, i3 varchar(20) CHARACTER SET utf8mb3, gi enum('a','b'), u3 varchar(20) CHARACTER SET utf8mb3, c char(20), tx text, g enum('a','b'), s set('a','b'),
    m decimal(10,2), dt datetime, vb varbinary(20), lt longtext, i varchar(20), n int, r int, pk int,
    KEY ki (i), KEY ki3 (i3), KEY kgi (gi), KEY kn (n), KEY krn (r, n), CONSTRAINT fk FOREIGN KEY (pk) REFERENCES p (id), CONSTRAINT ck CHECK (a > -1)${feature})`,
];

const on = { table: "t" } as const;
const is = (name: string, type: string, more: Partial<Column> = {}): Column => ({ name, type, nullable: true, ...more });
const add = (column: Column): Operation => ({ kind: "addColumn", ...on, column });
const drop = (column: Column): Operation => ({ kind: "dropColumn", ...on, column });
const alter = (from: Column, to: Partial<Column>): Operation => ({ kind: "alterColumn", ...on, from, to: { ...from, ...to } });
const addIndex = (name: string, column: string, more: object = {}): Operation => ({
  kind: "addIndex",
  ...on,
  index: { name, columns: [column], ...more },
});
const required = ({ nullable: _, ...column }: Column): Column => column;
const d = is("d", "int");
const b = is("b", "varchar(20)");
const latin = is("l", "varchar(100)", { charset: "latin1" });
const key = { name: "fk2", columns: ["pk"], references: { table: "p", columns: ["id"] } };

const changes: Readonly<Record<string, readonly Operation[]>> = {
  "a column": [add(is("z", "int"))],
  "a required column with a default": [add(required(is("z", "int", { default: "3" })))],
  "a column with the time": [add(required(is("z", "datetime", { default: "CURRENT_TIMESTAMP" })))],
  "a column whose default reads another": [add(is("z", "varchar(20)", { default: "(concat(`b`,'x'))" }))],
  "a column whose default reads another by its bare name": [add(is("z", "int", { default: "(d + 1)" }))],
  "a column with a computed default": [add(is("z", "date", { default: "(curdate())" }))],
  "a text with a default": [add(is("z", "text", { default: "'x'" }))],
  "a column with a default that is drawn": [add(is("z", "varchar(36)", { default: "(uuid())" }))],
  "a computed default": [alter(d, { default: "(1 + 1)" })],
  "a json": [add(is("z", "json"))],
  "two columns": [add(is("y", "int")), add(is("z", "text"))],
  "a virtual column": [add(is("z", "int", { generated: { expression: "`a` * 2", stored: false } }))],
  "a stored column": [add(is("z", "int", { generated: { expression: "`a` * 2", stored: true } }))],
  "a column with an index": [add(is("z", "int")), addIndex("iz", "z")],
  "a column that goes": [drop(d)],
  "a column that goes out of an index": [drop(is("r", "int"))],
  "a column that goes beside an index": [drop(d), addIndex("ix", "n")],
  "a column that goes beside NOT NULL": [drop(d), { kind: "alterColumn", ...on, from: is("a", "int"), to: required(is("a", "int")) }],
  "a column that comes beside NOT NULL": [add(is("z", "int")), { kind: "alterColumn", ...on, from: d, to: required(d) }],
  "a virtual column beside a comment": [
    { kind: "alterTable", ...on, from: {}, to: { comment: "x" } },
    add(is("z", "int", { generated: { expression: "`a` * 2", stored: false } })),
  ],
  "a column that comes and one that goes": [add(is("z", "int")), drop(d)],
  "a column's name": [{ kind: "renameColumn", ...on, from: "d", to: "dd" }],
  "a comment": [alter(d, { comment: "x" })],
  "a default": [alter(d, { default: "5" })],
  "NOT NULL": [{ kind: "alterColumn", ...on, from: d, to: required(d) }],
  NULL: [alter(is("e", "int", { nullable: undefined as never }), { nullable: true })],
  "a longer text": [alter(b, { type: "varchar(50)" })],
  "a text of 31 characters longer than 255 bytes": [alter(is("v31", "varchar(31)"), { type: "varchar(300)" })],
  "a text of 32 characters longer than 255 bytes": [alter(is("v32", "varchar(32)"), { type: "varchar(300)" })],
  "a long text longer": [alter(is("v64", "varchar(64)"), { type: "varchar(400)" })],
  "a longer latin text": [alter(latin, { type: "varchar(300)" })],
  "a text in another character set": [alter(latin, { charset: "utf8mb4" })],
  "a text from three bytes to four": [alter(is("u3", "varchar(20)", { charset: "utf8mb3" }), { charset: "utf8mb4" })],
  "a shorter text": [alter(b, { type: "varchar(10)" })],
  "a varchar that becomes a text": [alter(b, { type: "text" })],
  "a longer char": [alter(is("c", "char(20)"), { type: "char(30)" })],
  "a text that becomes a longtext": [alter(is("tx", "text"), { type: "longtext" })],
  "a text that becomes json": [alter(is("lt", "longtext"), { type: "json" })],
  "longer bytes": [alter(is("vb", "varbinary(20)"), { type: "varbinary(60)" })],
  "another collation": [alter(b, { collation: "utf8mb4_bin" })],
  "another collation under an index": [alter(is("i", "varchar(20)"), { collation: "utf8mb4_bin" })],
  "another collation of an enum": [alter(is("g", "enum('a','b')"), { collation: "utf8mb4_bin" })],
  "a bigint": [alter(d, { type: "bigint" })],
  "an unsigned": [alter(d, { type: "int unsigned" })],
  "a wider decimal": [alter(is("m", "decimal(10,2)"), { type: "decimal(12,2)" })],
  "fractions of a second": [alter(is("dt", "datetime"), { type: "datetime(3)" })],
  "ON UPDATE": [alter(is("dt", "datetime"), { onUpdate: "CURRENT_TIMESTAMP" })],
  "an enum's value at the end": [alter(is("g", "enum('a','b')"), { type: "enum('a','b','c')" })],
  "an enum's value in the middle": [alter(is("g", "enum('a','b')"), { type: "enum('a','c','b')" })],
  "an enum's value that goes": [alter(is("g", "enum('a','b')"), { type: "enum('a')" })],
  "a set's value at the end": [alter(is("s", "set('a','b')"), { type: "set('a','b','c')" })],
  "more values than fit into a byte": [
    alter(is("s", "set('a','b')"), { type: `set(${[..."abcdefghi"].map((value) => `'${value}'`).join(",")})` }),
  ],
  AUTO_INCREMENT: [alter(required(is("id", "int")), { autoIncrement: true })],
  "AUTO_INCREMENT that goes": [
    alter(required(is("id", "int")), { autoIncrement: true }),
    { kind: "alterColumn", ...on, from: required(is("id", "int", { autoIncrement: true })), to: required(is("id", "int")) },
  ],
  "an index": [addIndex("ix", "d")],
  "a unique index": [addIndex("ix", "d", { unique: true })],
  "a unique index on a text": [addIndex("ix", "tx", { unique: true })],
  "a fulltext index": [addIndex("ix", "tx", { kind: "fulltext" })],
  "an index that goes": [{ kind: "dropIndex", ...on, index: { name: "kn", columns: ["n"] } }],
  "an index that is another": [
    { kind: "dropIndex", ...on, index: { name: "kn", columns: ["n"] } },
    addIndex("kn", "n", { columns: ["n", "d"] }),
  ],
  "an index's name": [{ kind: "renameIndex", ...on, from: "kn", to: "kk" }],
  "an index and a column of the same statement": [
    addIndex("ix", "d"),
    alter(is("e", "int", { nullable: undefined as never }), { comment: "x" }),
  ],
  "another primary key": [
    { kind: "dropPrimaryKey", ...on, primaryKey: { columns: ["id"] } },
    { kind: "addPrimaryKey", ...on, primaryKey: { columns: ["e"] } },
  ],
  "a primary key that goes": [{ kind: "dropPrimaryKey", ...on, primaryKey: { columns: ["id"] } }],
  "a foreign key": [{ kind: "addForeignKey", ...on, foreignKey: key }],
  "a foreign key's name": [{ kind: "renameConstraint", ...on, from: "fk", to: "fk2", foreignKey: { ...key, name: "fk" } }],
  "a foreign key that goes": [{ kind: "dropForeignKey", ...on, foreignKey: { ...key, name: "fk" } }],
  "a check": [{ kind: "addCheck", ...on, check: { name: "c2", expression: "`d` > -1" } }],
  "a check that goes": [{ kind: "dropCheck", ...on, check: { name: "ck", expression: "`a` > -1" } }],
  "a table's default characters": [{ kind: "alterTable", ...on, from: {}, to: { collation: "utf8mb4_bin" } }],
  "an index on an expression": [addIndex("ix", "", { columns: [{ expression: "(`a` + 1)" }] })],
  "an index on an expression that goes": [
    addIndex("ix", "", { columns: [{ expression: "(`a` + 1)" }] }),
    { kind: "dropIndex", ...on, index: { name: "ix", columns: [{ expression: "(`a` + 1)" }] } },
  ],
  "a list from three bytes to four": [alter(is("g3", "enum('a','b')", { charset: "utf8mb3" }), { charset: "utf8mb4" })],
  "a text under an index from three bytes to four": [alter(is("i3", "varchar(20)", { charset: "utf8mb3" }), { charset: "utf8mb4" })],
  "another collation of a list under an index": [alter(is("gi", "enum('a','b')"), { collation: "utf8mb4_bin" })],
  "another collation of a set": [alter(is("s", "set('a','b')"), { collation: "utf8mb4_bin" })],
  "a table's comment": [{ kind: "alterTable", ...on, from: {}, to: { comment: "x" } }],
  "a value in the middle with a comment": [alter(is("g", "enum('a','b')"), { type: "enum('a','c','b')" }), alter(d, { comment: "x" })],
};

/** MySQL has no unique index on more than fits into one, MariaDB none on an expression. */
const elsewhere: Readonly<Record<string, readonly string[]>> = {
  mysql: ["a unique index that is too long", "a unique index on a text"],
  mariadb: ["an index on an expression", "an index on an expression that goes"],
};

describe.runIf(engines.includes("mysql"))("a change on MySQL or MariaDB", () => {
  const database = useDatabase("mysql");

  /** The very statement, held to LOCK = NONE: does the server take it? */
  async function wouldWait(sql: string): Promise<boolean> {
    try {
      await database.db.query(/LOCK = NONE/.test(sql) ? sql : `${sql}, LOCK = NONE`);
      return false;
    } catch (error) {
      if (!/LOCK=NONE|ALGORITHM=INPLACE/.test(String(error))) throw error;
      return true;
    }
  }

  it.each(Object.entries(features))(
    "says it blocks writes exactly where the server would, in a table with: %s",
    async (place, feature) => {
      const { db } = database;
      if (elsewhere[db.flavor]?.includes(place)) return;
      const wrong: string[] = [];
      await strict(db);
      for (const [name, operations] of Object.entries(changes)) {
        if (elsewhere[db.flavor]?.includes(name)) continue;
        await db.batch(tableWith(feature));
        const { schema, server } = await schemaOf(db);
        for (const statement of compile(operations, { server, before: schema })) {
          if (!/^(?:SET STATEMENT .* FOR )?ALTER\b/.test(statement.sql)) {
            await send(db, [statement]);
            continue;
          }
          const held = /LOCK = NONE/.test(statement.sql);
          const said = statement.hazards.some(({ kind }) => kind === "blocks-writes");
          const waits = await wouldWait(statement.sql);
          if (waits) await db.query(statement.sql.replace(/,\s*LOCK = NONE/, ""));
          if (held === said || said !== waits) wrong.push(`${name}: held ${held}, said to wait ${said}, waits ${waits}\n${statement.sql}`);
        }
      }
      expect(wrong).toEqual([]);
    },
    600_000,
  );

  const simple = [
    "DROP TABLE IF EXISTS t, p",
    "CREATE TABLE p (id int PRIMARY KEY)",
    "CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(20))",
  ];
  const made = async (operations: readonly Operation[], more: Partial<CompileContext> = {}) => {
    const { schema, server } = await schemaOf(database.db);
    return compile(operations, { server, before: schema, ...more });
  };

  it("is refused by the server where it would block, because of something that no revision knows", async () => {
    const { db } = database;
    await db.batch(simple);
    const statements = await made([add(is("z", "int"))]);
    await db.batch([
      "ALTER TABLE t ADD FULLTEXT INDEX by_hand (b)",
      // where the table is copied beside its writers this keeps it from that
      "ALTER TABLE t ADD CONSTRAINT hand_made FOREIGN KEY (a) REFERENCES p (id) ON DELETE CASCADE",
    ]);
    await expect(send(db, statements)).rejects.toMatchObject({ errno: 1846 });
    expect(statements[0]?.hazards).toEqual([]);
    await send(db, await made([{ kind: "addColumn", ...on, column: is("z", "int"), online: false }]));
  });

  it("is plain where that is asked for, in a new table, for another engine, and where nobody else is", async () => {
    await database.db.batch(simple);
    const column = is("z", "int");
    const held = (statements: readonly { readonly sql: string }[]) => statements.filter(({ sql }) => /LOCK/.test(sql)).length;
    expect(held(await made([add(column)]))).toBe(1);
    expect(held(await made([{ kind: "addColumn", ...on, column, online: false }, addIndex("ix", "b")]))).toBe(0);
    expect(held(await made([add(column)], { online: false }))).toBe(0);
    expect(held(await made([add(column)], { before: emptySchema }))).toBe(0);
    await database.db.query("ALTER TABLE t ENGINE = MyISAM");
    expect(held(await made([add(column)]))).toBe(0);
    const definition = { name: "n", columns: [is("a", "int")], uniques: [], indexes: [], foreignKeys: [], checks: [], exclusions: [] };
    const fresh: readonly Operation[] = [
      { kind: "createTable", table: "n", definition },
      { kind: "alterColumn", table: "n", from: is("a", "int"), to: is("a", "bigint") },
    ];
    expect((await made(fresh)).map(({ sql, hazards }) => [/LOCK/.test(sql), hazards.length])).toEqual([
      [false, 0],
      [false, 0],
    ]);
  });

  it("comes in two statements where together they would block, and neither does alone", async () => {
    const { db } = database;
    await db.batch(simple);
    const virtual = is("v", "int", { generated: { expression: "`a` * 2", stored: false } });
    const statements = await made([add(is("z", "int")), add(virtual), addIndex("iv", "v")]);
    expect(statements.map(({ sql, hazards }) => [/LOCK = NONE/.test(sql), hazards.length])).toEqual([
      [true, 0],
      [true, 0],
      [true, 0],
    ]);
    await send(db, statements);
  });

  it.each([
    ["a", "text"],
    ["v", "varchar(20)"],
    ["tp", "text"],
  ])("knows where another collation of what is in an index makes writers wait: %s %s", async (name, type) => {
    const table =
      "CREATE TABLE t (id int PRIMARY KEY, a text, v varchar(20), tp text, FULLTEXT KEY ka (a), FULLTEXT KEY kv (v), KEY ktp (tp(10)))";
    await database.db.batch(["DROP TABLE IF EXISTS t", table]);
    const [statement] = await made([alter(is(name, type), { collation: "utf8mb4_bin" })]);
    expect(/LOCK = NONE/.test(statement?.sql ?? "")).toBe(!(await wouldWait(statement?.sql ?? "")));
  });

  it("knows which unique index stands in for a primary key", async () => {
    const { db } = database;
    const index = { name: "ua", columns: ["a"], unique: true } as const;
    const dropped: Operation = { kind: "dropIndex", ...on, index };
    const commented: Operation = { kind: "addColumn", ...on, column: is("z", "int") };
    const { server } = await schemaOf(db);
    const copies = server.flavor === "mariadb" && atLeast(server, 11, 2);
    for (const [operations, waits] of [
      [[dropped], !copies],
      [[commented], false],
    ] as const) {
      await db.batch(["DROP TABLE IF EXISTS t", "CREATE TABLE t (a int NOT NULL, b int, UNIQUE KEY ua (a), UNIQUE KEY ub (b))"]);
      const [statement] = await made(operations);
      expect([/LOCK/.test(statement?.sql ?? ""), await wouldWait(statement?.sql ?? "")]).toEqual([!waits, waits]);
    }
  });

  it("makes a computed column anew beside one that goes", async () => {
    const { db } = database;
    await db.batch(["DROP TABLE IF EXISTS t", "CREATE TABLE t (id bigint, c2 int, other enum('b','a'), d int) COMMENT 'x'"]);
    const computed = is("other", "bigint", { generated: { expression: "`id` + 1", stored: false } });
    const statements = await made([
      { kind: "alterTable", ...on, from: { comment: "x" }, to: { comment: "y" } },
      { kind: "alterColumn", ...on, from: is("other", "enum('b','a')"), to: computed },
      drop(is("c2", "int")),
    ]);
    await send(db, statements);
    expect((await schemaOf(db)).schema.tables.find(({ name }) => name === "t")?.columns.map(({ name }) => name)).toEqual([
      "id",
      "other",
      "d",
    ]);
  });

  it("puts a foreign key on while others write, and finds the row that came meanwhile", async () => {
    const { db } = database;
    await db.batch([...simple, "INSERT INTO p VALUES (1)", "INSERT INTO t VALUES (1, 1, ''), (2, 7, ''), (3, NULL, '')"]);
    const statements = await made([
      { kind: "addForeignKey", ...on, foreignKey: { name: "fa", columns: ["a"], references: { table: "p", columns: ["id"] } } },
    ]);
    if (db.flavor === "mysql") {
      // not to look at the rows can't be said there for one statement alone: the table is copied, and the plan says so
      expect(statements.map(({ sql, hazards }) => [/LOCK/.test(sql), hazards.map(({ kind }) => kind)])).toEqual([
        [false, ["blocks-writes"]],
      ]);
      await expect(send(db, statements)).rejects.toThrow("foreign key constraint fails");
      return;
    }
    expect(statements.flatMap(({ hazards }) => hazards)).toEqual([]);
    await expect(send(db, statements)).rejects.toThrow(/rows of t point to none of p: change them, then go on \(fa\)/);
    await expect(db.query("INSERT INTO t VALUES (4, 8, '')")).rejects.toThrow("foreign key constraint fails");
    await db.query("UPDATE t SET a = 1 WHERE id = 2");
    await send(db, statements.slice(1));
  });

  it("keeps the word of a foreign key's actions, on the way without a copy too", async () => {
    const { db } = database;
    await db.batch(simple);
    const words = ["RESTRICT", undefined, "CASCADE"] as const;
    const fa = { name: "fa", columns: ["a"], references: { table: "p", columns: ["id"] } };
    for (const [onDelete, onUpdate] of words.flatMap((one) => words.map((other) => [one, other] as const))) {
      await send(
        db,
        await made([{ kind: "addForeignKey", ...on, foreignKey: { ...fa, ...(onDelete && { onDelete }), ...(onUpdate && { onUpdate }) } }]),
      );
      expect(
        await db.query(
          "SELECT delete_rule AS onDelete, update_rule AS onUpdate FROM information_schema.referential_constraints WHERE constraint_schema = database()",
        ),
      ).toEqual([{ onDelete: onDelete ?? "NO ACTION", onUpdate: onUpdate ?? "NO ACTION" }]);
      await db.batch(["ALTER TABLE t DROP FOREIGN KEY fa"]);
    }
  });
});
