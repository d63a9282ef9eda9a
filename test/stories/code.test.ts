import { describe, expect, it } from "vitest";
import { engines } from "../support/databases.ts";
import { type TestProject, useProject, useProjectWithout } from "../support/project.ts";

const user = `import { Column, Entity, PrimaryGeneratedColumn } from "typeorm";
@Entity("users")
export class User {
  @PrimaryGeneratedColumn() id!: number;
  @Column({ type: "varchar", length: 50 }) name!: string;
  @Column({ type: "bigint", default: 0 }) points!: string;
  @Column({ type: Date, nullable: true }) seen!: Date | null;
}
`;
const source = (type: string) => `import { DataSource } from "typeorm";
import { User } from "./user";
export default new DataSource({ type: "${type}", url: process.env.DATABASE_URL, entities: [User] });
`;

/** One revision that makes the table, one whose code does what \`body\` says. */
const revisions = (body: string) => ({
  "migrations/0001-users.ts": `import { revision, sql } from "limbeck";
export default revision({
  id: "0001", parents: [], message: "users", createdAt: "2026-01-01T00:00:00Z",
  upgrade(op) { op.execute(sql\`CREATE TABLE users (id __ID__ PRIMARY KEY, name varchar(50) NOT NULL, points bigint NOT NULL DEFAULT 0, seen __TIME__ NULL)\`, { undo: sql\`DROP TABLE users\` }); },
});
`,
  "migrations/0002-people.ts": `import { revision, sql } from "limbeck";
import { User } from "../user";
export default revision({
  id: "0002", parents: ["0001"], message: "people", createdAt: "2026-01-02T00:00:00Z",
  upgrade(op) {
    op.execute(sql\`INSERT INTO users (name) VALUES ('Ada')\`);
    op.run("people", async (db) => {
${body}
    });
  },
  downgrade(op) { op.execute(sql\`DELETE FROM users\`); },
});
`,
});

const seesAndSaves = `
      const manager = await db.manager();
      const ada = await manager.findOneByOrFail(User, { name: "Ada" });
      if (typeof ada.id !== "number" || ada.points !== "0" || ada.seen !== null) throw new Error(JSON.stringify(ada));
      await manager.save(User, { name: "Grace", points: "9007199254740993", seen: new Date("2024-05-06T07:08:09Z") });
      await manager.transaction(async (inner) => {
        await inner.increment(User, { id: ada.id }, "points", 5);
        await inner.delete(User, { name: "Nobody" });
      });
      await manager.transaction(async (inner) => {
        await inner.save(User, { name: "Lost" });
        throw new Error("taken back");
      }).catch((error) => { if (error.message !== "taken back") throw error; });
      const grace = await manager.findOneByOrFail(User, { name: "Grace" });
      if (grace.seen?.toISOString() !== "2024-05-06T07:08:09.000Z") throw new Error(String(grace.seen));
      const rows = await db.query("SELECT name FROM users ORDER BY id");
      if (rows.map(({ name }) => name).join() !== "Ada,Grace" || db.x.who !== "me") throw new Error(JSON.stringify(rows));
`;

function write(project: TestProject, postgres: boolean, body: string): void {
  const files = Object.entries(revisions(body)).map(([file, text]) => [
    file,
    text.replace("__ID__", postgres ? "serial" : "int AUTO_INCREMENT").replace("__TIME__", postgres ? "timestamp" : "datetime"),
  ]);
  project.write(Object.fromEntries(files));
}

describe.each(engines)("a step in code on %s", (engine) => {
  const project = useProject(engine, { "user.ts": user, "data-source.ts": source(engine) });
  const names = async () =>
    (await project.database.db.query("SELECT name, points FROM users ORDER BY id")).map((row) => Object.values(row).join(" "));

  it("has TypeORM's entity manager in the revision's own transaction, with savepoints for its own", async () => {
    write(project, engine === "postgres", seesAndSaves);
    await project.json(0, "upgrade", "head", "-x", "who=me");
    expect(await names()).toEqual(["Ada 5", "Grace 9007199254740993"]);
    await project.json(0, "downgrade", "base");
  });

  it("leaves nothing behind when it throws, not even what TypeORM says it has committed", async () => {
    write(project, engine === "postgres", `${seesAndSaves} throw new Error("no more");`);
    const failed = await project.json(1, "upgrade", "head", "-x", "who=me");
    expect(failed.error).toMatchObject({ code: "statement-failed", message: expect.stringContaining("no more") });
    expect(await names()).toEqual([]);
    await project.json(0, "downgrade", "base");
  });

  it("is committed by itself where there is no transaction", async () => {
    write(project, engine === "postgres", seesAndSaves);
    await project.json(0, "upgrade", "head", "--transaction", "none", "-x", "who=me");
    expect(await names()).toEqual(["Ada 5", "Grace 9007199254740993"]);
    await project.json(0, "downgrade", "base");
  });
});

describe("a step in code on an embedded database", () => {
  const project = useProjectWithout({ "user.ts": user, "data-source.ts": source("postgres") }, "embedded:db");

  it("has the entity manager, too", async () => {
    write(project, true, seesAndSaves);
    await project.json(0, "upgrade", "head", "-x", "who=me");
    expect((await project.json(0, "current")).heads).toEqual(["0002"]);
  });
});
