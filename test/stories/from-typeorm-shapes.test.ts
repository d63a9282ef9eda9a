import { DataSource } from "typeorm";
import { afterEach, describe, expect, it } from "vitest";
import { type Engine, engines } from "../support/databases.ts";
import { useProject } from "../support/project.ts";

const config = (engine: Engine) => `const { DataSource } = require("typeorm");
module.exports = new DataSource({
  type: "${engine === "postgres" ? "postgres" : "mariadb"}",
  url: process.env.DATABASE_URL,
  entities: [__dirname + "/models/*.js"],
  migrations: [__dirname + "/database/*{.js,.ts}"],
  migrationsTableName: "done_migrations",
});
`;
const model = `const { EntitySchema } = require("typeorm");
exports.A = new EntitySchema({ name: "A", tableName: "a", columns: { id: { type: "int", primary: true } } });
`;
const body = (table: string) => `
  async up(queryRunner) { await queryRunner.query("CREATE TABLE ${table} (id int NOT NULL PRIMARY KEY)"); }
  async down(queryRunner) { await queryRunner.query("DROP TABLE ${table}"); }
};
`;
const files = {
  // what TypeORM's own generator writes with --outputJs
  "database/1700000000001-a.js": `module.exports = class A1700000000001 {${body("a")}`,
  "database/1700000000002-b.js": `exports.B1700000000002 = class B1700000000002 {${body("b")}`,
  "database/1700000000003-c.js": `exports.default = class C1700000000003 {${body("c")}`,
  "database/several.js": `exports.D = class D1700000000004 {${body("d")}
exports.E = class E {\n  name = "Named1700000000005";${body("e")}`,
  "database/1700000000006-f.ts": `import type { MigrationInterface, QueryRunner } from "typeorm";

export default class F1700000000006 implements MigrationInterface {
  name = "F1700000000006";
  public async up(queryRunner: QueryRunner): Promise<void> { await queryRunner.query("CREATE TABLE f (id int)"); }
  public async down(queryRunner: QueryRunner): Promise<void> { await queryRunner.query("DROP TABLE f"); }
}
`,
};
const names = ["A1700000000001", "B1700000000002", "C1700000000003", "D1700000000004", "Named1700000000005", "F1700000000006"];
const ids = (list: readonly { id: string }[]) => list.map(({ id }) => id);

/** In TypeORM's eyes; what they do is in the files. */
class Named {
  readonly name = "Named1700000000005";
  async up() {}
  async down() {}
}

describe.each(engines)("migrations in all the shapes that TypeORM takes are taken over, on %s", (engine) => {
  const project = useProject(engine, { "ormconfig.js": config(engine), "models/a.js": model, ...files });
  let source: DataSource | undefined;
  afterEach(async () => {
    await source?.destroy();
    source = undefined;
  });
  const typeorm = async () => {
    const type = engine === "postgres" ? "postgres" : "mariadb";
    const migrations = ["1700000000001-a", "1700000000002-b", "1700000000003-c"].map((name) => `${project.dir}/database/${name}.js`);
    const url = project.database.url.replace(/^mysql:/, `${type}:`);
    source = await new DataSource({ type, url, migrations: [...migrations, Named], migrationsTableName: "done_migrations" }).initialize();
    return source;
  };
  const recorded = async () =>
    (await project.database.db.query("SELECT name FROM done_migrations ORDER BY timestamp")).map(({ name }) => name);

  it("JavaScript and TypeScript, default exports, several in a file, a name of their own, another table", async () => {
    const ran = await (await typeorm()).runMigrations();
    expect(ran.map(({ name }) => name)).toEqual(["A1700000000001", "B1700000000002", "C1700000000003", "Named1700000000005"]);
    await project.database.db.query("CREATE TABLE e (id int NOT NULL PRIMARY KEY)");
    const { wrapped } = await project.json(0, "adopt", "--from-typeorm");
    expect(ids(wrapped)).toEqual([...ran.map(({ name }) => name), "D1700000000004", "F1700000000006"]);
  });

  it("what is still to run runs, all of it goes back and comes again, and TypeORM's table says so", async () => {
    expect(ids((await project.json(0, "upgrade", "head")).applied)).toEqual(["D1700000000004", "F1700000000006"]);
    expect(await recorded()).toEqual(names);
    await project.json(0, "downgrade", "base");
    expect(await recorded()).toEqual([]);
    expect(ids((await project.json(0, "upgrade", "head")).applied)).toHaveLength(names.length + 1);
    expect(await recorded()).toEqual(names);
  });

  it("what TypeORM has taken back counts as run once when it runs again", async () => {
    await project.database.db.query("DROP TABLE f");
    await project.database.db.query("DELETE FROM done_migrations WHERE name = 'F1700000000006'");
    const { applied } = await project.json(0, "upgrade", "head");
    expect(applied).toMatchObject([{ id: "F1700000000006", statements: 1 }]);
  });

  it("a wrapper that gets no class says so before anything runs", async () => {
    project.write({ "database/1700000000002-b.js": "exports.Other = 1;\n" });
    const { error } = await project.json(2, "show", "B1700000000002");
    expect(error).toMatchObject({ code: "no-migration" });
  });
});
