import { describe, expect, it } from "vitest";
import type { JournalRow } from "../../src/dialect/dialect.ts";
import { compile } from "../../src/dialect/mysql/compile/index.ts";
import { assume } from "../../src/dialect/mysql/identify.ts";
import { journal } from "../../src/dialect/mysql/journal.ts";
import { lock } from "../../src/dialect/mysql/lock.ts";
import { quoteTable } from "../../src/dialect/mysql/quote.ts";
import { session } from "../../src/dialect/mysql/session.ts";
import { engines, open, useDatabase } from "../support/databases.ts";

const row: JournalRow = {
  id: "it's \\ 1",
  parents: ["a", "b's"],
  depends_on: [],
  message: "quotes ' and \\ and 🦢\nand lines",
  checksum: "c",
  source_hash: "s",
  applied_at: null,
  duration_ms: 12.4,
  applied_by: null,
  tool_version: "0.1.0",
  status: "applying",
  done: 0,
  total: 3,
  session: null,
  error: null,
  progress: null,
  operations: '[{"kind":"run"}]',
};

describe.runIf(engines.includes("mysql"))("MySQL's own parts of a run", () => {
  const database = useDatabase("mysql");
  const strict = async () => {
    for (const statement of session({ lockTimeoutMs: 1500, statementTimeoutMs: 0 })) await database.db.query(statement);
  };

  it.each([{ name: "limbeck_revision" }, { name: "j`o'u \\" }])("keep the journal in $name", async (table) => {
    const { db } = database;
    await strict();
    const sql = journal({ ...table, schema: database.name });
    expect(await db.batch([sql.exists])).toEqual([[["0"]]]);
    for (const statement of [...sql.create, ...sql.create]) await db.query(statement);
    expect(await db.batch([sql.exists])).toEqual([[["1"]]]);
    await db.query(sql.insert(row));
    await db.query(sql.insert({ ...row, id: "2", applied_at: "2024-01-02T03:04:05.000006Z", applied_by: "me", session: "77" }));
    await db.query(sql.update(row.id, { status: "applied", done: 3, error: "it's", applied_at: "2025-01-01T00:00:00Z" }));
    expect((await db.query(sql.brief)).map(({ id }) => id)).toEqual(["2", row.id]);
    const rows = await db.query(`SELECT * FROM ${quoteTable({ ...table, schema: database.name })} ORDER BY id`);
    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatchObject({ id: "2", applied_at: "2024-01-02 03:04:05.000006", applied_by: "me", session: "77" });
    expect(rows[1]).toMatchObject({
      id: row.id,
      parents: '["a","b\'s"]',
      depends_on: "[]",
      message: row.message,
      applied_at: "2025-01-01 00:00:00.000000",
      duration_ms: "12",
      status: "applied",
      done: "3",
      error: "it's",
      session: null,
    });
    expect(rows[1]?.applied_by).toMatch(/@/);
    await db.query(sql.remove(row.id));
    expect(await db.query(sql.whole)).toMatchObject([{ id: "2", source_hash: row.source_hash, operations: row.operations }]);
  });

  it("note the present moment in UTC", async () => {
    const { db } = database;
    const sql = journal({ name: "moments" });
    for (const statement of sql.create) await db.query(statement);
    await db.query("SET SESSION time_zone = '+09:00'");
    await db.query(sql.insert(row));
    const [noted] = await db.query("SELECT applied_at FROM moments");
    await strict();
    const [now] = await db.query("SELECT UTC_TIMESTAMP(6) AS now");
    expect(Math.abs(Date.parse(now?.now ?? "") - Date.parse(noted?.applied_at ?? ""))).toBeLessThan(60_000);
  });

  it("let one session have the lock and tell the other who has it", async () => {
    const { db } = database;
    const name = `${"a long name ".repeat(9)}\`'\\`;
    const second = await open("mysql", database.url);
    try {
      expect(await db.batch([lock.tryAcquire(name)])).toEqual([[["1"]]]);
      expect(await second.batch([lock.tryAcquire(name)])).toEqual([[["0"]]]);
      expect(await second.batch([lock.tryAcquire("another")])).toEqual([[["1"]]]);
      expect(await second.query(lock.holder(name))).toMatchObject([{ pid: db.session, user: "root", state: "Sleep" }]);
      expect((await second.query(lock.holder(name)))[0]?.since).toMatch(/^\d{4}-\d\d-\d\d /);
      const script = async () => {
        for (const statement of lock.acquireOrFail(name)) await second.query(statement);
      };
      await expect(script()).rejects.toThrow("another run is migrating this database");
      expect(await db.batch([lock.release(name)])).toEqual([[["1"]]]);
      await script();
      expect(await db.batch([lock.tryAcquire(name)])).toEqual([[["0"]]]);
      expect(await db.query(lock.holder("nobody's"))).toEqual([]);
    } finally {
      await second.close();
    }
  });

  it("make a session strict, whatever it was before", async () => {
    const { db } = database;
    await db.query("SET SESSION sql_mode = 'NO_BACKSLASH_ESCAPES', SESSION time_zone = '+09:00', SESSION foreign_key_checks = 0");
    await db.query("SET SESSION sql_safe_updates = 1, SESSION wait_timeout = 60");
    for (const statement of session({ lockTimeoutMs: 1500, statementTimeoutMs: 2500 })) await db.query(statement);
    const [set] = await db.query(
      "SELECT @@sql_mode AS mode, @@time_zone AS zone, @@foreign_key_checks AS fk, @@sql_safe_updates AS safe, @@lock_wait_timeout AS wait, @@innodb_lock_wait_timeout AS inno, @@wait_timeout AS idle, '\\\\' AS one",
    );
    expect(set).toMatchObject({ zone: "+00:00", fk: "1", safe: "0", wait: "2", inno: "2", idle: "28800", one: "\\" });
    expect(set?.mode?.split(",")).toEqual(expect.arrayContaining(["STRICT_ALL_TABLES", "NO_ZERO_DATE", "NO_ZERO_IN_DATE"]));
    expect(set?.mode).not.toContain("NO_BACKSLASH_ESCAPES");
    await db.query("CREATE TABLE strict_one (v varchar(2))");
    await expect(db.query("INSERT INTO strict_one VALUES ('abc')")).rejects.toThrow("too long");
    if (db.flavor === "mysql") return;
    expect(await db.query("SELECT @@max_statement_time AS m")).toEqual([{ m: "2.500000" }]);
    await db.query("SET SESSION max_statement_time = 0");
  });

  it("fill rows in batches until none is left", async () => {
    const { db } = database;
    await db.query("CREATE TABLE t (a int, b text, j json)");
    await db.query(`INSERT INTO t (a) VALUES ${Array.from({ length: 25 }, (_, n) => `(${n + 1})`).join(", ")}`);
    const rounds = async (set: Readonly<Record<string, string>>, where?: string): Promise<number> => {
      const operation = { kind: "backfill", table: "t", set, batch: 10, ...(where === undefined ? {} : { where }) } as const;
      const [statement] = compile([operation], { server: assume("mariadb") });
      expect(statement).toMatchObject({ batches: { size: 10 }, transactional: true });
      for (let round = 0; ; round++) {
        const results = await db.batch([statement?.sql ?? "", "SELECT ROW_COUNT()"]);
        if (results.at(-1)?.[0]?.[0] === "0") return round;
      }
    };
    expect(await rounds({ b: "CONCAT('x', a)" })).toBe(3);
    expect(await rounds({ b: "'y'" }, "a <= 15")).toBe(2);
    expect(await rounds({ j: "'{}'" }, "j IS NULL")).toBe(3);
    expect(await db.query("SELECT b, COUNT(*) AS n FROM t GROUP BY b ORDER BY n DESC LIMIT 1")).toEqual([{ b: "y", n: "15" }]);
  });

  it("keep TypeORM's own table as TypeORM would", async () => {
    const { db } = database;
    const context = { server: assume("mariadb"), metadataTable: { name: "typeorm_metadata" } };
    const view = { name: "v", definition: " SELECT 'it''s' AS one ", indexes: [] };
    const run = async (operations: Parameters<typeof compile>[0]) => {
      for (const statement of compile(operations, context)) await db.query(statement.sql);
    };
    await run([{ kind: "createView", view: "v", definition: view }]);
    const kept = { type: "VIEW", database: null, schema: database.name, table: null, name: "v", value: "SELECT 'it''s' AS one" };
    expect(await db.query("SELECT * FROM typeorm_metadata")).toEqual([kept]);
    await run([{ kind: "renameView", from: "v", to: "w" }]);
    expect(await db.query("SELECT * FROM typeorm_metadata")).toEqual([{ ...kept, name: "w" }]);
    await run([{ kind: "dropView", view: "w", definition: { ...view, name: "w" } }]);
    expect(await db.query("SELECT * FROM typeorm_metadata")).toEqual([]);
  });
});
