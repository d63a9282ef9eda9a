import { describe, expect, it } from "vitest";
import type { JournalRow } from "../../src/dialect/dialect.ts";
import { compile } from "../../src/dialect/postgres/compile/index.ts";
import { journal } from "../../src/dialect/postgres/journal.ts";
import { lock } from "../../src/dialect/postgres/lock.ts";
import { quoteTable } from "../../src/dialect/postgres/quote.ts";
import { pooled, session } from "../../src/dialect/postgres/session.ts";
import { engines, open, useDatabase } from "../support/databases.ts";
import { apply, reset, serverOf } from "../support/postgres-compile.ts";

const row: JournalRow = {
  id: "it's \\ 1",
  parents: ["a", "b's"],
  depends_on: [],
  message: "quotes ' and \\ and ü\nand lines",
  checksum: "c",
  source_hash: "s",
  applied_at: null,
  duration_ms: 12,
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

describe.runIf(engines.includes("postgres"))("PostgreSQL's own parts of a run", () => {
  const database = useDatabase("postgres");

  it.each([{ name: "limbeck_revision" }, { name: "j\"o'u", schema: "tools 1" }])("keep the journal in $name", async (table) => {
    const { db } = database;
    const sql = journal(table);
    expect(await db.batch([sql.exists])).toEqual([[["0"]]]);
    for (const statement of [...sql.create, ...sql.create]) await db.query(statement);
    expect(await db.batch([sql.exists])).toEqual([[["1"]]]);
    await db.query(sql.insert(row));
    await db.query(sql.insert({ ...row, id: "2", applied_at: "2024-01-02T03:04:05.000006Z", applied_by: "me", session: "77" }));
    await db.query(sql.update(row.id, { status: "applied", done: 3, error: "it's", applied_at: "2025-01-01T00:00:00Z" }));
    await db.query("SET TimeZone = 'Asia/Tokyo'");
    expect((await db.query(sql.brief)).map(({ id }) => id)).toEqual(["2", row.id]);
    const rows = await db.query(`SELECT *, "applied_at" AT TIME ZONE 'UTC' AS "applied_at" FROM ${quoteTable(table)} ORDER BY "id"`);
    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatchObject({ id: "2", applied_at: "2024-01-02 03:04:05.000006", applied_by: "me", session: "77" });
    expect(rows[1]).toEqual({
      ...row,
      parents: '["a","b\'s"]',
      depends_on: "[]",
      applied_at: "2025-01-01 00:00:00",
      duration_ms: "12",
      applied_by: "postgres",
      status: "applied",
      done: "3",
      total: "3",
      error: "it's",
    });
    await db.query(sql.remove(row.id));
    expect(await db.query(sql.whole)).toMatchObject([{ id: "2", source_hash: row.source_hash, operations: row.operations }]);
  });

  it("let one session have the lock and tell the other who has it", async () => {
    const { db } = database;
    const second = await open("postgres", database.url);
    try {
      expect(await db.batch([lock.tryAcquire("public.j")])).toEqual([[["1"]]]);
      expect(await second.batch([lock.tryAcquire("public.j")])).toEqual([[["0"]]]);
      expect(await second.batch([lock.tryAcquire("another.j")])).toEqual([[["1"]]]);
      expect(await second.query(lock.holder("public.j"))).toMatchObject([{ pid: db.session, user: "postgres", state: "idle" }]);
      for (const statement of lock.acquireOrFail("public.j")) await expect(second.query(statement)).rejects.toThrow("another run");
      expect(await db.batch([lock.release("public.j")])).toEqual([[["1"]]]);
      for (const statement of lock.acquireOrFail("public.j")) await second.query(statement);
      expect(await db.batch([lock.tryAcquire("public.j")])).toEqual([[["0"]]]);
    } finally {
      await second.close();
    }
  });

  it("make a session's answers independent of how it is configured, and know that it is a session", async () => {
    const { db } = database;
    await db.query("SET standard_conforming_strings = off; SET TimeZone = 'Asia/Tokyo'; SET DateStyle = 'SQL, DMY'");
    for (const statement of session({ lockTimeoutMs: 4321, statementTimeoutMs: 0 })) await db.query(statement);
    expect(await db.query("SELECT '\\' AS s, '2024-01-02 00:00+00'::timestamptz AS t, current_setting('lock_timeout') AS l")).toEqual([
      { s: "\\", t: "2024-01-02 00:00:00+00", l: "4321ms" },
    ]);
    expect(await pooled(db)).toBeNull();
    let pid = 1;
    const proxied = { ...db, query: async () => [{ pid: String(pid++), mark: null }] };
    expect(await pooled(proxied)).toContain("pooling");
  });

  it("fill rows in batches until none is left", async () => {
    const { db } = database;
    await reset(db, ["CREATE TABLE t (a int, b text, j json)", "INSERT INTO t SELECT n FROM generate_series(1, 25) n"]);
    const server = await serverOf(db);
    const rounds = async (set: Readonly<Record<string, string>>, where?: string): Promise<number> => {
      const [statement] = compile([{ kind: "backfill", table: "t", set, batch: 10, ...(where === undefined ? {} : { where }) }], {
        server,
      });
      expect(statement?.batches?.size).toBe(10);
      for (let round = 0; ; round++) {
        const changed = await db.query(`WITH done AS (${statement?.sql} RETURNING 1) SELECT count(*) AS n FROM done`);
        if (changed[0]?.n === "0") return round;
      }
    };
    expect(await rounds({ b: "'x' || a" })).toBe(3);
    expect(await rounds({ b: "'y'" }, "a <= 15")).toBe(2);
    expect(await rounds({ j: "'{}'" }, "j IS NULL")).toBe(3);
    expect(await db.query("SELECT b, count(*) AS n FROM t GROUP BY b ORDER BY n DESC LIMIT 1")).toEqual([{ b: "y", n: "15" }]);
  });

  it("know whether a value has been added to a type", async () => {
    const { db } = database;
    await reset(db, ["CREATE TYPE \"Mood's\" AS ENUM ('a')"]);
    const server = await serverOf(db);
    const [statement] = compile([{ kind: "alterEnum", name: "Mood's", from: ["a"], to: ["a", "b"], columns: [] }], { server });
    expect(statement?.transactional).toBe(false);
    expect(await db.batch([statement?.probe?.sql ?? ""])).toEqual([[["none"]]]);
    await db.query(statement?.sql ?? "");
    expect(await db.batch([statement?.probe?.sql ?? ""])).toEqual([[["done"]]]);
  });

  it("keep TypeORM's rows of views and generated columns", async () => {
    const { db } = database;
    await reset(db, ["CREATE TABLE t (a int)", "CREATE SCHEMA app"]);
    const rows = () =>
      db.query(`SELECT "type", "database", "schema", "table", "name", "value" FROM "typeorm_metadata" ORDER BY "type", "name"`);
    const view = { name: "v", definition: "SELECT a FROM t", indexes: [] };
    const column = { name: "g", type: "integer", nullable: true, generated: { expression: "a * 2", stored: true } } as const;
    await apply(
      db,
      [
        { kind: "addColumn", table: "t", column },
        { kind: "createView", view: "v", definition: view },
        { kind: "createView", schema: "app", view: "m", definition: { ...view, name: "m", materialized: true } },
        { kind: "renameView", from: "v", to: "w" },
      ],
      { metadataTable: "typeorm_metadata" },
    );
    expect(await rows()).toEqual([
      { type: "GENERATED_COLUMN", database: database.name, schema: "public", table: "t", name: "g", value: "a * 2" },
      { type: "MATERIALIZED_VIEW", database: null, schema: "app", table: null, name: "m", value: "SELECT a FROM t" },
      { type: "VIEW", database: null, schema: "public", table: null, name: "w", value: "SELECT a FROM t" },
    ]);
    const longer = { ...column, generated: { expression: "a * 3", stored: true } };
    await apply(
      db,
      [
        { kind: "dropView", view: "w", definition: { ...view, name: "w" } },
        { kind: "dropView", schema: "app", view: "m", definition: { ...view, name: "m", materialized: true } },
        { kind: "renameTable", from: "t", to: "u" },
        { kind: "alterColumn", table: "u", from: column, to: longer },
      ],
      { metadataTable: "typeorm_metadata" },
    );
    expect(await rows()).toEqual([
      { type: "GENERATED_COLUMN", database: database.name, schema: "public", table: "u", name: "g", value: "a * 3" },
    ]);
    await apply(db, [{ kind: "dropColumn", table: "u", column: longer }], { metadataTable: "typeorm_metadata" });
    expect(await rows()).toEqual([]);
  });
});
