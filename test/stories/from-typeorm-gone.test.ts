import { DataSource } from "typeorm";
import { afterEach, describe, expect, it } from "vitest";
import { createDatabase, dropDatabase, engines } from "../support/databases.ts";
import { useProject } from "../support/project.ts";

const migration = (name: string, up: string) => `module.exports.${name} = class ${name} {
  async up(runner) { await runner.query("${up}"); }
  async down() {}
};
`;
const names = ["Notes1700000000001", "Title1700000000002", "Tags1700000000003"];

describe.each(engines)("a project whose oldest migrations of TypeORM's are deleted, on %s", (engine) => {
  const type = engine === "postgres" ? "postgres" : "mariadb";
  const project = useProject(engine, {
    "ormconfig.js": `const { DataSource, EntitySchema } = require("typeorm");
const columns = { id: { type: "int", primary: true } };
const notes = new EntitySchema({ name: "notes", columns: { ...columns, title: { type: "varchar", length: 20, nullable: true } } });
const tags = new EntitySchema({ name: "tags", columns });
module.exports = new DataSource({ type: "${type}", url: process.env.DATABASE_URL, entities: [notes, tags], migrations: ["old/*.js"] });
`,
    "old/1.js": migration("Notes1700000000001", "CREATE TABLE notes (id int NOT NULL PRIMARY KEY)"),
    "old/2.js": migration("Title1700000000002", "ALTER TABLE notes ADD title varchar(20)"),
    "old/3.js": migration("Tags1700000000003", "CREATE TABLE tags (id int NOT NULL PRIMARY KEY)"),
  });
  const sources: DataSource[] = [];
  afterEach(async () => {
    for (const source of sources.splice(0)) await source.destroy();
  });
  const byTypeorm = async (url: string, ...files: readonly number[]) => {
    const migrations = files.map((one) => `${project.dir}/old/${one}.js`);
    const source = new DataSource({ type, url: url.replace(/^mysql:/, `${type}:`), migrations });
    sources.push(source);
    await source.initialize();
    return (await source.runMigrations()).map(({ name }) => name);
  };
  const elsewhere: string[] = [];
  const another = async () => {
    const { name, url, db } = await createDatabase(engine);
    await db.close();
    elsewhere.push(name);
    return url;
  };

  it("is told what is missing, what is still to run, and the way that is left", async () => {
    expect(await byTypeorm(project.database.url, 1, 2)).toEqual(names.slice(0, 2));
    const staging = await another();
    await byTypeorm(staging, 1, 2, 3);
    for (const file of ["old/1.js", "old/2.js"]) project.remove(file);
    const { error } = await project.json(6, "adopt", "--from-typeorm");
    expect(error).toMatchObject({ code: "migrations-missing", details: { migrations: names.slice(0, 2), pending: names.slice(2) } });
    expect(error.hint).toContain(`run with TypeORM what it has not run yet (${names[2]}), then limbeck adopt; its baseline`);
    expect(error.hint).toContain("limbeck stamp BASELINE --verify");
    expect(project.exists("migrations")).toBe(false);
    // as told
    expect(await byTypeorm(project.database.url, 3)).toEqual(names.slice(2));
    expect((await project.json(6, "adopt", "--from-typeorm")).error.hint).toContain("for good: limbeck adopt;");
    expect(await project.json(0, "adopt", "--all", "--rev-id", "base1")).toMatchObject({ stamped: true, unmanaged: [] });
    // TypeORM's own table is nobody's
    expect(project.revision("base1")).not.toContain("timestamp");
    await project.json(0, "stamp", "base1", "--verify", "--url", staging);
    expect((await project.json(0, "check", "--url", staging)).clean).toBe(true);
  });

  it("goes on from the baseline, which sets up a fresh database", async () => {
    expect((await project.json(0, "check")).clean).toBe(true);
    expect(await project.json(0, "revision", "--autogenerate", "-m", "none")).toMatchObject({ id: null });
    const fresh = await another();
    expect((await project.json(0, "upgrade", "head", "--url", fresh)).applied).toMatchObject([{ id: "base1" }]);
    expect((await project.json(0, "check", "--url", fresh)).clean).toBe(true);
    expect(await project.database.db.query("SELECT count(*) AS rows_ FROM migrations")).toEqual([{ rows_: "3" }]);
    for (const name of elsewhere.splice(0)) await dropDatabase(engine, name);
  });
});
