import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { connect } from "../../../src/connect/index.ts";

const projectDir = fileURLToPath(new URL("../../..", import.meta.url));
const root = mkdtempSync(join(tmpdir(), "limbeck-embedded-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const open = (folder: string) => connect({ dialect: "postgres", options: { url: `embedded:${join(root, folder)}` }, projectDir });

describe("an embedded database", () => {
  it("is made in its folder, keeps what is written, and gives every value as text", async () => {
    const first = await open("a/b");
    await first.query("CREATE TABLE t (a int, b boolean, c jsonb)");
    await first.query("INSERT INTO t VALUES ($1, $2, $3)", [1, "true", '{"x": [1]}']);
    await first.close();
    const second = await open("a/b");
    expect(await second.query("SELECT *, array[1,2] AS d, NULL AS e FROM t")).toEqual([
      { a: "1", b: "t", c: '{"x": [1]}', d: "{1,2}", e: null },
    ]);
    expect(await second.batch(["BEGIN", "SELECT a, b FROM t", "COMMIT", "SELECT 'x'"])).toEqual([[], [["1", "t"]], [], [["x"]]]);
    await second.close();
  });

  it("has the extensions that are bundled", async () => {
    const db = await open("extensions");
    await db.batch(['CREATE EXTENSION "uuid-ossp"', "CREATE EXTENSION citext", "CREATE EXTENSION hstore", "CREATE EXTENSION btree_gist"]);
    expect(await db.query("SELECT length(uuid_generate_v4()::text) AS n")).toEqual([{ n: "36" }]);
    await db.close();
  });

  it("is open once only", async () => {
    const db = await open("busy");
    await expect(open("busy")).rejects.toMatchObject({ outcome: "locked", code: "embedded-busy" });
    await db.close();
    await (await open("busy")).close();
  });

  it("is taken over from a process that has died", async () => {
    const dir = join(root, "stale");
    mkdirSync(dir);
    writeFileSync(join(dir, "limbeck.lock"), JSON.stringify({ pid: 2 ** 30, host: hostname(), born: "1" }));
    const db = await open("stale");
    await db.close();
    expect(readdirSync(dir)).not.toContain("limbeck.lock");
  });

  it("is not taken over from another machine", async () => {
    const dir = join(root, "remote");
    mkdirSync(dir);
    writeFileSync(join(dir, "limbeck.lock"), JSON.stringify({ pid: 2 ** 30, host: "elsewhere", born: "1" }));
    await expect(open("remote")).rejects.toMatchObject({ code: "embedded-busy", message: expect.stringContaining("elsewhere") });
  });

  it("is not made in a folder of something else", async () => {
    mkdirSync(join(root, "photos"));
    writeFileSync(join(root, "photos/cat.jpg"), "");
    await expect(open("photos")).rejects.toMatchObject({ outcome: "usage", code: "not-a-database-folder" });
    expect(readdirSync(join(root, "photos"))).toEqual(["cat.jpg"]);
  });

  it("that another version has made is not opened, and the way out is said", async () => {
    await (await open("older")).close();
    writeFileSync(join(root, "older/PG_VERSION"), "9\n");
    await expect(open("older")).rejects.toMatchObject({ code: "embedded-failed", hint: expect.stringContaining("move the folder away") });
    expect(readdirSync(join(root, "older"))).not.toContain("limbeck.lock");
  });

  it("needs a package that may be missing, which is said", async () => {
    const bare = connect({ dialect: "postgres", options: { url: "embedded:x" }, projectDir: root });
    await expect(bare).rejects.toMatchObject({ outcome: "usage", code: "driver-missing", hint: "npm install @electric-sql/pglite" });
  });
});
