import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Engine, engines, open } from "../support/databases.ts";
import { ormconfig, useProject } from "../support/project.ts";
import { entity, revisionFile, start } from "./shell.ts";

const secret = "s3cr3t/pass@word:x";

describe.each(engines)("trouble with the database, on %s", (engine) => {
  const scheme = engine === "postgres" ? "postgres" : "mysql";
  const project = useProject(engine, {
    "ormconfig.ts": ormconfig(engine),
    "models/exam.ts": entity("Exam", "exams"),
    "migrations/r001.ts": revisionFile("r001", [], 'op.createTable("a", { columns: [{ name: "id", type: "int" }] });'),
  });
  const at = (change: (url: URL) => void): string => {
    const url = new URL(project.database.url);
    change(url);
    return url.toString();
  };

  const ownTables = () =>
    project.database.db.query(
      `SELECT table_name FROM information_schema.tables WHERE table_name LIKE 'limbeck%' AND table_schema IN ('public', '${project.database.name}')`,
    );

  it("says that nobody answers, on the terminal and as JSON", async () => {
    const url = `${scheme}://bob:${encodeURIComponent(secret)}@127.0.0.1:1/x`;
    const plain = await project.run("upgrade", "head", "--url", url);
    expect(plain).toMatchObject({ code: 1, stdout: "" });
    expect(plain.stderr).toMatch(/^error: Cannot connect to bob@127\.0\.0\.1:1\/x: nobody answers there/);
    expect(plain.stderr).toMatch(/is the server running/);
    expect(plain.stderr).not.toMatch(/^\s+at /m);
    const { code, json } = await project.run("current", "--json", "--url", url);
    expect(code).toBe(1);
    expect(json.error).toMatchObject({ code: "connection-refused", details: { place: "bob@127.0.0.1:1/x" } });
  });

  it("never shows a password, whatever goes wrong and however much is asked for", async () => {
    const urls = [
      `${scheme}://nobody_here:${encodeURIComponent(secret)}@${new URL(project.database.url).host}/x`,
      // written as it is, so that the URL is none
      `${scheme}://bob:${secret}@127.0.0.1:1/x`,
      `${scheme}://bob:${encodeURIComponent(secret)}@no-such-host.invalid/x`,
      `oracle://bob:${secret}@127.0.0.1/x`,
    ];
    const runs = await Promise.all(urls.map((url) => project.run("upgrade", "head", "--json", "--trace", "-v", "--url", url)));
    const shown = [...runs, await start(project, ["doctor", "--trace", "-v"], { LIMBECK_URL: urls[0] ?? "" }).ended];
    for (const run of shown) {
      expect(run.code).not.toBe(0);
      expect(run.stdout + run.stderr).not.toMatch(/s3cr3t|pass@word|pass%40word|word:x/);
    }
    expect(runs.map(({ json }) => json.error.code)).toEqual(["authentication-failed", "bad-url", "host-unknown", "bad-url"]);
  });

  it("says that there is no such database", async () => {
    const url = at((place) => {
      place.pathname = "/no_such_database";
    });
    const { code, stderr } = await project.run("current", "--url", url);
    expect(code).toBe(1);
    expect(stderr).toMatch(/no such database/);
    expect(stderr).toMatch(/CREATE DATABASE/);
  });

  it("refuses a URL of another kind of database", async () => {
    const { code, json } = await project.run(
      "current",
      "--json",
      "--url",
      engine === "postgres" ? "mysql://x@127.0.0.1/x" : "postgres://x@127.0.0.1/x",
    );
    expect(code).toBe(2);
    expect(json.error.code).toBe("url-differs");
  });

  it("connects where --url says, else where LIMBECK_URL says, else where the data source says", async () => {
    const place = (name: string) => `${scheme}://bob@127.0.0.1:1/${name}`;
    const env = { LIMBECK_URL: place("from_environment") };
    expect((await start(project, ["current"], env).ended).stderr).toContain("/from_environment");
    expect((await start(project, ["current", "--url", place("from_flag")], env).ended).stderr).toContain("/from_flag");
    expect((await project.run("current")).code).toBe(0);
  });

  it("finds nothing applied where there is no journal, and makes none by looking", async () => {
    expect(await project.json(0, "current")).toMatchObject({ heads: [], atHead: false, pending: ["r001"], unknown: [] });
    expect((await project.json(0, "history", "-i")).revisions[0].applied).toBe(false);
    expect((await project.json(3, "check")).pending).toEqual(["r001"]);
    expect(await ownTables()).toEqual([]);
  });

  it.runIf(engine === "postgres")("refuses to write where everything only reads, and reads there", async () => {
    const { db, name } = project.database;
    await db.query(`ALTER DATABASE "${name}" SET default_transaction_read_only = on`);
    for (const command of [
      ["upgrade", "head"],
      ["stamp", "head"],
    ]) {
      const { error } = await project.json(4, ...command);
      expect(error).toMatchObject({ code: "read-only", hint: expect.stringContaining("RESET default_transaction_read_only") });
    }
    expect(await project.json(0, "current")).toMatchObject({ heads: [] });
    const { checks } = await project.json(1, "doctor");
    expect(checks).toContainEqual(expect.objectContaining({ name: "rights", detail: expect.stringMatching(/^Nothing can be written/) }));
    await db.query(`ALTER DATABASE "${name}" RESET default_transaction_read_only`);
  });

  describe("a user with few rights", () => {
    const role = `limbeck_poor_${process.pid}`;
    let url = "";
    const admin = async (...statements: readonly string[]) => {
      for (const sql of statements) await project.database.db.query(sql);
    };
    beforeAll(async () => {
      const { name } = project.database;
      await admin(...(engine === "postgres" ? postgresRole(role, name) : mysqlUser(role, name)));
      url = at((place) => {
        place.username = role;
        place.password = "right";
      });
    });
    afterAll(() => admin(...dropped(engine, role)));

    it("is let in with the right password only, where the server asks for one", async () => {
      const wrong = at((place) => {
        place.username = role;
        place.password = "wr0ng-one";
      });
      const asked = await open(engine, wrong).then(
        (db) => db.close().then(() => false),
        () => true,
      );
      expect((await project.run("current", "--url", url)).code).toBe(0);
      const { code, stdout, stderr } = await project.run("current", "--json", "--trace", "--url", wrong);
      expect(stdout + stderr).not.toContain("wr0ng-one");
      if (asked) {
        expect(code).toBe(1);
        expect(JSON.parse(stdout).error).toMatchObject({
          code: "authentication-failed",
          hint: expect.stringMatching(/user name and password/),
        });
      }
    });

    it("is told what to be granted by doctor and by upgrade, and by stamp that the journal can't be made", async () => {
      const { code, json } = await project.run("doctor", "--json", "--url", url);
      expect(code).toBe(1);
      const rights = json.checks.find(({ name }: { name: string }) => name === "rights");
      const told = { code: "missing-rights", detail: expect.stringMatching(/denied/), fix: expect.stringMatching(/GRANT/) };
      expect(rights).toMatchObject({ ok: false, ...told });
      const upgrade = await project.run("upgrade", "head", "--url", url);
      expect(upgrade.code).toBe(4);
      expect(upgrade.stderr).toMatch(/GRANT/);
      const stamp = await project.run("stamp", "head", "--url", url);
      expect(stamp.code).toBe(1);
      expect(stamp.stderr).toMatch(/limbeck_revision.*denied/);
      expect(stamp.stderr).toMatch(/limbeck doctor/);
    });

    it("has no place to try revisions in", async () => {
      const { error } = await project.json(4, "verify", "--url", url);
      expect(error).toMatchObject({
        code: "no-scratch",
        message: expect.stringMatching(/no place to try revisions in: .*denied/),
        hint: expect.stringMatching(/right to create databases.*--url/),
      });
    });
  });

  it("is well, says doctor of a database with all rights, and leaves nothing behind", async () => {
    const { checks } = await project.json(0, "doctor");
    expect(checks.map(({ name }: { name: string }) => name)).toEqual([
      "limbeck",
      "configuration",
      "typeorm",
      "graph",
      "connection",
      "rights",
      "journal",
    ]);
    expect(await ownTables()).toEqual([]);
  });
});

function postgresRole(role: string, database: string): readonly string[] {
  return [
    `CREATE ROLE "${role}" LOGIN PASSWORD 'right'`,
    `GRANT CONNECT ON DATABASE "${database}" TO "${role}"`,
    "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
  ];
}

function mysqlUser(role: string, database: string): readonly string[] {
  return [`CREATE USER '${role}'@'%' IDENTIFIED BY 'right'`, `GRANT SELECT ON \`${database}\`.* TO '${role}'@'%'`];
}

function dropped(engine: Engine, role: string): readonly string[] {
  return engine === "postgres" ? [`DROP OWNED BY "${role}"`, `DROP ROLE "${role}"`] : [`DROP USER '${role}'@'%'`];
}
