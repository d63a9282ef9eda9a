import { execFileSync } from "node:child_process";
import { afterEach, describe, expect, it } from "vitest";
import type { Db } from "../../src/core/db.ts";
import { readJournal } from "../../src/run/journal.ts";
import { script } from "../../src/run/run.ts";
import { stampScript } from "../../src/run/stamp.ts";
import { type Engine, engines, useDatabase } from "../support/databases.ts";
import { dialectOf, optionsFor, type Sketch, stepsOf, upgrade } from "./dialects.ts";
import { reset, rows, scenario } from "./scenario.ts";

const timeouts = { lockTimeoutMs: 5000, statementTimeoutMs: 0 };
const scriptFor = (engine: Engine, sketches: readonly Sketch[], direction: "upgrade" | "downgrade" = "upgrade", skipCode = false) =>
  script(stepsOf(sketches, direction), { ...optionsFor(engine), ...timeouts, skipCode });

const clients: Record<Engine, string> = { postgres: "psql", mysql: "mariadb" };
const withClients = engines.filter((engine) => installed(clients[engine]));

describe.each(withClients)("a script for %s", (engine) => {
  const database = useDatabase(engine);
  const journal = async () =>
    (await readJournal(database.db, dialectOf(engine).journal({ name: "limbeck_revision" }))).rows.map((row) => ({
      ...row,
      applied_at: "then",
      duration_ms: 0,
      applied_by: "somebody",
    }));
  afterEach(() => clear(database.db, engine));

  it("leaves the same rows and the same journal as a live run", async () => {
    await upgrade(database.db, engine, scenario[engine]);
    const lived = await journal();
    await clear(database.db, engine);
    feed(engine, database.url, await scriptFor(engine, scenario[engine]));
    expect(await journal()).toEqual(lived);
    expect((await database.db.query("SELECT text FROM notes ORDER BY id")).map(({ text }) => text)).toEqual(rows);
  });

  it("takes revisions back too", async () => {
    await upgrade(database.db, engine, scenario[engine]);
    feed(engine, database.url, await scriptFor(engine, [...scenario[engine]].reverse(), "downgrade"));
    expect(await journal()).toEqual([]);
  });

  it("stops at the first error", async () => {
    const text = await scriptFor(engine, [
      { id: "a", upgrade: ["SELECT 1"] },
      { id: "b", parents: ["a"], upgrade: ["INSERT INTO nowhere VALUES (1)"] },
      { id: "c", parents: ["b"], upgrade: [] },
    ]);
    expect(() => feed(engine, database.url, text)).toThrow(/nowhere/);
    expect((await journal()).map(({ id }) => id)).toEqual(["a"]);
  });

  it("runs a backfill in batches", async () => {
    await database.db.query(
      engine === "postgres" ? "CREATE TABLE notes (id serial, text text)" : "CREATE TABLE notes (id int, text varchar(9))",
    );
    await database.db.query("INSERT INTO notes (text) VALUES ('a'), ('b'), ('c')");
    const one =
      engine === "postgres"
        ? "UPDATE notes SET text = 'x' WHERE id = ANY (ARRAY(SELECT id FROM notes WHERE text <> 'x' LIMIT 1))"
        : "UPDATE notes SET text = 'x' WHERE text <> 'x' LIMIT 1";
    feed(engine, database.url, await scriptFor(engine, [{ id: "a", upgrade: [{ sql: one, batches: true }] }]));
    expect(await database.db.query("SELECT DISTINCT text FROM notes")).toEqual([{ text: "x" }]);
  });

  it("records a stamp", async () => {
    const add = stepsOf(scenario[engine]).map(({ record }) => record);
    feed(engine, database.url, await stampScript({ ...optionsFor(engine), ...timeouts, skipCode: false }, { add, remove: [] }));
    expect((await journal()).map(({ id }) => id)).toEqual(["r1", "r2", "r3"]);
  });
});

describe("a script", () => {
  const code = { id: "a", upgrade: [{ sql: "-- count the words", code: 0 }, "SELECT 1"] };

  it("cannot hold a step written in code, unless it is left out", async () => {
    await expect(scriptFor("postgres", [code])).rejects.toMatchObject({ outcome: "refused", code: "code-in-script" });
    expect(await scriptFor("postgres", [code], "upgrade", true)).toContain("-- left out, a step written in code: count the words\n");
  });

  it("is the same every time, and says which revision does what", async () => {
    const text = await scriptFor("postgres", scenario.postgres);
    expect(text).toBe(await scriptFor("postgres", scenario.postgres));
    expect(text).toContain("\\set ON_ERROR_STOP on");
    expect(text).toContain("\n-- upgrade r2: revision r2 (5 statements)\n");
  });

  it("ends a statement that ends in a comment", async () => {
    expect(await scriptFor("postgres", [{ id: "a", upgrade: ["SELECT 1 -- one"] }])).toContain("SELECT 1 -- one\n;\n");
  });
});

function feed(engine: Engine, address: string, text: string): void {
  const url = new URL(address);
  const args =
    engine === "postgres"
      ? ["-X", "-q", "-d", address]
      : [
          "-h",
          url.hostname,
          "-P",
          url.port || "3306",
          "-u",
          url.username,
          ...(url.password ? [`-p${url.password}`] : []),
          url.pathname.slice(1),
        ];
  execFileSync(clients[engine], args, { input: text, stdio: ["pipe", "ignore", "pipe"] });
}

function installed(client: string): boolean {
  try {
    execFileSync(client, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

async function clear(db: Db, engine: Engine): Promise<void> {
  for (const sql of reset[engine]) await db.query(sql);
}
