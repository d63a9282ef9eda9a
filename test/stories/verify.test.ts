import { describe, expect, it } from "vitest";
import { engines } from "../support/databases.ts";
import { ormconfig, type TestProject, useProject, useProjectWithout } from "../support/project.ts";

const entities = `import { Column, Entity, ManyToOne, PrimaryGeneratedColumn } from "typeorm";

@Entity("teams") export class Team {
  @PrimaryGeneratedColumn() id!: number;
  @Column({ length: 40, unique: true }) name!: string;
}
@Entity("players") export class Player {
  @PrimaryGeneratedColumn() id!: number;
  @Column({ type: "enum", enum: ["goal", "field"], default: "field" }) position!: string;
  @Column({ type: "decimal", precision: 6, scale: 2 }) fee!: string;
  @Column({ type: "varchar", length: 20, nullable: true }) nick!: string | null;
  @ManyToOne(() => Team, { nullable: false }) team!: Team;
}
`;
const more = entities
  .replace('name: "nick"', "")
  .replace("nick!: string | null;", "nick!: string | null;\n  @Column({ default: 1 }) shirt!: number;");

const handMade = (id: string, parent: string, body: string) => `import { revision, sql } from "limbeck";

export default revision({
  id: "${id}",
  parents: ["${parent}"],
  message: "made by hand",
  createdAt: "2026-11-21T04:10:00Z",

${body}
});
`;

const kinds = [...engines, "embedded" as const];

describe.each(kinds)("verify, on %s", (engine) => {
  // the embedded engine takes seconds to start
  const onServers = it.runIf(engine !== "embedded");
  const files = { "ormconfig.ts": ormconfig(engine === "mysql" ? "mysql" : "postgres"), "models/all.ts": entities };
  const project: TestProject = engine === "embedded" ? useProjectWithout(files, "embedded:.limbeck/db") : useProject(engine, files);

  /** what a run that was killed would have left */
  const abandoned = "limbeck_proof_4000000001";
  const isThere = async (name: string) => {
    const table =
      engine === "postgres" ? "SELECT datname AS name FROM pg_database" : "SELECT schema_name AS name FROM information_schema.schemata";
    return (await project.database.db.query(table)).some((row) => row.name === name);
  };

  it("goes up, down and up with rows in the tables, and compares the entities at the end", async () => {
    await project.json(0, "revision", "--autogenerate", "-m", "teams", "--rev-id", "001");
    await project.json(0, "upgrade", "head");
    project.write({ "models/all.ts": more });
    await project.json(0, "revision", "--autogenerate", "-m", "shirts", "--rev-id", "002");
    const result = await project.json(0, "verify");
    expect(result).toMatchObject({
      ok: true,
      models: { ok: true },
      steps: [
        { id: "001", ok: true, notes: [] },
        { id: "002", ok: true, notes: [] },
      ],
    });
    expect((await project.json(0, "current")).heads).toEqual(["001"]);
  });

  it("says where values can't come back, and that a step of raw SQL really ran", async () => {
    project.write({
      "migrations/003.ts": handMade(
        "003",
        "002",
        `  upgrade(op) {
    op.dropColumn("players", { name: "nick", type: "${engine === "mysql" ? "varchar(20)" : "character varying(20)"}", nullable: true });
    op.execute(sql\`UPDATE players SET shirt = shirt + 1\`, { undo: sql\`UPDATE players SET shirt = shirt - 1\` });
  },`,
      ),
    });
    const result = await project.json(3, "verify", "002:003");
    expect(result.steps.map(({ id }: { id: string }) => id)).toEqual(["002", "003"]);
    expect(result.steps[1].notes.join()).toMatch(/can't come back: players has other values in nick/);
    expect(result).toMatchObject({ ok: false, models: { ok: false, operations: [{ kind: "addColumn" }] } });
  });

  it.runIf(engine === "postgres")("says what it did not compare", async () => {
    const before = project.read("migrations/003.ts");
    const trigger = "CREATE TRIGGER watch BEFORE UPDATE ON teams FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()";
    const body = `  upgrade(op) {\n    op.execute(sql\`${trigger}\`, { undo: sql\`DROP TRIGGER watch ON teams\` });\n  },`;
    project.write({ "migrations/003.ts": handMade("003", "002", body) });
    const { stdout } = await project.run("verify", "003");
    expect(stdout).toMatch(/the entities say the same\nnot compared: table teams \(trigger watch: left alone\)/);
    project.write({ "migrations/003.ts": before });
  });

  onServers("finds a way back that does not lead back", async () => {
    project.write({
      "migrations/003.ts": handMade(
        "003",
        "002",
        `  upgrade(op) {
    op.addColumn("teams", { name: "city", type: "${engine === "mysql" ? "varchar(20)" : "text"}", nullable: true });
  },
  downgrade() {},`,
      ),
    });
    const result = await project.json(1, "verify");
    expect(result.steps.at(-1)).toMatchObject({ id: "003", ok: false, problem: { stage: "downgrade" } });
    expect(result.steps.at(-1).problem.message).toMatch(/does not lead back.*city/);
  });

  onServers("finds a statement that the server refuses", async () => {
    project.write({
      "migrations/003.ts": handMade(
        "003",
        "002",
        "  upgrade(op) {\n    op.execute(sql`UPDATE nowhere SET a = 1`, { undo: sql`SELECT 1` });\n  },",
      ),
    });
    const refused = await project.json(1, "verify", "003:003");
    expect(refused.steps).toMatchObject([{ id: "003", ok: false, problem: { stage: "upgrade" } }]);
    expect(refused.steps[0].problem.message).toMatch(/nowhere/);
  });

  onServers("goes on without rows where made-up ones are in the way, and says so", async () => {
    project.write({
      "migrations/003.ts": handMade(
        "003",
        "002",
        `  upgrade(op) {
    op.addColumn("players", { name: "born", type: "date" });
  },`,
      ),
    });
    const result = await project.json(3, "verify", "003:003");
    expect(result.steps).toMatchObject([{ id: "003", ok: true }]);
    expect(result.steps[0].notes.join()).toMatch(/not with the rows that were made up/);
  });

  onServers("sweeps what a killed run has left", async () => {
    await project.database.db.query(`CREATE DATABASE ${abandoned}`);
    await project.json(3, "verify", "003:003");
    expect(await isThere(abandoned)).toBe(false);
  });
});
