import { describe, expect, it } from "vitest";
import type { Operation } from "../../../src/core/operation.ts";
import { type Column, emptySchema, type Schema } from "../../../src/core/schema.ts";
import { refusesTransaction } from "../../../src/dialect/postgres/compile/data.ts";
import { compile } from "../../../src/dialect/postgres/compile/index.ts";
import { cutName, derivedName, doBlock, quoteLiteral, quoteTable } from "../../../src/dialect/postgres/quote.ts";
import { retypeCost } from "../../../src/dialect/postgres/type.ts";

const on = (version: number) => ({
  server: { flavor: "postgres", version: [version], defaultSchema: "public", database: "d" } as const,
});
const sql = (operations: readonly Operation[], version = 15) => compile(operations, on(version)).map((one) => one.sql);
const hazards = (operation: Operation) =>
  compile([operation], on(15))
    .flatMap((one) => one.hazards)
    .map((one) => one.kind);
/** What is sent, with what keeps a kill from hurting: `|` neighbours share a transaction, `!` stands alone, `~` is long, `*` goes on until it is done. */
const outline = (operations: readonly Operation[]) =>
  compile(operations, on(15)).map(({ sql, transactional, patient, batches }) => {
    const sign = batches ? "*" : patient ? "~" : transactional ? "|" : "!";
    return `${sign} ${sql.replace(/\s+/g, " ").replaceAll('"', "")}`;
  });
const column: Column = { name: "c", type: "integer", nullable: true };
const retype = (from: string, to: string): Operation => ({
  kind: "alterColumn",
  table: "t",
  from: { ...column, type: from },
  to: { ...column, type: to },
});

describe("quoting", () => {
  it("doubles quotes and leaves everything else", () => {
    expect(quoteTable({ schema: 'a"b', name: "c.d" })).toBe('"a""b"."c.d"');
    expect(quoteLiteral("it's \\ $1")).toBe("'it''s \\ $1'");
    expect(doBlock("x $do$ y")).toBe("DO $do1$\nx $do$ y\n$do1$");
  });

  it("cuts names where PostgreSQL does, never inside a character", () => {
    expect(cutName("ü".repeat(40))).toBe("ü".repeat(31));
    expect(cutName("short")).toBe("short");
    expect(derivedName("t".repeat(60), "id", "seq")).toBe(`${"t".repeat(56)}_id_seq`);
    expect(derivedName("t".repeat(60), "c".repeat(60), "seq")).toBe(`${"t".repeat(29)}_${"c".repeat(29)}_seq`);
  });
});

describe("statements for PostgreSQL", () => {
  it("change a generated expression in place where the server can", () => {
    const from: Column = { ...column, generated: { expression: "a", stored: true } };
    const operation: Operation = { kind: "alterColumn", table: "t", from, to: { ...from, generated: { expression: "b", stored: true } } };
    expect(sql([operation], 17)).toEqual(['ALTER TABLE "t" ALTER COLUMN "c" SET EXPRESSION AS (b)']);
    expect(sql([operation], 16).filter((text) => text.startsWith("ALTER"))).toEqual([
      'ALTER TABLE "t"\n  DROP COLUMN "c",\n  ADD COLUMN "c" integer GENERATED ALWAYS AS (b) STORED',
    ]);
  });

  it("run a step of the author's own SQL outside of a transaction where the server demands it", () => {
    const outside = [
      "CREATE INDEX CONCURRENTLY i ON t (a)",
      "-- why\n/* and */ create unique index concurrently if not exists i on t (a)",
      "DROP INDEX CONCURRENTLY i",
      "REINDEX TABLE CONCURRENTLY t",
      "REINDEX (VERBOSE) INDEX CONCURRENTLY i",
      "VACUUM ANALYZE t",
      "ALTER SYSTEM SET work_mem = '1GB'",
      "ALTER TYPE \"a b\" ADD VALUE 'x'",
      "CREATE DATABASE x",
    ];
    const inside = [
      "CREATE INDEX i ON t (a)",
      "UPDATE t SET a = 'CREATE INDEX CONCURRENTLY'",
      "ALTER TYPE x RENAME VALUE 'a' TO 'b'",
      "REINDEX TABLE t",
    ];
    expect(outside.filter((text) => !refusesTransaction(text))).toEqual([]);
    expect(inside.filter(refusesTransaction)).toEqual([]);
  });

  it("leave out what is for another engine", () => {
    const inner: Operation = { kind: "execute", sql: "SELECT 1" };
    expect(
      compile(
        [
          { kind: "on", dialect: "mysql", operations: [inner] },
          { kind: "on", dialect: "postgres", operations: [inner, { kind: "run", title: "two\nlines", code: 3 }] },
        ],
        on(15),
      ),
    ).toEqual([
      { sql: "SELECT 1", operations: [1], transactional: true, hazards: [] },
      { sql: "-- two lines", operations: [1], transactional: true, hazards: [], code: 3 },
    ]);
  });

  it("add each enum value in its place, alone", () => {
    expect(sql([{ kind: "alterEnum", name: "m", from: ["b", "d"], to: ["a", "b", "c", "d", "e"], columns: [] }])).toEqual([
      `ALTER TYPE "m" ADD VALUE IF NOT EXISTS 'a' BEFORE 'b'`,
      `ALTER TYPE "m" ADD VALUE IF NOT EXISTS 'c' AFTER 'b'`,
      `ALTER TYPE "m" ADD VALUE IF NOT EXISTS 'e' AFTER 'd'`,
    ]);
  });

  it("fill a new column without touching a row when the value is the same for all", () => {
    expect(sql([{ kind: "addColumn", table: "t", column: { name: "c", type: "integer" }, fill: "0" }])).toEqual([
      'ALTER TABLE "t" ADD COLUMN "c" integer DEFAULT 0 NOT NULL',
      'ALTER TABLE "t" ALTER COLUMN "c" DROP DEFAULT',
    ]);
    expect(sql([{ kind: "addColumn", table: "t", column: { name: "c", type: "integer", default: "0" }, fill: "0" }])).toHaveLength(1);
    expect(sql([{ kind: "addColumn", table: "t", column: { name: "c", type: "uuid" }, fill: "gen_random_uuid()" }])[1]).toContain("UPDATE");
  });

  it("do beside others' work what can be done so", () => {
    const index = { name: "i", columns: ["c"], include: ["d"], comment: "why" };
    const foreignKey = { name: "f", columns: ["c"], references: { table: "o", columns: ["id"] } };
    const needed: Column = { name: "c", type: "integer" };
    expect(
      outline([
        { kind: "addIndex", table: "t", index },
        { kind: "dropIndex", table: "t", index },
      ]),
    ).toEqual(["~ CREATE INDEX CONCURRENTLY i ON t (c) INCLUDE (d)", "| COMMENT ON INDEX i IS 'why'", "~ DROP INDEX CONCURRENTLY i"]);
    expect(outline([{ kind: "addUnique", table: "t", unique: { name: "u", columns: ["c"], deferrable: "deferred" } }])).toEqual([
      "~ CREATE UNIQUE INDEX CONCURRENTLY u ON t (c)",
      "| ALTER TABLE t ADD CONSTRAINT u UNIQUE USING INDEX u DEFERRABLE INITIALLY DEFERRED",
    ]);
    expect(outline([{ kind: "addPrimaryKey", table: "t", primaryKey: { columns: ["c", "d"] } }])).toEqual([
      "| ALTER TABLE t DROP CONSTRAINT IF EXISTS limbeck_primary_key_not_null, ADD CONSTRAINT limbeck_primary_key_not_null CHECK (c IS NOT NULL AND d IS NOT NULL) NOT VALID",
      "~ ALTER TABLE t VALIDATE CONSTRAINT limbeck_primary_key_not_null",
      "~ CREATE UNIQUE INDEX CONCURRENTLY t_pkey ON t (c, d)",
      "| ALTER TABLE t ADD CONSTRAINT t_pkey PRIMARY KEY USING INDEX t_pkey",
      "| ALTER TABLE t DROP CONSTRAINT limbeck_primary_key_not_null",
    ]);
    expect(
      outline([
        { kind: "alterColumn", table: "t", from: column, to: { ...needed, comment: "c" } },
        { kind: "addCheck", table: "t", check: { name: "k", expression: "d > 0" } },
        { kind: "addForeignKey", table: "t", foreignKey },
      ]),
    ).toEqual([
      "| ALTER TABLE t DROP CONSTRAINT IF EXISTS limbeck_not_null_c, ADD CONSTRAINT limbeck_not_null_c CHECK (c IS NOT NULL) NOT VALID, " +
        "ADD CONSTRAINT k CHECK (d > 0) NOT VALID, ADD CONSTRAINT f FOREIGN KEY (c) REFERENCES o (id) NOT VALID",
      "| COMMENT ON COLUMN t.c IS 'c'",
      "~ ALTER TABLE t VALIDATE CONSTRAINT limbeck_not_null_c",
      "~ ALTER TABLE t VALIDATE CONSTRAINT k",
      "~ ALTER TABLE t VALIDATE CONSTRAINT f",
      "| ALTER TABLE t ALTER COLUMN c SET NOT NULL",
      "| ALTER TABLE t DROP CONSTRAINT limbeck_not_null_c",
    ]);
    const filled = outline([{ kind: "alterColumn", table: "t", from: column, to: needed, fill: "d + 1" }]);
    expect(filled.map((one) => one.slice(0, 24))).toEqual([
      "* UPDATE t SET c = d + 1",
      "| ALTER TABLE t DROP CON",
      "* UPDATE t SET c = d + 1",
      "~ ALTER TABLE t VALIDATE",
      "| ALTER TABLE t ALTER CO",
      "| ALTER TABLE t DROP CON",
    ]);
  });

  it("send the plain form of all of it on request", () => {
    const plain: readonly Operation[] = [
      { kind: "addIndex", table: "t", index: { name: "i", columns: ["c"] }, online: false },
      { kind: "dropIndex", table: "t", index: { name: "i", columns: ["c"] }, online: false },
      { kind: "addUnique", table: "t", unique: { name: "u", columns: ["c"] }, online: false },
      { kind: "addPrimaryKey", table: "t", primaryKey: { columns: ["c"] }, online: false },
      { kind: "addCheck", table: "t", check: { name: "k", expression: "c > 0" }, online: false },
      {
        kind: "addForeignKey",
        table: "t",
        foreignKey: { name: "f", columns: ["c"], references: { table: "o", columns: ["id"] } },
        online: false,
      },
      { kind: "alterColumn", table: "t", from: column, to: { name: "c", type: "integer" }, fill: "d", online: false },
      { kind: "addColumn", table: "t", column: { name: "e", type: "integer" }, fill: "d", online: false },
      { kind: "addColumn", table: "t", column: { name: "g", type: "integer", autoIncrement: true }, online: false },
    ];
    const asked = compile(plain, on(15));
    expect(asked.filter((one) => !one.transactional || one.patient || one.batches)).toEqual([]);
    const online = plain.map((operation) => {
      const { online: _, ...rest } = operation as Extract<Operation, { kind: "addIndex" }>;
      return rest as Operation;
    });
    expect(compile(online, { ...on(15), online: false })).toEqual(asked);
    expect(compile(online, on(15)).filter((one) => !one.transactional)).toHaveLength(10);
  });

  it("let nobody miss what goes and comes again", () => {
    const view = { name: "v", definition: "SELECT 1", indexes: [] };
    const index: Operation = { kind: "addIndex", table: "t", index: { name: "i", columns: ["c"] } };
    const key = (columns: readonly string[]) => ({ table: "t", primaryKey: { name: "t_pkey", columns } });
    const foreignKey = (onDelete: "CASCADE" | "SET NULL") => ({
      table: "t",
      foreignKey: { name: onDelete, columns: ["c"], references: { table: "o", columns: ["id"] }, onDelete },
    });
    const alone = (...operations: readonly Operation[]) =>
      compile(operations, on(15)).flatMap((one) => (one.transactional ? [] : [one.sql.replace(/"/g, "").slice(0, 44)]));
    expect(alone({ kind: "dropView", view: "v", definition: view }, index, { kind: "createView", view: "v", definition: view })).toEqual(
      [],
    );
    expect(alone({ kind: "dropView", view: "v", definition: view }, { kind: "createView", view: "v", definition: view }, index)).toEqual([
      "CREATE INDEX CONCURRENTLY i ON t (c)",
    ]);
    expect(alone({ kind: "dropPrimaryKey", ...key(["a"]) }, index, { kind: "addPrimaryKey", ...key(["b"]) })).toEqual([]);
    expect(alone({ kind: "dropPrimaryKey", ...key(["a"]) }, { kind: "addPrimaryKey", ...key(["b"]), table: "u" })).toHaveLength(2);
    // it holds from its announcement on
    expect(
      alone({ kind: "dropForeignKey", ...foreignKey("CASCADE") }, index, { kind: "addForeignKey", ...foreignKey("SET NULL") }),
    ).toEqual(["ALTER TABLE t VALIDATE CONSTRAINT SET NULL"]);
    // without it others are slow, not wrong
    expect(alone({ ...index, kind: "dropIndex" } as Operation, index)).toHaveLength(2);
    expect(
      alone(
        ...[index, { ...index, kind: "addIndex" }].map(
          (one, i) => ({ ...one, kind: i === 0 ? "dropIndex" : "addIndex", index: { ...one.index, unique: true } }) as Operation,
        ),
      ),
    ).toEqual([]);
  });

  it("give what is only for the moment a name of its own that fits, whatever the column is called", () => {
    const names = ["c", "x".repeat(63), `${"x".repeat(62)}y`, "ü".repeat(31), `${"ü".repeat(30)}öz`].map(
      (name) =>
        /limbeck_not_null_[^"]*/.exec(
          sql([{ kind: "alterColumn", table: "t", from: { ...column, name }, to: { name, type: "integer" } }])[0] ?? "",
        )?.[0] ?? "",
    );
    expect(new Set(names).size).toBe(5);
    expect(names.filter((name) => Buffer.byteLength(name) > 63)).toEqual([]);
  });

  it("say what a change costs", () => {
    expect(hazards({ kind: "dropColumn", table: "t", column })).toEqual(["data-loss"]);
    const index = { name: "i", columns: ["c"] };
    expect(hazards({ kind: "addIndex", table: "t", index })).toEqual([]);
    expect(hazards({ kind: "addIndex", table: "t", index, online: false })).toEqual(["blocks-writes"]);
    expect(hazards({ kind: "addUnique", table: "t", unique: index, online: false })).toEqual(["blocks-reads"]);
    expect(hazards({ kind: "alterColumn", table: "t", from: column, to: { name: "c", type: "integer" } })).toEqual([]);
    expect(hazards({ kind: "addExclusion", table: "t", exclusion: { name: "x", expression: "USING gist (c WITH =)" } })).toEqual([
      "blocks-reads",
    ]);
    expect(hazards(retype("character varying(5)", "character varying(9)"))).toEqual(["blocks-reads"]);
    const known = (where: string): Schema => ({
      ...emptySchema,
      tables: [
        {
          name: "t",
          columns: [],
          uniques: [],
          foreignKeys: [],
          checks: [],
          exclusions: [],
          indexes: [{ name: "i", columns: ["c"], where }],
        },
      ],
    });
    const widened = (where: string) =>
      compile([retype("character varying(5)", "text")], { ...on(15), before: known(where) }).flatMap((one) =>
        one.hazards.map(({ message }) => message),
      );
    expect(widened("c > ''")).toEqual(["t is locked while i is built anew"]);
    expect(widened("d > ''")).toEqual([]);
    expect(hazards(retype("integer", "bigint"))).toEqual(["rewrite", "blocks-reads"]);
    expect(hazards(retype("numeric(8,4)", "numeric(8,2)"))).toEqual(["lossy-cast", "rewrite", "blocks-reads"]);
    expect(hazards({ kind: "addColumn", table: "t", column: { ...column, default: "now()" } })).toEqual([]);
    const random: Operation = { kind: "addColumn", table: "t", column: { ...column, default: "gen_random_uuid()" } };
    expect(hazards(random)).toEqual([]);
    expect(hazards({ ...random, online: false })).toEqual(["rewrite"]);
    expect(retypeCost("timestamp(6) without time zone", "timestamp(0) without time zone").lossy).toBeDefined();
  });

  it("find nothing dangerous about a table that the same revision makes", () => {
    const definition = { name: "t", columns: [column], uniques: [], indexes: [], foreignKeys: [], checks: [], exclusions: [] };
    const statements = compile(
      [
        { kind: "createTable", table: "t", definition },
        { kind: "addIndex", table: "t", index: { name: "i", columns: ["c"] } },
        { kind: "renameTable", from: "t", to: "u" },
        { kind: "addUnique", table: "u", unique: { name: "q", columns: ["c"] } },
      ],
      on(15),
    );
    expect(statements.flatMap((one) => one.hazards)).toEqual([]);
  });
});
