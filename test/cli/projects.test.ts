import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { type Engine, engines } from "../support/databases.ts";
import { ormconfig, useProject, useProjectWithout } from "../support/project.ts";
import { entity } from "./shell.ts";

describe("init", () => {
  const project = useProjectWithout({});

  it.each([
    { kind: "postgres", type: "postgres", driver: "pg" },
    { kind: "mysql", type: "mysql", driver: "mysql2" },
    { kind: "mariadb", type: "mariadb", driver: "mysql2" },
    { kind: "embedded", type: "postgres", driver: "@electric-sql/pglite" },
  ])("sets up a project on $kind, and says what to do next", async ({ kind, type, driver }) => {
    const { code, stdout } = await project.run("init", kind, "--database", kind);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`npm install .*${driver}\\n`));
    expect(stdout).toMatch(/limbeck revision --autogenerate/);
    expect(project.read(`${kind}/ormconfig.ts`)).toContain(`type: "${type}"`);
    // what it wrote is a project: its entity is read without a database
    const draft = await project.json(0, "revision", "--autogenerate", "--offline", "--dry-run", "-c", `${kind}/ormconfig.ts`);
    expect(draft.upgrade).toMatchObject([{ kind: "createTable" }]);
  });

  it("refuses a kind of database that it does not know", async () => {
    expect((await project.json(2, "init", "x", "--database", "oracle")).error.message).toMatch(
      /postgres, mysql, mariadb, embedded, not "oracle"/,
    );
    expect(project.exists("x")).toBe(false);
  });

  it("runs from the first command to a clean check, with no server", async () => {
    const run = (...args: readonly string[]) =>
      project.json(0, ...args, "-c", "embedded/ormconfig.ts", "--url", "embedded:.limbeck/database");
    await run("revision", "--autogenerate", "-m", "first tables");
    expect((await run("upgrade", "head")).applied).toHaveLength(1);
    expect((await run("check")).clean).toBe(true);
  });

  it("overwrites nothing, and keeps a data source that is there", async () => {
    project.write({ "has/src/data-source.ts": "// mine\n", "has/tsconfig.json": "{}\n" });
    const { created } = await project.json(0, "init", "has", "--database", "postgres");
    expect(created).toEqual(["has/migrations/.gitkeep"]);
    expect(project.read("has/src/data-source.ts")).toBe("// mine\n");
    expect(project.read("has/tsconfig.json")).toBe("{}\n");
    expect((await project.run("init", "has")).stdout).toMatch(/^kept the data source in src\/data-source\.ts/);
    expect((await project.json(0, "init", "has")).created).toEqual([]);
  });
});

const column = (more: string = "") => `@Column({ length: 20 }) name!: string; ${more}`;

describe.each(engines.slice(0, 1))("kinds of projects, on %s", (engine) => {
  describe.each(["module", "commonjs"])("a project of type %s", (type) => {
    const project = useProject(engine, {
      "package.json": `{ "name": "story", "type": "${type}" }`,
      "tsconfig.json": JSON.stringify({
        compilerOptions: { target: "es2022", module: "nodenext", experimentalDecorators: true, emitDecoratorMetadata: true, strict: true },
      }),
      "ormconfig.ts": type === "module" ? moduleConfig(engine) : ormconfig(engine),
      "models/exam.ts": entity("Exam", "exams", column()),
    });

    it("goes the whole way", async () => {
      await project.json(0, "revision", "--autogenerate", "-m", "exams", "--rev-id", "r001");
      await project.json(0, "upgrade", "head");
      expect((await project.json(0, "check")).clean).toBe(true);
      await project.json(0, "downgrade", "base");
    });
  });

  describe("a project that is compiled for production", () => {
    const project = useProject(engine, {
      "tsconfig.json": JSON.stringify({
        compilerOptions: {
          target: "es2022",
          module: "commonjs",
          experimentalDecorators: true,
          emitDecoratorMetadata: true,
          strict: true,
          skipLibCheck: true,
          noEmitOnError: false,
          outDir: "dist",
          rootDir: ".",
        },
        include: ["models", "migrations"],
      }),
      "ormconfig.ts": ormconfig(engine),
      "models/exam.ts": entity("Exam", "exams", column()),
    });

    it("runs the compiled revisions and entities, and knows them for the same", async () => {
      await project.json(0, "revision", "--autogenerate", "-m", "exams", "--rev-id", "r001");
      await project.json(0, "upgrade", "head");
      project.write({ "models/exam.ts": entity("Exam", "exams", column("@Column({ default: 0 }) points!: number;")) });
      await project.json(0, "revision", "--autogenerate", "-m", "points", "--rev-id", "r002");
      compile(project.dir);
      expect(readdirSync(join(project.dir, "dist/migrations"))).toHaveLength(2);
      for (const source of ["models", "migrations", "ormconfig.ts"]) project.remove(source);
      project.write({
        "ormconfig.js": `module.exports = { type: "${engine}", url: process.env.DATABASE_URL, entities: ["dist/models/*.js"] };
module.exports.limbeck = { migrations: "dist/migrations" };
`,
      });
      expect((await project.json(0, "upgrade", "head")).applied).toMatchObject([{ id: "r002" }]);
      expect((await project.json(0, "check")).clean).toBe(true);
      expect((await project.json(0, "downgrade", "base")).reverted).toHaveLength(2);
    });
  });
});

function moduleConfig(engine: Engine): string {
  return `import { DataSource } from "typeorm";
import { Exam } from "./models/exam.js";

export default new DataSource({ type: "${engine}", url: process.env.DATABASE_URL, entities: [Exam] });
`;
}

/** With the types of "limbeck" or without: what is compiled is the same. */
function compile(dir: string): void {
  const tsc = fileURLToPath(new URL("../../node_modules/typescript/bin/tsc", import.meta.url));
  try {
    execFileSync(process.execPath, [tsc, "-p", dir], { stdio: "pipe" });
  } catch (error) {
    const said = String((error as { stdout?: unknown }).stdout);
    if (!/Cannot find module 'limbeck'/.test(said)) throw new Error(said);
  }
}
