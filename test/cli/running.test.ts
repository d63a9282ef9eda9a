import { describe, expect, it } from "vitest";
import { engines } from "../support/databases.ts";
import { ormconfig, useProject } from "../support/project.ts";
import { entity, revisionFile, start, until } from "./shell.ts";

const table = (name: string) => `op.createTable("${name}", { columns: [{ name: "id", type: "int" }] });`;
const drop = (name: string) => `op.dropTable("${name}", { columns: [{ name: "id", type: "int" }] });`;

describe.each(engines)("a run that is slow, on %s", (engine) => {
  const sleep = (seconds: number) => `op.execute(sql\`SELECT ${engine === "postgres" ? "pg_sleep" : "SLEEP"}(${seconds})\`);`;
  const project = useProject(engine, {
    "ormconfig.ts": ormconfig(engine),
    "migrations/r001.ts": revisionFile("r001", [], table("first"), drop("first")),
    "migrations/r002.ts": revisionFile("r002", ["r001"], `${table("a")} ${sleep(1.5)} ${table("b")}`, `${drop("b")} ${drop("a")}`),
  });

  const asleep = () =>
    until(async () => {
      const sql =
        engine === "postgres"
          ? "SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND datname = current_database() AND query LIKE 'SELECT pg_sleep%'"
          : "SELECT 1 FROM information_schema.processlist WHERE db = DATABASE() AND info LIKE 'SELECT SLEEP%'";
      return (await project.database.db.query(sql)).length > 0;
    });

  it("is waited for by a second one, which then has nothing to do; with --wait 0 it ends with 5", async () => {
    const first = start(project, ["upgrade", "head", "--json"]);
    await asleep();
    const second = start(project, ["upgrade", "head"]);
    const hasty = await project.run("upgrade", "head", "--wait", "0", "--json");
    expect(hasty.code).toBe(5);
    expect(hasty.json.error).toMatchObject({
      code: "locked",
      message: expect.stringMatching(/Another run holds the lock/),
      hint: expect.stringMatching(/--wait/),
    });
    expect(await first.ended).toMatchObject({ code: 0, json: { heads: ["r002"] } });
    const waited = await second.ended;
    expect(waited).toMatchObject({ code: 0, stdout: "nothing to do, now at r002\n" });
    expect(waited.stderr).toMatch(/^waiting for another run to end: session \d+/);
    await project.json(0, "downgrade", "r001");
  });

  it("stops after its statement at Ctrl-C, keeps the journal right, and the next run finishes", async () => {
    const run = start(project, ["upgrade", "head", "--json"]);
    await asleep();
    run.child.kill("SIGINT");
    const { code, json, stderr } = await run.ended;
    expect(code).toBe(130);
    expect(stderr).toMatch(/stopping after the running statement/);
    expect(json.error).toMatchObject({
      code: "interrupted",
      details: { revision: "r002" },
      hint: expect.stringMatching(/run the same command again/),
    });
    const current = await project.json(0, "current");
    expect(current.heads).toEqual(["r001"]);
    if (engine === "postgres") {
      expect(json.error.message).toMatch(/All of revision r002 was rolled back/);
      expect(current.interrupted).toBe(null);
    } else {
      expect(json.error.message).toMatch(/2 of 3 statements of revision r002 stand/);
      expect(current.interrupted).toMatchObject({ id: "r002", direction: "upgrade", done: 2, total: 3 });
      expect((await project.run("current")).stdout).toMatch(/go on with: limbeck upgrade/);
      const { checks } = await project.json(1, "doctor");
      expect(checks.find(({ name }: { name: string }) => name === "journal")).toMatchObject({ fix: "go on with: limbeck upgrade r002" });
    }
    expect((await project.json(0, "upgrade", "head")).heads).toEqual(["r002"]);
    await project.database.db.query("SELECT 1 FROM a JOIN b ON a.id = b.id");
  });

  it("says what it is at on stderr with -v, nothing with -q, and no bar where there is no terminal", async () => {
    await project.json(0, "downgrade", "r001");
    const told = await project.run("upgrade", "head", "-v");
    expect(told.stderr).toMatch(/^upgrade r002 about r002 \(3 statements\)\nr002 1\/3 CREATE TABLE .a./);
    for (const sign of ["█", "░", "\u001b"]) expect(told.stderr).not.toContain(sign);
    expect(told.stdout).toMatch(/^applied r002 about r002 3 statements, \d+ ms\nnow at r002\n$/);
    expect(await project.run("downgrade", "r001", "-q")).toMatchObject({ code: 0, stdout: "", stderr: "" });
  });
});

describe.each(engines)("ways to run, on %s", (engine) => {
  const type = engine === "postgres" ? "integer" : "int";
  const fails = "op.execute(sql`SELECT no_such_column`);";
  const config = (settings: string) => `${ormconfig(engine)}\nexport const limbeck = ${settings};\n`;
  const project = useProject(engine, {
    "ormconfig.ts": ormconfig(engine),
    "models/exam.ts": entity("Exam", "exams"),
    "migrations/r001.ts": revisionFile("r001", [], table("a"), drop("a")),
    "migrations/r002.ts": revisionFile("r002", ["r001"], table("b"), drop("b")),
    "migrations/r003.ts": revisionFile("r003", ["r002"], `${table("c")} ${fails}`, drop("c")),
  });
  const tables = async () =>
    (
      await project.database.db.query(
        `SELECT table_name AS name FROM information_schema.tables WHERE table_schema IN ('public', '${project.database.name}') ORDER BY 1`,
      )
    ).map(({ name }) => name);

  it("--dry-run shows the statements and does nothing", async () => {
    const { stdout } = await project.run("upgrade", "r002", "--dry-run");
    expect(stdout).toMatch(/^-- r001 about r001\nCREATE TABLE .a. /);
    expect((await project.json(0, "upgrade", "r002", "--dry-run")).revisions.map(({ id }: { id: string }) => id)).toEqual(["r001", "r002"]);
    expect(await tables()).toEqual([]);
  });

  it.runIf(engine === "postgres")(
    "a COMMIT in SQL of the author's own is refused before anything is sent, but not without transactions",
    async () => {
      const before = await tables();
      const committing = "op.execute(sql`SELECT 1; COMMIT`);";
      project.write({ "migrations/r003.ts": revisionFile("r003", ["r002"], `${table("c")} ${committing} ${fails}`, drop("c")) });
      const { error } = await project.json(4, "upgrade", "head");
      expect(error).toMatchObject({ code: "transaction-in-sql", message: expect.stringMatching(/r003 says COMMIT/) });
      expect((await project.json(4, "upgrade", "r002:r003", "--sql")).error.code).toBe("transaction-in-sql");
      expect(await tables()).toEqual(before);
      await project.json(0, "upgrade", "r003", "--transaction", "none", "--dry-run");
      project.write({ "migrations/r003.ts": revisionFile("r003", ["r002"], `${table("c")} ${fails}`, drop("c")) });
    },
  );

  it("--transaction says how much a failure takes back", async () => {
    const { error } = await project.json(1, "upgrade", "head", "--transaction", "all");
    expect(error).toMatchObject({ code: "statement-failed", details: { revision: "r003", sql: "SELECT no_such_column" } });
    const together = engine === "postgres";
    expect(await tables()).toEqual(together ? ["limbeck_revision"] : ["a", "b", "c", "limbeck_revision"]);
    expect((await project.json(0, "current")).heads).toEqual(together ? [] : ["r002"]);
    if (!together) return;
    await project.json(1, "upgrade", "head", "--transaction", "none");
    expect(await tables()).toEqual(["a", "b", "c", "limbeck_revision"]);
    expect(await project.json(0, "current")).toMatchObject({ heads: ["r002"], interrupted: { id: "r003", done: 1, total: 2 } });
    expect((await project.json(2, "upgrade", "head", "--transaction", "some")).error.code).toBe("bad-option");
  });

  it("what was left half way can be recorded as it is", async () => {
    expect(await project.json(0, "stamp", "r003")).toEqual({ heads: ["r003"] });
    project.remove("migrations/r003.ts");
    expect((await project.json(3, "current", "--check")).unknown).toEqual(["r003"]);
    await project.json(0, "stamp", "--purge", "r002");
    await project.database.db.query("DROP TABLE c");
    expect((await project.json(0, "downgrade", "base")).heads).toEqual([]);
    expect(await tables()).toEqual(["limbeck_revision"]);
  });

  it("-x reaches op.run, and what op.run throws is told", async () => {
    const code = `op.run("fill", async (db) => {
      if (db.x.tenant === undefined) throw new Error("give -x tenant=NAME");
      await db.query("INSERT INTO b (id) VALUES (" + db.x.tenant + ")");
    });`;
    project.write({ "migrations/r003.ts": revisionFile("r003", ["r002"], code) });
    const { error } = await project.json(1, "upgrade", "head");
    expect(error.message).toMatch(/revision r003 failed: give -x tenant=NAME/);
    await project.json(0, "upgrade", "head", "-x", "tenant=7", "-x", "other=a=b");
    expect(await project.database.db.query("SELECT id FROM b")).toEqual([{ id: "7" }]);
    expect((await project.json(2, "upgrade", "head", "-x", "nothing")).error.code).toBe("bad-option");
    // a script has no place for code
    expect((await project.json(4, "upgrade", "r002:r003", "--sql")).error.hint).toMatch(/--skip-code/);
    expect((await project.run("upgrade", "r002:r003", "--sql", "--skip-code")).stdout).toMatch(/limbeck_revision/);
  });

  it("a loss of data runs, unless --safe or the configuration says otherwise", async () => {
    project.write({ "migrations/r004.ts": revisionFile("r004", ["r003"], drop("b"), table("b")) });
    expect((await project.run("upgrade", "head", "--dry-run")).stdout).toMatch(/-- data-loss: .*b/);
    expect((await project.json(4, "upgrade", "head", "--safe")).error).toMatchObject({
      code: "data-loss",
      message: expect.stringMatching(/r004/),
    });
    project.write({ "ormconfig.ts": config('{ safety: { dataLoss: "block" } }') });
    expect((await project.json(4, "upgrade", "head")).error.code).toBe("data-loss");
    expect(await tables()).toContain("b");
    project.write({ "ormconfig.ts": ormconfig(engine) });
    await project.json(0, "upgrade", "head");
    expect(await tables()).not.toContain("b");
  });

  it("stamp --verify refuses what is not so, and --sql writes the statements", async () => {
    expect((await project.json(4, "stamp", "r002", "--verify")).error).toMatchObject({ code: "not-equal" });
    expect((await project.json(0, "current")).heads).toEqual(["r004"]);
    await project.json(0, "stamp", "r004", "--verify");
    const { stdout } = await project.run("stamp", "r002", "--purge", "--sql");
    expect(stdout).toMatch(/INSERT INTO .*limbeck_revision/);
  });

  it("an open review point stops the upgrade and names the command that answers it", async () => {
    const column = (name: string) => `{ name: "${name}", type: "${type}", nullable: true }`;
    project.write({
      "migrations/r005.ts": revisionFile("r005", ["r004"], `op.addColumn("a", ${column("n")});`, `op.dropColumn("a", ${column("n")});`),
      "migrations/r006.ts": revisionFile(
        "r006",
        ["r005"],
        `op.dropColumn("a", ${column("n")}); op.addColumn("a", ${column("m")});`,
        `op.dropColumn("a", ${column("m")}); op.addColumn("a", ${column("n")});`,
        '\n  review: [{ id: "r1", kind: "rename", table: "a", from: "n", to: "m", confidence: 0.9, evidence: ["the same type"] }],',
      ),
    });
    const { error } = await project.json(4, "upgrade", "head");
    expect(error).toMatchObject({ code: "open-review", details: { revision: "r006" } });
    expect(error.hint).toMatch(/^limbeck resolve r006 --rename a\.n:m\n/);
    expect((await project.json(0, "current")).heads).toEqual(["r004"]);
    expect((await project.json(2, "resolve", "r006")).error.code).toBe("no-answer");
    expect(await project.json(0, "resolve", "r006", "--rename", "a.n:m")).toMatchObject({ open: [] });
    expect((await project.json(0, "upgrade", "head")).heads).toEqual(["r006"]);
  });
});
