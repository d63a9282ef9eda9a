import { describe, expect, it } from "vitest";
import type { Db } from "../../src/core/db.ts";
import type { Operation } from "../../src/core/operation.ts";
import { fold, reverseAll } from "../../src/core/operations/index.ts";
import { emptySchema, type Schema, type Table } from "../../src/core/schema.ts";
import { compile } from "../../src/dialect/mysql/compile/index.ts";
import { identify } from "../../src/dialect/mysql/identify.ts";
import { prechecks } from "../../src/dialect/mysql/prechecks/index.ts";
import { rules } from "../../src/dialect/mysql/rules.ts";
import { diff } from "../../src/diff/diff.ts";
import { resolve } from "../../src/diff/resolve.ts";
import { engines, useDatabase } from "../support/databases.ts";
import { dump, reset, send, strict } from "../support/mysql-compile.ts";

const table = (name: string, more: Partial<Table> = {}): Table => ({
  name,
  columns: [],
  uniques: [],
  indexes: [],
  foreignKeys: [],
  checks: [],
  exclusions: [],
  primaryKey: { columns: ["id"] },
  ...more,
});
const int = { type: "int", nullable: true } as const;
const plain = [
  { name: "id", type: "int" },
  { name: "a", ...int },
  { name: "ab", ...int },
] as const;
const computed = (stored: boolean) => ({ name: "g", ...int, generated: { expression: "a + 1", stored } }) as const;
const key = { name: "f", columns: ["a"], references: { table: "o", columns: ["id"] } } as const;
const rename = (from: string, to: string): Operation => ({ kind: "renameColumn", table: "t", from, to });
const there = [rename("a", "order"), rename("order", "c`d")];
const back = [rename("c`d", "order"), rename("order", "a")];

/** What reads the column, how that is found in the table's text under the last name, and whether writers wait for it. */
const cases: readonly (readonly [string, Partial<Table>, readonly string[], boolean])[] = [
  ["a check", { checks: [{ name: "k", expression: "a > 0 and `ab` <> 5 and 'a' = \"a\"" }] }, ["`c``d` > 0", "`ab` <> 5"], true],
  ["a virtual column", { columns: [...plain, computed(false)], indexes: [{ name: "i", columns: ["g", "ab"] }] }, ["`c``d` + 1"], true],
  ["a stored column", { columns: [...plain, computed(true)], indexes: [{ name: "i", columns: ["g"], unique: true }] }, ["STORED"], true],
  [
    "a default",
    { columns: [...plain, { name: "d", ...int, default: "(`a` + 1)", comment: "of a" }] },
    ["`c``d` + 1", "COMMENT 'of a'"],
    false,
  ],
  [
    "an index on an expression",
    { indexes: [{ name: "i", columns: ["ab", { expression: "a + 1", order: "desc" }] }] },
    ["`c``d` + 1"],
    true,
  ],
  [
    "all of them",
    {
      columns: [...plain, computed(true), { name: "h", ...int, generated: { expression: "`A` * ab", stored: false } }],
      checks: [
        { name: "k", expression: "`a` > `ab`" },
        { name: "l", expression: "`g` > 0" },
      ],
    },
    ["`c``d` > `ab`", "`c``d` + 1"],
    true,
  ],
  [
    "a check and a default, beside a foreign key",
    {
      columns: [...plain, { name: "d", ...int, default: "(`a` + 1)" }],
      checks: [{ name: "k", expression: "`a` > 0" }],
      indexes: [{ name: "f", columns: ["a"] }],
      foreignKeys: [key],
    },
    ["`c``d` > 0", "REFERENCES `o` (`id`)"],
    true,
  ],
  [
    "an index on an expression, beside a foreign key",
    {
      indexes: [
        { name: "f", columns: ["a"] },
        { name: "i", columns: [{ expression: "`a` + 1" }] },
      ],
      foreignKeys: [key],
    },
    ["`c``d` + 1"],
    true,
  ],
];

describe.skipIf(!engines.includes("mysql"))("a column that is read by others gets another name", () => {
  const database = useDatabase("mysql");

  /** By the history alone, as the runner does it. */
  const run = async (db: Db, before: Schema, operations: readonly Operation[]) => {
    const server = await identify(db);
    for (const { sql } of prechecks(operations, { server, before })) {
      const [row] = await db.query(sql);
      if (row?.count !== "0") throw new Error(`found: ${row?.samples}`);
    }
    const statements = compile(operations, { server, before });
    const probes = await send(db, statements);
    for (const { sql, before: earlier, after } of probes) expect([sql, earlier, after]).toEqual([sql, "none", "done"]);
    return { statements, after: fold(before, operations, db.flavor === "mysql" ? "mysql" : "mariadb") };
  };

  it.each(cases)("%s", async (_, more, has, waits) => {
    const { db, name } = database;
    if (db.flavor === "mariadb" && more.indexes?.some(({ columns }) => columns.some((part) => typeof part !== "string" && part.expression)))
      return;
    await reset(db, name, []);
    await strict(db);
    const made: readonly Operation[] = [table("o", { columns: [plain[0]] }), table("t", { columns: plain, ...more })].map((one) => ({
      kind: "createTable",
      table: one.name,
      definition: one,
    }));
    const start = await run(db, emptySchema, made);
    const first = await dump(db);
    await db.query("INSERT INTO o VALUES (5)");
    await db.query("INSERT INTO t (id, a, ab) VALUES (1, 5, 2)");

    // one after the other, and both at once
    const one = await run(db, start.after, there.slice(0, 1));
    await run(db, one.after, back.slice(1));
    const away = await run(db, start.after, there);
    const text = (await dump(db)).join("\n").replace(/[()]/g, "");
    for (const part of has) expect(text).toContain(part.replace(/[()]/g, ""));
    if (db.flavor === "mysql")
      expect(away.statements.some(({ hazards }) => hazards.some(({ kind }) => kind === "blocks-writes"))).toBe(waits);
    const computedRow = text.includes("`g`") ? (await db.query("SELECT g FROM t"))[0]?.g : "6";
    expect(computedRow).toBe("6");

    await run(db, away.after, back);
    expect(await dump(db)).toEqual(first);
  });

  it("is written from models whose expressions have the new name, and taken back", async () => {
    const { db, name } = database;
    await reset(db, name, []);
    const shape = (column: string, stored: boolean): Table =>
      table("t", {
        columns: [
          { name: "id", type: "int" },
          { name: column, ...int },
          { name: "d", ...int, default: `(\`${column}\` + 1)` },
          { name: "g", ...int, generated: { expression: `\`${column}\` + 1`, stored } },
        ],
        checks: [{ name: "k", expression: `\`${column}\` > 0` }],
      });
    for (const stored of [true, false]) {
      const [from, to] = ["a", "order"].map((column): Schema => ({ ...emptySchema, tables: [shape(column, stored)] })) as [Schema, Schema];
      const found = diff(from, to, { rules, known: from });
      const { operations } = resolve(found.operations, found.review, { all: "rename" }, { rules });
      await reset(db, name, []);
      await run(db, emptySchema, [{ kind: "createTable", table: "t", definition: shape("a", stored) }]);
      const first = await dump(db);
      await run(db, from, operations);
      expect((await dump(db)).join("")).not.toContain("`a`");
      await run(db, to, reverseAll(operations).operations);
      expect(await dump(db)).toEqual(first);
    }
  });
});
