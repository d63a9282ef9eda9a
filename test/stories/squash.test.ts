import { describe, expect, it } from "vitest";
import { createDatabase, dropDatabase, type Engine, engines } from "../support/databases.ts";
import { ormconfig, useProject, useProjectWithout } from "../support/project.ts";

const entities = (
  engine: Engine,
  step: string,
  more = "",
) => `import { Check, Column, CreateDateColumn, Entity, PrimaryGeneratedColumn } from "typeorm";

export enum StepStatus { Active = "active", Completed = "completed" }

@Entity("guides") @Check("guides_position_positive", "position > 0") export class Guide {
  @PrimaryGeneratedColumn() id!: number;
  @Column() position!: number;
  @Column({ type: "enum", enum: StepStatus, enumName: "stepstatus", default: StepStatus.Active }) status!: StepStatus;
  @CreateDateColumn({ name: "created_at", type: "${engine === "postgres" ? "timestamptz" : "datetime"}" }) createdAt!: Date;
  ${step}
  ${more}
}
`;
const byIndex = '@Column({ name: "current_step_index", type: "int", default: 0 }) currentStepIndex!: number;';
const byIdentifier =
  '@Column({ name: "current_step_identifier", type: "varchar", length: 10, default: "0" }) currentStepIdentifier!: string;';
const note = '@Column({ type: "varchar", length: 20, nullable: true }) note!: string | null;';
const tag = '@Column({ type: "varchar", length: 7, nullable: true }) tag!: string | null;';

const ids = (list: readonly { id: string }[]) => list.map(({ id }) => id);

describe.each(engines)("two conflicting early revisions become one initial revision, on %s", (engine) => {
  const project = useProject(engine, { "ormconfig.ts": ormconfig(engine), "models/all.ts": entities(engine, byIndex) });
  const places: string[] = [];
  const place = async (): Promise<string> => {
    const { name, url, db } = await createDatabase(engine);
    await db.close();
    places.push(name);
    return url;
  };
  const state: Record<string, string> = {};

  it("on a chain of three, with databases at each of its places", async () => {
    await project.json(0, "revision", "--autogenerate", "-m", "guides", "--rev-id", "001");
    await project.json(0, "upgrade", "head");
    project.write({ "models/all.ts": entities(engine, byIdentifier) });
    await project.json(0, "revision", "--autogenerate", "-m", "steps by identifier", "--rev-id", "002");
    await project.json(0, "resolve", "002", "--rename", "guides.current_step_index:current_step_identifier");
    await project.json(0, "upgrade", "head");
    project.write({ "models/all.ts": entities(engine, byIdentifier, note) });
    await project.json(0, "revision", "--autogenerate", "-m", "notes", "--rev-id", "003");
    for (const name of ["fresh", "inside", "amid", "after", "beyond"]) state[name] = await place();
    await project.json(0, "upgrade", "001", "--url", state.inside ?? "");
    await project.json(0, "upgrade", "001", "--url", state.amid ?? "");
    await project.json(0, "upgrade", "002", "--url", state.after ?? "");
    await project.json(0, "upgrade", "003", "--url", state.beyond ?? "");
  });

  it("is written, proved, and keeps the enum, the check and the time", async () => {
    const result = await project.json(0, "squash", "base:002", "-m", "guides", "--rev-id", "sq");
    expect(result).toMatchObject({ id: "sq", replaces: ["001", "002"], proved: true });
    const text = project.revision("sq");
    expect(text).toMatch(/stepstatus|enum\('active','completed'\)/);
    expect(text).toMatch(/guides_position_positive/);
    expect(text).toMatch(/timestamp with time zone|datetime/);
    expect(text).not.toMatch(/current_step_index|renameColumn/);
    expect(result.moved).toHaveLength(2);
    for (const file of result.moved) expect(project.exists(file)).toBe(true);
    // the graph that runs, though the file of 003 still says 002
    expect((await project.json(0, "history")).revisions).toMatchObject([
      { id: "003", parents: ["sq"] },
      { id: "sq", parents: [] },
    ]);
  });

  it("sets up a fresh database by itself", async () => {
    const url = ["--url", state.fresh ?? ""];
    expect(ids((await project.json(0, "upgrade", "head", ...url)).applied)).toEqual(["sq", "003"]);
    expect((await project.json(0, "check", ...url)).clean).toBe(true);
    expect(ids((await project.json(0, "downgrade", "base", ...url)).reverted)).toEqual(["003", "sq"]);
    expect(ids((await project.json(0, "upgrade", "head", ...url)).applied)).toEqual(["sq", "003"]);
  });

  it("lets a database that is amid them finish the old ones, and then counts", async () => {
    const url = ["--url", state.amid ?? ""];
    const { applied, heads } = await project.json(0, "upgrade", "head", ...url);
    expect([ids(applied), heads]).toEqual([["002", "003"], ["003"]]);
    expect((await project.json(0, "upgrade", "head", ...url)).applied).toEqual([]);
    expect((await project.json(0, "check", ...url)).clean).toBe(true);
    expect(ids((await project.json(0, "downgrade", "base", ...url)).reverted)).toEqual(["003", "sq"]);
  });

  it("lets a database that is amid them go back by the old ones", async () => {
    const url = ["--url", state.inside ?? ""];
    expect(await project.json(0, "current", ...url)).toMatchObject({ heads: ["001"], pending: ["002", "003"], unknown: [] });
    expect(ids((await project.json(0, "upgrade", "+1", "--dry-run", ...url)).revisions)).toEqual(["002"]);
    expect(ids((await project.json(0, "downgrade", "base", ...url)).reverted)).toEqual(["001"]);
    expect(await project.json(0, "current", ...url)).toMatchObject({ heads: [], pending: ["sq", "003"] });
    await project.json(0, "stamp", "base", ...url);
  });

  it("counts for a database that has just them all, and is taken back as one", async () => {
    const url = ["--url", state.after ?? ""];
    expect(await project.json(0, "current", ...url)).toMatchObject({ heads: ["sq"], pending: ["003"] });
    expect(ids((await project.json(0, "downgrade", "base", ...url)).reverted)).toEqual(["sq"]);
    expect(ids((await project.json(0, "upgrade", "head", ...url)).applied)).toEqual(["sq", "003"]);
  });

  it("counts as applied where all of them are, and what follows it still does", async () => {
    const url = ["--url", state.beyond ?? ""];
    expect(await project.json(0, "current", ...url)).toMatchObject({ heads: ["003"], pending: [], atHead: true });
    expect(await project.json(0, "upgrade", "head", ...url)).toEqual({ applied: [], heads: ["003"] });
    expect((await project.json(0, "history", "-i", ...url)).revisions.map((one: { applied: boolean }) => one.applied)).toEqual([
      true,
      true,
    ]);
    expect((await project.json(0, "check", ...url)).clean).toBe(true);
    expect(ids((await project.json(0, "downgrade", "-1", ...url)).reverted)).toEqual(["003"]);
    expect((await project.json(0, "current", ...url)).heads).toEqual(["sq"]);
    expect(await project.json(0, "stamp", "head", ...url)).toEqual({ heads: ["003"] });
  });

  it("goes on: the database that the squash was made with gets the next revision", async () => {
    // it stands after 002
    project.write({ "models/all.ts": entities(engine, byIdentifier, note + tag) });
    expect(ids((await project.json(0, "upgrade", "head")).applied)).toEqual(["003"]);
    await project.json(0, "revision", "--autogenerate", "-m", "tags", "--rev-id", "004");
    expect(ids((await project.json(0, "upgrade", "head")).applied)).toEqual(["004"]);
  });

  it("is what a row follows that repair brings back", async () => {
    await project.database.db.query("DELETE FROM limbeck_revision WHERE id = '003'");
    const { ailments, heads } = await project.json(0, "repair", "--yes");
    expect({ ailments, heads }).toMatchObject({ ailments: [{ kind: "missing", revision: "003", mended: true }], heads: ["004"] });
  });

  it("can be squashed again, for databases that know the first and for those that do not", async () => {
    const old = await place();
    await project.json(0, "upgrade", "sq", "--url", old);
    const result = await project.json(0, "squash", "base:003", "-m", "guides with notes", "--rev-id", "sq2");
    expect(result).toMatchObject({ replaces: ["001", "002", "sq", "003"], proved: true });
    const left = await project.json(0, "upgrade", "head", "--url", old);
    expect(ids(left.applied)).toEqual(["003", "004"]);
    expect(left.heads).toEqual(["004"]);
    expect((await project.json(0, "upgrade", "head")).applied).toEqual([]);
    expect((await project.json(0, "check")).clean).toBe(true);
    for (const name of places.splice(0)) await dropDatabase(engine, name);
  });
});

describe("a squash on the embedded engine", () => {
  const files = { "ormconfig.ts": ormconfig("postgres"), "models/all.ts": entities("postgres", byIdentifier) };
  const project = useProjectWithout(files, "embedded:.limbeck/one");

  it("is proved in folders of its own, and a database that is amid it goes on", async () => {
    await project.json(0, "revision", "--autogenerate", "--offline", "-m", "guides", "--rev-id", "001");
    project.write({ "models/all.ts": entities("postgres", byIdentifier, note) });
    await project.json(0, "revision", "--autogenerate", "--offline", "-m", "notes", "--rev-id", "002");
    await project.json(0, "upgrade", "001");
    expect(await project.json(0, "squash", "base:head", "-m", "guides", "--rev-id", "sq")).toMatchObject({ proved: true });
    const { applied, heads } = await project.json(0, "upgrade", "head");
    expect([ids(applied), heads]).toEqual([["002"], ["sq"]]);
  }, 240_000);
});
