import { describe, expect, it } from "vitest";
import type { Operation } from "../../src/core/operation.ts";
import type { Column } from "../../src/core/schema.ts";
import { identify } from "../../src/dialect/mysql/identify.ts";
import { prechecks } from "../../src/dialect/mysql/prechecks/index.ts";
import { engines, useDatabase } from "../support/databases.ts";
import { reset, schemaOf } from "../support/mysql-compile.ts";

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

describe.runIf(engines.includes("mysql"))("a column of which the server has more than the history knows", () => {
  const database = useDatabase("mysql");

  async function lost(operations: readonly Operation[]): Promise<readonly (string | null | undefined)[]> {
    const server = await identify(database.db);
    const found = [];
    for (const { code, sql } of prechecks(operations, { server })) {
      const [row] = await database.db.query(sql);
      if (code === "unknown-attribute" && row?.count !== "0") found.push(row?.samples);
    }
    return found;
  }

  it.each(columns.map(([definition, loss, known]) => ({ definition, loss, known })))(
    "$definition: a change is refused that would lose $loss",
    async ({ definition, loss, known }) => {
      await reset(database.db, database.name, [`CREATE TABLE t (id int PRIMARY KEY, c ${definition}) CHARACTER SET utf8mb4`]);
      expect(await lost([retype("c", known)])).toEqual(loss === null ? [] : [`c ${loss}`]);
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
      "c CHECK (`c` <> ''), INVISIBLE",
    ]);
    expect(await lost([retype("id")])).toEqual(["id CHECK (`id` > 0)"]);
  });

  it("is no obstacle where the history was read from the server itself", async () => {
    const { db } = database;
    await reset(db, database.name, [
      `CREATE TABLE t (id int AUTO_INCREMENT PRIMARY KEY, a varchar(9) COLLATE utf8mb4_bin DEFAULT 'x' COMMENT 'c', b int AS (1 + 1) STORED,
        g timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP, j json, e enum('a') CHARACTER SET latin1, u uuid DEFAULT (uuid()))`,
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
