import { describe, expect, it } from "vitest";
import { useProjectWithout } from "../support/project.ts";

const source = (more = "") => `import { DataSource } from "typeorm";
import { defineConfig } from "limbeck";

export const appDataSource = new DataSource({ type: "postgres", url: "postgres://nobody@127.0.0.1:1/app", entities: [], ${more} });
export const limbeck = defineConfig({ migrations: "libs/persistence/revisions" });
`;

describe("init in a project that exists", () => {
  const project = useProjectWithout({ "libs/persistence/src/typeorm.config.ts": source() });

  it("finds its data source and its folder of revisions, and makes no other", async () => {
    expect((await project.json(0, "init")).created).toEqual(["libs/persistence/revisions/.gitkeep"]);
    expect(project.exists("ormconfig.ts")).toBe(false);
    const { stdout } = await project.run("init");
    expect(stdout).toMatch(/kept the data source in libs\/persistence\/src\/typeorm\.config\.ts/);
    expect(stdout).toMatch(/"limbeck": { "config": "libs\/persistence\/src\/typeorm\.config\.ts" }/);
    expect(stdout).toMatch(/limbeck adopt -c libs\/persistence\/src\/typeorm\.config\.ts/);
  });

  it("shows the way in for migrations of TypeORM's", async () => {
    project.write({ "libs/persistence/src/typeorm.config.ts": source('migrations: ["libs/persistence/src/migrations/*.ts"]') });
    expect((await project.run("init")).stdout).toMatch(/limbeck adopt --from-typeorm/);
  });
});
