import { describe, expect, it } from "vitest";
import { engines } from "../support/databases.ts";
import { ormconfig, useProject, useProjectWithout } from "../support/project.ts";
import { entity, revisionFile } from "./shell.ts";

const table = (name: string) => `op.createTable("${name}", { columns: [{ name: "id", type: "int" }] });`;

// what is wrong with a command is the same on every engine
describe.each(engines.slice(0, 1))("a command that asks for what cannot be, on %s", (engine) => {
  const project = useProject(engine, {
    "ormconfig.ts": ormconfig(engine),
    "models/exam.ts": entity("Exam", "exams"),
    "migrations/r001.ts": revisionFile("r001", [], table("a")),
    "migrations/r002.ts": revisionFile("r002", ["r001"], table("b"), "", ' labels: ["grading"],'),
  });
  const empty = ["revision", "-m", "x", "--empty"];

  it.each<[code: string, exit: number, hint: RegExp, command: readonly string[]]>([
    ["bad-id", 2, /letters, digits/, [...empty, "--rev-id", "a+b"]],
    ["bad-id", 2, /another --rev-id/, [...empty, "--rev-id", "head"]],
    ["duplicate-label", 6, /another --rev-id/, [...empty, "--rev-id", "grading"]],
    ["duplicate-label", 6, /another --branch-label/, [...empty, "--branch-label", "grading"]],
    ["duplicate-label", 6, /another --branch-label/, [...empty, "--branch-label", "r001"]],
    ["bad-label", 2, /no \+ @ or :/, [...empty, "--branch-label", "a@b"]],
    ["bad-label", 2, /heads/, [...empty, "--branch-label", "head"]],
    ["bad-range", 2, /r001:r002/, ["verify", "r002:r001"]],
    ["bad-side", 2, /models, database/, ["diff", "modles"]],
    ["not-parallel", 2, /limbeck heads/, ["merge", "r001", "r002"]],
    ["range-needed", 2, /downgrade head:r001 --sql/, ["downgrade", "r001", "--sql"]],
    ["range-needed", 2, /A:B/, ["squash", "r001", "-m", "x"]],
    ["nothing-to-squash", 2, /limbeck history/, ["squash", "r002:r002", "-m", "x"]],
  ])("is told so, and what to type instead: %s", async (code, exit, hint, command) => {
    expect((await project.json(exit, ...command)).error).toMatchObject({ code, hint: expect.stringMatching(hint) });
  });

  it("reads no file as a revision that is none, or another one when it runs", async () => {
    const told = async (text: string) => {
      project.write({ "migrations/r003.ts": text });
      const { error } = await project.json(6, "show", "r003");
      project.remove("migrations/r003.ts");
      return error;
    };
    const file = revisionFile("r003", ["r002"]);
    expect(await told(file.replace(/\}\);\n$/, "}) && {};\n"))).toMatchObject({ code: "no-revision" });
    expect(await told(file.replace(/\}\);\n$/, '  ...{ id: "r004" },\n});\n'))).toMatchObject({
      code: "header-differs",
      message: expect.stringMatching(/says r003, running it says r004/),
    });
  });
});

describe.each(engines.slice(0, 1))("a project that has nothing yet, on %s", (engine) => {
  const project = useProject(engine, { "ormconfig.ts": ormconfig(engine), "models/exam.ts": entity("Exam", "exams") });

  it("is told what comes first", async () => {
    expect((await project.json(2, "verify")).error).toMatchObject({ code: "nothing-to-verify" });
    expect((await project.json(2, "adopt")).error).toMatchObject({ code: "nothing-to-adopt", hint: "limbeck revision --autogenerate" });
  });
});

describe("a project without a server", () => {
  const enumColumn = (values: string) => `@Column({ type: "enum", enum: [${values}], enumName: "mood" }) mood!: string;`;
  const project = useProjectWithout(
    {
      "ormconfig.ts": ormconfig("postgres"),
      "models/a.ts": entity("A", "a", enumColumn('"sad"')),
      "models/b.ts": entity("B", "b", enumColumn('"sad", "ok"')),
    },
    "postgres://127.0.0.1:1/none",
  );

  it("has entities that share an enum and list other values: both are named", async () => {
    const { error } = await project.json(2, "revision", "--autogenerate", "--offline", "-m", "x");
    expect(error).toMatchObject({ code: "enums-disagree", message: expect.stringMatching(/A.*mood and B.*mood share the enum type mood/) });
  });
});

describe.runIf(engines.includes("postgres"))("a question about the data within the run's one transaction", () => {
  const project = useProject("postgres", {
    "ormconfig.ts": ormconfig("postgres"),
    "migrations/r001.ts": revisionFile("r001", [], "op.execute(sql`CREATE TABLE odd AS SELECT 1 AS id`);"),
    "migrations/r002.ts": revisionFile("r002", ["r001"], 'op.addUnique("odd", { name: "u", columns: ["missing"] });'),
  });

  it("that the server cannot answer stops it, because nothing more could be sent", async () => {
    const { error } = await project.json(1, "upgrade", "head", "--transaction", "all");
    expect(error).toMatchObject({
      code: "precheck-unanswered",
      message: expect.stringMatching(/missing[\s\S]*Nothing of the revision was sent/),
    });
    expect(await project.database.db.query("SELECT to_regclass('odd') AS odd")).toEqual([{ odd: null }]);
  });
});
