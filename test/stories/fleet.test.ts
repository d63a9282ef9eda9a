import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { revisionFile, start } from "../cli/shell.ts";
import { createDatabase, dropDatabase, type Engine, engines, type TestDatabase } from "../support/databases.ts";
import { ormconfig, useProject } from "../support/project.ts";

const table = (engine: Engine, name: string) =>
  `"${name}", { columns: [{ name: "id", type: "${engine === "postgres" ? "integer" : "int"}" }] }`;
const files = (engine: Engine) => ({
  "ormconfig.ts": ormconfig(engine),
  "migrations/r001.ts": revisionFile("r001", [], `op.createTable(${table(engine, "a")});`, `op.dropTable(${table(engine, "a")});`),
  "migrations/r002.ts": revisionFile("r002", ["r001"], `op.createTable(${table(engine, "b")});`, `op.dropTable(${table(engine, "b")});`),
});

interface Told {
  readonly target: string;
  readonly state: string;
  readonly revisions: readonly string[];
  readonly heads: readonly string[];
  readonly error: { readonly code: string; readonly message: string } | null;
}
const states = (targets: readonly Told[]) => Object.fromEntries(targets.map(({ target, state }) => [target, state]));

describe.skipIf(!engines.includes("postgres"))("five hundred schemas of one database", () => {
  const project = useProject("postgres", files("postgres"));
  const names = Array.from({ length: 500 }, (_, i) => `tenant_${String(i).padStart(3, "0")}`);
  const sql = (text: string) => project.database.db.query(text);
  const count = async (where: string) => Number((await sql(`SELECT count(*) AS n FROM information_schema.tables WHERE ${where}`))[0]?.n);

  beforeAll(async () => {
    await sql(names.map((name) => `CREATE SCHEMA ${name}`).join(";"));
    project.write({ "tenants.txt": `# all of them\n${names.join("\n")}\n` });
  });

  it("are upgraded a few at a time, each with its own journal, and a second run finds nothing to do", async () => {
    await sql(`CREATE TABLE tenant_400.b (id int)`);
    const begun = performance.now();
    const run = start(project, ["upgrade", "head", "--targets", "tenants.txt", "--concurrency", "6", "--json"]);
    let most = 0;
    const watch = setInterval(() => {
      sql("SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'limbeck'").then(
        ([row]) => {
          most = Math.max(most, Number(row?.n));
        },
      );
    }, 100);
    const { code, json, stderr } = await run.ended;
    clearInterval(watch);
    console.log(`500 schemas, 2 revisions each: ${Math.round(performance.now() - begun)} ms, at most ${most} connections`);
    expect(code).toBe(1);
    const failed = json.targets.filter(({ state }: Told) => state === "failed");
    expect(failed).toMatchObject([
      { target: "tenant_400", error: { code: "statement-failed", message: expect.stringMatching(/already exists/) } },
    ]);
    // six at work and the one that looks
    expect(most).toBeLessThanOrEqual(6 * 2 + 1);
    const events = stderr
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(events.filter(({ event }) => event === "target").length).toBe(
      json.targets.filter(({ state }: Told) => state !== "not-begun").length,
    );

    await sql("DROP TABLE tenant_400.b");
    const again = await project.json(0, "upgrade", "head", "--targets", "tenants.txt", "--concurrency", "6");
    expect(again.targets.every(({ heads }: Told) => heads[0] === "r002")).toBe(true);
    expect(await count("table_name = 'limbeck_revision' AND table_schema LIKE 'tenant_%'")).toBe(500);
    expect(await count("table_name IN ('a', 'b') AND table_schema LIKE 'tenant_%'")).toBe(1000);
    expect(await count("table_schema = 'public'")).toBe(0);

    const { targets } = await project.json(0, "downgrade", "r001", "--targets", "tenants.txt", "--target", "tenant_00*", "tenant_499");
    expect(targets.map(({ target, state, heads }: Told) => [target, state, heads])).toEqual(
      [...names.slice(0, 10), "tenant_499"].map((name) => [name, "done", ["r001"]]),
    );
  });

  it("a schema that is not there is not passed over for the next one", async () => {
    await sql(
      "CREATE SCHEMA extensions; CREATE EXTENSION citext SCHEMA extensions; CREATE EXTENSION hstore SCHEMA public; CREATE TABLE public.a (id int)",
    );
    project.write({ "more.json": '["nowhere", { "name": "here", "schema": "tenant_000" }]' });
    const { targets } = await project.json(1, "upgrade", "head", "--targets", "more.json", "--max-failures", "2", "--canary", "here");
    expect(targets).toMatchObject([{ state: "failed", error: { code: "schema-missing" } }, { state: "done" }]);
    project.write({
      "migrations/r003.ts": revisionFile(
        "r003",
        ["r002"],
        "op.execute(sql`CREATE TABLE emails (email citext)`);",
        "op.execute(sql`DROP TABLE emails`);",
      ),
      "migrations/r004.ts": revisionFile("r004", ["r003"], "op.execute(sql`DROP TABLE a`);", "op.execute(sql`CREATE TABLE a (id int)`);"),
    });
    await sql("DROP TABLE tenant_000.a");
    const next = await project.json(1, "upgrade", "head", "--targets", "more.json", "--target", "here");
    expect(next.targets).toMatchObject([{ state: "failed", error: { code: "statement-failed" } }]);
    expect(await count("table_schema = 'public' AND table_name = 'a'")).toBe(1);
    expect(await count("table_schema = 'tenant_000' AND table_name = 'emails'")).toBe(1);
    project.remove("migrations/r003.ts");
    project.remove("migrations/r004.ts");
  });
});

describe.each(engines)("several databases on %s", (engine) => {
  const project = useProject(engine, {
    ...files(engine),
    "migrations/r002.ts": revisionFile(
      "r002",
      ["r001"],
      "op.execute(sql`INSERT INTO gate VALUES (1)`);",
      "op.execute(sql`DELETE FROM gate`);",
    ),
  });
  const others: TestDatabase[] = [];
  beforeAll(async () => {
    for (let i = 0; i < 4; i++) others.push(await createDatabase(engine));
    const [one, two, three, four] = others as [TestDatabase, TestDatabase, TestDatabase, TestDatabase];
    project.write({
      "ormconfig.ts": `${ormconfig(engine)}
export const limbeck = { targets: {
  one: ${JSON.stringify(one.url)},
  two: { url: "\${URL_OF_TWO}" },
  three: ${JSON.stringify(three.url)},
  four: ${JSON.stringify(engine === "mysql" ? { schema: four.name } : { url: four.url })},
} };
`,
    });
    for (const { db } of [one, two, four]) await db.query("CREATE TABLE gate (id int)");
    process.env.URL_OF_TWO = two.url;
  });
  afterAll(async () => {
    delete process.env.URL_OF_TWO;
    for (const { db, name } of others) {
      await db.close();
      await dropDatabase(engine, name);
    }
  });

  it("the canary goes first: when it fails, nothing else is begun", async () => {
    const { targets } = await project.json(1, "upgrade", "head", "--target", "*", "--canary", "three");
    expect(states(targets)).toEqual({ one: "not-begun", two: "not-begun", three: "failed", four: "not-begun" });
  });

  it("failures up to a number stop nothing, and the run goes on where it was", async () => {
    const { code, stdout, stderr } = await project.run("upgrade", "head", "--target", "*", "--max-failures", "2");
    expect(code).toBe(1);
    expect(stdout).toMatch(/^one +done +2 revisions +at r002/m);
    expect(stdout).toMatch(/^three +failed +statement-failed: .*gate/m);
    expect(stdout).toMatch(/\n3 done, 1 failed\n$/);
    expect(stderr).toMatch(/three +failed/);
    await others[2]?.db.query("CREATE TABLE gate (id int)");
    const { targets } = await project.json(0, "upgrade", "head", "--target", "*");
    expect(states(targets)).toEqual({ one: "nothing", two: "nothing", three: "done", four: "nothing" });
    expect((await project.json(0, "downgrade", "base", "--target", "o*", "two")).targets).toMatchObject([
      { state: "done" },
      { state: "done" },
    ]);
    expect((await project.json(0, "current")).heads).toEqual([]);
  });

  it("current says where each of them is, also when one can't be reached", async () => {
    await project.json(0, "upgrade", "head", "--target", "*");
    await project.json(0, "downgrade", "r001", "--target", "two");
    const [, , three] = others;
    await three?.db.query("UPDATE limbeck_revision SET status = 'applying', done = 0, error = 'killed' WHERE id = 'r002'");
    const { targets } = await project.json(0, "current", "--target", "*");
    expect(targets).toMatchObject([
      { target: "one", heads: ["r002"], atHead: true, pending: [], error: null },
      { target: "two", heads: ["r001"], atHead: false, pending: ["r002"], interrupted: null },
      { target: "three", heads: ["r001"], atHead: false, interrupted: { id: "r002", direction: "upgrade", error: "killed" } },
      { target: "four", heads: ["r002"], atHead: true },
    ]);
    const { code, stdout } = await project.run("current", "--target", "*", "--check");
    expect(code).toBe(3);
    expect(stdout.split("\n").slice(0, 5)).toEqual([
      "one    at head   at r002",
      "two    behind    at r001  1 pending",
      "three  half way  at r001  upgrade of r002 after 0 of 1  1 pending",
      "four   at head   at r002",
      "2 at head, 1 behind, 1 half way",
    ]);
    project.write({ "two.txt": `gone ${others[0]?.url.replace(/\/[^/]*$/, "/no_such_database")}\none ${others[0]?.url}` });
    const broken = await project.run("current", "--targets", "two.txt", "--check");
    expect(broken.code).toBe(1);
    expect(broken.stdout).toMatch(/^gone {2}failed +database-missing: .*\none {3}at head/);
    expect((await project.json(2, "current", "--concurrency", "2")).error.code).toBe("bad-option");
    await three?.db.query("UPDATE limbeck_revision SET status = 'applied', done = 1, error = NULL WHERE id = 'r002'");
    await project.json(0, "upgrade", "head", "--target", "two");
  });

  it("what is wrong with the targets is said before anything is run", async () => {
    const code = async (...args: readonly string[]) => (await project.json(2, "upgrade", "head", ...args)).error.code;
    expect(await code("--target", "five")).toBe("unknown-target");
    expect(await code("--target", "one", "--canary", "two")).toBe("unknown-target");
    expect(await code("--targets", "missing.txt")).toBe("bad-targets");
    project.write({
      "empty.txt": "# none\n",
      "twice.txt": "a\na\n",
      "wrong.json": '{ "a": 1 }',
      "broken.json": "{ a",
      "unset.txt": "a postgres://x:${NO_SUCH_SECRET}@h/d",
    });
    expect(await code("--targets", "empty.txt")).toBe("no-targets");
    for (const file of ["twice.txt", "wrong.json", "broken.json"]) expect(await code("--targets", file)).toBe("bad-targets");
    expect(await code("--targets", "unset.txt")).toBe("target-variable");
    expect(await code("--target", "one", "--sql")).toBe("bad-option");
    expect(await code("--concurrency", "2")).toBe("bad-option");
    expect(await code("--target", "one", "--concurrency", "0")).toBe("bad-option");
  });
});
