import { describe, expect, inject, it } from "vitest";
import { engines } from "../support/databases.ts";
import { ormconfig, useProject } from "../support/project.ts";

const models = (
  key: string,
  other: string,
): string => `import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, PrimaryGeneratedColumn } from "typeorm";

@Entity("exams")
export class Exam {
  ${key}

  @Index("ix_title")
  @Column({ length: 100 })
  title!: string;
}

@Entity("answers")
export class Answer {
  @PrimaryGeneratedColumn()
  id!: number;

  ${other}
  @ManyToOne(() => Exam)
  @JoinColumn({ name: "exam_id" })
  exam!: Exam;
}
`;
const numbered = models("@PrimaryGeneratedColumn()\n  id!: number;", '@Column("int")\n  exam_id!: number;\n');
const unique = models('@PrimaryColumn("uuid")\n  id!: string;', '@Column("uuid")\n  exam_id!: string;\n');

describe.runIf(engines.includes("mysql") && inject("mysqlType") === "mariadb")("a key of another type on MariaDB", () => {
  const project = useProject("mysql", { "ormconfig.ts": ormconfig("mysql"), "models/exam.ts": numbered });

  it("is written with its points open, carried out with an expression, and taken back", async () => {
    const { db } = project.database;
    await project.json(0, "revision", "--autogenerate", "-m", "start", "--rev-id", "a1");
    await project.json(0, "upgrade", "head");
    await db.query("INSERT INTO exams (title) VALUES ('one'), ('two')");
    await db.query("INSERT INTO answers (exam_id) VALUES (2), (1), (2)");

    project.write({ "models/exam.ts": unique });
    const written = await project.json(0, "revision", "--autogenerate", "-m", "uuid", "--rev-id", "b2");
    expect(written.review.map(({ kind, table }: { kind: string; table: string }) => `${kind} ${table}`)).toEqual([
      "using answers",
      "using exams",
    ]);
    // the same number gives the same uuid, so that what belonged together still does
    expect(written.review[1].evidence).toContain("a guess: CONCAT('00000000-0000-0000-0000-', LPAD(HEX(`id`), 12, '0'))");
    expect((await project.json(4, "upgrade", "head")).error.code).toBe("open-review");

    const uuidOf = (column: string) => `CONCAT('00000000-0000-0000-0000-', LPAD(HEX(${column}), 12, '0'))`;
    await project.json(0, "resolve", "b2", "--using", `exams.id=${uuidOf("id")}`, "--using", `answers.exam_id=${uuidOf("exam_id")}`);
    await project.json(0, "upgrade", "head");
    const joined = "SELECT GROUP_CONCAT(e.title ORDER BY a.id) AS titles FROM answers a JOIN exams e ON e.id = a.exam_id";
    expect(await db.query(joined)).toEqual([{ titles: "two,one,two" }]);
    expect((await project.json(0, "check")).clean).toBe(true);

    // the way back would have to be said
    expect((await project.json(4, "downgrade", "-1")).error.code).toBe("cast-unknown");
    expect(await db.query(joined)).toEqual([{ titles: "two,one,two" }]);
  });
});
