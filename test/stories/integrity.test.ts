import { beforeEach, describe, expect, it } from "vitest";
import { revisionFile } from "../cli/shell.ts";
import { type Engine, engines } from "../support/databases.ts";
import { ormconfig, useProject } from "../support/project.ts";

const int = (engine: Engine) => (engine === "postgres" ? "integer" : "int");

describe.each(engines)("a journal and files that do not fit, on %s", (engine) => {
  const column = (name: string, type: string = int(engine)) => `{ name: "${name}", type: "${type}", nullable: true }`;
  const table = (name: string) => `"${name}", { columns: [${column("id")}] }`;
  const files = {
    "migrations/r001.ts": revisionFile("r001", [], `op.createTable(${table("a")});`, `op.dropTable(${table("a")});`),
    "migrations/r002.ts": revisionFile("r002", ["r001"], `op.addColumn("a", ${column("n")});`, `op.dropColumn("a", ${column("n")});`),
    "migrations/r003.ts": revisionFile("r003", ["r002"], `op.createTable(${table("c")});`, `op.dropTable(${table("c")});`),
  };
  const project = useProject(engine, { "ormconfig.ts": ormconfig(engine), ...files });
  const sql = (text: string) => project.database.db.query(text);
  const edited = revisionFile(
    "r002",
    ["r001"],
    `op.addColumn("a", ${column("n", "bigint")}); op.addColumn("a", ${column("extra")});`,
    `op.dropColumn("a", ${column("extra")}); op.dropColumn("a", ${column("n", "bigint")});`,
  );
  const repaired = async (expected: number, ...more: readonly string[]) => (await project.json(expected, "repair", ...more)).ailments;
  const columns = async () =>
    (
      await sql(
        "SELECT column_name AS c FROM information_schema.columns WHERE table_name = 'a' AND table_schema IN ('public', DATABASE())".replace(
          "DATABASE()",
          engine === "postgres" ? "'public'" : "DATABASE()",
        ),
      )
    )
      .map(({ c }) => c)
      .sort();

  beforeEach(async () => {
    await sql("DROP TABLE IF EXISTS a, c, somebody_elses, limbeck_revision");
    project.write(files);
    await project.json(0, "upgrade", "head");
  });

  it("is well at first, and repair says so", async () => {
    expect(await repaired(0)).toEqual([]);
    expect((await project.run("repair")).stdout).toBe("well: the journal fits the files, at r003\n");
  });

  it("an edited revision stops everything, and is told operation by operation", async () => {
    project.write({ "migrations/r002.ts": edited });
    const { error } = await project.json(6, "upgrade", "head");
    expect(error.code).toBe("edited-revision");
    expect(error.message).toContain("r002 (migrations/r002.ts)");
    expect(error.message).toMatch(new RegExp(`~ .*a\\.n.*column\\.type was "${int(engine)}", is "bigint"`));
    expect(error.message).toMatch(/\+ .*a\.extra/);
    expect(error.details.changes.r002).toMatchObject([{ edit: "changed" }, { edit: "added", now: { kind: "addColumn" } }]);
    for (const command of [["check"], ["downgrade", "base"], ["upgrade", "head", "--dry-run"]]) await project.json(6, ...command);
    expect(await columns()).toEqual(["id", "n"]);
    project.write({
      "migrations/r002.ts": files["migrations/r002.ts"].replace(
        `dropColumn("a", ${column("n")})`,
        `dropColumn("a", ${column("n", "bigint")})`,
      ),
    });
    expect((await project.json(6, "upgrade", "head")).error.message).toMatch(/its downgrade was changed/);
    project.write({ "migrations/r002.ts": files["migrations/r002.ts"].replaceAll(", nullable", ",\n  nullable") });
    await project.json(0, "upgrade", "head");
  });

  it("repair takes an edit over only when the database is as the file says", async () => {
    project.write({ "migrations/r002.ts": edited });
    expect(await repaired(6, "--yes")).toMatchObject([{ kind: "edited", revision: "r002", mend: null, mended: false }]);
    await sql("ALTER TABLE a ADD COLUMN extra int");
    await sql(engine === "postgres" ? "ALTER TABLE a ALTER n TYPE bigint" : "ALTER TABLE a MODIFY n bigint");
    expect(await repaired(6)).toMatchObject([{ kind: "edited", mend: "record r002 as its file is now", mended: false }]);
    await project.json(6, "upgrade", "head");
    expect(await repaired(0, "--yes")).toMatchObject([{ kind: "edited", mended: true }]);
    expect(await columns()).toEqual(["extra", "id", "n"]);
    await project.json(0, "downgrade", "base");
  });

  it("a revision that follows another one than when it was applied is found and, with consent, recorded so", async () => {
    project.write({ "migrations/r003.ts": files["migrations/r003.ts"].replace('["r002"]', '["r001"]') });
    const { error } = await project.json(6, "upgrade", "heads");
    expect(error).toMatchObject({ code: "reparented-revision", details: { revisions: ["r003"] } });
    expect(error.message).toMatch(/r003 \(migrations\/r003\.ts\) follows r001; it was applied as following r002/);
    expect(await repaired(0, "--yes")).toMatchObject([{ kind: "reparented", mended: true }]);
    expect((await project.json(0, "current")).heads.sort()).toEqual(["r002", "r003"]);
    project.write(files);
    await repaired(0, "--yes");
    expect((await project.json(0, "current")).heads).toEqual(["r003"]);
  });

  it("K11, a revision whose file is gone is forgotten only with consent, and stays in the database", async () => {
    project.remove("migrations/r003.ts");
    expect((await project.json(6, "upgrade", "head")).error.code).toBe("unknown-applied");
    const [ailment] = await repaired(6);
    expect(ailment).toMatchObject({ kind: "unknown", revision: "r003", mended: false, instead: expect.stringMatching(/branch/) });
    expect(ailment.details[0]).toMatch(/it did: .*c/);
    const { code, stdout } = await project.run("repair");
    expect({ code, stdout }).toMatchObject({ code: 6, stdout: expect.stringMatching(/limbeck repair --yes/) });
    expect(await repaired(0, "--yes")).toMatchObject([{ mended: true }]);
    expect((await project.json(0, "current")).heads).toEqual(["r002"]);
    await sql("SELECT 1 FROM c");
    project.write(files);
    await project.json(0, "stamp", "r003", "--verify");
  });

  it("a row that is missing below another one comes back when the database has what it makes", async () => {
    await sql("DELETE FROM limbeck_revision WHERE id = 'r002'");
    await sql("ALTER TABLE a DROP COLUMN n");
    expect(await repaired(6, "--yes")).toMatchObject([{ kind: "missing", revision: "r002", mend: null }]);
    await sql("ALTER TABLE a ADD COLUMN n int");
    expect(await repaired(0, "--yes")).toMatchObject([{ kind: "missing", mended: true }]);
    expect(await project.json(0, "current")).toMatchObject({ heads: ["r003"], pending: [] });
  });

  it("two files of one revision are refused", async () => {
    project.write({ "migrations/again.ts": files["migrations/r002.ts"] });
    expect((await project.json(6, "upgrade", "head")).error.code).toBe("duplicate-revision");
    project.remove("migrations/again.ts");
  });

  it("K10, a run that stopped half way in a file that was edited since is settled by what the schema says", async () => {
    const retype = (type: string) => sql(engine === "postgres" ? `ALTER TABLE c ALTER id TYPE ${type}` : `ALTER TABLE c MODIFY id ${type}`);
    const half = "status = 'applying', done = 0, total = 1, error = 'stopped as asked'";
    await sql(`UPDATE limbeck_revision SET ${half} WHERE id = 'r003'`);
    expect(await repaired(6)).toMatchObject([
      { kind: "interrupted", revision: "r003", mend: null, instead: expect.stringMatching(/goes on/) },
    ]);
    await sql(`UPDATE limbeck_revision SET checksum = 'another' WHERE id = 'r003'`);
    expect((await project.json(6, "upgrade", "head")).error.code).toBe("edited-revision");
    expect(await repaired(6)).toMatchObject([{ kind: "interrupted", mend: "record r003 as applied" }]);
    await sql("DROP TABLE c");
    expect(await repaired(6)).toMatchObject([{ kind: "interrupted", mend: expect.stringMatching(/^forget that r003 was begun/) }]);
    expect(await repaired(0, "--yes")).toMatchObject([{ mended: true }]);
    expect((await project.json(0, "upgrade", "head")).heads).toEqual(["r003"]);
    await sql(`UPDATE limbeck_revision SET ${half}, checksum = 'another' WHERE id = 'r003'`);
    await retype("bigint");
    expect(await repaired(6, "--yes")).toMatchObject([
      { kind: "interrupted", mend: null, details: [expect.anything(), expect.stringMatching(/neither/)] },
    ]);
    await retype(int(engine));
    await repaired(0, "--yes");
  });

  it("stamp --verify refuses a database that has more than the revision says", async () => {
    expect((await project.json(4, "stamp", "r002", "--verify")).error.code).toBe("not-equal");
    await sql("DROP TABLE c");
    await sql("CREATE TABLE somebody_elses (a int)");
    expect((await project.json(0, "stamp", "r002", "--verify")).heads).toEqual(["r002"]);
    expect((await project.json(4, "stamp", "r003", "--verify")).error.code).toBe("not-equal");
  });
});
