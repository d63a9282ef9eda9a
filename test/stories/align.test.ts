import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDatabase, dropDatabase, type Engine, engines, type TestDatabase } from "../support/databases.ts";
import { ormconfig, useProject } from "../support/project.ts";

const key = (engine: Engine) => (engine === "postgres" ? "id serial PRIMARY KEY" : "id int AUTO_INCREMENT PRIMARY KEY");

const production = (engine: Engine) => [
  ...(engine === "postgres" ? ["CREATE TYPE exam_status AS ENUM ('draft', 'open')"] : []),
  `CREATE TABLE students (${key(engine)}, name varchar(100) NOT NULL)`,
  `CREATE TABLE exams (${key(engine)}, title varchar(200) NOT NULL)`,
  `CREATE TABLE answers (${key(engine)}, exam_id int NOT NULL, student_id int NOT NULL,
    CONSTRAINT fk_answers_exam FOREIGN KEY (exam_id) REFERENCES exams (id), CONSTRAINT fk_answers_student FOREIGN KEY (student_id) REFERENCES students (id))`,
  `CREATE TABLE grading (${key(engine)}, answer_id int NOT NULL, CONSTRAINT fk_grading_answer FOREIGN KEY (answer_id) REFERENCES answers (id))`,
  "INSERT INTO students (name) VALUES ('Ada')",
];

const staging = (engine: Engine) => [
  `CREATE TABLE students (${key(engine)}, name varchar(100) NOT NULL, language varchar(10) NOT NULL DEFAULT 'en', language_name varchar(50) NOT NULL DEFAULT 'English')`,
  `CREATE TABLE examgenie_grading (${key(engine)}, student_id int NOT NULL, grade numeric(4,2), CONSTRAINT fk_examgenie_student FOREIGN KEY (student_id) REFERENCES students (id))`,
];

describe.each(engines)("a production database is aligned with staging, on %s", (engine) => {
  const project = useProject(engine, { "ormconfig.ts": ormconfig(engine) });
  let other: TestDatabase;
  beforeAll(async () => {
    other = await createDatabase(engine);
    for (const sql of staging(engine)) await other.db.query(sql);
    for (const sql of production(engine)) await project.database.db.query(sql);
  });
  afterAll(async () => {
    await other.db.close();
    await dropDatabase(engine, other.name);
  });

  it("shows what staging has and production lacks, and the other way round, in an order that can be run", async () => {
    const { operations } = await project.json(3, "diff", "database", other.url, "--exit-code");
    const said = operations.map((one: { kind: string; table?: string; column?: { name: string }; definition?: { name: string } }) =>
      [one.kind, one.table, one.column?.name ?? (one.kind.endsWith("Enum") ? one.definition?.name : undefined)].filter(Boolean).join(" "),
    );
    expect(said.filter((one: string) => !one.startsWith("dropForeignKey"))).toEqual([
      "createTable examgenie_grading",
      "addColumn students language",
      "addColumn students language_name",
      "dropTable grading",
      "dropTable answers",
      "dropTable exams",
      ...(engine === "postgres" ? ["dropEnum exam_status"] : []),
    ]);
    expect(operations).toContainEqual(
      expect.objectContaining({ column: { name: "language_name", type: expect.stringMatching(/varying|varchar/), default: "'English'" } }),
    );
  });

  it("gives the script, after which nothing differs and the rows are still there", async () => {
    const { stdout, code } = await project.run("diff", project.database.url, other.url, "--sql");
    expect(code).toBe(0);
    await project.database.db.query(stdout);
    expect((await project.json(0, "diff", "database", other.url, "--exit-code")).operations).toEqual([]);
    expect(await project.database.db.query("SELECT name, language, language_name FROM students")).toEqual([
      { name: "Ada", language: "en", language_name: "English" },
    ]);
  });

  it("compares revisions, too, and refuses what is nothing", async () => {
    project.write({
      "models/student.ts": `import { Column, Entity, PrimaryGeneratedColumn } from "typeorm";
@Entity("students") export class Student { @PrimaryGeneratedColumn() id!: number; @Column({ length: 100 }) name: string; }
`,
    });
    await project.json(0, "revision", "--autogenerate", "--offline", "-m", "students", "--rev-id", "001");
    expect((await project.json(0, "diff", "revision:001", "models")).operations).toEqual([]);
    const { operations } = await project.json(0, "diff", "revision:001", "database");
    expect(operations.map(({ kind, table }: { kind: string; table: string }) => `${kind} ${table}`)).toContain(
      "createTable examgenie_grading",
    );
    expect((await project.run("diff", "nonsense")).code).toBe(2);
  });
});
