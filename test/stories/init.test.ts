import { describe, expect, it } from "vitest";
import { useProjectWithout } from "../support/project.ts";

const source = (more = "") => `import { DataSource } from "typeorm";
import { defineConfig } from "limbeck";

export const appDataSource = new DataSource({ type: "postgres", url: "postgres://nobody@127.0.0.1:1/app", entities: [], ${more} });
export const limbeck = defineConfig({ migrations: "libs/persistence/revisions" });
`;

describe("init in a project that exists", () => {
  const project = useProjectWithout({ "libs/persistence/src/typeorm.config.ts": source() });

  it("finds its data source and its folder of revisions, and makes no other", async () => {
    expect((await project.json(0, "init")).created).toEqual(["libs/persistence/revisions/.gitkeep"]);
    expect(project.exists("ormconfig.ts")).toBe(false);
    const { stdout } = await project.run("init");
    expect(stdout).toMatch(/kept the data source in libs\/persistence\/src\/typeorm\.config\.ts/);
    expect(stdout).toMatch(/"limbeck": { "config": "libs\/persistence\/src\/typeorm\.config\.ts" }/);
    expect(stdout).toMatch(/limbeck adopt -c libs\/persistence\/src\/typeorm\.config\.ts/);
  });

  it("shows the way in for migrations of TypeORM's", async () => {
    project.write({ "libs/persistence/src/typeorm.config.ts": source('migrations: ["libs/persistence/src/migrations/*.ts"]') });
    // the pattern is there from the first day
    expect((await project.run("init")).stdout).toMatch(/revision --autogenerate/);
    project.write({ "libs/persistence/src/migrations/1.ts": "export class One1700000000001 { async up() {} async down() {} }\n" });
    expect((await project.run("init")).stdout).toMatch(/limbeck adopt --from-typeorm/);
  });

  it("names the data sources of a file that has several", async () => {
    const two = `${source()}export const reporting = new DataSource({ type: "postgres", url: "postgres://nobody@127.0.0.1:1/other" });\n`;
    project.write({ "libs/persistence/src/typeorm.config.ts": two });
    const { stdout } = await project.run("init");
    expect(stdout).toMatch(/say which one you mean: --export appDataSource or reporting/);
    expect(stdout).toMatch(/limbeck upgrade head -c libs\/persistence\/src\/typeorm\.config\.ts --export appDataSource/);
  });
});

const user = `import { Column, Entity, PrimaryGeneratedColumn } from "typeorm";

@Entity("users") export class User { @PrimaryGeneratedColumn() id!: number; @Column() email!: string; }
`;

describe("init where there are entities and no data source", () => {
  const nest = `import { Module } from "@nestjs/common";
import { TypeOrmModule } from "@nestjs/typeorm";

@Module({ imports: [TypeOrmModule.forRoot({ type: "postgres", autoLoadEntities: true })] }) export class AppModule {}
`;
  const project = useProjectWithout(
    {
      "nest/src/users/user.entity.ts": user,
      "nest/src/app.module.ts": nest,
      "nest/src/main.ts": 'throw new Error("the application was started");\n',
      "old/src/entity/user.ts": user,
      "old/src/entity/readme.ts": "export {};\n",
      "old/ormconfig.json": '{ "type": "postgres", "entities": ["src/entity/*.ts"] }\n',
    },
    "embedded:.limbeck/database",
  );

  it("lists those of a NestJS project, adds none, and says that its module's connection is not read", async () => {
    expect((await project.json(0, "init", "nest", "--database", "postgres")).created).not.toContain("nest/models/user.ts");
    expect(project.read("nest/ormconfig.ts")).toContain('entities: ["src/**/*.entity.ts"]');
    const draft = await project.json(0, "revision", "--autogenerate", "--offline", "--dry-run", "-c", "nest/ormconfig.ts");
    expect(draft.upgrade).toMatchObject([{ kind: "createTable", table: "users" }]);
    project.remove("nest/ormconfig.ts");
    const { stdout } = await project.run("init", "nest");
    expect(stdout).toMatch(/lists the entities that are there: src\/\*\*\/\*\.entity\.ts/);
    expect(stdout).toMatch(/the connection in src\/app\.module\.ts is the application's own/);
  });

  it("lists those in a folder of entities, beside an ormconfig.json of old", async () => {
    const { stdout } = await project.run("init", "old");
    expect(stdout).toMatch(/the connection in ormconfig\.json/);
    expect(project.exists("old/models")).toBe(false);
    expect(project.read("old/ormconfig.ts")).toContain('entities: ["src/entity/*.ts"]');
  });
});

describe("init at the top of a monorepo", () => {
  const project = useProjectWithout({
    "packages/api/package.json": '{ "name": "api", "private": true }\n',
    "packages/api/src/data-source.ts": source().replace("libs/persistence/revisions", "revisions"),
  });

  it("writes into the package of the data source, where the revisions will stand", async () => {
    // a tsconfig.json beside it would stand in the way of the one above
    expect((await project.json(0, "init")).created).toEqual(["packages/api/revisions/.gitkeep"]);
    expect(project.exists("revisions")).toBe(false);
  });
});

describe("init below a project that has a data source", () => {
  const project = useProjectWithout({ "data-source.ts": source().replace("libs/persistence/revisions", "revisions") });

  it("keeps that one, makes the folder of revisions where it belongs, and says how a project of its own begins", async () => {
    const { stdout } = await project.run("init", "packages/reports");
    expect(stdout).toMatch(/created revisions\/\.gitkeep\nkept the data source in \.\.\/\.\.\/data-source\.ts/);
    expect(stdout).toMatch(/limbeck init packages\/reports --database postgres/);
    expect(stdout).not.toMatch(/next: cd/);
    expect(project.exists("packages")).toBe(false);
  });

  it("with --database makes a project of its own there", async () => {
    const { created } = await project.json(0, "init", "packages/reports", "--database", "mysql");
    expect(created).toContain("packages/reports/ormconfig.ts");
    expect(project.read("packages/reports/ormconfig.ts")).toContain('type: "mysql"');
    // now it has one
    const { stdout } = await project.run("init", "packages/reports", "--database", "mariadb");
    expect(stdout).toMatch(/kept the data source in ormconfig\.ts\n--database mariadb is for a project that has none/);
    expect(project.read("packages/reports/ormconfig.ts")).toContain('type: "mysql"');
  });
});

describe("init where no name tells of the data source", () => {
  const project = useProjectWithout({
    "src/infrastructure/persistence.js": `const { DataSource } = require("typeorm");
exports.persistence = new DataSource({ type: "postgres", url: process.env.DATABASE_URL, entities: [] });
`,
    "main.js": `exports.source = new DataSource({});
require("node:http").createServer().listen(0);
`,
  });

  it("finds it all the same, and adds no other", async () => {
    expect((await project.json(0, "init")).created).toEqual(["migrations/.gitkeep"]);
    expect((await project.run("init")).stdout).toContain("kept the data source in src/infrastructure/persistence.js");
  });
});

describe("init where options are exported and no data source", () => {
  const project = useProjectWithout({
    "src/user.ts": user,
    "src/config/database.config.ts": `import type { DataSourceOptions } from "typeorm";
import { User } from "../user";

const config: DataSourceOptions = { type: "postgres", url: process.env.DATABASE_URL, entities: [User] };
export default config;
`,
    "src/config/helpers.db.ts": `import type { DataSourceOptions } from "typeorm";
export const named = (one: DataSourceOptions) => one.type;
`,
  });

  it("takes those that it can read", async () => {
    expect((await project.json(0, "init")).created).toEqual(["migrations/.gitkeep"]);
    expect((await project.run("init")).stdout).toContain("kept the data source in src/config/database.config.ts");
  });

  it("lists entities that stand anywhere, each by itself, where there is no configuration at all", async () => {
    project.remove("src/config");
    await project.json(0, "init");
    expect(project.exists("models")).toBe(false);
    expect(project.read("ormconfig.ts")).toContain('entities: ["src/user.ts"]');
  });
});
