import { execFileSync, spawn } from "node:child_process";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, inject, it } from "vitest";
import { engines } from "../support/databases.ts";
import { ormconfig, type TestProject, useProject, useProjectWithout } from "../support/project.ts";
import { revisionFile, until } from "./shell.ts";

/** The one of util-linux: another one has another command line. */
function hasScript(): boolean {
  try {
    return /util-linux/.test(execFileSync("script", ["--version"], { encoding: "utf8" }));
  } catch {
    return false;
  }
}

const table = (name: string) => `op.createTable("${name}", { columns: [{ name: "id", type: "int" }] });`;

/** The command line on a terminal of its own; what it draws and what is typed go through `script`. */
function onTerminal(project: TestProject, ...args: readonly string[]) {
  const command = [process.execPath, inject("cli"), ...args].map((word) => `'${word}'`).join(" ");
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    DATABASE_URL: project.database.url,
    LIMBECK_URL: "",
    TERM: "xterm",
    CI: "",
    NO_COLOR: "",
    FORCE_COLOR: "",
  };
  const child = spawn("script", ["-qec", `stty cols 100; exec ${command}`, "/dev/null"], {
    cwd: project.dir,
    env,
    stdio: ["pipe", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.on("data", (data) => {
    text += data;
  });
  const ended = new Promise<number>((done) => {
    child.on("close", (code) => done(code ?? -1));
  });
  return { type: (keys: string) => child.stdin.write(keys), screen: () => text, ended };
}

describe.each(engines.filter(hasScript))("on a terminal, with %s", (engine) => {
  const sleep = (seconds: number) => `op.execute(sql\`SELECT ${engine === "postgres" ? "pg_sleep" : "SLEEP"}(${seconds})\`);`;
  const project = useProject(engine, {
    "ormconfig.ts": ormconfig(engine),
    "migrations/r001.ts": revisionFile("r001", [], table("a"), 'op.dropTable("a", { columns: [{ name: "id", type: "int" }] });'),
    "migrations/r002.ts": revisionFile(
      "r002",
      ["r001"],
      `${sleep(2)} ${table("b")}`,
      'op.dropTable("b", { columns: [{ name: "id", type: "int" }] });',
    ),
    "migrations/r003.ts": revisionFile("r003", ["r002"], `${sleep(20)}`, sleep(0)),
  });
  const current = async () => (await project.json(0, "current")).heads;

  it("a bar shows the revision, its place in the run, and the statement; it is gone at the end", async () => {
    await project.json(0, "downgrade", "base");
    const run = onTerminal(project, "upgrade", "r002");
    await until(async () => /r002 \(2 of 2\) \[░+\] 1\/2 SELECT/.test(run.screen()));
    expect(await run.ended).toBe(0);
    expect(run.screen()).toContain("\r\u001b[2K\u001b[32mapplied");
    for (const line of run.screen().split(/\r|\n/)) expect([...stripVTControlCharacters(line)].length).toBeLessThan(100);
  });

  it("Ctrl-C once stops after the running statement and says which it was", async () => {
    await project.json(0, "downgrade", "base");
    const run = onTerminal(project, "upgrade", "r002");
    await until(async () => /SELECT (pg_sleep|SLEEP)/.test(run.screen()));
    run.type("\u0003");
    expect(await run.ended).toBe(130);
    expect(run.screen()).toMatch(/stopping after the running statement; once more stops at once/);
    expect(run.screen()).toMatch(/The last statement that ran was statement 1 of 2 of r002/);
    expect(await current()).toEqual(["r001"]);
    await project.json(0, "upgrade", "r002");
  });

  it("Ctrl-C twice stops at once", async () => {
    await project.json(0, "upgrade", "r002");
    const run = onTerminal(project, "upgrade", "r003");
    await until(async () => /SELECT (pg_sleep|SLEEP)/.test(run.screen()));
    const begun = performance.now();
    run.type("\u0003");
    await until(async () => /once more stops at once/.test(run.screen()));
    run.type("\u0003");
    expect(await run.ended).toBe(130);
    expect(performance.now() - begun).toBeLessThan(10_000);
    const sessions =
      engine === "postgres"
        ? "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(20)%' AND datname = current_database()"
        : "SELECT id FROM information_schema.processlist WHERE info LIKE 'SELECT SLEEP(20)%' AND db = DATABASE()";
    for (const { id } of await project.database.db.query(sessions)) if (id) await project.database.db.query(`KILL ${id}`);
    expect(await current()).toEqual(["r002"]);
  });

  it("repair asks, and nothing but yes is a yes", async () => {
    await project.json(0, "upgrade", "r002");
    await project.database.db.query("UPDATE limbeck_revision SET parents = '[]' WHERE id = 'r002'");
    const no = onTerminal(project, "repair");
    await until(async () => /Mend the journal so\? y\/N/.test(no.screen()));
    no.type("no\r");
    expect(await no.ended).toBe(6);
    const yes = onTerminal(project, "repair");
    await until(async () => /Mend the journal so\? y\/N/.test(yes.screen()));
    yes.type("yes\r");
    expect(await yes.ended).toBe(0);
    expect(yes.screen()).toMatch(/mended.* record that r002 follows r001/);
  });

  it("repair mends nothing when another run has written the journal before the answer", async () => {
    await project.json(0, "upgrade", "r002");
    await project.database.db.query("UPDATE limbeck_revision SET parents = '[]' WHERE id = 'r002'");
    const asked = onTerminal(project, "repair");
    await until(async () => /Mend the journal so\? y\/N/.test(asked.screen()));
    await project.database.db.query("DELETE FROM limbeck_revision WHERE id = 'r002'");
    asked.type("yes\r");
    expect(await asked.ended).toBe(4);
    expect(asked.screen()).toMatch(/The journal is another than when it was looked at\. Nothing was mended\..*limbeck repair/s);
    expect(await current()).toEqual(["r001"]);
  });
});

describe.skipIf(!hasScript())("a question on a terminal", () => {
  const drop = 'op.dropColumn("b", { name: "old", type: "int" });';
  const add = 'op.addColumn("b", { name: "fresh", type: "int" });';
  const back = 'op.dropColumn("b", { name: "fresh", type: "int" }); op.addColumn("b", { name: "old", type: "int" });';
  const review = '\n  review: [{ id: "r1", kind: "rename", table: "b", from: "old", to: "fresh", evidence: ["same type"] }],';
  const project = useProjectWithout({
    "ormconfig.ts": 'export default { type: "postgres", url: "postgres://nobody@127.0.0.1:1/none" };\n',
    "migrations/r001.ts": revisionFile("r001", [], drop + add, back, review),
  });
  const asked = async () => {
    const run = onTerminal(project, "resolve", "r001");
    await until(async () => run.screen().includes("b: old → fresh: a rename?"));
    return run;
  };

  it.each(["\u0003", "\u0004"])("that is broken off by %j changes nothing, and is no failure", async (key) => {
    const before = project.read("migrations/r001.ts");
    const run = await asked();
    run.type(key);
    expect(await run.ended).toBe(130);
    expect(run.screen()).toMatch(/was not answered. Nothing was changed/);
    expect(project.read("migrations/r001.ts")).toBe(before);
  });

  it("is asked again when nobody can tell what the answer means", async () => {
    const run = await asked();
    run.type("perhaps\r");
    await until(async () => run.screen().split("a rename?").length === 3);
    run.type("y\r");
    expect(await run.ended).toBe(0);
    expect(project.read("migrations/r001.ts")).toContain('op.renameColumn("b", "old", "fresh")');
  });
});
