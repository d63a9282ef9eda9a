import { describe, expect, it } from "vitest";
import { revisionFile } from "../cli/shell.ts";
import { engines } from "../support/databases.ts";
import { ormconfig, useProject } from "../support/project.ts";

const table = (name: string) => `op.createTable("${name}", { columns: [{ name: "id", type: "int" }] });`;
const gone = (name: string) => `op.dropTable("${name}", { columns: [{ name: "id", type: "int" }] });`;
const revision = (id: string, parents: readonly string[], more: string = "") => revisionFile(id, parents, table(id), gone(id), more);

// what arms do to each other is the same on every engine
describe.each(engines.slice(0, 1))("a branch that is put on top of another, on %s", (engine) => {
  const project = useProject(engine, {
    "ormconfig.ts": ormconfig(engine),
    "models/none.ts": "",
    "migrations/1.ts": revision("first", []),
    "migrations/2.ts": revision("main", ["first"]),
    "migrations/3.ts": revision("mine1", ["first"], '\n  labels: ["mine"],\n  // a comment that stays'),
    "migrations/4.ts": revision("mine2", ["mine1"]),
    "migrations/5.ts": revision("mine3", ["mine2", "first"]),
  });

  it("what the database has stays below: the other arm moves, ids and files stay", async () => {
    await project.json(0, "upgrade", "main");
    const before = project.read("migrations/3.ts");
    const done = await project.json(0, "merge", "heads", "--rebase");
    expect(done).toEqual({
      id: "mine3",
      file: "migrations/5.ts",
      parents: ["mine2"],
      conflicts: [],
      moved: [
        { id: "mine1", file: "migrations/3.ts", parents: ["main"] },
        { id: "mine3", file: "migrations/5.ts", parents: ["mine2"] },
      ],
    });
    expect(project.read("migrations/3.ts")).toBe(before.replace('["first"]', '["main"]'));
    expect((await project.json(0, "heads")).heads).toEqual(["mine3"]);
  });

  it("it is one line then, up and down", async () => {
    expect((await project.json(0, "upgrade", "head")).applied.map(({ id }: { id: string }) => id)).toEqual(["mine1", "mine2", "mine3"]);
    expect((await project.json(0, "downgrade", "first")).reverted.map(({ id }: { id: string }) => id)).toEqual([
      "mine3",
      "mine2",
      "mine1",
      "main",
    ]);
    await project.json(0, "upgrade", "head");
  });

  it("what has run is not put after something that has not", async () => {
    project.write({ "migrations/6.ts": revision("late", ["main"]) });
    await project.json(0, "upgrade", "late");
    const { error } = await project.json(4, "merge", "late", "mine@head", "--rebase");
    expect(error).toMatchObject({ code: "applied-already", details: { revisions: ["mine1", "mine2", "mine3"] } });
    expect(error.hint).toMatch(/limbeck merge late mine3 {2}joins/);
    await project.json(0, "downgrade", "late@base");
    project.remove("migrations/6.ts");
  });

  it("where none is applied, the arm that was begun later goes on top; named, the second does", async () => {
    await project.json(0, "downgrade", "base");
    project.write({
      "migrations/7.ts": revision("young", ["mine3"]).replace("2026-01-01", "2026-03-01"),
      "migrations/8.ts": revision("old", ["mine3"]).replace("2026-01-01", "2026-02-01"),
    });
    expect((await project.json(0, "merge", "heads", "--rebase")).moved).toEqual([
      { id: "young", file: "migrations/7.ts", parents: ["old"] },
    ]);
    project.write({ "migrations/7.ts": revision("young", ["mine3"]) });
    expect((await project.json(0, "merge", "young", "old", "--rebase")).moved).toEqual([
      { id: "old", file: "migrations/8.ts", parents: ["young"] },
    ]);
    expect((await project.json(2, "merge", "heads", "--rebase")).error.code).toBe("nothing-to-merge");
  });

  it("an arm that the other one depends on stays below", async () => {
    project.write({
      "migrations/b.ts": revision("needed", ["old"]),
      "migrations/c.ts": revision("above", ["needed"]),
      "migrations/d.ts": revision("needing", ["old"], '\n  dependsOn: ["needed"],'),
    });
    expect((await project.json(4, "merge", "needing", "above", "--rebase")).error).toMatchObject({
      code: "needed-below",
      message: expect.stringMatching(/^needing depends on needed/),
      hint: expect.stringMatching(/^limbeck merge above needing --rebase/),
    });
    // older, and yet it is what moves
    project.write({ "migrations/d.ts": project.read("migrations/d.ts").replace("2026-01-01", "2025-01-01") });
    expect((await project.json(0, "merge", "heads", "--rebase")).moved).toMatchObject([{ id: "needing", parents: ["above"] }]);
    expect((await project.json(0, "heads")).heads).toEqual(["needing"]);
  });

  it("only two arms at a time, and no message, for nothing is written anew", async () => {
    project.write({ "migrations/9.ts": revision("third", ["first"]), "migrations/a.ts": revision("fourth", ["first"]) });
    expect((await project.json(2, "merge", "heads", "--rebase")).error.code).toBe("several-heads");
    expect((await project.json(2, "merge", "third", "fourth", "--rebase", "-m", "x")).error.code).toBe("bad-option");
  });
});
