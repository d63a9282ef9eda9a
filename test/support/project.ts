import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, inject } from "vitest";
import { type Engine, type TestDatabase, useDatabase } from "./databases.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** the document of --json */
  // biome-ignore lint/suspicious/noExplicitAny: tests read what the command line's contract says is there
  readonly json: any;
}

export interface TestProject {
  readonly dir: string;
  readonly database: TestDatabase;
  /** writes files, by path */
  write(files: Readonly<Record<string, string>>): void;
  read(file: string): string;
  exists(file: string): boolean;
  /** the path of the revision file that has the id in its name, after the time: at 20:02 that has a 002 in it, too */
  revisionFile(id: string): string;
  /** its text */
  revision(id: string): string;
  /** the command line, as a user types it */
  run(...args: readonly string[]): Promise<Run>;
  /** the same with --json; fails the test when the exit code is not the expected one */
  json(expected: number, ...args: readonly string[]): Promise<Run["json"]>;
  remove(file: string): void;
}

/** A user's project in a folder of its own, with a database of its own, driven through the built command line alone. */
export function useProject(engine: Engine, files: Readonly<Record<string, string>>): TestProject {
  const database = useDatabase(engine);
  const project = projectIn(() => database.url, database);
  beforeAll(() => {
    project.open();
    project.write(files);
  });
  afterAll(() => project.close());
  return project;
}

/** A project without a server: the embedded database, or none. */
export function useProjectWithout(files: Readonly<Record<string, string>>, url: string = ""): TestProject {
  const project = projectIn(() => url, { url, name: "", db: undefined as unknown as TestDatabase["db"] });
  beforeAll(() => {
    project.open();
    project.write(files);
  });
  afterAll(() => project.close());
  return project;
}

function projectIn(url: () => string, database: TestDatabase): TestProject & { open(): void; close(): void } {
  let dir = "";
  const write = (files: Readonly<Record<string, string>>) => {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(dir, file)), { recursive: true });
      writeFileSync(join(dir, file), text);
    }
  };
  const run = (...args: readonly string[]): Promise<Run> =>
    new Promise((done) => {
      const env = { ...process.env, DATABASE_URL: url(), LIMBECK_URL: "", NO_COLOR: "1", CI: "1" };
      execFile(process.execPath, [inject("cli"), ...args], { cwd: dir, env, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
        done({ code, stdout, stderr, json: parsed(stdout) });
      });
    });
  const revisionFile = (id: string): string => {
    const file = readdirSync(join(dir, "migrations")).find((name) => name.replace(/^\d{12}_/, "").startsWith(id));
    if (file === undefined) throw new Error(`no revision file of ${id}`);
    return `migrations/${file}`;
  };
  return {
    get dir() {
      return dir;
    },
    database,
    open() {
      dir = mkdtempSync(join(tmpdir(), "limbeck-project-"));
      symlinkSync(join(root, "node_modules"), join(dir, "node_modules"));
      write({ "package.json": '{ "name": "story", "private": true }\n', "tsconfig.json": tsconfig });
    },
    close() {
      rmSync(dir, { recursive: true, force: true });
    },
    write,
    read: (file) => readFileSync(join(dir, file), "utf8"),
    exists: (file) => existsSync(join(dir, file)),
    revisionFile,
    revision: (id) => readFileSync(join(dir, revisionFile(id)), "utf8"),
    run,
    async json(expected, ...args) {
      const result = await run(...args, "--json");
      if (result.code !== expected)
        throw new Error(`limbeck ${args.join(" ")} ended with ${result.code}:\n${result.stdout}${result.stderr}`);
      return result.json;
    },
    remove: (file) => rmSync(join(dir, file), { recursive: true }),
  };
}

const tsconfig = JSON.stringify({
  compilerOptions: { target: "es2022", module: "commonjs", experimentalDecorators: true, emitDecoratorMetadata: true, strict: true },
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The usual configuration of the stories. */
export function ormconfig(engine: Engine): string {
  return `import { DataSource } from "typeorm";

export default new DataSource({
  type: "${engine === "postgres" ? "postgres" : inject("mysqlType")}",
  url: process.env.DATABASE_URL,
  entities: ["models/*.ts"],
});
`;
}
