import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Engine, engines } from "../support/databases.ts";
import { ormconfig, useProject } from "../support/project.ts";
import { revisionFile } from "./shell.ts";

const secret = "S3cr3t/p@ss:wörd'x";
/** any spelling of it, or a good part of one */
const leak = /S3cr3t|p@ss:w|p%40ss|ss:w(ö|%C3%B6|\\u00f6)rd/i;

describe.each(engines)("a password that is everywhere, on %s", (engine) => {
  const user = `limbeck_secret_${process.pid}`;
  const literal = `'${secret.replaceAll("'", "''")}'`;
  const change = engine === "postgres" ? `ALTER ROLE ${user} PASSWORD ${literal}` : `ALTER USER ${user}@'%' IDENTIFIED BY ${literal}`;
  const project = useProject(engine, {
    "ormconfig.ts": ormconfig(engine),
    "migrations/r001.ts": revisionFile(
      "r001",
      [],
      `op.execute({ sql: ${JSON.stringify(change)} }, { undo: { sql: ${JSON.stringify(change)} } });`,
    ),
    // the server, and user code, quote it in what they say
    "migrations/r002.ts": revisionFile(
      "r002",
      ["r001"],
      `op.execute({ sql: ${JSON.stringify(`SELECT nothing ${literal} FROM nowhere, ,`)} });`,
    ),
    "migrations/r003.ts": revisionFile(
      "r003",
      ["r001"],
      `op.run("speaks", async () => { throw new Error("I know it: " + ${JSON.stringify(secret)}); });`,
    ),
  });
  let url = "";
  beforeAll(async () => {
    for (const sql of created(engine, user, project.database.name, literal)) await project.database.db.query(sql);
    const place = new URL(project.database.url);
    url = `${place.protocol}//${user}:${encodeURIComponent(secret)}@${place.host}${place.pathname}`;
  });
  afterAll(async () => {
    for (const sql of dropped(engine, user)) await project.database.db.query(sql);
  });

  it("is in no output, error, trace or journal", async () => {
    const runs: [number, ...string[]][] = [
      [0, "upgrade", "r001", "-v"],
      [0, "downgrade", "base", "--json"],
      [0, "upgrade", "r001", "--json"],
      [0, "upgrade", "r002", "--dry-run"],
      [0, "show", "r001", "--json"],
      [0, "show", "r002"],
      [1, "upgrade", "r002", "-v", "--trace"],
      [1, "upgrade", "r002", "--json", "--trace"],
      [1, "upgrade", "r003", "-v", "--trace"],
      [1, "upgrade", "r003", "--json", "--trace"],
      [0, "current", "-v", "--json"],
    ];
    for (const [code, ...args] of runs) {
      const run = await project.run(...args, "--url", url);
      // where the server stopped half way, the next one has to finish it first
      if (engine === "postgres" || code === 0) expect([args, run.code]).toEqual([args, code]);
      expect([args, leak.exec(run.stdout + run.stderr)?.[0]]).toEqual([args, undefined]);
    }
    const journal = await project.database.db.query("SELECT * FROM limbeck_revision");
    expect(journal.length).toBeGreaterThan(0);
    expect(JSON.stringify(journal)).not.toMatch(leak);
  });
});

function created(engine: Engine, user: string, database: string, password: string): readonly string[] {
  return engine === "postgres"
    ? [`CREATE ROLE ${user} LOGIN SUPERUSER PASSWORD ${password}`]
    : [
        `CREATE USER ${user}@'%' IDENTIFIED BY ${password}`,
        `GRANT ALL ON \`${database}\`.* TO ${user}@'%'`,
        `GRANT CREATE USER ON *.* TO ${user}@'%'`,
      ];
}

function dropped(engine: Engine, user: string): readonly string[] {
  return engine === "postgres" ? [`DROP OWNED BY ${user} CASCADE`, `DROP ROLE ${user}`] : [`DROP USER ${user}@'%'`];
}
