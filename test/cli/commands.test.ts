import { execFile } from "node:child_process";
import { describe, expect, inject, it } from "vitest";
import { engines } from "../support/databases.ts";
import { ormconfig, type TestProject, useProject, useProjectWithout } from "../support/project.ts";
import { entity, revisionFile, start } from "./shell.ts";

const table = (name: string) => `op.createTable("${name}", { columns: [{ name: "id", type: "int" }] });`;

describe("the command line itself", () => {
  const project = useProjectWithout({
    "ormconfig.ts": `export default { type: "postgres", url: "postgres://nobody@127.0.0.1:1/x", entities: ["models/*.ts"] };\n`,
    "models/exam.ts": entity("Exam", "exams"),
    "migrations/r001.ts": revisionFile("r001", []),
  });

  it("has a help with an example for every command", async () => {
    const { stdout } = await project.run("--help");
    const names = [...stdout.matchAll(/^ {2}([a-z]+) (?:\[|<)/gm)].flatMap(([, name]) => (name === "help" ? [] : (name ?? [])));
    expect(names).toEqual(expect.arrayContaining(["init", "revision", "upgrade", "downgrade", "check", "current", "history", "doctor"]));
    const helps = await Promise.all(names.map((name) => project.run(name, "--help")));
    for (const [i, help] of helps.entries()) {
      expect(help.code).toBe(0);
      expect(help.stdout).toMatch(new RegExp(`\\nExamples:\\n {2}\\$ limbeck ${names[i]}`));
    }
    expect((await project.run("--version")).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.each([
    { args: ["upgrade"], message: /missing required argument 'revisions'/, hint: "limbeck upgrade --help" },
    { args: ["upgrade", "head", "--bogus"], message: /unknown option '--bogus'/, hint: "limbeck upgrade --help" },
    { args: ["upgrde", "head"], message: /unknown command 'upgrde'/, hint: "limbeck --help" },
    { args: ["upgrade", "head", "--wait", "soon"], message: /--wait takes a number of seconds, not "soon"/, hint: "--wait 30" },
    { args: ["resolve", "r001", "--rename", "oops"], message: /--rename takes TABLE\.OLD:NEW, not "oops"/, hint: "--rename TABLE.OLD:NEW" },
  ])("wrong usage ends with 2 and one document with --json: $args", async ({ args, message, hint }) => {
    const plain = await project.run(...args);
    expect(plain).toMatchObject({ code: 2, stdout: "" });
    expect(plain.stderr).toMatch(message);
    const { code, json, stderr } = await project.run(...args, "--json");
    expect(code).toBe(2);
    expect(json.error).toMatchObject({ message: expect.stringMatching(message), hint });
    expect(stderr).toBe("");
  });

  it("shows the trace only when asked", async () => {
    expect((await project.run("show", "r009")).stderr).not.toMatch(/\n\s+at /);
    expect((await project.run("show", "r009", "--trace")).stderr).toMatch(/\n\s+at /);
  });

  it("uses colours where they are wanted, and never with NO_COLOR, --no-color or --json", async () => {
    const colourful = { NO_COLOR: "", FORCE_COLOR: "1" };
    const [yes, flag, variable, json] = await Promise.all([
      start(project, ["history"], colourful).ended,
      start(project, ["history", "--no-color"], colourful).ended,
      start(project, ["history"], { NO_COLOR: "1", FORCE_COLOR: "1" }).ended,
      start(project, ["history", "--json"], colourful).ended,
    ]);
    expect(yes.stdout).toContain("\u001b[");
    expect(flag.stdout).toBe("base → r001 (head) about r001\n");
    expect(variable.stdout).toBe(flag.stdout);
    expect(json.stdout).not.toContain("\u001b");
  });

  it("shows what a file would do to the terminal instead of doing it", async () => {
    project.write({ "migrations/r001.ts": revisionFile("r001", []).replace("about r001", "\\u001b[31mred\\u202e") });
    const { stdout } = await project.run("history");
    expect(stdout).toBe("base → r001 (head) \\u001b[31mred\\u202e\n");
    project.write({ "migrations/r001.ts": revisionFile("r001", []) });
  });

  it("draws a bar on a terminal, and none with --no-progress or -q", async () => {
    const bar = "[█";
    const embedded = ["--url", "embedded:.data"];
    project.write({
      "migrations/r001.ts": revisionFile(
        "r001",
        [],
        [1, 2, 3].map((i) => table(`t${i}`)).join("\n"),
        [3, 2, 1].map((i) => `op.execute(sql\`DROP TABLE t${i}\`);`).join("\n"),
      ),
    });
    if (!(await hasScript())) return;
    const drawn = await onTerminal(project, ["upgrade", "head", ...embedded]);
    expect(drawn).toContain(`r001 ${bar}`);
    expect(drawn).toContain("3/3");
    expect(drawn).toMatch(/applied.*r001/);
    const silent = await onTerminal(project, ["downgrade", "base", "--no-progress", ...embedded]);
    expect(silent).not.toContain(bar);
    expect(silent).toMatch(/reverted.*r001/);
    expect((await onTerminal(project, ["upgrade", "head", "-q", ...embedded])).trim()).toBe("");
  });
});

function hasScript(): Promise<boolean> {
  return new Promise((done) => execFile("script", ["--version"], (error) => done(error === null)));
}

/** Through the pseudo-terminal of util-linux's `script`. */
function onTerminal(project: TestProject, args: readonly string[]): Promise<string> {
  const { CI: _, ...env } = process.env;
  const command = [process.execPath, inject("cli"), ...args].join(" ");
  return new Promise((done) => {
    execFile("script", ["-qec", command, "/dev/null"], { cwd: project.dir, env: { ...env, NO_COLOR: "1" } }, (_error, stdout) =>
      done(stdout),
    );
  });
}

describe.each(engines)("what the configuration says, on %s", (engine) => {
  const config = (settings: string) =>
    `import { defineConfig } from "limbeck";\n${ormconfig(engine)}\nexport const limbeck = defineConfig(${settings});\n`;
  const name = '@Column({ type: "varchar", length: 20 }) name!: string;';
  const project = useProject(engine, {
    "ormconfig.ts": config('{ migrations: ["db/core", "db/billing"], afterWrite: ["node stamp.cjs {file}"] }'),
    "stamp.cjs": 'require("node:fs").appendFileSync(process.argv[2], "// formatted\\n");',
    "models/exam.ts": entity("Exam", "exams", name),
  });

  it("revisions live in several folders, and afterWrite runs on what is written", async () => {
    const first = await project.json(0, "revision", "--autogenerate", "-m", "Exams & more: äöü", "--rev-id", "r001");
    expect(first.file).toMatch(/^db\/core\/\d{12}_r001_exams_more\.ts$/);
    expect(project.read(first.file)).toMatch(/\n\/\/ formatted\n$/);
    await project.json(0, "upgrade", "head");
    const second = await project.json(
      0,
      "revision",
      "--empty",
      "-m",
      "bills",
      "--rev-id",
      "r002",
      "--version-path",
      "db/billing",
      "--branch-label",
      "billing",
    );
    expect(second).toMatchObject({ parents: ["r001"], file: expect.stringMatching(/^db\/billing\//) });
    expect((await project.json(2, "revision", "--empty", "-m", "x", "--version-path", "elsewhere")).error.code).toBe("unknown-folder");
    expect((await project.json(0, "upgrade", "billing@head")).heads).toEqual(["r002"]);
    expect((await project.json(0, "show", "billing")).labels).toEqual(["billing"]);
  });

  it("a command of afterWrite that fails says that the revision is written", async () => {
    project.write({ "ormconfig.ts": config('{ migrations: "db", afterWrite: ["no-such-formatter {file}"] }') });
    const { error } = await project.json(2, "revision", "--empty", "-m", "x", "--rev-id", "r003");
    expect(error).toMatchObject({
      code: "after-write",
      message: expect.stringMatching(/no-such-formatter.*r003_x\.ts; the revision is written/),
    });
    await project.json(0, "upgrade", "head");
  });

  it("include says what is looked at, in the entities and in the database", async () => {
    await project.database.db.query("CREATE TABLE legacy_a (id int)");
    project.write({
      "models/legacy.ts": entity("Legacy", "legacy_b"),
      "ormconfig.ts": config('{ migrations: "db", include: ({ name }) => !name.startsWith("legacy_") }'),
    });
    expect(await project.json(0, "check")).toMatchObject({ clean: true, operations: [], unmanaged: [] });
    expect(await project.json(0, "revision", "--autogenerate", "-m", "none")).toEqual({ id: null, upgrade: [] });
  });

  it("include is asked about columns and indexes as whole objects", async () => {
    await project.database.db.query("CREATE TABLE legacy_c (id int, hand_made int)");
    await project.database.db.query("CREATE INDEX legacy_hand_made ON legacy_c (hand_made)");
    const write = (include: string) => project.write({ "ormconfig.ts": config(`{ migrations: "db", include: (one) => ${include} }`) });
    const tables = 'one.kind !== "table" || one.name !== "legacy_a"';
    write(`${tables}`);
    project.write({ "models/legacy.ts": entity("Legacy", "legacy_c") });
    const differences = async () => (await project.json(3, "check")).operations.map(({ kind }: { kind: string }) => kind);
    expect(await differences()).toContain("alterColumn");
    write(
      `(${tables}) && !(one.kind === "column" && one.table === "legacy_c") && !(one.kind === "index" && one.object.columns[0] === "hand_made")`,
    );
    expect(await differences()).not.toContain("alterColumn");
    expect((await project.json(3, "check")).unmanaged.map(({ name }: { name: string }) => name)).not.toContain("legacy_hand_made");
    await project.database.db.query("DROP TABLE legacy_c");
    project.write({ "models/legacy.ts": entity("Legacy", "legacy_b") });
  });

  it("the journal has the name that it is given", async () => {
    const journal = engine === "postgres" ? '{ table: "history", schema: "ops" }' : '{ table: "history" }';
    project.write({
      "ormconfig.ts": config(`{ migrations: "db", journal: ${journal}, include: ({ name }) => !/legacy|limbeck/.test(name) }`),
    });
    expect((await project.json(0, "current")).heads).toEqual([]);
    await project.json(0, "stamp", "head");
    const rows = await project.database.db.query(`SELECT id FROM ${engine === "postgres" ? "ops." : ""}history ORDER BY id`);
    expect(rows.map(({ id }) => id)).toEqual(["r001", "r002", "r003"]);
    expect((await project.json(0, "check")).clean).toBe(true);
    expect(await project.json(0, "doctor")).toMatchObject({ checks: expect.any(Array) });
  });
});
