import { DataSource } from "typeorm";
import { afterAll, describe, expect, it } from "vitest";
import { revisionFile } from "../cli/shell.ts";
import { createDatabase, dropDatabase, type Engine, engines, open } from "../support/databases.ts";
import { ormconfig, type TestProject, useProject } from "../support/project.ts";

const ids = (list: readonly { id: string }[]) => list.map(({ id }) => id);

/** Databases beside the project's own, each brought to some revisions. */
function usePlaces(engine: Engine, project: TestProject) {
  const places: string[] = [];
  afterAll(async () => {
    for (const name of places) await dropDatabase(engine, name);
  });
  return async (...revisions: readonly string[]): Promise<string> => {
    const { name, url, db } = await createDatabase(engine);
    await db.close();
    places.push(name);
    for (const revision of revisions) await project.json(0, "upgrade", revision, "--url", url);
    return url;
  };
}

const asked = async (engine: Engine, url: string, sql: string) => {
  const db = await open(engine, url);
  return db.query(sql).finally(() => db.close());
};

/**
 *     first → rows → left → joined → later
 *                  → right ↗
 *     other (right needs it)
 */
const odd = {
  "migrations/01.ts": revisionFile(
    "first",
    [],
    'op.createTable("notes", { columns: [{ name: "id", type: "int" }, { name: "n", type: "int" }], primaryKey: { columns: ["id"] } });',
    'op.dropTable("notes", { columns: [{ name: "id", type: "int" }, { name: "n", type: "int" }], primaryKey: { columns: ["id"] } });',
    ' labels: ["notes"],',
  ),
  "migrations/02.ts": revisionFile(
    "rows",
    ["first"],
    "op.execute(sql`INSERT INTO notes (id, n) VALUES (1, 1), (2, 5)`, { undo: sql`DELETE FROM notes WHERE id IN (1, 2)` });",
    "op.execute(sql`DELETE FROM notes WHERE id IN (1, 2)`);",
  ),
  "migrations/03.ts": revisionFile(
    "left",
    ["rows"],
    'op.addColumn("notes", { name: "twice", type: "int", nullable: true }); op.backfill("notes", { set: { twice: sql`n * 2` }, where: sql`twice IS NULL` });',
    'op.dropColumn("notes", { name: "twice", type: "int", nullable: true });',
  ),
  "migrations/04.ts": revisionFile(
    "right",
    ["rows"],
    'op.createTable("right_notes", { columns: [{ name: "id", type: "int" }] });',
    'op.dropTable("right_notes", { columns: [{ name: "id", type: "int" }] });',
    ' dependsOn: ["other"],',
  ),
  "migrations/05.ts": revisionFile(
    "joined",
    ["left", "right"],
    "op.execute(sql`UPDATE notes SET n = n + 1`, { undo: sql`UPDATE notes SET n = n - 1` });",
    "op.execute(sql`UPDATE notes SET n = n - 1`);",
  ),
  "migrations/06.ts": revisionFile("later", ["joined"], "op.execute(sql`UPDATE notes SET n = n * 10`);"),
  "migrations/07.ts": revisionFile("other", [], "", "", ' labels: ["other"],'),
};

describe.each(engines)("a range with rows, raw SQL, a merge and a dependency on what is outside, on %s", (engine) => {
  const project = useProject(engine, { "ormconfig.ts": ormconfig(engine), "models/none.ts": "export {};\n", ...odd });
  const at = usePlaces(engine, project);

  it("is squashed, and every database ends with the same rows, wherever it stood", async () => {
    const places = [await at(), await at("other"), await at("left"), await at("right"), await at("joined"), await at("later")];
    const squashed = await project.json(0, "squash", "first:joined", "-m", "notes", "--rev-id", "sq");
    expect(squashed).toMatchObject({ replaces: ["first", "rows", "left", "right", "joined"], proved: true });
    expect((await project.json(0, "history")).revisions).toContainEqual(
      expect.objectContaining({ id: "sq", parents: [], dependsOn: ["other"], labels: ["notes"] }),
    );
    for (const url of places) {
      await project.json(0, "upgrade", "notes@head", "--url", url);
      expect(await asked(engine, url, "SELECT id, n, twice FROM notes ORDER BY id")).toEqual([
        { id: "1", n: "20", twice: "2" },
        { id: "2", n: "60", twice: "10" },
      ]);
      expect(await project.json(0, "current", "--url", url)).toMatchObject({ pending: [], unknown: [], interrupted: null });
    }
  }, 240_000);
});

describe.each(engines)("what was adopted of TypeORM's and squashed, on %s", (engine) => {
  const type = engine === "postgres" ? "postgres" : "mariadb";
  const columns = (more: string) => `{ id: { type: "int", primary: true }, ${more} }`;
  const config = (more: string) => `const { DataSource, EntitySchema } = require("typeorm");
const notes = new EntitySchema({ name: "notes", columns: ${columns(more)} });
module.exports = new DataSource({ type: "${type}", url: process.env.DATABASE_URL, entities: [notes], migrations: ["old/*.js"] });
`;
  const project = useProject(engine, {
    "ormconfig.js": config(""),
    "old/1.js": `exports.Notes1700000000001 = class Notes1700000000001 {
  async up(runner) { await runner.query("CREATE TABLE notes (id int NOT NULL PRIMARY KEY)"); }
  async down(runner) { await runner.query("DROP TABLE notes"); }
};
`,
  });
  const at = usePlaces(engine, project);
  const column = (name: string) => `${name}: { type: "int", nullable: true },`;

  it("stays as it is: its code can't be written elsewhere, and what it has made is still assumed, not made again", async () => {
    const url = project.database.url.replace(/^mysql:/, `${type}:`);
    const source = await new DataSource({ type, url, migrations: [`${project.dir}/old/1.js`] }).initialize();
    await source.runMigrations();
    await source.destroy();
    await project.json(0, "adopt", "--from-typeorm", "--rev-id", "taken");
    const assumed = await at("taken");
    for (const [id, more] of [
      ["002", column("a")],
      ["003", column("a") + column("b")],
    ] as const) {
      project.write({ "ormconfig.js": config(more) });
      await project.json(0, "revision", "--autogenerate", "-m", id, "--rev-id", id);
      await project.json(0, "upgrade", "head");
    }
    const { error } = await project.json(4, "squash", "base:head", "-m", "all");
    expect(error).toMatchObject({ code: "not-squashable", details: { revision: "Notes1700000000001" } });
    expect(await project.json(0, "squash", "taken:003", "-m", "since", "--rev-id", "sq")).toMatchObject({ proved: true });
    expect(project.revision("sq")).toContain("op.assume");
    const fresh = await at();
    expect(ids((await project.json(0, "upgrade", "head", "--url", fresh)).applied)).toEqual(["Notes1700000000001", "sq"]);
    expect(ids((await project.json(0, "upgrade", "head", "--url", assumed)).applied)).toEqual(["002", "003"]);
    for (const place of [fresh, assumed, project.database.url]) expect((await project.json(0, "check", "--url", place)).clean).toBe(true);
  }, 240_000);
});
