import { describe, expect, it } from "vitest";
import { type Engine, engines } from "../support/databases.ts";
import { ormconfig, useProject } from "../support/project.ts";

const entities = (engine: Engine, step: string) => {
  const stamp = engine === "postgres" ? "timestamptz" : "datetime";
  const json = engine === "postgres" ? "jsonb" : "json";
  return `import { Check, Column, CreateDateColumn, Entity, JoinColumn, ManyToOne, PrimaryGeneratedColumn } from "typeorm";

export enum StepStatus { Active = "active", Completed = "completed", Blocked = "blocked", Alternative = "alternative" }

@Entity("step_guides") export class StepGuide {
  @PrimaryGeneratedColumn() id!: number;
  @Column({ length: 200 }) title: string;
  @CreateDateColumn({ name: "created_at", type: "${stamp}" }) createdAt!: Date;
}
@Entity("guide_sections")
@Check("sections_position_positive", "position > 0")
export class GuideSection {
  @PrimaryGeneratedColumn() id!: number;
  @ManyToOne(() => StepGuide, { onDelete: "CASCADE" }) @JoinColumn({ name: "guide_id" }) guide!: StepGuide;
  @Column() position: number;
}
@Entity("guide_steps")
@Check("steps_identifier_given", "identifier <> ''")
export class GuideStep {
  @PrimaryGeneratedColumn() id!: number;
  @ManyToOne(() => GuideSection, { onDelete: "CASCADE" }) @JoinColumn({ name: "section_id" }) section!: GuideSection;
  @Column({ length: 10 }) identifier: string;
  @Column({ type: "enum", enum: StepStatus, enumName: "stepstatus", default: StepStatus.Active }) status!: StepStatus;
  @Column({ type: "${json}", nullable: true }) content!: object | null;
}
@Entity("guide_sessions") export class GuideSession {
  @PrimaryGeneratedColumn() id!: number;
  @ManyToOne(() => StepGuide, { onDelete: "CASCADE" }) @JoinColumn({ name: "guide_id" }) guide!: StepGuide;
  ${step}
  @Column({ name: "finished_at", type: "${stamp}", nullable: true }) finishedAt!: Date | null;
}
`;
};

const byIndex = '@Column({ name: "current_step_index", type: "int", default: 0 }) currentStepIndex!: number;';
const byIdentifier = `@Column({ name: "current_step_identifier", type: "varchar", length: 10, default: "0" }) currentStepIdentifier!: string;`;

describe.each(engines)("two revisions that touch one column, on %s", (engine) => {
  const project = useProject(engine, { "ormconfig.ts": ormconfig(engine), "models/entities.ts": entities(engine, byIndex) });
  const steps = async (column: string) =>
    (await project.database.db.query(`SELECT ${column} AS v FROM guide_sessions ORDER BY id`)).map(({ v }) => v);

  it("builds the guides with their enum, checks, times and JSON", async () => {
    await project.json(0, "revision", "--autogenerate", "-m", "step guides", "--rev-id", "001");
    await project.json(0, "upgrade", "head");
    expect((await project.json(0, "check")).clean).toBe(true);
    await project.database.db.query("INSERT INTO step_guides (title) VALUES ('How to begin')");
    await project.database.db.query("INSERT INTO guide_sessions (guide_id, current_step_index) SELECT id, 12 FROM step_guides");
  });

  it("turns the index into an identifier, the values converted", async () => {
    project.write({ "models/entities.ts": entities(engine, byIdentifier) });
    await project.json(0, "revision", "--autogenerate", "-m", "steps by identifier", "--rev-id", "002");
    const answer = await project.json(0, "resolve", "002", "--rename", "guide_sessions.current_step_index:current_step_identifier");
    expect(answer.open).toEqual([]);
    expect(project.revision("002")).toMatch(
      /op\.renameColumn\(\s*"guide_sessions",\s*"current_step_index",\s*"current_step_identifier",?\s*\)/,
    );
    await project.json(0, "upgrade", "head");
    expect(await steps("current_step_identifier")).toEqual(["12"]);
    expect((await project.json(0, "check")).clean).toBe(true);
  });

  it("goes back and forth with the values", async () => {
    await project.json(0, "downgrade", "-1");
    expect(await steps("current_step_index")).toEqual(["12"]);
    await project.json(0, "upgrade", "+1");
    expect(await steps("current_step_identifier")).toEqual(["12"]);
  });

  it("leaves no table and no enum type at base", async () => {
    await project.json(0, "downgrade", "base");
    const { db } = project.database;
    const tables =
      engine === "postgres"
        ? "SELECT relname AS name FROM pg_class WHERE relkind IN ('r', 'v', 'S') AND relnamespace = 'public'::regnamespace"
        : "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()";
    const names = (await db.query(tables)).map(({ name }) => name).filter((name) => !/limbeck|typeorm_metadata/.test(name ?? ""));
    expect(names).toEqual([]);
    if (engine === "postgres") expect(await db.query("SELECT typname FROM pg_type WHERE typtype = 'e'")).toEqual([]);
  });

  it("sets up a fresh database with both", async () => {
    const { reverted } = await project.json(0, "downgrade", "base");
    expect(reverted).toEqual([]);
    const { applied } = await project.json(0, "upgrade", "head");
    expect(applied.map(({ id }: { id: string }) => id)).toEqual(["001", "002"]);
    expect((await project.json(0, "check")).clean).toBe(true);
  });
});
