import { describe, expect, it } from "vitest";
import { engines } from "../support/databases.ts";
import { ormconfig, useProject } from "../support/project.ts";

const entities = (least: number) => `import { Column, Entity, Index, PrimaryColumn, ViewColumn, ViewEntity } from "typeorm";

@Entity("exams")
export class Exam {
  @PrimaryColumn({ primaryKeyConstraintName: "exams_pkey" })
  id!: number;

  @Column("int")
  score!: number;
}

@ViewEntity({ name: "best", materialized: true, expression: "SELECT id, score FROM exams WHERE score > ${least}" })
export class Best {
  @Index("IX_best", { unique: true })
  @ViewColumn()
  id!: number;

  @Index()
  @ViewColumn()
  score!: number;
}
`;

describe.runIf(engines.includes("postgres"))("a materialised view that was there before the revisions", () => {
  const project = useProject("postgres", { "ormconfig.ts": ormconfig("postgres"), "models/exams.ts": entities(50) });
  const names = async () =>
    (await project.database.db.query("SELECT indexname AS name FROM pg_indexes WHERE tablename = 'best' ORDER BY 1")).map(
      ({ name }) => name,
    );

  it("keeps the names of its indexes as they were found, also when it is made anew", async () => {
    await project.database.db.query(
      "CREATE TABLE exams (id int PRIMARY KEY, score int NOT NULL); CREATE MATERIALIZED VIEW best AS SELECT id, score FROM exams WHERE score > 50; CREATE UNIQUE INDEX best_by_hand ON best (id); CREATE INDEX score_by_hand ON best (score)",
    );
    await project.json(0, "adopt");
    expect(await project.json(0, "revision", "-m", "nothing", "--autogenerate")).toEqual({ id: null, upgrade: [] });
    project.write({ "models/exams.ts": entities(60) });
    await project.json(0, "revision", "-m", "better", "--autogenerate");
    await project.json(0, "upgrade", "head");
    expect(await names()).toEqual(["best_by_hand", "score_by_hand"]);
    expect(await project.json(0, "revision", "-m", "nothing", "--autogenerate")).toEqual({ id: null, upgrade: [] });
    await project.json(0, "downgrade", "-1");
    expect(await names()).toEqual(["best_by_hand", "score_by_hand"]);
  });
});
