import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { revisionFile, start, until } from "../cli/shell.ts";
import { createDatabase, dropDatabase, engines } from "../support/databases.ts";
import { ormconfig, useProject } from "../support/project.ts";

const ids = (list: readonly { id: string }[]) => list.map(({ id }) => id);
const table = (name: string) => [
  `op.createTable("${name}", { columns: [{ name: "id", type: "int" }] });`,
  `op.dropTable("${name}", { columns: [{ name: "id", type: "int" }] });`,
];

describe.each(engines)("a squash that is killed, on %s", (engine) => {
  const files = {
    "migrations/001.ts": revisionFile("first", [], ...table("a")),
    "migrations/002.ts": revisionFile("second", ["first"], ...table("b")),
    "migrations/003.ts": revisionFile("third", ["second"], ...table("c")),
    "migrations/004.ts": revisionFile("fourth", ["third"], ...table("d")),
  };
  const project = useProject(engine, { "ormconfig.ts": ormconfig(engine), "models/none.ts": "export {};\n", ...files });

  it("while it is proved, leaves the history as it was, and is done again without a word", async () => {
    const killed = start(project, ["squash", "base:third", "-m", "beginnings", "--rev-id", "sq"]);
    const draft = join(project.dir, "migrations/.squash");
    await until(async () => existsSync(draft) && readdirSync(draft).length > 0);
    killed.child.kill("SIGKILL");
    await killed.ended;
    expect(ids((await project.json(0, "history")).revisions)).toEqual(["fourth", "third", "second", "first"]);
    await project.json(0, "upgrade", "second");
    expect((await project.json(0, "squash", "base:third", "-m", "beginnings", "--rev-id", "sq")).proved).toBe(true);
    expect(existsSync(draft)).toBe(false);
  });

  it("amid the copies, finds its own copies in nobody's way", async () => {
    expect(readdirSync(join(project.dir, "migrations/replaced"))).toEqual(["001.ts", "002.ts", "003.ts"]);
    const squash = readdirSync(join(project.dir, "migrations")).find((name) => name.includes("_sq_")) ?? "";
    project.remove(`migrations/${squash}`);
    project.remove("migrations/replaced/003.ts");
    project.write(files);
    expect(ids((await project.json(0, "history")).revisions)).toEqual(["fourth", "third", "second", "first"]);
    expect((await project.json(0, "squash", "base:third", "-m", "beginnings", "--rev-id", "sq")).moved).toHaveLength(3);
  });

  it("another file of the name is not written over", async () => {
    project.write({ "migrations/replaced/004.ts": "// somebody's own\n" });
    const { error } = await project.json(2, "squash", "sq:fourth", "-m", "all", "--no-proof");
    expect(error).toMatchObject({ code: "file-exists", message: expect.stringMatching(/replaced\/004\.ts/) });
    project.remove("migrations/replaced/004.ts");
  });

  it("amid the moves, counts with what is left of the originals, wherever they stand", async () => {
    project.write({ "migrations/002.ts": files["migrations/002.ts"], "migrations/003.ts": files["migrations/003.ts"] });
    project.remove("migrations/replaced/003.ts");
    expect(ids((await project.json(0, "history")).revisions)).toEqual(["fourth", "sq"]);
    expect((await project.json(0, "heads")).heads).toEqual(["fourth"]);
    // a database that none of them has seen, and the one that is amid them
    const fresh = await createDatabase(engine);
    expect(ids((await project.json(0, "upgrade", "head", "--url", fresh.url)).applied)).toEqual(["sq", "fourth"]);
    await fresh.db.close();
    await dropDatabase(engine, fresh.name);
    expect(await project.json(0, "current")).toMatchObject({ heads: ["second"], pending: ["third", "fourth"] });
    expect(ids((await project.json(0, "upgrade", "head")).applied)).toEqual(["third", "fourth"]);
    expect((await project.json(0, "downgrade", "base")).reverted).toMatchObject([{ id: "fourth" }, { id: "sq" }]);
  });

  it("is told by doctor, which says what to delete", async () => {
    const { checks } = (await project.run("doctor", "--json")).json;
    expect(checks).toContainEqual(
      expect.objectContaining({
        name: "graph",
        ok: false,
        detail: expect.stringMatching(/sq replaces what stands beside it still: .*002\.ts, .*003\.ts/),
        fix: expect.stringMatching(/delete/),
      }),
    );
  });
});
