import { describe, expect, it } from "vitest";
import { engines } from "../support/databases.ts";
import { dump } from "../support/postgres-compile.ts";
import { ormconfig, useProject } from "../support/project.ts";

const entities = (
  letters: string,
  number: string,
) => `import { Check, Column, Entity, Exclusion, Index, PrimaryColumn, ViewColumn, ViewEntity } from "typeorm";

@Entity("exams")
@Check("ck_kind", "kind in ('a','b')")
@Exclusion("xc_kind", "using btree (id with =) where (kind in ('a','b'))")
@Index("ix_kind", ["id"], { where: "kind not in ('c','d')" })
export class Exam {
  @PrimaryColumn()
  id!: number;

  @Column("${letters}")
  kind!: string;

  @Column("${number}")
  number!: number;

  @Column("int", { generatedType: "STORED", asExpression: "case when kind in ('a','b') then number else 0 end" })
  counted!: number;
}

@ViewEntity({ name: "known", expression: "select id, number from exams where kind in ('a','b')" })
export class Known {
  @ViewColumn()
  id!: number;

  @ViewColumn()
  number!: number;
}

@ViewEntity({ name: "filled", materialized: true, expression: "select id, number from known where id in (1, 2)" })
export class Filled {
  @ViewColumn()
  @Index("ix_filled")
  id!: number;

  @ViewColumn()
  number!: number;
}
`;

describe.runIf(engines.includes("postgres"))("a revision and its way back on PostgreSQL", () => {
  const project = useProject("postgres", {
    "ormconfig.ts": ormconfig("postgres"),
    "models/exams.ts": entities("varchar", "int"),
  });
  const remembered = () => project.database.db.query("SELECT * FROM typeorm_metadata ORDER BY type, name");

  // the server prints (ARRAY['a'::varchar])::text[] of a list over a varchar column, and something else of that
  it("leave expressions and views in the words of their author, in the catalogue and in TypeORM's own table", async () => {
    await project.json(0, "revision", "-m", "first", "--autogenerate");
    await project.json(0, "upgrade", "head");
    const before = await dump(project.database);
    const words = await remembered();
    expect(words.map((row) => row.value)).toContain("select id, number from exams where kind in ('a','b')");
    for (const [letters, number] of [
      ["text", "int"],
      ["varchar", "bigint"],
    ] as const) {
      project.write({ "models/exams.ts": entities(letters, number) });
      const { id } = await project.json(0, "revision", "-m", "second", "--autogenerate");
      await project.json(0, "upgrade", "head");
      expect(await project.json(0, "check")).toMatchObject({ clean: true, notCompared: [] });
      await project.json(0, "downgrade", "-1");
      expect(await dump(project.database)).toEqual(before);
      expect(await remembered()).toEqual(words);
      project.write({ "models/exams.ts": entities("varchar", "int") });
      project.remove(`migrations/${(await project.run("show", id, "--json")).json.file.split("/").at(-1)}`);
      expect(await project.json(0, "check")).toMatchObject({ clean: true, notCompared: [] });
    }
  });
});
