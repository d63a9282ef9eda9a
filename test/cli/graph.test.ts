import { describe, expect, it } from "vitest";
import { engines } from "../support/databases.ts";
import { ormconfig, useProject } from "../support/project.ts";
import { entity, revisionFile } from "./shell.ts";

const table = (name: string) => `op.createTable("${name}", { columns: [{ name: "id", type: "int" }] });`;

// what the files say is the same on every engine
describe.each(engines.slice(0, 1))("revision files that are broken, on %s", (engine) => {
  const project = useProject(engine, {
    "ormconfig.ts": ormconfig(engine),
    "models/exam.ts": entity("Exam", "exams"),
    "migrations/r001.ts": revisionFile("r001", [], table("a"), "op.execute(sql`DROP TABLE a`);"),
    "migrations/r002.ts": revisionFile("r002", ["r001"], table("b"), "op.execute(sql`DROP TABLE b`);"),
  });
  const second = () => project.read("migrations/r002.ts");
  /** What `upgrade head` says while this file stands there. */
  const told = async (code: number, file: string, text: string, ...command: readonly string[]) => {
    const before = project.exists(file) ? project.read(file) : null;
    project.write({ [file]: text });
    try {
      return (await project.json(code, ...(command.length > 0 ? command : ["upgrade", "head"]))).error;
    } finally {
      if (before === null) project.remove(file);
      else project.write({ [file]: before });
    }
  };

  it("two with one id: both files are named, whatever the command", async () => {
    for (const command of [["upgrade", "head"], ["history"], ["current"]]) {
      const error = await told(6, "migrations/copy.ts", revisionFile("r002", ["r001"]), ...command);
      expect(error).toMatchObject({ code: "duplicate-revision", message: expect.stringMatching(/copy\.ts.*r002\.ts/) });
    }
    project.write({ "migrations/copy.ts": revisionFile("r002", ["r001"]) });
    const { checks } = await project.json(1, "doctor");
    expect(checks.find(({ ok }: { ok: boolean }) => !ok)).toMatchObject({ name: "graph", fix: expect.stringMatching(/id of its own/) });
    project.remove("migrations/copy.ts");
  });

  it("an unknown parent, a cycle, an id that must be run to be known", async () => {
    const orphan = await told(6, "migrations/r003.ts", revisionFile("r003", ["r00x"]));
    expect(orphan).toMatchObject({
      code: "unknown-parent",
      message: expect.stringMatching(/r003\.ts\) names r00x/),
      hint: expect.stringMatching(/r00x/),
    });
    project.write({ "migrations/r003.ts": revisionFile("r003", ["r002", "r00x"]) });
    for (const command of ["history", "heads", "branches", "current"]) {
      // they go on, and say what they could not follow
      expect(await project.run(command)).toMatchObject({ code: 0, stderr: expect.stringMatching(/r003\.ts\) names r00x as its parent/) });
    }
    project.remove("migrations/r003.ts");
    const cycle = await told(6, "migrations/r001.ts", revisionFile("r001", ["r002"]));
    expect(cycle).toMatchObject({ code: "cycle", message: expect.stringMatching(/r001 \(.*r001\.ts\) -> r002 \(.*r002\.ts\)/) });
    const loop = await told(6, "migrations/r001.ts", revisionFile("r001", ["r001"]));
    expect(loop).toMatchObject({ code: "self-loop", message: expect.stringMatching(/r001\.ts\) names itself/) });
    const label = await told(6, "migrations/r003.ts", revisionFile("r003", ["r002"], "", "", ' labels: ["r001"],'));
    expect(label).toMatchObject({ code: "duplicate-label", message: expect.stringMatching(/r003\.ts.*r001\.ts/) });
    const unread = await told(6, "migrations/r002.ts", second().replace('id: "r002"', "id: idOf(2)"));
    expect(unread).toMatchObject({ code: "unreadable-header", message: expect.stringMatching(/r002\.ts:4:/) });
  });

  it("a syntax error: file and line, and the commands that only read heads go on", async () => {
    const broken = second().replace("upgrade(op) {", "upgrade(op) {{{");
    const error = await told(2, "migrations/r002.ts", broken);
    expect(error).toMatchObject({ code: "syntax-error", message: expect.stringMatching(/migrations\/r002\.ts:\d+:/) });
    project.write({ "migrations/r003.ts": revisionFile("r003", ["r002"]).replace("upgrade(op) {", "upgrade(op) {{{") });
    expect((await project.json(0, "history")).revisions).toHaveLength(3);
    project.remove("migrations/r003.ts");
  });

  it("what its code throws is told with file and line", async () => {
    const threw = await told(1, "migrations/r002.ts", second().replace(table("b"), 'throw new Error("not today");'));
    expect(threw).toMatchObject({ code: "revision-threw", message: expect.stringMatching(/not today\n.*r002\.ts:10/) });
    const misused = await told(2, "migrations/r002.ts", second().replace(table("b"), 'op.addColumn("a");'));
    expect(misused).toMatchObject({ code: "bad-operation", message: expect.stringMatching(/r002\.ts:10.*addColumn/) });
    const unknown = await told(6, "migrations/r002.ts", second().replace(table("b"), 'op.addColum("a");'));
    expect(unknown.message).toMatch(/r002\.ts:10.*addColum/);
    expect((await project.json(0, "current")).heads).toEqual([]);
  });

  it("formatting an applied revision is fine, editing what it does is not", async () => {
    await project.json(0, "upgrade", "head");
    const before = second();
    project.write({
      "migrations/r002.ts": before.replace(
        table("b"),
        `// made wider\n    op.createTable(\n      "b",\n      { columns: [{ type: "int", name: "id" }] },\n    );`,
      ),
    });
    expect((await project.json(0, "upgrade", "head")).applied).toEqual([]);
    project.write({ "migrations/r002.ts": before.replace('"int"', '"bigint"') });
    for (const command of [["upgrade", "head"], ["downgrade", "-1"], ["check"], ["revision", "--autogenerate"]]) {
      const { error } = await project.json(6, ...command);
      expect(error).toMatchObject({
        code: "edited-revision",
        details: { revisions: ["r002"] },
        hint: expect.stringMatching(/limbeck revision/),
      });
    }
    const { checks } = await project.json(1, "doctor");
    expect(checks.find(({ ok }: { ok: boolean }) => !ok)).toMatchObject({
      name: "journal",
      fix: expect.stringMatching(/limbeck revision/),
    });
    project.write({ "migrations/r002.ts": before });
  });

  it("an applied revision whose file is gone is met before anything is done", async () => {
    const before = second();
    project.remove("migrations/r002.ts");
    for (const command of [["upgrade", "head"], ["downgrade", "base"], ["check"], ["revision", "--autogenerate"]]) {
      const { error } = await project.json(6, ...command);
      expect(error).toMatchObject({
        code: "unknown-applied",
        details: { revisions: ["r002"] },
        hint: expect.stringMatching(/limbeck (?:repair|stamp --purge)/),
      });
    }
    expect(await project.json(0, "current")).toMatchObject({ heads: ["r002"], unknown: ["r002"], atHead: false });
    const { stdout } = await project.run("current");
    expect(stdout).toMatch(/r002 is applied, but no file has it\n.*limbeck doctor/);
    expect(stdout).not.toMatch(/nothing applied/);
    // another way out
    expect(await project.json(0, "stamp", "--purge", "r001")).toEqual({ heads: ["r001"] });
    project.write({ "migrations/r002.ts": before });
    expect((await project.json(0, "current")).pending).toEqual(["r002"]);
    await project.json(0, "stamp", "head");
    expect((await project.json(0, "downgrade", "base")).reverted).toHaveLength(2);
  });

  it("a branch is told, and joined", async () => {
    project.write({ "migrations/r003.ts": revisionFile("r003", ["r001"]), "migrations/r0025.ts": revisionFile("r0025", ["r002"]) });
    expect(await project.json(2, "upgrade", "head")).toMatchObject({
      error: { code: "several-heads", details: { choices: ["r0025", "r003"] }, hint: expect.stringMatching(/heads.*limbeck merge heads/) },
    });
    expect((await project.json(0, "heads")).heads).toEqual(["r0025", "r003"]);
    expect((await project.json(0, "branches")).branches).toEqual([{ id: "r001", labels: [], children: ["r002", "r003"] }]);
    expect((await project.json(0, "history", "-r", "r001:r0025")).revisions.map(({ id }: { id: string }) => id)).toEqual([
      "r0025",
      "r002",
      "r001",
    ]);
    expect((await project.run("history", "--graph")).stdout).toMatch(
      /^\* .*r003.*\n\| \* .*r0025.*\n\| \* .*r002.*\n\|\/\n\* base → r001.*\n$/,
    );
    expect((await project.run("history", "--graph", "-v")).stdout).toMatch(/^\* Revision r003.*\n\| Parents: {2}r001\n/);
    const merged = await project.json(0, "merge", "heads", "-m", "join", "--rev-id", "r004");
    expect(merged).toMatchObject({ id: "r004", parents: ["r0025", "r003"], conflicts: [] });
    expect((await project.json(2, "merge", "heads")).error.code).toBe("nothing-to-merge");
    expect((await project.json(0, "upgrade", "head")).heads).toEqual(["r004"]);
    expect((await project.json(0, "show", "current")).id).toBe("r004");
  });

  it("revision arguments that mean nothing, or too much, are errors that list the choices", async () => {
    expect((await project.json(2, "show", "r00")).error).toMatchObject({
      code: "ambiguous-revision",
      details: { choices: expect.arrayContaining(["r001", "r004"]) },
    });
    expect((await project.json(6, "upgrade", "r05")).error).toMatchObject({ code: "unknown-revision" });
    expect((await project.json(2, "upgrade", "+9")).error.code).toBe("too-far");
    expect((await project.json(2, "show", "r001-5")).error.code).toBe("too-far");
    expect((await project.json(2, "upgrade", "-1")).error).toMatchObject({ code: "wrong-direction", hint: "limbeck downgrade -1" });
    expect((await project.json(6, "history", "-r", "r001:nonsense")).error.code).toBe("unknown-revision");
  });
});
