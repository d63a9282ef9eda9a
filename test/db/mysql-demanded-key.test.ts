import { beforeAll, describe, expect, it } from "vitest";
import type { Db } from "../../src/core/db.ts";
import type { Schema, Table } from "../../src/core/schema.ts";
import { canonical } from "../../src/dialect/mysql/canonical.ts";
import { normalize } from "../../src/dialect/mysql/normalize.ts";
import { engines, open, useDatabase } from "../support/databases.ts";
import { apply, schemaOf } from "../support/mysql-compile.ts";

const wanted: Table = {
  name: "prices",
  columns: [
    { name: "id", type: "int", autoIncrement: true },
    { name: "net", type: "decimal(10,2)", nullable: true, default: "1.555" },
    { name: "gross", type: "int", nullable: true, generated: { expression: "(id + (net * 2))", stored: true } },
  ],
  primaryKey: { columns: ["id"] },
  uniques: [],
  indexes: [],
  foreignKeys: [],
  checks: [{ name: "positive", expression: "((net > 0) AND ((id < 50)))" }],
  exclusions: [],
};

describe.runIf(engines.includes("mysql"))("a MySQL that demands a primary key of every table", () => {
  const database = useDatabase("mysql");
  const demand = "SET SESSION sql_require_primary_key = ON";
  let mysql = false;
  beforeAll(async () => {
    mysql = database.db.flavor === "mysql";
    if (mysql) await database.db.query(demand);
    await database.db.batch([
      "CREATE TABLE prices (id int PRIMARY KEY, net decimal(10,2) DEFAULT 1.56, gross int AS (id + net * 2) STORED, CONSTRAINT positive CHECK (net > 0 and id < 50))",
      "CREATE VIEW dear AS SELECT * FROM prices WHERE net > 100 AND id IS NOT NULL",
    ]);
  });

  const spelled = async (db: Db) => {
    const { schema, server } = await schemaOf(db);
    const view = { name: "dear", definition: "SELECT * FROM `prices` WHERE (`net` > 100) AND (id IS NOT NULL)", indexes: [] };
    const models: Schema = { namespaces: [], extensions: [], enums: [], tables: [wanted], views: [view], external: [] };
    const answer = await canonical(db, server, normalize(models, server), schema);
    return { answer, had: schema };
  };

  it("is asked how it spells things all the same", async ({ skip }) => {
    skip(!mysql);
    const { answer, had } = await spelled(database.db);
    expect(answer.notCompared).toEqual([]);
    expect(answer.wanted.tables[0]?.checks).toEqual(had.tables[0]?.checks);
    expect(answer.wanted.tables[0]?.columns[2]).toEqual(had.tables[0]?.columns[2]);
    expect(answer.wanted.tables[0]?.columns[0]?.type).toBe("int");
    expect(answer.wanted.views[0]?.definition).toBe(had.views[0]?.definition);
  });

  it("is asked in temporary tables, too", async ({ skip }) => {
    skip(!mysql);
    const user = `lbkey${process.pid}`;
    await database.db.batch([
      `CREATE USER ${user}@'%' IDENTIFIED BY 'x'`,
      `GRANT SELECT, SHOW VIEW, CREATE TEMPORARY TABLES ON \`${database.name}\`.* TO ${user}@'%'`,
      `GRANT SESSION_VARIABLES_ADMIN ON *.* TO ${user}@'%'`,
    ]);
    const guest = await open("mysql", Object.assign(new URL(database.url), { username: user, password: "x" }).toString());
    try {
      await guest.query(demand);
      const { answer, had } = await spelled(guest);
      expect(answer.notCompared.map(({ what }) => what)).toEqual(["view dear"]);
      expect(answer.wanted.tables[0]?.checks).toEqual(had.tables[0]?.checks);
    } finally {
      await guest.close();
      await database.db.query(`DROP USER ${user}@'%'`);
    }
  });

  it("gets TypeORM's own table with a key that nobody sees", async ({ skip }) => {
    skip(!mysql);
    const column = { name: "twice", type: "int", nullable: true, generated: { expression: "`id` * 2", stored: false } } as const;
    await apply(database.db, [{ kind: "addColumn", table: "prices", column }], { metadataTable: "typeorm_metadata" });
    expect(await database.db.query("SELECT * FROM typeorm_metadata")).toEqual([
      { type: "GENERATED_COLUMN", database: null, schema: database.name, table: "prices", name: "twice", value: "`id` * 2" },
    ]);
  });
});
