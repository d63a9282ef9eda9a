import { beforeAll, describe, expect, it } from "vitest";
import { entity, revisionFile } from "../cli/shell.ts";
import { engines } from "../support/databases.ts";
import { git, useRemote } from "../support/git.ts";
import { ormconfig, useProject } from "../support/project.ts";

const nullable = (name: string) => `@Column({ type: "varchar", length: 20, nullable: true }) ${name}!: string | null;`;
const required = (name: string) => `@Column({ type: "varchar", length: 20 }) ${name}!: string;`;
const user = (...columns: string[]) => entity("User", "users", columns.join("\n  "));

describe.each(engines)("the newest revision done anew, on %s", (engine) => {
  const remote = useRemote();
  const project = useProject(engine, {
    "ormconfig.ts": ormconfig(engine),
    "models/user.ts": user(nullable("email")),
    ".gitignore": "node_modules\n",
  });
  const amend = (code: number, ...args: string[]) => project.json(code, "revision", "--amend", ...args);
  const commit = () => {
    git(project.dir, "add", "-A");
    git(project.dir, "commit", "-q", "-m", "work");
  };
  const names = (operations: { column?: { name: string } }[]) => operations.map(({ column }) => column?.name);

  beforeAll(async () => {
    git(project.dir, "init", "-q", "-b", "main");
    git(project.dir, "remote", "add", "origin", remote.dir);
    expect((await amend(2, "--autogenerate")).error.code).toBe("nothing-to-amend");
    await project.json(0, "revision", "--autogenerate", "-m", "users", "--rev-id", "001");
    await project.json(0, "upgrade", "head");
    project.write({ "models/user.ts": user(nullable("email"), nullable("nick")) });
    await project.json(0, "revision", "--autogenerate", "-m", "nick", "--rev-id", "002");
  });

  it("has what the entities say now, under its id and in its place, in one file", async () => {
    project.write({ "models/user.ts": user(nullable("email"), nullable("nick"), required("born")) });
    const draft = await amend(0, "--autogenerate", "--dry-run");
    expect(draft).toMatchObject({ id: "002", written: false });
    const done = await amend(0, "--autogenerate", "-m", "nick and born");
    expect(done).toMatchObject({ id: "002", parents: ["001"], message: "nick and born", written: true });
    expect(names(done.upgrade)).toEqual(["nick", "born"]);
    expect(done.file).toMatch(/_002_nick_and_born\.ts$/);
    expect((await project.json(0, "history")).revisions.map(({ id }: { id: string }) => id)).toEqual(["002", "001"]);
  });

  it("keeps what was answered", async () => {
    await project.json(0, "resolve", "002", "--fill", "users.born='1900'");
    project.write({ "models/user.ts": user(nullable("email"), nullable("handle"), required("born")) });
    const { upgrade } = await amend(0, "--autogenerate");
    expect(names(upgrade)).toEqual(["handle", "born"]);
    expect(upgrade[1].fill).toBe("'1900'");
  });

  it("takes another message alone, and leaves the rest of the file", async () => {
    const before = project.revision("002");
    const done = await amend(0, "-m", "people");
    expect(done.file).toMatch(/_002_people\.ts$/);
    expect(project.revision("002")).toBe(before.replace('message: "nick and born"', 'message: "people"'));
    expect((await amend(2)).error.code).toBe("nothing-to-amend");
    expect((await amend(2, "-m", "x", "--rev-id", "003")).error.code).toBe("bad-option");
  });

  it("is not needed any more: says so and keeps the file", async () => {
    const models = project.read("models/user.ts");
    project.write({ "models/user.ts": user(nullable("email")) });
    const run = await project.run("revision", "--amend", "--autogenerate");
    expect(run).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/without 002 nothing differs: delete migrations\/.*_002_people\.ts/),
    });
    expect(project.revision("002")).toMatch(/handle/);
    project.write({ "models/user.ts": models });
  });

  it("not once it is applied, until it is taken back", async () => {
    await project.json(0, "upgrade", "head");
    const { error } = await amend(4, "--autogenerate");
    expect(error).toMatchObject({ code: "applied-already", hint: expect.stringMatching(/limbeck downgrade 002@-1/) });
    await project.json(0, "downgrade", "base");
    // not head, for that would have this one, too
    expect((await amend(4, "--autogenerate")).error).toMatchObject({
      code: "not-up-to-date",
      hint: expect.stringMatching(/^limbeck upgrade 001\n/),
    });
    await project.json(0, "upgrade", "001");
    await amend(0, "--autogenerate");
  });

  it("is taken back alone, whatever else stands on its parent", async () => {
    project.write({ "migrations/side.ts": revisionFile("side", ["001"]) });
    await project.json(0, "upgrade", "heads");
    const { hint } = (await amend(4, "--autogenerate", "--head", "002")).error;
    const [, ...command] = hint.slice(hint.indexOf("limbeck downgrade")).split(" ");
    expect((await project.json(0, ...command)).heads).toEqual(["side"]);
    await amend(0, "--autogenerate", "--head", "002");
    await project.json(0, "downgrade", "side@-1");
    project.remove("migrations/side.ts");
  });

  it("not what people wrote into it", async () => {
    const file = (await amend(0, "-m", "people")).file;
    const before = project.read(file);
    project.write({
      [file]: before.replace("upgrade(op) {", "upgrade(op) {\n    op.execute(sql`SELECT 1`);").replace("{ revision", "{ sql, revision"),
    });
    expect((await amend(4, "--autogenerate")).error).toMatchObject({
      code: "hand-written",
      message: expect.stringMatching(/op\.execute of 002/),
    });
    project.write({ [file]: before });
  });

  it("committed it is still ours; pushed it is not", async () => {
    commit();
    await amend(0, "--autogenerate");
    git(project.dir, "push", "-q", "-u", "origin", "main");
    expect((await amend(4, "--autogenerate")).error).toMatchObject({
      code: "shared-revision",
      details: { commit: expect.stringMatching(/^[0-9a-f]{7,}$/) },
    });
    project.write({ "migrations/new.ts": revisionFile("003", ["002"]) });
    expect((await amend(0, "-m", "local again")).file).toBe("migrations/new.ts");
    expect((await amend(2, "-m", "x", "--head", "002")).error.code).toBe("not-a-head");
  });

  it("without a database it is said that none was asked", async () => {
    const run = await project.run("revision", "--amend", "--autogenerate", "--offline", "--allow-empty");
    expect(run).toMatchObject({ code: 0, stderr: expect.stringMatching(/whether a database has 003 was not asked/) });
  });
});
