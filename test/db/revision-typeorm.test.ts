import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { mysql } from "../../src/dialect/mysql/index.ts";
import { postgres } from "../../src/dialect/postgres/index.ts";
import { type Declaration, revision, sql } from "../../src/index.ts";
import { checksum } from "../../src/revision/checksum.ts";
import { declared } from "../../src/revision/declare.ts";
import { sent } from "../../src/revision/typeorm-send.ts";
import { sent as ours } from "../../src/run/row.ts";
import { run } from "../../src/run/run.ts";
import { stepOf } from "../../src/run/step.ts";
import { type Engine, engines, useDatabase } from "../support/databases.ts";

const file = `import { revision } from "limbeck";
export default revision({
  id: "fff",
  parents: [],
  message: "notes",
  createdAt: "2026-11-21T04:10:00Z",

  upgrade(op) {
    op.createTable("never", { columns: [{ name: "id", type: "integer" }] });
  },
});
`;

const versions = ["typeorm", "typeorm-legacy"] as const;

interface Options {
  readonly type: string;
  readonly url: string;
  readonly migrations: readonly unknown[];
  readonly migrationsTransactionMode?: "all" | "each" | "none";
}
interface Source {
  initialize(): Promise<unknown>;
  destroy(): Promise<void>;
  runMigrations(): Promise<readonly { readonly name: string }[]>;
  undoLastMigration(options?: { readonly transaction: "none" }): Promise<void>;
}
const open = async (version: string, options: Options): Promise<Source> => {
  const { DataSource } = (await import(version)) as { DataSource: new (options: Options) => Source };
  const source = new DataSource(options);
  await source.initialize();
  return source;
};

const head = (id: string, second: number, parents: readonly string[] = []): Omit<Declaration, "upgrade"> => ({
  id,
  parents,
  message: `says ${id}`,
  createdAt: `2026-11-21T04:10:0${second}Z`,
});

const users = revision({
  ...head("aaa", 1),
  upgrade(op) {
    op.createTable("users", {
      columns: [
        { name: "id", type: "integer", autoIncrement: true },
        { name: "name", type: "text", nullable: true },
        { name: "seen", type: "integer", nullable: true },
      ],
      primaryKey: { columns: ["id"] },
    });
    op.execute(sql`INSERT INTO users (name) VALUES ('Ada'), ('Grace'), ('Edsger'), ('Barbara'), ('Alan')`, {
      undo: sql`DELETE FROM users`,
    });
  },
});
const filled = revision({
  ...head("bbb", 2, ["aaa"]),
  upgrade(op) {
    op.backfill("users", { set: { seen: sql`1` }, where: sql`seen IS NULL`, batch: 2 });
    // TypeORM's runner has no walk that remembers its place: once is enough, and for ever would be too much
    op.backfill("users", { set: { seen: sql`seen + 1` } });
    op.run("the names in capitals", async (db) => {
      const place = (await db.query("SELECT version() AS v"))[0]?.v?.includes("PostgreSQL") ? "$1" : "?";
      await db.query(`UPDATE users SET name = upper(name) WHERE name <> ${place}`, ["Alan"]);
    });
  },
  downgrade(op) {
    op.execute(sql`UPDATE users SET seen = NULL`);
  },
});
const broken = revision({
  ...head("ccc", 3, ["aaa"]),
  upgrade(op) {
    op.addColumn("users", { name: "age", type: "integer", nullable: true });
    op.execute(sql`UPDATE nowhere SET x = 1`, { undo: sql`SELECT 1` });
  },
});

describe.each(engines.flatMap((engine) => versions.map((version) => [engine, version] as const)))(
  "on %s, %s's own runner",
  (engine, version) => {
    const database = useDatabase(engine);
    const sources: Source[] = [];
    const source = async (
      migrations: readonly unknown[],
      migrationsTransactionMode?: Options["migrationsTransactionMode"],
    ): Promise<Source> => {
      const type = engine === "postgres" ? "postgres" : "mariadb";
      const made = await open(version, {
        type,
        url: database.url.replace(/^mysql:/, `${type}:`),
        migrations,
        ...(migrationsTransactionMode === undefined ? {} : { migrationsTransactionMode }),
      });
      sources.push(made);
      return made;
    };
    const rows = (text: string) => database.db.query(text);
    const journal = () => rows("SELECT id, status, done, total, checksum, operations FROM limbeck_revision ORDER BY id");
    const ids = async () => (await journal()).map(({ id, status }) => `${id} ${status}`);
    beforeEach(() => empty(engine, database.db.query));
    afterEach(async () => {
      for (const one of sources.splice(0)) await one.destroy();
    });

    it("runs the revisions in its usual mode, and our journal knows them", async () => {
      const ran = await (await source([filled, users])).runMigrations();
      expect(ran.map(({ name }) => name)).toEqual([
        `aaa_${Date.parse("2026-11-21T04:10:01Z")}`,
        `bbb_${Date.parse("2026-11-21T04:10:02Z")}`,
      ]);
      expect(await ids()).toEqual(["aaa applied", "bbb applied"]);
      const [row] = await journal();
      const known = declared({ default: users });
      expect(row?.checksum).toBe(known && checksum(known));
      expect(JSON.parse(row?.operations ?? "")).toEqual(known?.upgrade.operations);
      expect(row?.done).toBe(row?.total);
    });

    it("changes each row once where a changed row still fulfils the condition, and ends", async () => {
      const counted = revision({
        ...head("ddd", 3, ["aaa"]),
        upgrade(op) {
          op.backfill("users", { set: { seen: sql`coalesce(seen, 0) + 1` }, batch: 2 });
          op.backfill("users", { set: { seen: sql`seen + 1` }, where: sql`seen > 0`, batch: 2 });
        },
        downgrade() {},
      });
      await (await source([users, counted])).runMigrations();
      expect(await rows("SELECT seen, count(*) AS rows_ FROM users GROUP BY seen")).toEqual([{ seen: "2", rows_: "5" }]);
    });

    it("fills in batches to the end, and runs code with its values", async () => {
      await (await source([users, filled])).runMigrations();
      expect(await rows("SELECT name, seen FROM users ORDER BY id")).toEqual([
        { name: "ADA", seen: "2" },
        { name: "GRACE", seen: "2" },
        { name: "EDSGER", seen: "2" },
        { name: "BARBARA", seen: "2" },
        { name: "Alan", seen: "2" },
      ]);
    });

    it.each(["each", "none"] as const)("works with a transaction for %s of them", async (mode) => {
      await (await source([users, filled], mode)).runMigrations();
      expect(await ids()).toEqual(["aaa applied", "bbb applied"]);
    });

    it("takes the last one back, and our journal forgets it", async () => {
      const both = await source([users, filled]);
      await both.runMigrations();
      await both.undoLastMigration();
      expect(await ids()).toEqual(["aaa applied"]);
      expect(await rows("SELECT count(*) AS n FROM users WHERE seen IS NOT NULL")).toEqual([{ n: "0" }]);
      await both.undoLastMigration();
      expect(await ids()).toEqual([]);
      await expect(rows("SELECT * FROM users")).rejects.toThrow();
    });

    it("refuses a revision with an open question, before anything is sent", async () => {
      const asking = revision({
        ...head("ddd", 4),
        review: [{ id: "r1", kind: "rename", table: "users", from: "a", to: "b", evidence: [] }],
        upgrade(op) {
          op.createTable("never", { columns: [{ name: "id", type: "integer" }] });
        },
      });
      await expect((await source([asking])).runMigrations()).rejects.toMatchObject({ code: "open-review" });
      await expect(rows("SELECT * FROM never")).rejects.toThrow();
    });

    it("says the error itself, and lets go of the lock", async () => {
      await (await source([users])).runMigrations();
      await expect((await source([users, broken])).runMigrations()).rejects.toThrow(/nowhere/);
      // the pool of the failed run is still open: what it had locked would be locked still
      const next = (await source([users, filled])).runMigrations();
      if (engine === "postgres") {
        await next;
        expect(await ids()).toEqual(["aaa applied", "bbb applied"]);
      } else {
        await expect(next).rejects.toMatchObject({ code: "interrupted-revision", hint: "finish it first: limbeck upgrade ccc" });
        expect(await rows("SELECT status, done, total FROM limbeck_revision WHERE id = 'ccc'")).toEqual([
          { status: "applying", done: "1", total: "2" },
        ]);
      }
    });

    it("leaves a revision alone that our own runner has applied", async () => {
      await (await source([users])).runMigrations();
      await rows("DELETE FROM migrations");
      const [ran] = await (await source([users])).runMigrations();
      expect(ran?.name).toMatch(/^aaa_/);
      expect(await rows("SELECT count(*) AS n FROM users")).toEqual([{ n: "5" }]);
    });

    it("does not run a revision before what it builds on", async () => {
      await expect((await source([filled])).runMigrations()).rejects.toMatchObject({ code: "parent-missing" });
    });

    it("does not take back a revision that another one builds on", async () => {
      await (await source([users, filled])).runMigrations();
      await rows("DELETE FROM migrations WHERE name LIKE 'bbb%'");
      await expect((await source([users, filled])).undoLastMigration()).rejects.toMatchObject({ code: "child-applied" });
    });

    it("runs what may not be in a transaction only when there is none", async () => {
      const indexed = revision({
        ...head("eee", 5, ["aaa"]),
        upgrade(op) {
          op.addColumn("users", { name: "age", type: "integer", nullable: true });
          op.on("postgres", (op) => {
            op.execute(sql`CREATE INDEX CONCURRENTLY users_seen ON users (seen)`, { undo: sql`DROP INDEX CONCURRENTLY users_seen` });
          });
          op.on("mysql", (op) => op.addIndex("users", { name: "users_seen", columns: ["seen"] }));
        },
      });
      await (await source([users])).runMigrations();
      if (engine === "postgres") {
        await expect((await source([users, indexed])).runMigrations()).rejects.toMatchObject({ code: "no-transaction" });
        expect(await ids()).toEqual(["aaa applied"]);
      }
      const alone = await source([users, indexed], "none");
      await alone.runMigrations();
      expect(await ids()).toEqual(["aaa applied", "eee applied"]);
      const [, row] = await journal();
      expect(row?.done).toBe(row?.total);
      await alone.undoLastMigration({ transaction: "none" });
      expect(await ids()).toEqual(["aaa applied"]);
    });

    it("asks the data beforehand, and changes nothing where rows are in the way", async () => {
      await (await source([users])).runMigrations();
      const required = revision({
        ...head("ggg", 6, ["aaa"]),
        upgrade(op) {
          op.alterColumn("users", "seen", { type: engine === "postgres" ? "integer" : "int", nullable: { from: true, to: null } });
        },
      });
      const refusal = (await source([users, required])).runMigrations();
      await expect(refusal).rejects.toMatchObject({ code: "precheck-failed", message: expect.stringMatching(/users\.seen.*5 rows/s) });
      expect(await ids()).toEqual(["aaa applied"]);
    });

    it("counts a squash as applied where its originals are, and runs it where they are not", async () => {
      const squash = revision({
        ...head("sss", 2),
        replaces: ["aaa", "bbb"],
        upgrade(op) {
          op.createTable("never", { columns: [{ name: "id", type: "integer" }] });
        },
      });
      const after = revision({ ...head("ttt", 4, ["bbb"]), upgrade: () => {} });
      await (await source([users, filled])).runMigrations();
      await (await source([squash, after])).runMigrations();
      expect(await ids()).toEqual(["sss applied", "ttt applied"]);
      await expect(rows("SELECT * FROM never")).rejects.toThrow();
      await empty(engine, database.db.query);
      await (await source([users])).runMigrations();
      await expect((await source([squash])).runMigrations()).rejects.toMatchObject({
        code: "squash-half-way",
        hint: "limbeck upgrade head",
      });
      await empty(engine, database.db.query);
      await (await source([squash])).runMigrations();
      expect(await rows("SELECT * FROM never")).toEqual([]);
    });

    it("finds the files by itself, and our command line knows what they are", async () => {
      const dir = mkdtempSync(join(tmpdir(), "limbeck-typeorm-"));
      try {
        writeFileSync(join(dir, "202611210410_fff_notes.ts"), file);
        buildSync({
          entryPoints: [join(dir, "202611210410_fff_notes.ts")],
          outfile: join(dir, "out/202611210410_fff_notes.cjs"),
          alias: { limbeck: fileURLToPath(new URL("../../src/index.ts", import.meta.url)) },
          bundle: true,
          format: "cjs",
          platform: "node",
          logLevel: "silent",
        });
        const [ran] = await (await source([join(dir, "out/*.cjs")])).runMigrations();
        expect(ran?.name).toBe(`fff_${Date.parse("2026-11-21T04:10:00Z")}`);
        expect(await ids()).toEqual(["fff applied"]);
        const built = createRequire(import.meta.url)(join(dir, "out/202611210410_fff_notes.cjs")) as Record<string, unknown>;
        // made by another copy of the package
        expect(declared(built)?.upgrade.operations.map(({ kind }) => kind)).toEqual(["createTable"]);
      } finally {
        rmSync(dir, { recursive: true, force: true });
      }
    });

    it.runIf(engine === "mysql")("says in the journal that what the server refused has not happened", async () => {
      await expect((await source([users, broken])).runMigrations()).rejects.toThrow(/nowhere/);
      expect(await rows("SELECT done, error FROM limbeck_revision WHERE id = 'ccc'")).toEqual([
        { done: "1", error: expect.stringMatching(/^did not happen: .*nowhere/) },
      ]);
    });

    it.runIf(engine === "mysql")("does not take for applied what code has begun by a CREATE TABLE, which commits", async () => {
      const coded = revision({
        ...head("hhh", 7, ["aaa"]),
        upgrade(op) {
          op.execute(sql`UPDATE users SET seen = 1`);
          op.run("half of it", async (db) => {
            await db.query("CREATE TABLE never (id integer)");
            await db.query("UPDATE nowhere SET x = 1");
          });
        },
        downgrade() {},
      });
      await expect((await source([users, coded])).runMigrations()).rejects.toThrow(/nowhere/);
      expect(await rows("SELECT status, done, total, error FROM limbeck_revision WHERE id = 'hhh'")).toEqual([
        { status: "applying", done: "1", total: "2", error: expect.stringMatching(/^(?!did not happen).*nowhere/) },
      ]);
    });

    it.runIf(engine === "mysql")("leaves what it could not finish to our own runner", async () => {
      await expect((await source([users, broken])).runMigrations()).rejects.toThrow(/nowhere/);
      await rows("CREATE TABLE nowhere (x integer)");
      const found = declared({ default: broken });
      if (found === null) throw new Error("no revision");
      const { db } = database;
      const done = await run(
        db,
        {
          dialect: mysql,
          context: { server: await mysql.identify(db), metadataTable: { name: "typeorm_metadata" } },
          journal: { name: "limbeck_revision" },
          transaction: "each",
          wait: 5,
          lockTimeoutMs: 5000,
          statementTimeoutMs: 0,
          runCode: async () => {},
        },
        async () => [stepOf(found, "upgrade", checksum(found), "")],
      );
      expect(done.done).toMatchObject([{ id: "ccc", direction: "upgrade" }]);
      expect(await ids()).toEqual(["aaa applied", "ccc applied"]);
    });

    it("waits for another run", async () => {
      const dialect = engine === "postgres" ? postgres : mysql;
      await rows(dialect.lock.tryAcquire("limbeck_revision"));
      const waiting = (await source([users])).runMigrations();
      await rows(dialect.lock.release("limbeck_revision"));
      await waiting;
      expect(await ids()).toEqual(["aaa applied"]);
    });
  },
);

it("a statement on its way is noted as our own runner notes it", () => {
  expect(sent).toBe(ours);
});

async function empty(engine: Engine, query: (text: string) => Promise<unknown>): Promise<void> {
  if (engine === "postgres") {
    await query("DROP SCHEMA public CASCADE");
    await query("CREATE SCHEMA public");
  } else {
    for (const table of ["users", "never", "nowhere", "migrations", "limbeck_revision", "typeorm_metadata"])
      await query(`DROP TABLE IF EXISTS ${table}`);
  }
}
