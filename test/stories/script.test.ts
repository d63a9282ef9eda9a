import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { revisionFile } from "../cli/shell.ts";
import { feed, said, withClients } from "../support/client.ts";
import { createDatabase, dropDatabase, type Engine, type TestDatabase } from "../support/databases.ts";
import { dump } from "../support/postgres-compile.ts";
import { ormconfig, useProject } from "../support/project.ts";

/** Revisions with what a script could stumble over: texts, delimiters, statements outside of transactions, batches. */
function revisions(engine: Engine): Readonly<Record<string, string>> {
  const postgres = engine === "postgres";
  const text = postgres ? "text" : "varchar(200)";
  const int = postgres ? "integer" : "int";
  const column = (name: string, type: string, more = "") => `{ name: "${name}", type: "${type}"${more} }`;
  const notes = `{ columns: [${column("id", int)}, ${column("said", text, ", nullable: true")}], primaryKey: { columns: ["id"]${postgres ? ', name: "notes_pkey"' : ""} } }`;
  const hostile = JSON.stringify("it's; $do$ -- \\ `x` /* no */ DELIMITER // :name \\q\nDELIMITER ;\n$$");
  const words = `{ sql: ${JSON.stringify(postgres ? "'a\\b;''; --'" : "'a\\\\b;''; --'")} }`;
  return {
    "migrations/r001.ts": revisionFile(
      "r001",
      [],
      `${postgres ? 'op.createEnum("mood", ["calm"]);' : ""}
       op.createTable("notes", ${notes});
       op.execute(sql\`INSERT INTO notes VALUES (1, 'one'), (2, NULL), (3, NULL)\`);`,
      `op.dropTable("notes", ${notes}); ${postgres ? 'op.dropEnum("mood", ["calm"]);' : ""}`,
    ),
    "migrations/r002.ts": revisionFile(
      "r002",
      ["r001"],
      `op.addColumn("notes", ${column("more", text, `, nullable: true, comment: ${hostile}, default: ${words}`)});
       op.addIndex("notes", { name: "notes_said", columns: ["said"] });
       ${postgres ? 'op.alterEnum("mood", { from: ["calm"], to: ["calm", "it\'s"]});' : ""}
       op.backfill("notes", { set: { said: sql\`'nothing; // said'\` }, where: sql\`said IS NULL\`, batch: 1 });
       op.addColumn("notes", { name: "times", type: "${int}", default: sql\`0\` });
       op.backfill("notes", { set: { times: sql\`times + 1\` }, batch: 2 });`,
      `op.dropColumn("notes", { name: "times", type: "${int}", default: sql\`0\` });
       op.dropIndex("notes", { name: "notes_said", columns: ["said"] });
       op.dropColumn("notes", ${column("more", text, ", nullable: true")});
       ${postgres ? 'op.alterEnum("mood", { from: ["calm", "it\'s"], to: ["calm"]});' : ""}`,
    ),
    "migrations/r003.ts": revisionFile(
      "r003",
      ["r002"],
      `op.alterColumn("notes", "said", { type: "${text}", nullable: { from: true, to: null } });
       op.addUnique("notes", { name: "notes_once", columns: ["id", "said"] });`,
      `op.dropUnique("notes", { name: "notes_once", columns: ["id", "said"] });
       op.alterColumn("notes", "said", { type: "${text}", nullable: { from: null, to: true } });`,
    ),
  };
}

describe.each(withClients)("a script of %s, beside a run", (engine) => {
  const project = useProject(engine, { "ormconfig.ts": ormconfig(engine), ...revisions(engine) });
  let other: TestDatabase;
  beforeAll(async () => {
    other = await createDatabase(engine);
  });
  afterAll(async () => {
    await other.db.close();
    await dropDatabase(engine, other.name);
  });

  const scriptOf = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await project.run(...args, "--sql");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    return stdout;
  };
  const same = async () => {
    expect(await everything(other, engine)).toEqual(await everything(project.database, engine));
  };

  it("leaves the same catalogue, rows and journal, up and down again", async () => {
    await project.json(0, "upgrade", "head");
    feed(engine, other.url, await scriptOf("upgrade", "base:r002"));
    feed(engine, other.url, await scriptOf("upgrade", "r002:head"));
    await same();
    const { stdout } = await project.run("current", "--url", other.url);
    expect(stdout).toMatch(/r003 .*\(head\)/);
    await project.json(0, "downgrade", "r001");
    feed(engine, other.url, await scriptOf("downgrade", "head:r001"));
    await same();
    await project.json(0, "downgrade", "base");
    feed(engine, other.url, await scriptOf("downgrade", "r001:base"));
    await same();
  });

  it("that stops half way is finished by the next run", async () => {
    feed(engine, other.url, await scriptOf("upgrade", "base:r002"));
    const text = await scriptOf("upgrade", "r002:head");
    await other.db.query("INSERT INTO notes (id, said) VALUES (4, NULL)");
    expect(await said(() => feed(engine, other.url, text))).toMatch(/r003: notes\.said has NULLs \(1 row/);
    expect((await project.json(0, "current", "--url", other.url)).heads).toEqual(["r002"]);
    await other.db.query("DELETE FROM notes WHERE id = 4");
    // the first statement goes through, a later one does not
    await other.db.query(engine === "postgres" ? "CREATE TABLE notes_once (a int)" : "ALTER TABLE notes ADD UNIQUE notes_once (id)");
    await said(() => feed(engine, other.url, text));
    await other.db.query(engine === "postgres" ? "DROP TABLE notes_once" : "ALTER TABLE notes DROP INDEX notes_once");
    await project.json(0, "upgrade", "head", "--url", other.url);
    await project.json(0, "upgrade", "head");
    await same();
  });
});

describe.each(withClients)("a stamp as a script of %s", (engine) => {
  const project = useProject(engine, { "ormconfig.ts": ormconfig(engine), ...revisions(engine) });
  const stamp = async (...args: readonly string[]) => (await project.run("stamp", ...args, "--sql")).stdout;
  const give = (text: string) => feed(engine, project.database.url, text);
  const heads = async () => (await project.json(0, "current")).heads;

  it("begins where it says, goes up and down, and stops anywhere else", async () => {
    give(await stamp("r001"));
    const on = await stamp("r001:head");
    give(on);
    expect(await heads()).toEqual(["r003"]);
    expect(await said(() => give(on))).toMatch(/not where this script begins.*recorded beyond it: r002/s);
    give(await stamp("head:r002"));
    expect(await heads()).toEqual(["r002"]);
    expect(await said(async () => give(await stamp("head:base")))).toMatch(/not all recorded that lead to it/);
    expect(await said(async () => give(await stamp("r003")))).toMatch(/not empty.*recorded already/s);
    give(await stamp("r002:base"));
    expect(await heads()).toEqual([]);
  });
});

/** What is there, but for when it came to be and by whom. */
async function everything(database: TestDatabase, engine: Engine): Promise<unknown> {
  const { db } = database;
  const journal = await db.query(
    "SELECT id, parents, depends_on, message, checksum, source_hash, tool_version, status, done, total, session, error, operations FROM limbeck_revision ORDER BY id",
  );
  const tables = (await db.query(tablesSql[engine])).map(({ name }) => String(name)).filter((name) => name !== "limbeck_revision");
  const rows = await Promise.all(tables.map((name) => db.query(`SELECT * FROM ${name} ORDER BY 1`)));
  if (engine === "postgres") return { journal, rows, catalogue: await dump(database) };
  const catalogue = await Promise.all(tables.map((name) => db.query(`SHOW CREATE TABLE ${name}`)));
  return { journal, rows, catalogue };
}

const tablesSql: Record<Engine, string> = {
  postgres: "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1",
  mysql: "SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() ORDER BY 1",
};
