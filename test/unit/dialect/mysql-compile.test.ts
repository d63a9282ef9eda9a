import { describe, expect, it } from "vitest";
import type { Flavor, Operation } from "../../../src/core/operation.ts";
import type { Column, Schema } from "../../../src/core/schema.ts";
import { emptySchema } from "../../../src/core/schema.ts";
import { compile } from "../../../src/dialect/mysql/compile/index.ts";
import { assume } from "../../../src/dialect/mysql/identify.ts";
import { prechecks } from "../../../src/dialect/mysql/prechecks/index.ts";

const sqlOf = (operations: readonly Operation[], flavor: Flavor = "mariadb", before?: Schema): readonly string[] =>
  compile(operations, { server: assume(flavor, "app"), ...(before === undefined ? {} : { before }) }).map(({ sql }) => sql);
const on = { table: "t" } as const;
const a: Column = { name: "a", type: "int" };

describe("statements for MySQL", () => {
  it("puts neighbouring changes of one table into one statement that commits by itself", () => {
    const [statement, ...rest] = compile(
      [
        { kind: "addColumn", ...on, column: a },
        { kind: "addIndex", ...on, index: { name: "i", columns: ["a"] } },
        { kind: "dropColumn", ...on, column: { name: "b", type: "int" } },
      ],
      { server: assume("mariadb", "app") },
    );
    expect(rest).toEqual([]);
    expect(statement?.sql).toBe("ALTER TABLE `t`\n  ADD COLUMN `a` int NOT NULL,\n  ADD INDEX `i` (`a`),\n  DROP COLUMN `b`");
    expect(statement?.operations).toEqual([0, 1, 2]);
    expect(statement?.transactional).toBe(false);
    expect(statement?.hazards.map(({ kind }) => kind)).toEqual(["data-loss", "rewrite"]);
  });

  it("parts what may not be said in one statement", () => {
    const key = { name: "f", columns: ["a"], references: { table: "o", columns: ["id"] } };
    expect(
      sqlOf([
        { kind: "dropForeignKey", ...on, foreignKey: key },
        { kind: "addForeignKey", ...on, foreignKey: { ...key, onDelete: "CASCADE" } },
      ]),
    ).toHaveLength(2);
    expect(
      sqlOf([
        { kind: "renameColumn", ...on, from: "b", to: "a" },
        { kind: "alterColumn", ...on, from: a, to: { ...a, type: "bigint" } },
      ]),
    ).toHaveLength(2);
  });

  it("says the whole column when it changes one thing", () => {
    const column: Column = { name: "v", type: "varchar(9)", charset: "latin1", collation: "latin1_bin", default: "'x'", comment: "it's" };
    expect(sqlOf([{ kind: "alterColumn", ...on, from: column, to: { ...column, nullable: true } }])).toEqual([
      "ALTER TABLE `t` MODIFY COLUMN `v` varchar(9) CHARACTER SET latin1 COLLATE latin1_bin NULL DEFAULT 'x' COMMENT 'it''s'",
    ]);
  });

  it("puts expressions in parentheses as defaults, and literals of texts on MySQL", () => {
    const added = (column: Column, flavor: Flavor) => sqlOf([{ kind: "addColumn", ...on, column }], flavor)[0];
    expect(added({ name: "d", type: "date", default: "curdate() + interval 1 day" }, "mariadb")).toContain(
      "DEFAULT (curdate() + interval 1 day)",
    );
    expect(added({ name: "d", type: "datetime(3)", default: "now(3)" }, "mysql")).toContain("DEFAULT CURRENT_TIMESTAMP(3)");
    expect(added({ name: "d", type: "text", default: "'x'" }, "mysql")).toContain("DEFAULT ('x')");
    expect(added({ name: "d", type: "text", default: "'x'" }, "mariadb")).toContain("DEFAULT 'x'");
  });

  it("keeps a clock's value when it fills another column", () => {
    const before: Schema = {
      ...emptySchema,
      tables: [
        {
          name: "t",
          columns: [a, { name: "at", type: "datetime", onUpdate: "CURRENT_TIMESTAMP" }],
          uniques: [],
          indexes: [],
          foreignKeys: [],
          checks: [],
          exclusions: [],
        },
      ],
    };
    expect(sqlOf([{ kind: "addColumn", ...on, column: { name: "n", type: "int" }, fill: "`a` + 1" }], "mariadb", before)[1]).toBe(
      "UPDATE `t` SET `n` = `a` + 1, `at` = `at`",
    );
  });

  it("knows which of the author's statements end a transaction", () => {
    const transactional = (sql: string) => compile([{ kind: "execute", sql }], { server: assume("mariadb") })[0]?.transactional;
    expect(transactional("UPDATE t SET a = 1")).toBe(true);
    expect(transactional("/* why */ ALTER TABLE t ENGINE=InnoDB")).toBe(false);
    expect(transactional("DELETE FROM t; CREATE TABLE u (a int)")).toBe(false);
    expect(transactional("INSERT INTO t VALUES ('; drop')")).toBe(true);
  });

  it("leaves out of a batch what is done", () => {
    expect(sqlOf([{ kind: "backfill", ...on, set: { a: "1" }, batch: 5 }])).toEqual([
      "UPDATE `t` SET `a` = 1\nWHERE NOT (`a` <=> (1)) LIMIT 5",
    ]);
    expect(sqlOf([{ kind: "backfill", ...on, set: { a: "1" }, where: "`a` IS NULL" }])[0]).toContain("WHERE (`a` IS NULL) LIMIT");
  });

  it("runs what is meant for MySQL on MariaDB, and not the other way round", () => {
    const only = (dialect: Flavor): Operation => ({ kind: "on", dialect, operations: [{ kind: "execute", sql: `DO '${dialect}'` }] });
    const all = [only("mysql"), only("mariadb"), only("postgres")];
    expect(sqlOf(all, "mariadb")).toEqual(["DO 'mysql'", "DO 'mariadb'"]);
    expect(sqlOf(all, "mysql")).toEqual(["DO 'mysql'"]);
  });

  it.each<[string, (table: string) => readonly Operation[]]>([
    ["new columns", (table) => [{ kind: "addColumn", table, column: { ...a, name: "b" } }]],
    ["new names", (table) => [{ kind: "renameColumn", table, from: "a", to: "b" }]],
    ["indexes", (table) => [{ kind: "addIndex", table, index: { name: "i", columns: ["a"] } }]],
    [
      "keys that go and come",
      (table) => [
        { kind: "dropPrimaryKey", table, primaryKey: { columns: ["a"] } },
        { kind: "addPrimaryKey", table, primaryKey: { columns: ["a"] } },
      ],
    ],
    [
      "foreign keys that go",
      (table) => [{ kind: "dropForeignKey", table, foreignKey: { name: "f", columns: ["a"], references: { table: "t", columns: ["a"] } } }],
    ],
  ])("looks no more often at an operation, or at a table, when there are many: %s", (_, operationsOn) => {
    const looks = (many: number): number => {
      let looked = 0;
      const counted = <T extends object>(record: T, field: "name" | "table", value: string): T =>
        Object.defineProperty({ ...record }, field, {
          enumerable: true,
          get: () => {
            looked++;
            return value;
          },
        });
      const names = Array.from({ length: many }, (_, i) => `t${i}`);
      const bare = { columns: [a], primaryKey: { columns: ["a"] }, uniques: [], indexes: [], foreignKeys: [], checks: [], exclusions: [] };
      const before = { ...emptySchema, tables: names.map((name) => counted({ name, ...bare }, "name", name)) };
      const operations = names.flatMap((name) => operationsOn(name).map((operation) => counted(operation, "table", name)));
      compile(operations, { server: assume("mariadb", "app"), before });
      prechecks(operations, { server: assume("mariadb", "app"), before });
      return looked / many;
    };
    expect(looks(100)).toBe(looks(25));
  });

  it.each<[string, Operation]>([
    ["an enum type", { kind: "createEnum", definition: { name: "mood", values: [] } }],
    ["an extension", { kind: "createExtension", name: "citext" }],
    ["an exclusion", { kind: "addExclusion", ...on, exclusion: { name: "x", expression: "USING gist (a WITH &&)" } }],
    ["a partial index", { kind: "addIndex", ...on, index: { name: "i", columns: ["a"], where: "a > 0" } }],
    [
      "a materialised view",
      { kind: "createView", view: "v", definition: { name: "v", definition: "SELECT 1", indexes: [], materialized: true } },
    ],
    ["an index on an expression on MariaDB", { kind: "addIndex", ...on, index: { name: "i", columns: [{ expression: "lower(a)" }] } }],
    ["a constraint's new name without its definition", { kind: "renameConstraint", ...on, from: "x", to: "y" }],
  ])("refuses %s, and says what to do", (_, operation) => {
    expect(() => sqlOf([operation])).toThrow(expect.objectContaining({ outcome: "usage", hint: expect.stringMatching(/./) }));
  });
});
