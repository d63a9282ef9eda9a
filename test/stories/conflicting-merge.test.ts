import { describe, expect, it } from "vitest";
import { revisionFile } from "../cli/shell.ts";
import { engines } from "../support/databases.ts";
import { ormconfig, useProject } from "../support/project.ts";

const users = `op.createTable("users", { columns: [{ name: "id", type: "int" }, { name: "email", type: "varchar(50)", nullable: true }] });`;
const widened = (to: string) => `op.alterColumn("users", "email", { type: { from: "varchar(50)", to: "${to}" }, nullable: true });`;
const narrowed = (from: string) => `op.alterColumn("users", "email", { type: { from: "${from}", to: "varchar(50)" }, nullable: true });`;

// what arms do to each other is the same on every engine
describe.each(engines.slice(0, 1))("two arms that get in each other's way, on %s", (engine) => {
  const project = useProject(engine, {
    "ormconfig.ts": ormconfig(engine),
    "models/user.ts": "",
    "migrations/1.ts": revisionFile("first", [], users, "op.execute(sql`DROP TABLE users`);"),
    "migrations/2.ts": revisionFile("ours", ["first"], widened("varchar(80)"), narrowed("varchar(80)")),
    "migrations/3.ts": revisionFile(
      "theirs",
      ["first"],
      `op.execute(sql\`UPDATE users SET email = 'none' WHERE email IS NULL\`);\n    ${widened("varchar(90)")}`,
      narrowed("varchar(90)"),
    ),
    "migrations/4.ts": revisionFile(
      "apart",
      ["first"],
      `op.createTable("posts", { columns: [{ name: "id", type: "int" }] });`,
      "op.execute(sql`DROP TABLE posts`);",
    ),
  });

  it("arms that commute are merged without a word", async () => {
    const merged = await project.json(0, "merge", "ours", "apart", "-m", "join", "--rev-id", "joined");
    expect(merged).toMatchObject({ id: "joined", parents: ["ours", "apart"], conflicts: [] });
  });

  it("a merge lists what does not, pair by pair with file and line, and writes nothing", async () => {
    const { error } = await project.json(4, "merge", "heads");
    expect(error).toMatchObject({ code: "conflict", hint: expect.stringMatching(/limbeck merge heads --accept conflict/) });
    const { conflicts } = error.details;
    expect(conflicts).toHaveLength(2);
    expect(conflicts[0]).toMatchObject({
      a: { revision: "ours", file: "migrations/2.ts", line: 10, op: { kind: "alterColumn", table: "users" } },
      b: { revision: "theirs", file: "migrations/3.ts", line: 10, op: { kind: "execute" } },
      why: expect.stringMatching(/can't be told.*users/),
    });
    expect(conflicts[1]).toMatchObject({ a: { line: 10 }, b: { revision: "theirs", line: 11 }, why: "both change users.email" });
    const { stderr, code } = await project.run("merge", "heads");
    expect(code).toBe(4);
    expect(stderr).toMatch(/2 pairs of operations do not commute\. Nothing was written\./);
    expect(stderr).toMatch(/migrations\/2\.ts:10 .*email.*\n.*migrations\/3\.ts:11 .*email.*\n.*both change users\.email/);
    expect((await project.json(0, "heads")).heads).toHaveLength(2);
  });

  it("nor does a rebase go on", async () => {
    const { error } = await project.json(4, "merge", "joined", "theirs", "--rebase");
    expect(error).toMatchObject({ code: "conflict", hint: expect.stringMatching(/--rebase --accept conflict/) });
    expect(project.read("migrations/3.ts")).toMatch(/parents: \["first"\]/);
  });

  it("accepted it is written, and runs", async () => {
    expect((await project.json(2, "merge", "heads", "--accept", "everything")).error.code).toBe("bad-option");
    const merged = await project.json(0, "merge", "heads", "--accept", "conflict", "--rev-id", "settled");
    expect(merged.conflicts.map(({ why }: { why: string }) => why)).toContain("both change users.email");
    expect((await project.json(0, "upgrade", "head")).heads).toEqual(["settled"]);
    expect((await project.json(0, "downgrade", "base")).reverted).toHaveLength(6);
  });
});
