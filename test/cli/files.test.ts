import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { useProjectWithout } from "../support/project.ts";
import { smallDisk } from "../support/small-disk.ts";

const disk = smallDisk(1);
afterAll(() => disk?.remove());

const entity = (column: string) => `
  import { Column, Entity, PrimaryGeneratedColumn } from "typeorm";
  @Entity("users") export class User {
    @PrimaryGeneratedColumn() id!: number;
    @Column({ length: 50 }) ${column}!: string;
  }`;
const config = (migrations: string) => `
  import { defineConfig } from "limbeck";
  export default { type: "postgres", url: "postgres://nobody@127.0.0.1:1/none", entities: ["models/*.ts"] };
  export const limbeck = defineConfig({ migrations: ${JSON.stringify(migrations)} });`;

describe.skipIf(disk === null)("a disk that is full", () => {
  const dir = join(disk?.dir ?? "", "migrations");
  const project = useProjectWithout({ "ormconfig.ts": config(dir), "models/user.ts": entity("mail") });

  it("leaves no half of a revision behind, and one that is being answered as it was", async () => {
    await project.json(0, "revision", "--autogenerate", "--offline", "-m", "users", "--rev-id", "a111");
    project.write({ "models/user.ts": entity("email") });
    await project.json(0, "revision", "--autogenerate", "--offline", "-m", "email", "--rev-id", "b222");
    const [files, asked] = [readdirSync(dir), await project.json(0, "show", "b222")];
    disk?.fill();
    for (const command of [
      ["resolve", "b222", "--all", "rename"],
      ["revision", "--empty", "-m", "third"],
    ]) {
      expect(await project.json(1, ...command)).toMatchObject({ error: { code: "file-failed", message: expect.stringContaining("full") } });
      expect(readdirSync(dir)).toEqual(files);
    }
    expect(await project.json(0, "show", "b222")).toEqual(asked);
    disk?.free();
    expect(await project.json(0, "resolve", "b222", "--all", "rename")).toMatchObject({ open: [] });
  });
});

describe("a file where a folder is expected", () => {
  const project = useProjectWithout({ "ormconfig.ts": config("migrations"), migrations: "" });

  it("is said, not taken for a bug", async () => {
    const { code, stderr } = await project.run("history");
    expect([code, stderr]).toEqual([1, expect.stringContaining("a folder is expected where a file stands")]);
  });
});
