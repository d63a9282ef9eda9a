import { afterAll, describe, expect, it } from "vitest";
import { keyOf, type QualifiedName, type Schema, type Table } from "../../src/core/schema.ts";
import { canonical } from "../../src/dialect/mysql/canonical.ts";
import { identify } from "../../src/dialect/mysql/identify.ts";
import { introspect } from "../../src/dialect/mysql/introspect/index.ts";
import { normalize } from "../../src/dialect/mysql/normalize.ts";
import { postgres } from "../../src/dialect/postgres/index.ts";
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

    it("are what the reader of databases finds", async () => {
      const { db } = database;
      const server = await postgres.identify(db);
      const { schema, usedSchemas } = await richModels(project, "postgres", database.url, server);
      const found = await postgres.introspect(db, server, { schemas: usedSchemas, ignore: [{ name: "typeorm_metadata" }] });
      const had = postgres.normalize(found.schema, server);
      const { wanted, notCompared } = await postgres.canonical(db, server, postgres.normalize(schema, server), had);
      expect(notCompared).toEqual([]);
      expect(keyed(wanted.tables.map(withoutExternal))).toEqual(keyed(had.tables));
      expect(keyed(wanted.enums)).toEqual(keyed(had.enums));
      expect(definitions(wanted)).toEqual(definitions(had));
      expect(wanted.namespaces).toEqual(had.namespaces);
      expect(had.extensions).toEqual(expect.arrayContaining([...wanted.extensions]));
    });
  });

  describe.skipIf(!engines.includes("mysql"))(`entities of ${typeorm} on MariaDB`, () => {
    const database = useDatabase("mysql");
    const project = richProject(typeorm);
    afterAll(() => project.remove());

    it("are read as TypeORM itself would build them", async () => {
      await synchronize(project, "mysql", database.url);
      const { db } = database;
      const server = await identify(db);
      const { schema, warnings } = await richModels(project, "mysql", database.url, server);
      const found = await introspect(db, server, { schemas: [], ignore: [{ name: "typeorm_metadata" }] });
      const had = normalize(found.schema, server);
      const { wanted } = await canonical(db, server, normalize(asTypeorm(schema), server), had);
      expect(wanted.tables).toEqual(had.tables);
      expect(definitions(wanted)).toEqual(definitions(had));
      expect(warnings).toEqual([]);
    });
  });
}

/** TypeORM makes no checks on MySQL, and does not know the indexes that it leaves alone. */
function asTypeorm(schema: Schema): Schema {
  return { ...schema, tables: schema.tables.map((table) => ({ ...withoutExternal(table), checks: [] })) };
}

function withoutExternal({ external: _, ...table }: Table): Table {
  return table;
}

const keyed = <T extends QualifiedName>(things: readonly T[]): ReadonlyMap<string, T> => new Map(things.map((one) => [keyOf(one), one]));

/** what a view reads is known on one side only, and is not compared */
const definitions = ({ views }: Schema) => [...keyed(views.map(({ reads: _, ...view }) => view))].sort();
