import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Db } from "../../src/core/db.ts";
import type { Operation } from "../../src/core/operation.ts";
import { compile } from "../../src/dialect/mysql/compile/index.ts";
import { identify } from "../../src/dialect/mysql/identify.ts";
import { prechecks } from "../../src/dialect/mysql/prechecks/index.ts";
import { engines, open, useDatabase } from "../support/databases.ts";
import { schemaOf, send } from "../support/mysql-compile.ts";

const bare = { uniques: [], indexes: [], foreignKeys: [], checks: [], exclusions: [] };
const column = { name: "z", type: "int", nullable: true } as const;
const key = { name: "f", columns: ["a"], references: { table: "o", columns: ["id"] } };
const view = { name: "v", definition: "SELECT 1 AS one", indexes: [] };

/** Each with the rights that it needs, and no others. */
const cases: readonly (readonly [string, readonly Operation[], readonly (readonly [string, string])[]])[] = [
  ["a new table", [{ kind: "createTable", table: "n", definition: { name: "n", columns: [column], ...bare } }], [["CREATE", "n"]]],
  [
    "a new table with a foreign key",
    [{ kind: "createTable", table: "n", definition: { name: "n", columns: [{ ...column, name: "a" }], ...bare, foreignKeys: [key] } }],
    [
      ["CREATE", "n"],
      ["REFERENCES", "o"],
    ],
  ],
  ["a table that goes", [{ kind: "dropTable", table: "t", definition: { name: "t", columns: [], ...bare } }], [["DROP", "t"]]],
  ["a new column", [{ kind: "addColumn", table: "t", column }], [["ALTER", "t"]]],
  [
    "a column that is filled",
    [{ kind: "addColumn", table: "t", column, fill: "`a` + 1" }],
    [
      ["ALTER", "t"],
      ["SELECT", "t"],
      ["UPDATE", "t"],
    ],
  ],
  ["a new index", [{ kind: "addIndex", table: "t", index: { name: "i", columns: ["a"] } }], [["ALTER", "t"]]],
  ["a primary key that goes", [{ kind: "dropPrimaryKey", table: "t", primaryKey: { columns: ["id"] } }], [["ALTER", "t"]]],
  [
    "a new foreign key",
    [{ kind: "addForeignKey", table: "t", foreignKey: key, online: false }],
    [
      ["ALTER", "t"],
      ["REFERENCES", "o"],
    ],
  ],
  ["a view", [{ kind: "createView", view: "w", definition: { ...view, name: "w" } }], [["CREATE VIEW", "w"]]],
  [
    "another view in its place",
    [{ kind: "alterView", view: "v", from: view, to: { ...view, definition: "SELECT 2 AS one" } }],
    [
      ["CREATE VIEW", "v"],
      ["DROP", "v"],
    ],
  ],
  ["a view that goes", [{ kind: "dropView", view: "v", definition: view }], [["DROP", "v"]]],
  [
    "rows that are changed",
    [{ kind: "backfill", table: "t", set: { a: "1" } }],
    [
      ["SELECT", "t"],
      ["UPDATE", "t"],
    ],
  ],
];

describe.runIf(engines.includes("mysql"))("the rights of a user on MariaDB", () => {
  const database = useDatabase("mysql");
  const user = `limbeck_u${process.pid}`;
  const role = `limbeck_r${process.pid}`;
  const account = `'${user}'@'%'`;
  let theirs: Db;

  beforeAll(async () => {
    const { db } = database;
    await db.query(`CREATE USER ${account} IDENTIFIED BY 'secret'`);
    await db.query(`CREATE ROLE ${role}`);
    await db.query(`GRANT CREATE TEMPORARY TABLES ON \`${database.name}\`.* TO ${account}`);
    theirs = await open("mysql", Object.assign(new URL(database.url), { username: user, password: "secret" }).toString());
  });
  afterAll(async () => {
    await theirs?.close();
    await database.db.query(`DROP USER IF EXISTS ${account}`);
    await database.db.query(`DROP ROLE IF EXISTS ${role}`);
  });

  const granted = async () => (await identify(theirs)).granted;
  async function lacks(operations: readonly Operation[]) {
    const server = await identify(theirs);
    const found = [];
    for (const { code, message, sql, about } of prechecks(operations, { server })) {
      if (code !== "rights") continue;
      expect(about).toBe("server");
      const [row] = await theirs.query(sql);
      found.push(`${message}: ${row?.samples}`);
    }
    return found;
  }
  async function renew(): Promise<void> {
    const { db } = database;
    for (const sql of ["DROP TABLE IF EXISTS n, t, o", "DROP VIEW IF EXISTS v, w"]) await db.query(sql);
    for (const sql of [
      "CREATE TABLE o (id int PRIMARY KEY)",
      "CREATE TABLE t (id int PRIMARY KEY, a int)",
      // only who may do everything takes away what the administrator made (MySQL)
      `CREATE DEFINER = ${account} VIEW v AS SELECT 1 AS one`,
    ])
      await db.query(sql);
    await db.query(`REVOKE ALL PRIVILEGES, GRANT OPTION FROM ${account}`);
  }

  it.each(cases)("are asked for %s: without them it is refused, with them it goes", async (_, operations, needed) => {
    const { db } = database;
    await renew();
    const found = await lacks(operations);
    for (const [right, table] of needed) {
      expect(found.join("\n")).toMatch(new RegExp(`rights on ${table} are missing: ${user}@% lacks .*${right}`));
    }
    expect(found.join("\n")).toContain(`TO '${user}'@'%')`);
    const statements = compile(operations, { server: (await schemaOf(db)).server, online: false });
    // the database itself may be used
    await db.query(`GRANT CREATE TEMPORARY TABLES ON \`${database.name}\`.* TO ${account}`);
    await theirs.query(`USE \`${database.name}\``);
    await expect(send(theirs, statements)).rejects.toThrow(/denied/);
    for (const said of found) await db.query(/\((GRANT .*)\)$/.exec(said)?.[1] ?? "");
    expect(await lacks(operations)).toEqual([]);
    // a session learns of a right on its database when it enters it
    await theirs.query(`USE \`${database.name}\``);
    await send(theirs, statements);
  });

  it("come from a role, from a pattern and from the server as a whole, too", async () => {
    const { db, name } = database;
    await renew();
    const drop: readonly Operation[] = [{ kind: "dropTable", table: "t", definition: { name: "t", columns: [], ...bare } }];
    const ways = [
      [`GRANT DROP ON \`${name}\`.* TO ${role}; GRANT ${role} TO ${account}`, `REVOKE ${role} FROM ${account}`],
      [`GRANT DROP ON \`${name.replaceAll("_", "\\_")}\`.* TO ${account}`, null],
      [`GRANT DROP ON \`${name.slice(0, 9)}%\`.* TO ${account}`, null],
      [`GRANT DROP ON *.* TO ${account}`, null],
      [`GRANT ALL PRIVILEGES ON \`${name}\`.t TO ${account}`, null],
    ] as const;
    for (const [grant, revoke] of ways) {
      await db.query(`REVOKE ALL PRIVILEGES, GRANT OPTION FROM ${account}`);
      expect(await lacks(drop)).toHaveLength(1);
      for (const sql of grant.split("; ")) await db.query(sql);
      if (revoke !== null) await theirs.query(`SET ROLE ${role}`);
      expect(await lacks(drop), grant).toEqual([]);
      if (revoke !== null) await theirs.query("SET ROLE NONE");
      if (revoke !== null) await db.query(revoke);
    }
  });

  it("are known without the password's hash, and not asked for when they are not known", async () => {
    expect(JSON.stringify(await granted())).not.toMatch(/password|\*[0-9A-F]{40}/i);
    const { granted: _, ...server } = await identify(theirs);
    expect(prechecks([{ kind: "addIndex", table: "t", index: { name: "i", columns: ["a"] } }], { server })).toEqual([]);
  });
});
