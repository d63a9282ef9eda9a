import { describe, expect, it } from "vitest";
import { type Engine, engines } from "../support/databases.ts";
import { ormconfig, useProject } from "../support/project.ts";

/** Tables that somebody made by hand before there were revisions. */
const byHand = (engine: Engine): string[] => {
  const id = engine === "postgres" ? "id serial PRIMARY KEY" : "id int AUTO_INCREMENT PRIMARY KEY";
  return [
    `CREATE TABLE question_banks (${id}, name varchar(120) NOT NULL, created_by integer)`,
    `CREATE TABLE question_bank_items (${id}, bank_id integer NOT NULL, text text NOT NULL, created_by integer)`,
    `CREATE TABLE exams (${id}, title varchar(200) NOT NULL)`,
    `CREATE TABLE exam_questions (${id}, exam_id integer NOT NULL, text text NOT NULL)`,
    `CREATE TABLE exam_assignments (${id}, exam_id integer NOT NULL, user_id integer NOT NULL)`,
    `CREATE TABLE todos (${id}, title varchar(200) NOT NULL)`,
    `CREATE TABLE workflow_node_executions (${id}, node varchar(100) NOT NULL)`,
  ];
};

const imports = `import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn } from "typeorm";\n`;

const before = `${imports}
@Entity("question_banks") export class QuestionBank {
  @PrimaryGeneratedColumn() id!: number;
  @Column({ length: 120 }) name!: string;
  @Column({ type: "int", nullable: true, name: "created_by" }) createdBy!: number | null;
}
@Entity("question_bank_items") export class QuestionBankItem {
  @PrimaryGeneratedColumn() id!: number;
  @Column({ name: "bank_id" }) bankId!: number;
  @Column("text") text!: string;
  @Column({ type: "int", nullable: true, name: "created_by" }) createdBy!: number | null;
}
@Entity("exams") export class Exam {
  @PrimaryGeneratedColumn() id!: number;
  @Column({ length: 200 }) title!: string;
}
@Entity("exam_questions") export class ExamQuestion {
  @PrimaryGeneratedColumn() id!: number;
  @Column({ name: "exam_id" }) examId!: number;
  @Column("text") text!: string;
}
@Entity("exam_assignments") export class ExamAssignment {
  @PrimaryGeneratedColumn() id!: number;
  @Column({ name: "exam_id" }) examId!: number;
  @Column({ name: "user_id" }) userId!: number;
}
@Entity("todos") export class Todo {
  @PrimaryGeneratedColumn() id!: number;
  @Column({ length: 200 }) title!: string;
}
@Entity("workflow_node_executions") export class WorkflowNodeExecution {
  @PrimaryGeneratedColumn() id!: number;
  @Column({ length: 100 }) node!: string;
}
`;

const link = (target: string, column: string, index: string) => `
  @Index("${index}")
  @ManyToOne(() => ${target}, { nullable: true, onDelete: "SET NULL" })
  @JoinColumn({ name: "${column}" })
  ${column.replace(/_id$/, "").replace(/_(.)/g, (_, c: string) => c.toUpperCase())}!: any;
`;

const after = before
  .replaceAll('name: "created_by" }) createdBy', 'name: "created_by_id" }) createdById')
  .replace(
    '@Column({ name: "exam_id" }) examId!: number;\n  @Column("text") text!: string;\n}',
    `@Column({ name: "exam_id" }) examId!: number;
  @Column("text") text!: string;
  @Column({ type: "varchar", length: 20, nullable: true, name: "source_type" }) sourceType!: string | null;
  ${link("QuestionBank", "source_bank_id", "ix_questions_bank")} ${link("QuestionBankItem", "source_question_id", "ix_questions_item")}
}`,
  )
  .replace(
    '@Column({ length: 200 }) title!: string;\n}\n@Entity("exam_questions")',
    `@Column({ length: 200 }) title!: string;
  @Column({ type: "json", nullable: true, name: "question_selection_rules" }) questionSelectionRules!: object | null;
}
@Entity("exam_questions")`,
  )
  .replace(
    '@Column({ name: "user_id" }) userId!: number;\n}',
    `@Column({ name: "user_id" }) userId!: number;
  ${link("Todo", "todo_id", "ix_assignments_todo")} ${link("WorkflowNodeExecution", "workflow_node_execution_id", "ix_assignments_execution")}
}`,
  )
  .replace(
    '@Column({ length: 200 }) title!: string;\n}\n@Entity("workflow_node_executions")',
    `@Column({ length: 200 }) title!: string;
  ${link("Exam", "exam_id", "ix_todos_exam")} ${link("ExamAssignment", "exam_assignment_id", "ix_todos_assignment")}
  @Column({ type: "json", nullable: true, name: "exam_config" }) examConfig!: object | null;
}
@Entity("workflow_node_executions")`,
  );

describe.each(engines)("tables that are already there, on %s", (engine) => {
  const project = useProject(engine, { "ormconfig.ts": ormconfig(engine), "models/entities.ts": before });
  const head = "504e237d4188";
  const base = "7b40e9699400";
  const values = async (column: string) =>
    (await project.database.db.query(`SELECT ${column} AS v FROM question_banks ORDER BY id`)).map(({ v }) => v);

  it("fails to create them, says so, and names stamp and adopt", async () => {
    await project.json(0, "revision", "--autogenerate", "-m", "base schema", "--rev-id", base);
    for (const sql of byHand(engine)) await project.database.db.query(sql);
    await project.database.db.query("INSERT INTO question_banks (name, created_by) VALUES ('Algebra', 7), ('Logic', NULL)");
    const run = await project.run("upgrade", "head");
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(/already exists/);
    expect(run.stderr).toMatch(/limbeck stamp/);
    expect(run.stderr).toMatch(/limbeck adopt/);
    expect((await project.json(0, "current")).heads).toEqual([]);
  });

  it("is at the base revision once stamped, and nothing differs", async () => {
    expect(await project.json(0, "stamp", base)).toEqual({ heads: [base] });
    expect((await project.json(0, "check")).operations).toEqual([]);
  });

  it("flags the renamed column and does not run before it is answered", async () => {
    project.write({ "models/entities.ts": after });
    const draft = await project.json(0, "revision", "--autogenerate", "-m", "add missing exam workflow columns", "--rev-id", head);
    expect(draft.review.map((point: { table: string; from: string; to: string }) => [point.table, point.from, point.to])).toEqual([
      ["question_bank_items", "created_by", "created_by_id"],
      ["question_banks", "created_by", "created_by_id"],
    ]);
    expect((await project.run("upgrade", "head")).code).toBe(4);
    expect(await values("created_by")).toEqual(["7", null]);
  });

  it("keeps the values when the answer is rename", async () => {
    expect((await project.json(0, "resolve", head, "--all", "rename")).open).toEqual([]);
    await project.json(0, "upgrade", "head");
    expect(await values("created_by_id")).toEqual(["7", null]);
    expect((await project.json(0, "current")).heads).toEqual([head]);
    expect((await project.json(0, "check")).clean).toBe(true);
  });

  it("sets the links to NULL when their target goes", async () => {
    const { db } = project.database;
    await db.query("INSERT INTO exams (title) VALUES ('Final')");
    await db.query("INSERT INTO todos (title, exam_id) SELECT 'Prepare', id FROM exams");
    await db.query("DELETE FROM exams");
    expect(await db.query("SELECT title, exam_id FROM todos")).toEqual([{ title: "Prepare", exam_id: null }]);
  });

  it("goes back to the base, and takes away exactly what it had added", async () => {
    await project.json(0, "downgrade", base);
    project.write({ "models/entities.ts": before });
    expect(await values("created_by")).toEqual(["7", null]);
    expect((await project.json(3, "check")).operations).toEqual([]);
    expect((await project.json(0, "current")).heads).toEqual([base]);
  });
});
