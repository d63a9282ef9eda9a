import { describe, expect, it } from "vitest";
import { revisionFile } from "../cli/shell.ts";
import { createDatabase, dropDatabase, engines } from "../support/databases.ts";
import { ormconfig, useProject } from "../support/project.ts";

const ids = (list: readonly { id: string }[]) => list.map(({ id }) => id);
/** A revision that makes a table of its own name. */
const made = (id: string, parents: readonly string[] = [], more = "") => {
  const columns = `{ columns: [{ name: "id", type: "int" }] }`;
  return revisionFile(id, parents, `op.createTable("t_${id}", ${columns});`, `op.dropTable("t_${id}", ${columns});`, more);
};

/**
 *     start → left1 → left2 → joined → later
 *           → right1 → right2 ↗
 *     other (needs right1) → further
 */
const files = {
  "migrations/01.ts": made("start"),
  "migrations/02.ts": made("left1", ["start"], ` labels: ["left"],`),
  "migrations/03.ts": made("left2", ["left1"]),
  "migrations/04.ts": made("right1", ["start"]),
  "migrations/05.ts": made("right2", ["right1"]),
  "migrations/06.ts": made("joined", ["left2", "right2"]),
  "migrations/07.ts": made("later", ["joined"]),
  "migrations/08.ts": made("other", [], ` dependsOn: ["right1"],`),
  "migrations/09.ts": made("further", ["other"]),
};

describe.each(engines)("branches that are squashed, on %s", (engine) => {
  const project = useProject(engine, { "ormconfig.ts": ormconfig(engine), "models/none.ts": "export {};\n", ...files });
  const places: string[] = [];
  const at = async (...revisions: readonly string[]): Promise<readonly string[]> => {
    const { name, url, db } = await createDatabase(engine);
    await db.close();
    places.push(name);
    for (const revision of revisions) await project.json(0, "upgrade", revision, "--url", url);
    return ["--url", url];
  };
  const databases: Record<string, readonly string[]> = {};

  it("are refused where something follows only a part of them, and nothing is written", async () => {
    for (const range of ["start:left2", "start:joined"]) {
      const { error } = await project.json(4, "squash", range, "-m", "part");
      expect(error.code).toBe("not-squashable");
    }
    expect(ids((await project.json(0, "history")).revisions)).toHaveLength(9);
    expect(project.exists("migrations/replaced")).toBe(false);
  });

  it("several bases, heads, a merge, a label and a dependency become one revision", async () => {
    databases.fresh = await at();
    databases.left = await at("left2");
    databases.other = await at("further");
    databases.named = await at("right1");
    databases.all = await at("heads");
    const result = await project.json(0, "squash", "base:heads", "-m", "all", "--rev-id", "sqall");
    expect(result).toMatchObject({ proved: true, operations: 9 });
    expect((await project.json(0, "history")).revisions).toMatchObject([{ id: "sqall", labels: ["left"], isHead: true, isBase: true }]);
  });

  it("a database amid them is told which of the originals it still needs, where these were deleted", async () => {
    const left = databases.left ?? [];
    project.remove("migrations/replaced/04.ts");
    const { error } = await project.json(6, "upgrade", "head", ...left);
    expect(error).toMatchObject({
      code: "replaced-missing",
      message: expect.stringMatching(/some of what sqall replaces, .* right1, cannot be found/),
      hint: expect.stringMatching(/bring them back into \S+migrations\/replaced: git log/),
    });
    project.write({ "migrations/replaced/04.ts": files["migrations/04.ts"] });
  });

  it("head is the squash to a database amid them, too: all that it stands for", async () => {
    expect((await project.json(0, "upgrade", "head", ...(databases.left ?? []))).heads).toEqual(["sqall"]);
    expect(ids((await project.json(0, "upgrade", "sqall", ...(databases.other ?? []))).applied)).toEqual([
      "left1",
      "left2",
      "right2",
      "joined",
      "later",
    ]);
    expect((await project.json(0, "upgrade", "sqal", ...(databases.named ?? []))).heads).toEqual(["sqall"]);
    for (const place of Object.values(databases)) {
      expect((await project.json(0, "upgrade", "head", ...place)).heads).toEqual(["sqall"]);
      expect(await project.json(0, "current", ...place)).toMatchObject({ heads: ["sqall"], pending: [], atHead: true });
      expect(ids((await project.json(0, "downgrade", "base", ...place)).reverted)).toEqual(["sqall"]);
    }
  });

  it("whoever follows or depends on one of them from outside does so on the squash", async () => {
    project.write({
      "migrations/10.ts": made("outside", [], ` dependsOn: ["left2"],`),
      "migrations/11.ts": made("child", ["right2"]),
    });
    const place = await at();
    expect(ids((await project.json(0, "upgrade", "outside", ...place)).applied)).toEqual(["sqall", "outside"]);
    expect(ids((await project.json(0, "upgrade", "child", ...place)).applied)).toEqual(["child"]);
    for (const name of places.splice(0)) await dropDatabase(engine, name);
  });
});
