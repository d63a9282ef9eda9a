import { describe, expect, it } from "vitest";
import { resolveRevision } from "../../src/app/resolve.ts";
import { useProjectWithout } from "../support/project.ts";

const entities = (item: string, column: string, value: string) => `import { Column, Entity, PrimaryGeneratedColumn } from "typeorm";

@Entity("${item}") export class Item {
  @PrimaryGeneratedColumn() id!: number;
  @Column() label: string;
  @Column() price: number;
}

@Entity("users") export class User {
  @PrimaryGeneratedColumn() id!: number;
  @Column() ${column}: string;
  @Column({ type: "enum", enum: ["${value}", "guest"] }) role: string;
}
`;
const configuration = `import { DataSource } from "typeorm";

export default new DataSource({ type: "postgres", url: "postgres://nobody@127.0.0.1:1/none", entities: ["models/*.ts"] });
`;

describe("a reviewer who is asked", () => {
  const project = useProjectWithout({ "ormconfig.ts": configuration, "models/entities.ts": entities("item", "fullName", "admin") });

  it("is asked for every sort of rename, and each answer is carried out", async () => {
    await project.json(0, "revision", "--autogenerate", "--offline", "-m", "first", "--rev-id", "001");
    project.write({ "models/entities.ts": entities("items", "full_name", "admins") });
    await project.json(0, "revision", "--autogenerate", "--offline", "-m", "renamed", "--rev-id", "002");
    const asked: string[] = [];
    const answers: Record<string, "rename" | "drop"> = { renameTable: "rename", rename: "drop", renameEnumValue: "rename" };
    const { open } = await resolveRevision({ cwd: project.dir }, "002", {}, async ({ kind }) => {
      asked.push(kind);
      return answers[kind] ?? null;
    });
    expect(asked.sort()).toEqual(["rename", "renameEnumValue", "renameTable"]);
    expect(open).toEqual([]);
    const text = project.revision("002");
    for (const said of ['op.renameTable("item", "items")', "op.renameEnumValue(", 'op.dropColumn("users"']) expect(text).toContain(said);
  });

  it("may leave a question open", async () => {
    project.write({ "models/entities.ts": entities("things", "full_name", "admins") });
    await project.json(0, "revision", "--autogenerate", "--offline", "-m", "again", "--rev-id", "003");
    const { open } = await resolveRevision({ cwd: project.dir }, "003", {}, async () => null);
    expect(open).toMatchObject([{ kind: "renameTable", from: "items", to: "things" }]);
  });
});
