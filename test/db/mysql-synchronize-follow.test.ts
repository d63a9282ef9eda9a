import { join } from "node:path";
import { DataSource } from "typeorm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Db } from "../../src/core/db.ts";
import { importModule } from "../../src/entities/load/index.ts";
import { createDatabase, dropDatabase, engines, type TestDatabase, useDatabase } from "../support/databases.ts";
import { dump } from "../support/mysql-compile.ts";
import { type TestProject, useProject } from "../support/project.ts";
import { changedTypes, structureModel, typesModel } from "./mysql-synchronize-models.ts";

type Flavor = Db["flavor"];

/** A folder of entities stands in one of the two databases at a time: its text says which other database belongs to it. */
async function typeorm(project: TestProject, models: string, url: string): Promise<DataSource> {
  const classes = Object.values(await importModule(join(project.dir, models, "models.ts"))).filter((one) => typeof one === "function");
  const type = process.env.TYPEORM_TYPE as "mysql" | "mariadb";
  return new DataSource({ type, url, entities: classes as (() => unknown)[] }).initialize();
}

async function synchronize(project: TestProject, models: string, url: string): Promise<void> {
  const source = await typeorm(project, models, url);
  await source.synchronize().finally(() => source.destroy());
}

async function schemaLog(project: TestProject, models: string, url: string): Promise<readonly string[]> {
  const source = await typeorm(project, models, url);
  const { upQueries } = await source.driver.createSchemaBuilder().log();
  await source.destroy();
  return upQueries.map(({ query }) => query);
}

const configuration = `import { DataSource } from "typeorm";

export default new DataSource({ type: process.env.TYPEORM_TYPE as any, url: process.env.DATABASE_URL, entities: [process.env.MODELS + "/models.ts"] });
`;

interface Op {
  readonly kind: string;
  readonly table?: string;
  readonly to?: { readonly name?: string };
  readonly column?: { readonly name?: string };
}

/** A database that TypeORM has built from one state of the entities, and one that it has built from the other, each with a second one beside it. */
function follow(
  what: string,
  model: (state: "before" | "after", flavor: Flavor) => string,
  expected: (upgrade: readonly Op[], flavor: Flavor) => void,
): void {
  // a hundred tables are made, each of them with its files
  describe.runIf(engines.includes("mysql"))(what, () => {
    const project = useProject("mysql", { "ormconfig.ts": configuration });
    const other = useDatabase("mysql");
    const fresh = useDatabase("mysql");
    const beside: TestDatabase[] = [];
    let flavor: Flavor;
    let built: readonly string[];
    const dumpOf = async (database: TestDatabase, far: TestDatabase | undefined): Promise<readonly string[]> => {
      const texts = [...(await dump(database.db)), ...(far === undefined ? [] : await dump(far.db))];
      return texts
        .filter((text) => !/CREATE TABLE `(?:limbeck_revision|typeorm_metadata)`/.test(text))
        .map((text) => text.replaceAll(far?.name ?? "", "far").replaceAll(database.name, "near"));
    };
    /** What TypeORM would change of ours and leaves as it is where it has built it itself. */
    const told = async (models: string, url: string): Promise<readonly string[]> => {
      const always = await schemaLog(project, "other-after", other.url);
      const near = (text: string) => beside.reduce((said, { name }) => said.replaceAll(name, "far"), text);
      return (await schemaLog(project, models, url)).filter((query) => !always.map(near).includes(near(query)));
    };

    beforeAll(async () => {
      flavor = project.database.db.flavor;
      process.env.TYPEORM_TYPE = flavor;
      for (let at = 0; at < 3; at++) beside.push(await createDatabase("mysql"));
      for (const [at, folder] of ["project", "other", "fresh"].entries()) {
        const said = (state: "before" | "after") =>
          model(state, flavor).replaceAll("process.env.FAR_DATABASE", JSON.stringify(beside[at]?.name));
        project.write({ [`${folder}-before/models.ts`]: said("before"), [`${folder}-after/models.ts`]: said("after") });
      }
      await synchronize(project, "project-before", project.database.url);
      await synchronize(project, "other-after", other.url);
      built = await dumpOf(project.database, beside[0]);
    });
    afterAll(async () => {
      // the tables beside are what foreign keys point to
      for (const { db, name } of [project.database, other, fresh]) await db?.query(`DROP DATABASE \`${name}\``);
      for (const { db, name } of beside) {
        await db.close();
        await dropDatabase("mysql", name);
      }
    });

    it("is found to be there once TypeORM has built it", async () => {
      process.env.MODELS = "project-before";
      expect(await project.json(0, "check")).toMatchObject({ operations: [], notCompared: [] });
    });

    it("is changed in place where the entities change", async () => {
      // built by TypeORM, it belongs to the history all the same
      await project.json(0, "revision", "--autogenerate", "-m", "as it is", "--rev-id", "0001", "--url", fresh.url);
      await project.json(0, "stamp", "0001");
      process.env.MODELS = "project-after";
      const draft = await project.json(0, "revision", "--autogenerate", "-m", "change", "--rev-id", "0002");
      expect(draft.review).toEqual([]);
      expected(draft.upgrade, flavor);
    });

    it("is found again afterwards, and by TypeORM as after its own synchronize", async () => {
      await project.json(0, "upgrade", "head");
      expect(await project.json(0, "check")).toMatchObject({ operations: [], notCompared: [] });
      expect(await told("project-after", project.database.url)).toEqual([]);
    });

    it("comes back as it was", async () => {
      await project.json(0, "downgrade", "0001");
      expect(inOneOrder(await dumpOf(project.database, beside[0]))).toEqual(inOneOrder(built));
      process.env.MODELS = "project-before";
      expect((await project.json(3, "check")).operations).toEqual([]);
    });

    it("is built from nothing as TypeORM builds it", async () => {
      project.remove("migrations");
      process.env.MODELS = "fresh-after";
      await project.json(0, "revision", "--autogenerate", "-m", "all", "--rev-id", "0001", "--url", fresh.url);
      await project.json(0, "upgrade", "head", "--url", fresh.url);
      expect(await project.json(0, "check", "--url", fresh.url)).toMatchObject({ operations: [], notCompared: [] });
      expect(await told("fresh-after", fresh.url)).toEqual([]);
      expect(inOneOrder(await dumpOf(fresh, beside[2]))).toEqual(inOneOrder(await dumpOf(other, beside[1])));
    });
  });
}

/** A column that went and came back stands at the end: the order of columns is no difference. */
const inOneOrder = (texts: readonly string[]): readonly string[] =>
  texts.map((text) => {
    const lines = text.split("\n").map((line) => line.replace(/,$/, ""));
    return [lines[0], ...lines.slice(1, -1).sort(), lines.at(-1)].join("\n");
  });

follow("every column type on MariaDB or MySQL", typesModel, (upgrade, flavor) => {
  const altered = upgrade.flatMap(({ kind, table, to }) => (kind === "alterColumn" && table === "types" ? [to?.name] : []));
  expect(altered.sort()).toEqual(changedTypes(flavor));
  expect(new Set(upgrade.map(({ kind }) => kind))).toEqual(new Set(["alterColumn", "alterTable"]));
});

follow("every sort of table, key, index and view on MariaDB or MySQL", structureModel, (upgrade) => {
  const added = upgrade.flatMap((op) => (op.kind === "addColumn" ? [op.column?.name] : []));
  expect(added.sort()).toEqual(["hints", "homeZip"]);
  expect(upgrade.filter(({ kind }) => /^drop(?:Column|Table|PrimaryKey)$/.test(kind))).toEqual([]);
  const made = upgrade.flatMap((op) => (op.kind === "createTable" ? [op.table] : []));
  expect(made.sort()).toEqual(["bank", "content_bookings_booking"]);
});
