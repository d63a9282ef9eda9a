import { beforeAll, describe, expect, it } from "vitest";
import type { Db, Server } from "../../src/core/db.ts";
import type { Schema, Table, View } from "../../src/core/schema.ts";
import { canonical } from "../../src/dialect/mysql/canonical.ts";
import { identify } from "../../src/dialect/mysql/identify.ts";
import { introspect } from "../../src/dialect/mysql/introspect/index.ts";
import { normalize } from "../../src/dialect/mysql/normalize.ts";
import { engines, open, useDatabase } from "../support/databases.ts";

describe.runIf(engines.includes("mysql"))("what still differs after normalize", () => {
  const database = useDatabase("mysql");
  const other = useDatabase("mysql");
  let server: Server;
  const read = async (db: Db = database.db): Promise<Schema> =>
    normalize((await introspect(db, server, { schemas: [other.name], ignore: [] })).schema, server);

  beforeAll(async () => {
    server = await identify(database.db);
    await database.db.batch([
      `CREATE TABLE prices (id int PRIMARY KEY, net decimal(10,2) DEFAULT 1.56, tax int, mood enum('😀','sad') DEFAULT 'sad' COMMENT 'how 😀',
        gross decimal(12,2) AS (net * (1 + tax / 100)) STORED, CONSTRAINT positive CHECK (net > 0 and (tax < 50 or tax is null)))`,
      "CREATE VIEW dear AS SELECT id, net FROM prices WHERE net > 100 AND tax IS NOT NULL",
      "CREATE VIEW dearest AS SELECT * FROM dear ORDER BY net DESC",
      `CREATE TABLE \`${other.name}\`.notes (id int, price_id int, CONSTRAINT small CHECK (id < 10 or id > 20 and id < 30))`,
      `CREATE VIEW noted AS SELECT p.id, n.id AS note FROM prices p JOIN \`${other.name}\`.notes n ON n.price_id = p.id`,
    ]);
  });

  const prices: Table = {
    name: "prices",
    columns: [
      { name: "id", type: "int" },
      { name: "gross", type: "numeric(12,2)", nullable: true, generated: { expression: "(net * (1 + (tax / 100)))", stored: true } },
      { name: "net", type: "decimal(10,2)", nullable: true, default: "1.555" },
      { name: "tax", type: "int", nullable: true },
      { name: "mood", type: "enum('😀','sad')", nullable: true, default: "'sad'", comment: "how 😀" },
    ],
    primaryKey: { columns: ["id"] },
    uniques: [],
    indexes: [],
    foreignKeys: [],
    checks: [{ name: "positive", expression: "((net > 0) AND ((tax < 50) OR (tax IS NULL)))" }],
    exclusions: [],
  };
  const notes = (): Table => ({
    schema: other.name,
    name: "notes",
    columns: [
      { name: "id", type: "int", nullable: true },
      { name: "price_id", type: "int", nullable: true },
    ],
    uniques: [],
    indexes: [],
    foreignKeys: [],
    checks: [{ name: "small", expression: "id < 10 OR (id > 20 AND id < 30)" }],
    exclusions: [],
  });
  const view = (name: string, definition: string): View => ({ name, definition, indexes: [] });
  const models = (): Schema => ({
    namespaces: [],
    extensions: [],
    enums: [],
    tables: [prices, notes()],
    views: [
      view("dear", "SELECT `id`, `net` FROM `prices` WHERE (`net` > 100) AND tax IS NOT NULL;"),
      view("dearest", "SELECT * FROM dear ORDER BY net DESC"),
      view("noted", `SELECT p.id, n.id AS note FROM prices p JOIN ${other.name}.notes n ON n.price_id = p.id`),
    ],
    external: [],
  });
  const withoutReads = (schema: Schema): Schema => ({ ...schema, views: schema.views.map(({ reads: _, ...rest }) => rest) });
  const byName = (table: Table): Table => ({ ...table, columns: [...table.columns].sort((a, b) => a.name.localeCompare(b.name)) });
  const sorted = (schema: Schema): Schema => withoutReads({ ...schema, tables: schema.tables.map(byName) });

  it("is spelled by the server: defaults, generated columns, checks, views, in other databases too", async () => {
    const had = await read();
    const answer = await canonical(database.db, server, normalize(models(), server), had);
    expect(answer.notCompared).toEqual([]);
    expect(sorted(answer.wanted)).toEqual(sorted(had));
  });

  it("asks nothing when nothing differs", async () => {
    const had = await read();
    const silent: Db = { ...database.db, query: refuse, batch: refuse };
    expect(await canonical(silent, server, had, had)).toEqual({ wanted: had, notCompared: [] });
  });

  it("leaves no scratch database and stays in its own", async () => {
    const [left] = await database.db.batch([
      "SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE 'limbeck\\_scratch\\_%'",
    ]);
    expect(left).toEqual([]);
    expect(await database.db.query("SELECT DATABASE() AS name")).toEqual([{ name: database.name }]);
  });

  it("drops the scratch database of a session that died", async () => {
    await database.db.query("CREATE DATABASE limbeck_scratch_999999999");
    await canonical(database.db, server, normalize(models(), server), await read());
    const [left] = await database.db.batch(["SHOW DATABASES LIKE 'limbeck\\_scratch\\_999999999'"]);
    expect(left).toEqual([]);
  });

  it("keeps a real change; a view stays in its author's words, as TypeORM remembers it", async () => {
    const checks = [{ name: "positive", expression: "net >= 0 AND tax < 60" }];
    const changed = { ...models(), tables: [{ ...prices, checks }, notes()], views: [view("dear", "SELECT id FROM prices")] };
    const answer = await canonical(database.db, server, normalize(changed, server), await read());
    expect(answer.wanted.tables[0]?.checks).toEqual([{ name: "positive", expression: "`net` >= 0 and `tax` < 60" }]);
    expect(answer.wanted.views[0]?.definition).toBe("SELECT id FROM prices");
  });

  it("writes no question marks where a column changes in something else", async () => {
    const columns = prices.columns.map((column) => (column.name === "mood" ? { ...column, default: "'😀'" } : column));
    const answer = await canonical(database.db, server, normalize({ ...models(), tables: [{ ...prices, columns }] }, server), await read());
    expect(answer.wanted.tables[0]?.columns.at(-1)).toEqual({
      name: "mood",
      type: "enum('😀','sad')",
      nullable: true,
      default: "'😀'",
      comment: "how 😀",
    });
  });

  it("names what the server refuses, leaves it as it is, and compares the rest", async () => {
    const columns = prices.columns.map((column) => (column.name === "tax" ? { ...column, default: "'many'", type: "bigint" } : column));
    const wanted = { ...models(), tables: [{ ...prices, columns }, notes()], views: [view("dear", "SELECT nothing FROM prices")] };
    const had = await read();
    const answer = await canonical(database.db, server, normalize(wanted, server), had);
    expect(answer.notCompared.map(({ what }) => what)).toEqual(["column prices.tax", "view dear"]);
    expect(answer.notCompared[0]?.because).toMatch(/the server refuses it: .*default/i);
    expect(answer.wanted.tables[0]?.columns.find(({ name }) => name === "tax")).toEqual({ name: "tax", type: "int", nullable: true });
    expect(answer.wanted.tables[0]?.checks).toEqual(had.tables[0]?.checks);
    expect(answer.wanted.views[0]?.definition).toBe(had.views[0]?.definition);
  });

  it("reads temporary tables where no database may be created", async () => {
    const user = `lb${process.pid}`;
    await database.db.batch([
      `CREATE USER ${user}@'%' IDENTIFIED BY 'x'`,
      `GRANT SELECT, SHOW VIEW, CREATE TEMPORARY TABLES ON \`${database.name}\`.* TO ${user}@'%'`,
      `GRANT SELECT ON \`${other.name}\`.* TO ${user}@'%'`,
    ]);
    const guest = await open("mysql", Object.assign(new URL(database.url), { username: user, password: "x" }).toString());
    try {
      const had = await read(guest);
      const answer = await canonical(guest, server, normalize(models(), server), had);
      const tables = { ...answer.wanted, views: [] };
      expect(sorted(tables)).toEqual(sorted({ ...had, views: [] }));
      expect(answer.notCompared.map(({ what }) => what)).toEqual(["view dear", "view dearest", "view noted"]);
      expect(answer.wanted.views.map(({ definition }) => definition)).toEqual(had.views.map(({ definition }) => definition));
    } finally {
      await guest.close();
      await database.db.query(`DROP USER ${user}@'%'`);
    }
  });
});

function refuse(): never {
  throw new Error("nothing should be asked");
}
