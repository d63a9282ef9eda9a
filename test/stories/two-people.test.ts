import { beforeAll, describe, expect, it } from "vitest";
import { entity } from "../cli/shell.ts";
import { engines } from "../support/databases.ts";
import { git, useRemote } from "../support/git.ts";
import { ormconfig, useProject } from "../support/project.ts";

const column = (name: string) => `@Column({ type: "varchar", length: 20, nullable: true }) ${name}!: string | null;`;
const user = (...columns: string[]) => entity("User", "users", columns.map(column).join("\n  "));

// what git and the files do is the same on every engine
describe.each(engines.slice(0, 1))("two people who add revisions at once, on %s", (engine) => {
  const remote = useRemote();
  const ann = useProject(engine, { "ormconfig.ts": ormconfig(engine), "models/user.ts": user("email"), ".gitignore": "node_modules\n" });
  const bob = useProject(engine, {});
  const add = (dir: string, message: string) => {
    git(dir, "add", "-A");
    git(dir, "commit", "-q", "--allow-empty", "-m", message);
  };
  const write = (project: typeof ann, message: string) => project.json(0, "revision", "--autogenerate", "-m", message, "--no-proof");

  beforeAll(async () => {
    git(ann.dir, "init", "-q", "-b", "main");
    git(ann.dir, "remote", "add", "origin", remote.dir);
    await write(ann, "users");
    await ann.json(0, "upgrade", "head");
    add(ann.dir, "users");
    git(ann.dir, "push", "-q", "-u", "origin", "main");
    git(bob.dir, "init", "-q", "-b", "main");
    git(bob.dir, "remote", "add", "origin", remote.dir);
    bob.remove("package.json");
    bob.remove("tsconfig.json");
    git(bob.dir, "pull", "-q", "origin", "main");
    git(bob.dir, "branch", "-q", "-u", "origin/main");
    await bob.json(0, "upgrade", "head");
  });

  it("git merges their work without a conflict in the revisions, and check finds two heads", async () => {
    ann.write({ "models/user.ts": user("email", "nick") });
    const nick = await write(ann, "nick");
    add(ann.dir, "nick");
    git(ann.dir, "push", "-q");

    bob.write({ "models/user.ts": user("phone", "email") });
    const phone = await write(bob, "phone");
    await bob.json(0, "upgrade", "head");
    add(bob.dir, "phone");
    git(bob.dir, "pull", "-q", "--no-rebase", "--no-edit", "-X", "ours", "origin", "main");
    bob.write({ "models/user.ts": user("phone", "email", "nick") });
    add(bob.dir, "both columns");

    const found = await bob.json(3, "check");
    expect(new Set(found.heads)).toEqual(new Set([nick.id, phone.id]));
    const told = await bob.run("check");
    expect(told.stdout).toMatch(/several heads: .*\n {2}limbeck merge heads/);
    expect((await bob.json(2, "upgrade", "head")).error.hint).toMatch(/limbeck merge heads/);
    const picture = (await bob.run("history", "--graph")).stdout;
    expect(picture).toMatch(/^\* .*\n\| \* .*\n\|\/ *\n\* .*\(branchpoint\)/);
  });

  it("one command mends it", async () => {
    const merged = await bob.json(0, "merge", "heads");
    expect(merged.conflicts).toEqual([]);
    expect((await bob.json(0, "upgrade", "head")).heads).toEqual([merged.id]);
    expect(await bob.json(0, "check")).toMatchObject({ clean: true, heads: [merged.id] });
    add(bob.dir, "merge");
    git(bob.dir, "push", "-q");
    git(ann.dir, "pull", "-q", "origin", "main");
    await ann.json(0, "upgrade", "head");
    expect(await ann.json(0, "check")).toMatchObject({ clean: true, heads: [merged.id] });
  });

  it("or a line instead of a merge: what was pushed stays below, what is local goes on top", async () => {
    bob.write({ "models/user.ts": user("phone", "email", "nick", "street") });
    const street = await write(bob, "street");
    add(bob.dir, "street");
    git(bob.dir, "push", "-q");
    ann.write({ "models/user.ts": user("phone", "email", "nick", "town") });
    const town = await write(ann, "town");
    add(ann.dir, "town");
    git(ann.dir, "pull", "-q", "--no-rebase", "--no-edit", "-X", "ours", "origin", "main");
    ann.write({ "models/user.ts": user("phone", "email", "nick", "street", "town") });
    const done = await ann.json(0, "merge", "heads", "--rebase");
    expect(done.moved).toEqual([expect.objectContaining({ id: town.id, parents: [street.id] })]);
    await ann.json(0, "upgrade", "head");
    expect(await ann.json(0, "check")).toMatchObject({ clean: true, heads: [town.id] });
  });
});
