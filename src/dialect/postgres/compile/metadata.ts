import { doBlock, quoteLiteral, quoteTable } from "../quote.ts";
import { type Piece, plain, type Scene } from "./piece.ts";

/**
 * TypeORM remembers the texts of views and generated columns in a table of its own, and takes every one that is missing there
 * for a difference. The rows are kept as its own schema builder keeps them.
 */
export interface Remembered {
  readonly type: "VIEW" | "MATERIALIZED_VIEW" | "GENERATED_COLUMN";
  readonly schema?: string;
  /** of a generated column */
  readonly table?: string;
  readonly name: string;
}

export function remember(scene: Scene, row: Remembered, value: string): readonly Piece[] {
  return withTable(scene, (table) => [
    ...deleteRow(table, row),
    plain(
      `INSERT INTO ${table} ("type", "database", "schema", "table", "name", "value") VALUES (${quoteLiteral(row.type)}, ` +
        `${row.table === undefined ? "NULL" : "current_database()"}, ${schemaOf(row.schema)}, ` +
        `${row.table === undefined ? "NULL" : quoteLiteral(row.table)}, ${quoteLiteral(row.name)}, ${quoteLiteral(value.trim())})`,
    ),
  ]);
}

export function forget(scene: Scene, row: Remembered): readonly Piece[] {
  return withTable(scene, (table) => deleteRow(table, row));
}

/** A rename does not know whether anything is remembered, so it must not make the table either. */
export function renameRemembered(
  scene: Scene,
  set: "schema" | "table" | "name" | "type",
  where: Partial<Record<"schema" | "table" | "name" | "type", string>>,
  schema: string | undefined,
  to: string | undefined,
): readonly Piece[] {
  const table = scene.context.metadataTable;
  if (table === undefined) return [];
  const conditions = Object.entries(where).map(([column, value]) => `"${column}" = ${quoteLiteral(value)}`);
  const value = set === "schema" ? schemaOf(to) : quoteLiteral(to ?? "");
  return [
    plain(
      doBlock(
        `BEGIN
  IF to_regclass(${quoteLiteral(quoteTable(table))}) IS NOT NULL THEN
    UPDATE ${quoteTable(table)} SET "${set}" = ${value} WHERE "schema" = ${schemaOf(schema)} AND ${conditions.join(" AND ")};
  END IF;
END`,
      ),
    ),
  ];
}

const schemaOf = (schema: string | undefined): string => (schema === undefined ? "current_schema()" : quoteLiteral(schema));

function deleteRow(table: string, row: Remembered): readonly Piece[] {
  const ofTable = row.table === undefined ? "" : ` AND "table" = ${quoteLiteral(row.table)}`;
  return [
    plain(
      `DELETE FROM ${table} WHERE "type" = ${quoteLiteral(row.type)} AND "schema" = ${schemaOf(row.schema)}${ofTable} AND "name" = ${quoteLiteral(row.name)}`,
    ),
  ];
}

function withTable(scene: Scene, pieces: (table: string) => readonly Piece[]): readonly Piece[] {
  const { metadataTable } = scene.context;
  if (metadataTable === undefined) return [];
  const table = quoteTable(metadataTable);
  return [
    plain(
      `CREATE TABLE IF NOT EXISTS ${table} ("type" character varying NOT NULL, "database" character varying, "schema" character varying, ` +
        `"table" character varying, "name" character varying, "value" text)`,
    ),
    ...pieces(table),
  ];
}
