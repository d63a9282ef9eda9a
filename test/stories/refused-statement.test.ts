import { describe, expect, it } from "vitest";
import { engines } from "../support/databases.ts";
import { ormconfig, useProject } from "../support/project.ts";

const pair = `import { revision } from "limbeck";

export default revision({
  id: "pair1",
  parents: [],
  message: "two tables",
  createdAt: "2026-11-21T00:00:00Z",
  upgrade(op) {
    for (const name of ["first", "second"]) op.createTable(name, { columns: [{ name: "id", type: "integer" }] });
  },
  downgrade(op) {
    for (const name of ["second", "first"]) op.dropTable(name, { columns: [{ name: "id", type: "integer" }] });
  },
});
`;
const models = `import { Entity, PrimaryColumn } from "typeorm";
@Entity("first") export class First { @PrimaryColumn({ type: "int" }) id!: number; }
`;

describe.each(engines)("a statement that the server refuses, each by itself, on %s", (engine) => {
  const project = useProject(engine, { "ormconfig.ts": ormconfig(engine), "models/first.ts": models, "migrations/1_pair1_two.ts": pair });
  const upgrade = () => project.run("upgrade", "head", "--transaction", "none", "--json");

  it("has not happened, however often it is tried: somebody else's table is not taken for ours", async () => {
    await project.database.db.query("CREATE TABLE second (other varchar(20))");
    for (let times = 0; times < 2; times++) {
      const { code, json } = await upgrade();
      expect(code).toBe(1);
      expect(json.error).toMatchObject({ code: "statement-failed", hint: expect.stringContaining("limbeck stamp pair1") });
      const { interrupted, heads } = await project.json(0, "current");
      expect(interrupted).toMatchObject({ id: "pair1", done: 1, total: 2, error: expect.stringMatching(/^did not happen: .*exists/) });
      expect(heads).toEqual([]);
      expect((await project.run("repair")).stdout).toMatch(/not begun/);
    }
  });

  it("comes when its cause is gone", async () => {
    await project.database.db.query("DROP TABLE second");
    expect((await upgrade()).code).toBe(0);
    expect((await project.json(0, "current")).heads).toEqual(["pair1"]);
    await project.database.db.query("INSERT INTO second (id) VALUES (1)");
  });
});
