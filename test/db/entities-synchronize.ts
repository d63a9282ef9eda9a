import { afterAll, describe, expect, it } from "vitest";
import { engines, useDatabase } from "../support/databases.ts";
import { postgresFacts, wantedFacts } from "./entities-columns.ts";
import { richModels, richProject, synchronize } from "./entities-shared.ts";

/** A file for each copy of TypeORM: two of them in one process share their storage of decorators. */
export function compareWithSynchronize(typeorm: "typeorm" | "typeorm-legacy"): void {
  describe.skipIf(!engines.includes("postgres"))(`entities of ${typeorm} on PostgreSQL`, () => {
    const database = useDatabase("postgres");
    const project = richProject(typeorm);
    afterAll(() => project.remove());

    it("are read as TypeORM itself would build them", async () => {
      const { schema, warnings } = await richModels(project, "postgres", database.url);
      for (const name of schema.extensions) await database.db.query(`CREATE EXTENSION IF NOT EXISTS "${name}"`);
      await database.db.query("CREATE SCHEMA app");
      await synchronize(project, "postgres", database.url);
      const built = await postgresFacts(database.db);
      const wanted = await wantedFacts(database.db, schema);
      expect(wanted.columns).toEqual(built.columns);
      expect(wanted.constraints).toEqual(built.constraints.filter((name) => !name.endsWith("types_by_hand")));
      expect(warnings).toEqual([]);
    });
  });
}
