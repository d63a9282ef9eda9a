import { describe, expect, it } from "vitest";
import { engines } from "../support/databases.ts";
import { ormconfig, useProject } from "../support/project.ts";

const user = (...more: string[]) => `import { Column, Entity, PrimaryGeneratedColumn } from "typeorm";

@Entity("users") export class User {
  @PrimaryGeneratedColumn() id!: number;
  @Column({ length: 50 }) name!: string;
${more.map((line) => `  ${line}`).join("\n")}
}
`;

describe.each(engines)("left-overs that are to go, on %s", (engine) => {
  const phone = '@Column({ type: "varchar", length: 20, nullable: true }) phone!: string | null;';
  const project = useProject(engine, { "ormconfig.ts": ormconfig(engine), "models/user.ts": user(phone) });
  const tables = async () => {
    const place = engine === "postgres" ? "current_schema()" : "database()";
    const rows = await project.database.db.query(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = ${place} ORDER BY 1`,
    );
    return rows.map(({ name }) => name).filter((name) => !/limbeck|typeorm/.test(name ?? ""));
  };

  it("go by name, with an index that nobody knew, and come back", async () => {
    await project.json(0, "revision", "--autogenerate", "-m", "users", "--rev-id", "001");
    await project.json(0, "upgrade", "head");
    for (const sql of [
      "CREATE TABLE posts_backup_2019 (id int NOT NULL)",
      "ALTER TABLE users ADD COLUMN legacy_code int",
      "CREATE INDEX dba_phone ON users (phone, name)",
    ])
      await project.database.db.query(sql);
    project.write({ "models/user.ts": user() });
    const names = ["--drop-table", "posts_backup_2019", "--drop", "users.legacy_code"];
    const { upgrade } = await project.json(0, "revision", "--autogenerate", ...names, "-m", "left-overs", "--rev-id", "002");
    expect(upgrade.map((op: { kind: string; ifExists?: true }) => [op.kind, op.ifExists]).sort()).toEqual([
      ["dropColumn", undefined],
      ["dropColumn", true],
      ["dropIndex", true],
      ["dropTable", true],
    ]);
    await project.json(0, "upgrade", "head");
    expect(await tables()).toEqual(["users"]);
    await project.json(0, "downgrade", "-1");
    expect(await tables()).toEqual(["posts_backup_2019", "users"]);
    await project.json(0, "upgrade", "head");
    await project.json(0, "check");
  });

  it("are missed by no database that never had them", async () => {
    const { ok, steps } = await project.json(0, "verify");
    expect([ok, steps.map((step: { problem: unknown }) => step.problem)]).toEqual([true, [null, null]]);
  });
});
