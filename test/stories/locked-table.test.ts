import { describe, expect, it } from "vitest";
import { type Engine, engines, open } from "../support/databases.ts";
import { ormconfig, useProject } from "../support/project.ts";

const entities = (column: string) => `import { Check, Column, Entity, Index, PrimaryGeneratedColumn } from "typeorm";

@Entity("exams")
@Check("ck_points", "points > 0")
@Index("ix_points", ["points"])
export class Exam {
  @PrimaryGeneratedColumn() id!: number;
  @Column({ ${column} }) points!: number;
}
`;
const configuration = (engine: Engine) =>
  ormconfig(engine).replace(
    "export default",
    'import { defineConfig } from "limbeck";\n\nexport const limbeck = defineConfig({ lockTimeout: 1 });\n\nexport default',
  );
/** What MariaDB tells of without a plugin is who has a transaction open. */
const locks: Record<Engine, readonly string[]> = {
  postgres: ["BEGIN", "LOCK TABLE exams"],
  mysql: ["SET autocommit = 0", "LOCK TABLES exams WRITE", "SELECT * FROM exams"],
};
/** The catalogue of MariaDB can be read while a table is locked, that of PostgreSQL only in part. */
const looking: Record<Engine, readonly (readonly string[])[]> = {
  postgres: [["check"], ["diff"], ["revision", "--autogenerate", "--amend", "-m", "unique"]],
  mysql: [],
};

describe.each(engines)("a table that another session holds, on %s", (engine) => {
  const project = useProject(engine, { "ormconfig.ts": configuration(engine), "models/entities.ts": entities('type: "int"') });

  it("ends the commands that look at it with the one who holds it, and is no riddle", async () => {
    await project.json(0, "revision", "--autogenerate", "-m", "first", "--rev-id", "001");
    await project.json(0, "upgrade", "head");
    project.write({ "models/entities.ts": entities('type: "int", unique: true') });
    await project.json(0, "revision", "--autogenerate", "-m", "unique", "--rev-id", "002");
    const other = await open(engine, project.database.url);
    try {
      await other.batch(locks[engine]);
      // the revision asks the rows for duplicates before it begins
      for (const command of [...looking[engine], ["upgrade", "head"]]) {
        const { error } = await project.json(5, ...command);
        expect(error).toMatchObject({
          code: "table-locked",
          message: expect.stringMatching(new RegExp(`session ${other.session}, user \\w+`)),
          hint: expect.stringContaining("lockTimeout"),
          details: { blockers: expect.arrayContaining([expect.objectContaining({ pid: other.session })]) },
        });
      }
    } finally {
      await other.close();
    }
    expect(await project.json(0, "upgrade", "head")).toMatchObject({ heads: ["002"] });
    expect(await project.json(0, "check")).toMatchObject({ clean: true });
  });
});
