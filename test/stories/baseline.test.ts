import { describe, expect, it } from "vitest";
import { type Engine, engines } from "../support/databases.ts";
import { ormconfig, useProject } from "../support/project.ts";

const entities = (more: string) => `import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn } from "typeorm";

@Entity("students") export class Student {
  @PrimaryGeneratedColumn() id!: number;
  @Column({ length: 100 }) name: string;
  @Column({ type: "numeric", precision: 4, scale: 2, default: 0 }) average!: string;
  ${more}
}
@Entity("answers") export class Answer {
  @PrimaryGeneratedColumn() id!: number;
  @Index("ix_answers_student")
  @ManyToOne(() => Student, { onDelete: "CASCADE" })
  @JoinColumn({ name: "student_id", foreignKeyConstraintName: "fk_answers_student" })
  student!: Student;
}
`;

const built = (engine: Engine) => {
  const id = engine === "postgres" ? "id serial" : "id int AUTO_INCREMENT";
  return [
    `CREATE TABLE students (${id} PRIMARY KEY, name varchar(100) NOT NULL, average numeric(4,2) NOT NULL DEFAULT 0)`,
    `CREATE TABLE answers (${id} PRIMARY KEY, student_id integer, CONSTRAINT fk_answers_student FOREIGN KEY (student_id) REFERENCES students (id) ON DELETE CASCADE)`,
    "CREATE INDEX ix_answers_student ON answers (student_id)",
    "CREATE TABLE left_over (a int)",
    "INSERT INTO students (name) VALUES ('Ada')",
  ];
};

describe.each(engines)("a database built without revisions, on %s", (engine) => {
  const project = useProject(engine, { "ormconfig.ts": ormconfig(engine), "models/entities.ts": entities("") });

  it("gets an initial revision of the whole schema, which is stamped and not executed", async () => {
    for (const sql of built(engine)) await project.database.db.query(sql);
    const draft = await project.json(0, "revision", "--autogenerate", "--offline", "-m", "initial", "--rev-id", "initial");
    expect(draft.upgrade.map(({ kind, table }: { kind: string; table: string }) => `${kind} ${table}`)).toEqual([
      "createTable students",
      "createTable answers",
    ]);
    expect(await project.json(0, "stamp", "head")).toEqual({ heads: ["initial"] });
    expect((await project.json(0, "check")).clean).toBe(true);
  });

  it("then finds a new column, and only that", async () => {
    project.write({ "models/entities.ts": entities('@Column({ length: 10, default: "en" }) language: string;') });
    const draft = await project.json(0, "revision", "--autogenerate", "-m", "language", "--rev-id", "language");
    expect(draft.upgrade).toMatchObject([{ kind: "addColumn", table: "students", column: { name: "language" } }]);
    await project.json(0, "upgrade", "head");
    expect(await project.database.db.query("SELECT name, language FROM students")).toEqual([{ name: "Ada", language: "en" }]);
    expect((await project.json(0, "check")).clean).toBe(true);
  });

  it("has named the table that is not ours, and kept it", async () => {
    expect((await project.json(0, "check")).unmanaged).toMatchObject([{ what: "table", name: "left_over" }]);
    expect(await project.database.db.query("SELECT * FROM left_over")).toEqual([]);
  });
});
