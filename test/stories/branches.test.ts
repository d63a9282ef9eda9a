import { describe, expect, it } from "vitest";
import { revisionFile } from "../cli/shell.ts";
import { engines } from "../support/databases.ts";
import { ormconfig, useProject } from "../support/project.ts";

const columns = `{ columns: [{ name: "id", type: "int" }] }`;
/** A revision that makes a table of its own name. */
const made = (id: string, parents: readonly string[] = [], more = "", down = "") =>
  revisionFile(id, parents, `op.createTable("t_${id}", ${columns});`, `${down}op.dropTable("t_${id}", ${columns});`, more);

/**
 *     start → middle → left1
 *                    → right1 → right2
 */
const files = {
  "migrations/01.ts": made("start"),
  "migrations/02.ts": made("middle", ["start"]),
  "migrations/03.ts": made("left1", ["middle"], ` labels: ["left"],`),
  "migrations/04.ts": made("right1", ["middle"], ` labels: ["right"],`),
  "migrations/05.ts": made("right2", ["right1"]),
};
const tables = (engine: string) =>
  `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = ${engine === "postgres" ? "'public'" : "database()"}`;

describe.each(engines)("a history with branches, on %s", (engine) => {
  const project = useProject(engine, { "ormconfig.ts": ormconfig(engine), "models/none.ts": "export {};\n", ...files });
  const empty = (...more: readonly string[]) => ["revision", "--empty", "-m", "new", "--dry-run", ...more];

  it("is looked at without a trace in the database", async () => {
    expect(await project.json(0, "current")).toMatchObject({ heads: [], pending: ["start", "middle", "left1", "right1", "right2"] });
    await project.json(3, "current", "--check");
    await project.json(0, "history", "-i");
    expect(await project.database.db.query(tables(engine))).toEqual([]);
  });

  it("asks of a new revision where it goes; amid a branch only with --splice", async () => {
    expect((await project.json(2, ...empty())).error).toMatchObject({ code: "several-heads", details: { choices: ["left1", "right2"] } });
    const { error } = await project.json(2, ...empty("--head", "middle"));
    expect(`${error.message} ${error.hint}`).toMatch(/middle.*--splice/s);
    expect(await project.json(0, ...empty("--head", "middle", "--splice"))).toMatchObject({ parents: ["middle"] });
    expect(await project.json(0, ...empty("--head", "right@head"))).toMatchObject({ parents: ["right2"] });
    expect((await project.json(0, "heads")).heads).toEqual(["left1", "right2"]);
  });

  it("has a script for any range, by parts of ids, and none that drops the journal", async () => {
    const sql = async (...args: readonly string[]) => (await project.run(...args, "--sql")).stdout;
    expect(await sql("upgrade", "base:midd")).toMatch(/CREATE TABLE[^;]*limbeck_revision.*t_start.*t_middle/s);
    const later = await sql("upgrade", "midd:right1");
    expect(later).not.toMatch(/t_start|t_left1|t_right2/);
    expect(later).toMatch(/t_right1/);
    const back = await sql("downgrade", "right2:base");
    expect(back).toMatch(/DROP TABLE[^;]*t_start/);
    expect(back).not.toMatch(/DROP TABLE[^;]*limbeck_revision/);
    expect(await sql("upgrade", "left1:right1")).toMatch(/not recorded, but needed: middle.*CREATE TABLE[^;]*t_right1/s);
    expect((await project.json(2, "upgrade", "right2:middle", "--sql")).error).toMatchObject({
      code: "wrong-direction",
      hint: "limbeck downgrade right2:middle --sql",
    });
    expect((await project.json(2, "downgrade", "middle:right2", "--sql")).error).toMatchObject({
      code: "wrong-direction",
      hint: "limbeck upgrade middle:right2 --sql",
    });
    expect((await project.json(2, "downgrade", "left1:right2", "--sql")).error).toMatchObject({ code: "not-below" });
    // where a step down from a merge leads needs no choice
    project.write({ "migrations/07.ts": made("both", ["left1", "right2"]) });
    expect(await sql("downgrade", "head:-1")).toMatch(/DROP TABLE[^;]*t_both/);
    project.remove("migrations/07.ts");
  });

  it.runIf(engine === "postgres")("tells with each question of a script what to do about that", async () => {
    const { stdout } = await project.run("upgrade", "base:right2", "--sql");
    const [, ...questions] = stdout.split("What is there does not allow it");
    expect(questions.length).toBeGreaterThan(1);
    for (const question of questions) expect(question).toMatch(/HINT = 'an administrator types what stands in brackets/);
  });

  it("asks where a script downwards begins, and names the ways there are", async () => {
    const hint = async (target: string) => (await project.json(2, "downgrade", target, "--sql")).error.hint.split("\nor: ");
    const from = (...ranges: readonly string[]) => ranges.map((range) => `limbeck downgrade ${range} --sql`);
    expect(await hint("start")).toEqual(from("heads:start", "left1:start", "right2:start"));
    expect(await hint("right1")).toEqual(from("heads:right1", "right2:right1"));
    expect(await hint("-1")).toEqual(from("left1:-1", "right2:-1"));
    expect(await hint("right1:")).toEqual(from("right1:base"));
  });

  it("has a script for a stamp, from one place only", async () => {
    expect((await project.json(2, "stamp", "start:left1", "middle:right2", "--sql")).error).toMatchObject({
      code: "bad-range",
      message: expect.stringMatching(/one place, not at start and middle/),
    });
    expect((await project.json(2, "stamp", "start:left1", "--purge", "--sql")).error.code).toBe("bad-range");
    expect((await project.json(2, "stamp", "start:left1")).error).toMatchObject({
      code: "bad-range",
      message: expect.stringMatching(/is a range/),
    });
  });

  it("shows what lies between what is applied and some steps from there", async () => {
    await project.json(0, "upgrade", "right1");
    const listed = async (range: string) =>
      (await project.json(0, "history", "-r", range)).revisions.map(({ id }: { readonly id: string }) => id);
    expect(await listed("-2:current")).toEqual(["right1", "middle", "start"]);
    expect(await listed("current:+1")).toEqual(["right2", "right1"]);
    expect(await project.json(3, "current", "--check")).toMatchObject({ heads: ["right1"], atHead: false });
  });

  it("ends where a row of the journal is not what the run has left it as", async () => {
    project.write({
      "migrations/06.ts": made("left2", ["left1"], "", "op.execute(sql`DELETE FROM limbeck_revision WHERE id = 'left2'`);"),
    });
    await project.json(0, "upgrade", "left2");
    const { error } = await project.json(1, "downgrade", "left@-1");
    expect(error.code).toBe("journal-failed");
    expect(error.message).toMatch(/was to change in 1 row, and 0 did/);
  });
});
