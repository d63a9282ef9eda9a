import { DataSource, EntitySchema } from "typeorm";
import { describe, expect, it } from "vitest";
import type { Column, Table, View } from "../../src/core/schema.ts";
import { engines, useDatabase } from "../support/databases.ts";
import { apply } from "../support/postgres-compile.ts";

interface Line {
  id: number;
  a: number;
  g: number;
}
const tableEntity = new EntitySchema<Line>({
  name: "lines",
  columns: {
    id: { type: Number, primary: true, generated: "increment" },
    a: { type: Number, nullable: true },
    g: { type: Number, nullable: true, asExpression: "a * 3", generatedType: "STORED" },
  },
});
const viewEntity = new EntitySchema<Pick<Line, "a">>({
  name: "shown",
  type: "view",
  expression: "SELECT a FROM lines",
  columns: { a: { type: Number } },
});

const generated = (expression: string): Column => ({ name: "g", type: "integer", nullable: true, generated: { expression, stored: true } });
const definition: Table = {
  name: "rows",
  columns: [{ name: "id", type: "integer", autoIncrement: true }, { name: "a", type: "integer", nullable: true }, generated("a * 2")],
  primaryKey: { name: "rows_key", columns: ["id"] },
  uniques: [],
  indexes: [],
  foreignKeys: [],
  checks: [],
  exclusions: [],
};

/** as the server spells it */
const shown: View = { name: "shown", definition: "SELECT lines.a\n   FROM lines", indexes: [] };

describe.runIf(engines.includes("postgres"))("TypeORM's own schema builder", () => {
  const database = useDatabase("postgres");

  it("finds nothing to do after us, with views and generated columns", async () => {
    await apply(
      database.db,
      [
        { kind: "createTable", table: "rows", definition },
        { kind: "renameTable", from: "rows", to: "lines" },
        { kind: "alterColumn", table: "lines", from: generated("a * 2"), to: generated("a * 3") },
        // out of the way and back, in the server's spelling: the author's is what TypeORM looks for
        { kind: "dropColumn", table: "lines", column: generated("(a * 3)") },
        { kind: "addColumn", table: "lines", column: generated("(a * 3)") },
        { kind: "createView", view: "seen", definition: { name: "seen", definition: "SELECT a FROM lines", indexes: [] } },
        { kind: "renameView", from: "seen", to: "shown" },
        { kind: "dropView", view: "shown", definition: shown },
        { kind: "createView", view: "shown", definition: { ...shown, materialized: true } },
      ],
      { metadataTable: "typeorm_metadata" },
    );
    const source = await new DataSource({ type: "postgres", url: database.url, entities: [tableEntity, viewEntity] }).initialize();
    try {
      const { upQueries } = await source.driver.createSchemaBuilder().log();
      expect(upQueries.map((one) => one.query)).toEqual([]);
    } finally {
      await source.destroy();
    }
  });
});
