import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, inject, it } from "vitest";
import { useProjectWithout } from "../support/project.ts";
import { entity } from "./shell.ts";

const good = `export default { type: "postgres", url: "postgres://nobody@127.0.0.1:1/x", entities: ["models/*.ts"] };\n`;
const offline = ["revision", "--autogenerate", "--offline", "--dry-run", "--json"] as const;

describe("a configuration that is not there, or of no use", () => {
  const project = useProjectWithout({ "models/exam.ts": entity("Exam", "exams") });
  /** What the command says of this ormconfig.ts. */
  const told = async (text: string, ...flags: readonly string[]) => {
    project.write({ "ormconfig.ts": text });
    const { code, stdout, json } = await project.run("heads", "--json", ...flags);
    expect(code).toBe(2);
    expect(stdout.trim().endsWith("}")).toBe(true);
    return json.error;
  };

  it("lists where it looked", async () => {
    const { code, stdout, stderr } = await project.run("current");
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    for (const place of [
      "ormconfig{.ts,",
      "data-source{",
      "src/data-source{",
      "src/database/data-source{",
      "src/db/data-source{",
      "package.json",
    ])
      expect(stderr).toContain(place);
    expect(stderr).toMatch(/limbeck init/);
    expect((await project.run("current", "-c", "elsewhere.ts")).stderr).toMatch(/--config names is not there: elsewhere\.ts/);
  });

  it("that ends the process is told from a command that has ended", async () => {
    const error = await told('console.log("on my way out");\nprocess.exit(0);\n');
    expect(error).toMatchObject({ code: "config-exits", message: expect.stringMatching(/ormconfig\.ts calls process\.exit\(0\)/) });
  });

  it("that throws is told with its reason and place", async () => {
    const error = await told('import "typeorm";\n\nthrow new Error("SECRET_KEY is not set");\n');
    expect(error.code).toBe("module-threw");
    expect(error.message).toMatch(/SECRET_KEY is not set\n.*ormconfig\.ts:3/);
  });

  it("with a syntax error is told with file and line", async () => {
    expect((await told("export default {\n  type: ,\n};\n")).message).toMatch(/ormconfig\.ts:2:/);
  });

  it("with two data sources asks which, and takes the answer", async () => {
    const two = `import { DataSource } from "typeorm";
export const one = new DataSource({ type: "postgres" });
export const two = new DataSource({ type: "postgres", database: "two" });
`;
    expect(await told(two)).toMatchObject({ code: "several-data-sources", hint: expect.stringContaining("--export one") });
    expect((await told(two, "--export", "three")).message).toMatch(/It exports one, two/);
    expect((await project.run("heads", "--export", "two")).code).toBe(0);
  });

  it("of another kind of database, without one, or without a data source says what is wanted", async () => {
    expect(await told('export default { type: "oracle", entities: [] };')).toMatchObject({
      code: "unsupported-database",
      hint: expect.stringMatching(/postgres.*mysql.*mariadb/),
    });
    expect((await told("export default { type: process.env.NOT_SET, url: '', entities: [] };")).code).toBe("type-missing");
    expect((await told("export const a = 1;")).message).toMatch(/it exports a/);
    expect(await told('import "not-installed-here";\nexport default { type: "postgres", url: "" };')).toMatchObject({
      code: "module-not-found",
      hint: expect.stringMatching(/npm install not-installed-here/),
    });
  });

  it("without a database, as when a variable is not set, says so", async () => {
    project.write({ "ormconfig.ts": 'export default { type: "mysql", url: process.env.NOT_SET, entities: ["models/*.ts"] };' });
    const { code, json } = await project.run(...offline);
    expect(code).toBe(2);
    expect(json.error).toMatchObject({ code: "no-database-name", hint: expect.stringMatching(/environment variable/) });
  });

  it("is found by -c and by -d, by package.json, and names the folders of the revisions", async () => {
    project.write({ "ormconfig.ts": "throw new Error('not this one');", "config/db.ts": good });
    expect((await project.run("heads", "-c", "config/db.ts")).code).toBe(0);
    expect((await project.run("heads", "-d", "config/db.ts")).code).toBe(0);
    // as users of Alembic type it
    expect((await project.run("-c", "config/db.ts", "heads")).code).toBe(0);
    project.write({ "package.json": '{ "name": "story", "limbeck": { "config": "config/db.ts" } }' });
    expect((await project.run("heads")).code).toBe(0);
    project.write({ "package.json": '{ "name": "story" }' });
  });
});

describe("entities that cannot be read", () => {
  const project = useProjectWithout({ "ormconfig.ts": good });
  const told = async (text: string) => {
    project.write({ "models/exam.ts": text });
    const { code, json } = await project.run(...offline);
    expect(code).toBe(2);
    return json.error;
  };

  it("a syntax error: file and line", async () => {
    const error = await told("export class Exam {\n  id: number\n  title = ;\n}\n");
    expect(error.code).toBe("syntax-error");
    expect(error.message).toMatch(/models\/exam\.ts:3:\d+ .*\n\n {6}title = ;\n +\^/);
  });

  it("no primary key: which entity, in which file, and what to write", async () => {
    const error = await told('import { Column, Entity } from "typeorm";\n@Entity() export class Exam { @Column() title!: string; }\n');
    expect(error).toMatchObject({
      code: "no-primary-key",
      hint: expect.stringMatching(/@PrimaryGeneratedColumn/),
      details: { entity: "Exam" },
    });
    expect(error.message).toMatch(/models\/exam\.ts/);
  });

  it("a type that cannot be known: which column, and what to write", async () => {
    const error = await told(entity("Exam", "exams", "@Column() title!: string | null;"));
    expect(error).toMatchObject({ code: "unknown-type", hint: expect.stringMatching(/type: "varchar"/), details: { column: "title" } });
  });

  it("a module that throws, and none at all", async () => {
    expect((await told('\nthrow new TypeError("no such thing");')).message).toMatch(/TypeError: no such thing\n.*models\/exam\.ts:2/);
    project.remove("models/exam.ts");
    const { code, stderr } = await project.run("revision", "--autogenerate", "--offline");
    expect(code).toBe(2);
    expect(stderr).toMatch(/nothing matches models\/\*\.ts/);
  });
});

describe("a project without the driver", () => {
  const project = useProjectWithout({ "ormconfig.ts": good });

  it("is told what to install", async () => {
    const modules = fileURLToPath(new URL("../../node_modules", import.meta.url));
    project.remove("node_modules");
    mkdirSync(join(project.dir, "node_modules"));
    for (const name of ["typeorm", "reflect-metadata"]) symlinkSync(join(modules, name), join(project.dir, "node_modules", name));
    const pg = await project.run("current");
    expect(pg.code).toBe(2);
    expect(pg.stderr).toMatch(/npm install pg\n/);
    project.write({ "ormconfig.ts": good.replaceAll("postgres", "mysql") });
    expect((await project.run("current")).stderr).toMatch(/npm install mysql2\n/);
  });
});

describe("a project in which packages are missing", () => {
  const project = useProjectWithout({ "ormconfig.ts": good, "models/exam.ts": entity("Exam", "exams") });
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const installed = (folder: string, ...names: readonly string[]) => {
    mkdirSync(join(project.dir, folder), { recursive: true });
    for (const name of names) symlinkSync(join(root, "node_modules", name), join(project.dir, folder, name));
  };

  it("is told to install TypeORM, where only the entities' own package has it", async () => {
    project.remove("node_modules");
    installed("models/node_modules", "typeorm", "reflect-metadata");
    const { code, json } = await project.run(...offline);
    expect(code).toBe(2);
    expect(json.error).toMatchObject({
      code: "typeorm-missing",
      message: expect.stringContaining(project.dir),
      hint: "npm install typeorm",
    });
  });

  it("is told to install a compiler", async () => {
    installed("node_modules", "typeorm", "reflect-metadata", "commander", "tinyglobby", "get-tsconfig");
    const own = join(project.dir, "node_modules/limbeck");
    cpSync(dirname(inject("cli")), join(own, "dist"), { recursive: true });
    cpSync(join(root, "package.json"), join(own, "package.json"));
    // what was compiled before is kept
    project.write({ "ormconfig.ts": `// another one\n${good}` });
    const { status, stdout } = spawnSync(process.execPath, [join(own, "dist/cli.js"), ...offline], { cwd: project.dir, encoding: "utf8" });
    expect(status).toBe(2);
    expect(JSON.parse(stdout).error).toMatchObject({
      code: "no-compiler",
      message: expect.stringContaining("ormconfig.ts"),
      hint: "npm install @swc/core",
    });
  });
});
