import { describe, expect, it } from "vitest";
import type { Column, Schema, Table } from "../../../../src/core/schema.ts";
import { assume } from "../../../../src/dialect/mysql/identify.ts";
import { normalize } from "../../../../src/dialect/mysql/normalize.ts";

const mariadb = assume("mariadb", "shop");
const mysql = assume("mysql", "shop");
const plain: Table = { name: "items", columns: [], uniques: [], indexes: [], foreignKeys: [], checks: [], exclusions: [] };
const schemaOf = (table: Partial<Table>): Schema => ({
  namespaces: ["shop"],
  extensions: [],
  enums: [],
  tables: [{ ...plain, ...table }],
  views: [],
  external: [],
});
const one = (table: Partial<Table>, server = mariadb): Table => normalize(schemaOf(table), server).tables[0] ?? plain;
const columnOf = (column: Column, server = mariadb, table: Partial<Table> = {}): Column | undefined =>
  one({ ...table, columns: [column] }, server).columns[0];

describe("one spelling on both sides", () => {
  it("a unique constraint is a unique index, once", () => {
    const table = one({ uniques: [{ name: "UQ", columns: ["a"] }], indexes: [{ name: "uq", columns: ["a"], unique: true }] });
    expect(table.uniques).toEqual([]);
    expect(table.indexes).toEqual([{ name: "uq", columns: ["a"], unique: true }]);
  });

  it("the index that carries a foreign key is not there, one that only looks like it is", () => {
    const key = (name: string) => ({ name, columns: ["a"], references: { table: "b", columns: ["id"] } });
    const named = one({
      foreignKeys: [key("FK")],
      indexes: [
        { name: "FK", columns: ["a"] },
        { name: "IDX", columns: ["a"] },
      ],
    });
    expect(named.indexes).toEqual([{ name: "IDX", columns: ["a"] }]);
    const unnamed = one({ foreignKeys: [key("items_ibfk_1")], indexes: [{ name: "a", columns: ["a"] }] });
    expect(unnamed.indexes).toEqual([]);
    const unique = one({ foreignKeys: [key("FK")], indexes: [{ name: "FK", columns: ["a"], unique: true }] });
    expect(unique.indexes).toHaveLength(1);
  });

  it("the default database is not said, a primary key has no name", () => {
    const table = one({
      schema: "shop",
      primaryKey: { name: "PK_1", columns: ["id"] },
      foreignKeys: [
        {
          name: "FK",
          columns: ["a"],
          references: { schema: "shop", table: "b", columns: ["id"] },
          onUpdate: "CASCADE",
        },
      ],
    });
    expect(table.schema).toBeUndefined();
    expect(table.primaryKey).toEqual({ columns: ["id"] });
    expect(table.foreignKeys).toEqual([{ name: "FK", columns: ["a"], references: { table: "b", columns: ["id"] }, onUpdate: "CASCADE" }]);
  });

  it("a character set and collation are said only where they are not the surroundings'", () => {
    expect(columnOf({ name: "a", type: "varchar(5)", charset: "utf8mb4", collation: "utf8mb4_general_ci" })).toEqual({
      name: "a",
      type: "varchar(5)",
    });
    expect(columnOf({ name: "a", type: "varchar(5) collate utf8_bin" })).toEqual({
      name: "a",
      type: "varchar(5)",
      charset: "utf8mb3",
      collation: "utf8mb3_bin",
    });
    expect(columnOf({ name: "a", type: "varchar(5)", charset: "latin1", collation: "latin1_swedish_ci" })).toEqual({
      name: "a",
      type: "varchar(5)",
      charset: "latin1",
    });
    expect(columnOf({ name: "a", type: "varchar(5)", collation: "utf8mb4_bin" }, mariadb, { collation: "utf8mb4_bin" })).toEqual({
      name: "a",
      type: "varchar(5)",
    });
    expect(columnOf({ name: "a", type: "int", collation: "utf8mb4_bin" })).toEqual({ name: "a", type: "int" });
    expect(one({ charset: "utf8mb4", collation: "utf8mb4_general_ci", engine: "innodb" })).toEqual({ ...plain, engine: "InnoDB" });
    expect(one({ charset: "utf8mb4" }, mysql)).toEqual(plain);
  });

  it("a generated column can't be NOT NULL on MariaDB, a key column can't be NULL", () => {
    const generated = { name: "a", type: "int", generated: { expression: "(b + 1)", stored: true } };
    expect(columnOf(generated)?.nullable).toBe(true);
    expect(columnOf(generated, mysql)?.nullable).toBeUndefined();
    expect(columnOf({ name: "id", type: "int", nullable: true }, mariadb, { primaryKey: { columns: ["id"] } })).toEqual({
      name: "id",
      type: "int",
    });
  });

  it("a prefix as long as the column is none, and a method is said where it is not the engine's own", () => {
    const columns = [{ name: "a", type: "varchar(10)" }];
    expect(one({ columns, indexes: [{ name: "i", columns: [{ column: "a", prefix: 10 }], method: "BTREE" }] }).indexes).toEqual([
      { name: "i", columns: ["a"] },
    ]);
    expect(one({ columns, indexes: [{ name: "i", columns: ["a"], method: "hash" }] }).indexes).toEqual([{ name: "i", columns: ["a"] }]);
    const inMemory = (method: string) => one({ engine: "memory", indexes: [{ name: "i", columns: ["a"], method }] }).indexes[0]?.method;
    expect([inMemory("HASH"), inMemory("BTREE")]).toEqual([undefined, "btree"]);
  });

  it("is done once: again it changes nothing", () => {
    const table = one({
      columns: [{ name: "a", type: "VARCHAR(20) CHARACTER SET latin1", default: "(UPPER('x'))", onUpdate: "now()" }],
      checks: [{ name: "c", expression: '(A <> "x")' }],
    });
    expect(one(table)).toEqual(table);
  });
});
