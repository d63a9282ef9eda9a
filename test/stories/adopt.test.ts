import { describe, expect, it } from "vitest";
import { type Engine, engines } from "../support/databases.ts";
import { ormconfig, useProject } from "../support/project.ts";

const entities = (length: number) => `import { Column, Entity, PrimaryGeneratedColumn } from "typeorm";

@Entity("students") export class Student {
  @PrimaryGeneratedColumn() id!: number;
  @Column({ length: ${length} }) name: string;
}
`;

const built = (engine: Engine) => {
  const id = engine === "postgres" ? "id serial" : "id int AUTO_INCREMENT";
  return [
    `CREATE TABLE students (${id} PRIMARY KEY, name varchar(100) NOT NULL, legacy_code varchar(9))`,
    "CREATE INDEX ix_students_by_hand ON students (name)",
    "CREATE TABLE left_over (a int)",
    "INSERT INTO students (name, legacy_code) VALUES ('Ada', 'x1')",
  ];
};

describe.each(engines)("a database that is adopted, on %s", (engine) => {
  const project = useProject(engine, { "ormconfig.ts": ormconfig(engine), "models/entities.ts": entities(200) });

  it("gets a baseline of what the entities know, in its own shape, and keeps the rest", async () => {
    for (const sql of built(engine)) await project.database.db.query(sql);
    const adopted = await project.json(0, "adopt", "--rev-id", "baseline");
    expect(adopted).toMatchObject({ id: "baseline", stamped: true });
    expect(adopted.unmanaged.map(({ name }: { name: string }) => name).sort()).toEqual(["ix_students_by_hand", "left_over", "legacy_code"]);
    expect(project.revision("baseline")).toContain("(100)");
    expect(project.revision("baseline")).not.toContain("legacy_code");
    expect((await project.json(0, "current")).heads).toEqual(["baseline"]);
  });

  it("then finds just what really differs, and drops nothing", async () => {
    const draft = await project.json(0, "revision", "--autogenerate", "-m", "longer names", "--rev-id", "002");
    const kinds = draft.upgrade.map(({ kind }: { kind: string }) => kind);
    expect(kinds).toEqual(["alterColumn"]);
    await project.json(0, "upgrade", "head");
    expect(await project.database.db.query("SELECT name, legacy_code FROM students")).toEqual([{ name: "Ada", legacy_code: "x1" }]);
    expect((await project.json(0, "check")).clean).toBe(true);
  });

  it("is not adopted twice", async () => {
    const run = await project.run("adopt");
    expect(run.code).toBe(4);
    expect(run.stderr).toMatch(/has revisions already/);
  });
});

describe.each(engines)("a database that is adopted with all that it has, on %s", (engine) => {
  const project = useProject(engine, { "ormconfig.ts": ormconfig(engine), "models/entities.ts": entities(100) });

  it("has everything in its baseline, which sets up the same elsewhere", async () => {
    for (const sql of built(engine)) await project.database.db.query(sql);
    expect(await project.json(0, "adopt", "--all", "--rev-id", "all")).toMatchObject({ id: "all", stamped: true, unmanaged: [] });
    for (const name of ["left_over", "legacy_code", "ix_students_by_hand"]) expect(project.revision("all")).toContain(name);
    expect((await project.json(0, "diff", "revision:all", "database")).operations).toEqual([]);
  });
});
