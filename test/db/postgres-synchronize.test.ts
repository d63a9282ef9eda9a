import { join } from "node:path";
import { DataSource } from "typeorm";
import { beforeAll, describe, expect, it } from "vitest";
import { importModule } from "../../src/entities/load/index.ts";
import { engines, useDatabase } from "../support/databases.ts";
import { dump } from "../support/postgres-compile.ts";
import { type TestProject, useProject } from "../support/project.ts";
import { structureModel } from "./postgres-synchronize-structure.ts";
import { changedTypes, typesModel } from "./postgres-synchronize-types.ts";

/** What TypeORM itself makes of the entities in a folder. */
async function typeorm(project: TestProject, models: string, url: string): Promise<DataSource> {
  const classes = Object.values(await importModule(join(project.dir, models, "models.ts"))).filter((one) => typeof one === "function");
  return new DataSource({ type: "postgres", url, entities: classes as (() => unknown)[] }).initialize();
}

async function synchronize(project: TestProject, models: string, url: string): Promise<void> {
  const source = await typeorm(project, models, url);
  await source.synchronize();
  await source.destroy();
}

async function schemaLog(project: TestProject, models: string, url: string): Promise<readonly string[]> {
  const source = await typeorm(project, models, url);
  const { upQueries } = await source.driver.createSchemaBuilder().log();
  await source.destroy();
  return upQueries.map(({ query }) => query);
}

const configuration = `import { DataSource } from "typeorm";

export default new DataSource({ type: "postgres", url: process.env.DATABASE_URL, entities: [process.env.MODELS + "/models.ts"] });
`;

interface Op {
  readonly kind: string;
  readonly table?: string;
  readonly to?: { readonly name?: string };
  readonly column?: { readonly name?: string };
}

/** A database that TypeORM has built from one state of the entities; a second one built from the other says what TypeORM is never silent about. */
function follow(what: string, model: (state: "before" | "after") => string, expected: (upgrade: readonly Op[]) => void): void {
  describe.runIf(engines.includes("postgres"))(what, () => {
    const project = useProject("postgres", {
      "ormconfig.ts": configuration,
      "before/models.ts": model("before"),
      "after/models.ts": model("after"),
    });
    const other = useDatabase("postgres");
    const fresh = useDatabase("postgres");
    let built: readonly string[];
    beforeAll(async () => {
      await project.database.db.query("CREATE SCHEMA app");
      await other.db.query("CREATE SCHEMA app");
      await synchronize(project, "before", project.database.url);
      await synchronize(project, "after", other.url);
      built = await dump(project.database);
    });

    it("is found to be there once TypeORM has built it", async () => {
      process.env.MODELS = "before";
      expect(await project.json(0, "check")).toMatchObject({ operations: [], notCompared: [] });
    });

    it("is changed in place where the entities change", async () => {
      process.env.MODELS = "after";
      const draft = await project.json(0, "revision", "--autogenerate", "-m", "change", "--rev-id", "0001");
      expect(draft.review).toEqual([]);
      expected(draft.upgrade);
    });

    it("is found again afterwards, and by TypeORM as after its own synchronize", async () => {
      await project.json(0, "upgrade", "head");
      expect(await project.json(0, "check")).toMatchObject({ operations: [], notCompared: [] });
      expect(await schemaLog(project, "after", project.database.url)).toEqual(await schemaLog(project, "after", other.url));
    });

    it("comes back as it was", async () => {
      await project.json(0, "downgrade", "base");
      await project.database.db.query("DROP TABLE limbeck_revision");
      expect(await dump(project.database)).toEqual(built);
      process.env.MODELS = "before";
      expect((await project.json(3, "check")).operations).toEqual([]);
    });

    it("is built from nothing as TypeORM builds it, extensions first", async () => {
      project.remove("migrations");
      process.env.MODELS = "after";
      const draft = await project.json(0, "revision", "--autogenerate", "-m", "all", "--rev-id", "0001", "--url", fresh.url);
      expect(draft.upgrade.slice(0, 2).map(({ kind }: Op) => kind)).toEqual(["createSchema", "createExtension"]);
      await project.json(0, "upgrade", "head", "--url", fresh.url);
      expect(await project.json(0, "check", "--url", fresh.url)).toMatchObject({ operations: [], notCompared: [] });
      expect(await schemaLog(project, "after", fresh.url)).toEqual(await schemaLog(project, "after", other.url));
      await fresh.db.query("DROP TABLE limbeck_revision");
      expect(await dump(fresh)).toEqual(await dump(other));
    });
  });
}

follow("every column type", typesModel, (upgrade) => {
  const altered = upgrade.flatMap(({ kind, table, to }) => (kind === "alterColumn" && table === "types" ? [to?.name] : []));
  expect(altered.sort()).toEqual(changedTypes());
  expect(new Set(upgrade.map(({ kind }) => kind))).toEqual(new Set(["alterEnum", "alterColumn", "alterTable"]));
});

follow("every sort of table, key, index and view", structureModel, (upgrade) => {
  const added = upgrade.flatMap((op) => (op.kind === "addColumn" ? [op.column?.name] : []));
  expect(added.sort()).toEqual(["hints", "homeZip"]);
  expect(upgrade.filter(({ kind }) => /^drop(?:Column|Table|Enum|PrimaryKey)$/.test(kind))).toEqual([]);
  const made = upgrade.flatMap((op) => (op.kind === "createTable" ? [op.table] : []));
  expect(made).toEqual(["content_bookings_booking"]);
});
