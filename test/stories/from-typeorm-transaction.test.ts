import { describe, expect, it } from "vitest";
import { type Engine, engines, open } from "../support/databases.ts";
import { useProject } from "../support/project.ts";

const migration = (name: string, up: string, down: string, more = "") => `import type { MigrationInterface, QueryRunner } from "typeorm";

export class ${name} implements MigrationInterface {
  ${more}
  async up(runner: QueryRunner) { ${up} }
  async down(runner: QueryRunner) { ${down} }
}
`;
const outside = "transaction = false as const;";
const sends = (sql: string) => `await runner.query("${sql}");`;
const beside = (engine: Engine) => (engine === "postgres" ? " CONCURRENTLY" : "");
/** a row, and a failure as long as nobody has opened the gate */
const half = (word: string) =>
  `${sends(`INSERT INTO notes (title) VALUES ('${word}')`)}
  if ((await runner.query("SELECT 1 FROM gate")).length === 0) throw new Error("the gate is closed");`;

const files = (engine: Engine) => ({
  "ormconfig.ts": `import { DataSource, EntitySchema } from "typeorm";
const notes = new EntitySchema({ name: "notes", columns: { title: { type: "varchar", length: 20, primary: true } } });
export default new DataSource({ type: "${engine === "postgres" ? "postgres" : "mariadb"}", url: process.env.DATABASE_URL, entities: [notes], migrations: ["old/*.ts"] });
`,
  "old/1.ts": migration("Notes1700000000001", sends("CREATE TABLE notes (title varchar(20))"), sends("DROP TABLE notes")),
  "old/2.ts": migration(
    "Index1700000000002",
    sends(`CREATE INDEX${beside(engine)} of_title ON notes (title)`),
    sends(`DROP INDEX${beside(engine)} of_title${engine === "postgres" ? "" : " ON notes"}`),
    outside,
  ),
  "old/3.ts": migration("Usual1700000000003", half("usual"), "", "transaction = true;"),
  "old/4.ts": migration("Outside1700000000004", half("outside"), "", outside),
  "old/5.ts": migration(
    "Waits1700000000005",
    sends("INSERT INTO notes VALUES ('waits')") + sends("ALTER TABLE gate ADD more int"),
    "",
    outside,
  ),
});

describe.each(engines)("adopted migrations that say whether they want a transaction, on %s", (engine) => {
  const project = useProject(engine, files(engine));
  const titles = async () => (await project.database.db.query("SELECT title FROM notes ORDER BY title DESC")).map(({ title }) => title);
  const gate = "CREATE TABLE gate (id int)";

  it("run outside of one or in one, as they say, in whatever mode", async () => {
    const { wrapped } = await project.json(0, "adopt", "--from-typeorm");
    expect(wrapped).toHaveLength(5);
    for (const mode of ["each", "all", "none"]) {
      const { applied } = await project.json(0, "upgrade", "Index1700000000002", "--transaction", mode);
      expect(applied.at(-1)).toMatchObject({ id: "Index1700000000002", statements: 1 });
      await project.json(0, "downgrade", "base", "--transaction", mode);
    }
    await project.json(0, "upgrade", "Index1700000000002");
    expect(await project.json(0, "verify", "base:Index1700000000002")).toMatchObject({ ok: true });
  });

  it("that fail half way are taken back, or leave what they have done and say so", async () => {
    const { db } = project.database;
    await db.query(gate);
    await project.json(1, "upgrade", "+1");
    expect(await titles()).toEqual([]);
    await db.query("INSERT INTO gate VALUES (1)");
    await project.json(0, "upgrade", "+1");
    await db.query("DELETE FROM gate");
    const { error } = await project.json(1, "upgrade", "+1");
    expect(error.message).toContain(
      "is code that ran in no transaction: what it did until then stands, too, and the next run begins it anew",
    );
    expect(await titles()).toEqual(["usual", "outside"]);
    expect((await project.json(0, "current")).interrupted).toMatchObject({ id: "Outside1700000000004" });
    await db.query("INSERT INTO gate VALUES (1)");
    await project.json(0, "upgrade", "Outside1700000000004");
    expect(await titles()).toEqual(["usual", "outside", "outside"]);
  });

  it("that do not get a lock are not sent again by themselves: what they had done would be done twice", async () => {
    const other = await open(engine, project.database.url);
    await other.query("BEGIN");
    await other.query("SELECT * FROM gate");
    const { error } = await project.json(1, "upgrade", "head", "--lock-timeout", "1");
    expect(error.message).toContain("what it did until then stands, too");
    await other.query("COMMIT");
    await other.close();
    expect((await titles()).filter((title) => title === "waits")).toHaveLength(1);
  });
});
