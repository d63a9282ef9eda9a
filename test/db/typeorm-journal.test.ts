import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Engine, engines, useDatabase } from "../support/databases.ts";
import { ormconfig, useProject } from "../support/project.ts";

const require = createRequire(import.meta.url);
const library = fileURLToPath(new URL("../../src/index.ts", import.meta.url));

const revision = (id: string, parents: readonly string[], second: number) => `
const { revision } = require("./limbeck.cjs");
exports.${id} = revision({
  id: "${id}",
  parents: ${JSON.stringify(parents)},
  message: "the table ${id}",
  createdAt: "2026-11-21T04:10:0${second}Z",

  upgrade(op) {
    op.createTable("${id}", { columns: [{ name: "id", type: "integer" }] });
  },
});
`;
const dataSource = (engine: Engine, configured: string) => `
const { DataSource } = require("typeorm");
const { defineConfig } = require("./limbeck.cjs");
const { r001 } = require("./r001.cjs");
const { r002 } = require("./r002.cjs");
exports.source = new DataSource({
  type: "${engine === "postgres" ? "postgres" : "mariadb"}",
  url: process.env.DATABASE_URL${engine === "postgres" ? "" : '.replace("mysql:", "mariadb:")'},
  migrations: [r001, r002],
});
${configured}
`;

describe.each(engines)("TypeORM's own command, on %s", (engine) => {
  const elsewhere = useDatabase(engine);
  const project = useProject(engine, {
    "r001.cjs": revision("r001", [], 1),
    "r002.cjs": revision("r002", ["r001"], 2),
    "ormconfig.ts": `import { defineConfig } from "limbeck";\n${ormconfig(engine)}\nexport const limbeck = defineConfig({ journal: { table: "history of it" } });\n`,
    "migrations/202611210410_r001.ts": file("r001", [], 1),
    "migrations/202611210410_r002.ts": file("r002", ["r001"], 2),
  });
  beforeAll(() => {
    buildSync({
      entryPoints: [library],
      outfile: join(project.dir, "limbeck.cjs"),
      bundle: true,
      format: "cjs",
      platform: "node",
      logLevel: "silent",
    });
  });
  beforeEach(async () => {
    for (const table of ["r001", "r002", "migrations", "limbeck_revision", "history of it", "another"]) {
      await project.database.db.query(`DROP TABLE IF EXISTS ${quoted(engine, table)}`);
    }
  });
  const migrate = (command: string): Promise<{ readonly code: number; readonly said: string }> =>
    new Promise((done) => {
      const args = [require.resolve("typeorm/cli.js"), command, "-d", "data-source.cjs"];
      const env = { ...process.env, DATABASE_URL: project.database.url };
      execFile(process.execPath, args, { cwd: project.dir, env }, (error, stdout, stderr) =>
        done({ code: error === null ? 0 : 1, said: stdout + stderr }),
      );
    });
  const ids = async (table: string) => {
    const rows = await project.database.db.query(`SELECT id FROM ${quoted(engine, table)} ORDER BY id`);
    return rows.map(({ id }) => id);
  };

  it("writes the journal that the configuration names, and our own command goes on from there", async () => {
    project.write({
      "data-source.cjs": dataSource(engine, 'exports.limbeck = defineConfig({ journal: { table: "history of it" } });'),
    });
    expect(await migrate("migration:run")).toMatchObject({ code: 0 });
    expect(await ids("history of it")).toEqual(["r001", "r002"]);
    await expect(ids("limbeck_revision")).rejects.toThrow(/limbeck_revision/);
    expect(await project.json(0, "current")).toMatchObject({ heads: ["r002"], pending: [] });
    expect(await project.json(0, "downgrade", "r001")).toMatchObject({ heads: ["r001"] });
    await migrate("migration:revert");
    await migrate("migration:revert");
    expect(await ids("history of it")).toEqual([]);
  });

  it("in a schema of its own, too", async () => {
    const schema = engine === "postgres" ? "ops of it" : elsewhere.name;
    project.write({
      "data-source.cjs": dataSource(
        engine,
        `exports.limbeck = defineConfig({ journal: { table: "another", schema: ${JSON.stringify(schema)} } });`,
      ),
    });
    expect(await migrate("migration:run")).toMatchObject({ code: 0 });
    const [row] = await project.database.db.query(`SELECT count(*) AS n FROM ${quoted(engine, schema)}.${quoted(engine, "another")}`);
    expect(row).toEqual({ n: "2" });
  });

  it("refuses where several are declared and none of them is in the database, and takes the one that is", async () => {
    project.write({
      "data-source.cjs": dataSource(
        engine,
        'defineConfig({ journal: { table: "another" } });\nexports.limbeck = defineConfig({ journal: { table: "history of it" } });',
      ),
    });
    const refused = await migrate("migration:run");
    expect(refused).toMatchObject({
      code: 1,
      said: expect.stringMatching(
        /journal of their own \(another, history of it\).*none of them.*code: 'journal-unclear',\s+hint: 'limbeck upgrade head/s,
      ),
    });
    await expect(ids("r001")).rejects.toThrow(/r001/);
    expect(await project.json(0, "upgrade", "r001")).toMatchObject({ heads: ["r001"] });
    expect(await migrate("migration:run")).toMatchObject({ code: 0 });
    expect(await ids("history of it")).toEqual(["r001", "r002"]);
  });
});

function quoted(engine: Engine, name: string): string {
  return engine === "postgres" ? `"${name}"` : `\`${name}\``;
}

function file(id: string, parents: readonly string[], second: number): string {
  return revision(id, parents, second)
    .replace('const { revision } = require("./limbeck.cjs")', 'import { revision } from "limbeck"')
    .replace(`exports.${id} =`, "export default");
}
