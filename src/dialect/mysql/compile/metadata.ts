import { demandedKey } from "../demanded-key.ts";
import { databaseSql, quoteLiteral, quoteName, quoteTable } from "../quote.ts";
import { tableIsThere } from "./observe.ts";
import { definition, onRows, type Piece, type Scene } from "./piece.ts";

/**
 * TypeORM remembers the texts of views and generated columns in a table of its own, and takes every one that is missing there
 * for a difference. The rows are kept as its own schema builder keeps them: the database stands in the column `schema`.
 */
export interface Remembered {
  readonly type: "VIEW" | "GENERATED_COLUMN";
  readonly schema?: string;
  /** of a generated column */
  readonly table?: string;
  readonly name: string;
}

export function remember(scene: Scene, row: Remembered, value: string): readonly Piece[] {
  return withTable(scene, (table) => [
    deleteRow(table, row),
    onRows(
      `INSERT INTO ${table} (\`type\`, \`database\`, \`schema\`, \`table\`, \`name\`, \`value\`) VALUES (${quoteLiteral(row.type)}, NULL, ` +
        `${databaseSql(row.schema)}, ${row.table === undefined ? "NULL" : quoteLiteral(row.table)}, ${quoteLiteral(row.name)}, ${quoteLiteral(value.trim())})`,
    ),
  ]);
}

export function forget(scene: Scene, row: Remembered): readonly Piece[] {
  return withTable(scene, (table) => [deleteRow(table, row)]);
}

/** A rename does not know whether anything is remembered, so it must not make the table either. */
export function renameRemembered(
  scene: Scene,
  where: Partial<Remembered>,
  to: { readonly schema?: string | undefined; readonly table?: string; readonly name?: string },
): readonly Piece[] {
  const { metadataTable } = scene.context;
  if (metadataTable === undefined) return [];
  const set = Object.entries(to).map(
    ([column, value]) => `${quoteName(column)} = ${column === "schema" ? databaseSql(value) : quoteLiteral(value ?? "")}`,
  );
  const { schema, ...rest } = where;
  const conditions = Object.entries(rest).map(([column, value]) => `${quoteName(column)} = ${quoteLiteral(value)}`);
  const sql = `UPDATE ${quoteTable(metadataTable)} SET ${set.join(", ")} WHERE ${[`\`schema\` = ${databaseSql(schema)}`, ...conditions].join(" AND ")}`;
  return [
    onRows(`SET @limbeck_rename = IF(${tableIsThere(metadataTable)}, ${quoteLiteral(sql)}, 'DO 0')`),
    onRows("PREPARE limbeck_rename FROM @limbeck_rename"),
    onRows("EXECUTE limbeck_rename"),
    onRows("DEALLOCATE PREPARE limbeck_rename"),
  ];
}

function deleteRow(table: string, row: Remembered): Piece {
  const ofTable = row.table === undefined ? "" : ` AND \`table\` = ${quoteLiteral(row.table)}`;
  return onRows(
    `DELETE FROM ${table} WHERE \`type\` = ${quoteLiteral(row.type)} AND \`schema\` = ${databaseSql(row.schema)}${ofTable} AND \`name\` = ${quoteLiteral(row.name)}`,
  );
}

function withTable(scene: Scene, pieces: (table: string) => readonly Piece[]): readonly Piece[] {
  const { metadataTable } = scene.context;
  if (metadataTable === undefined) return [];
  const table = quoteTable(metadataTable);
  if (scene.metadataTableMade) return pieces(table);
  scene.metadataTableMade = true;
  const columns = ["database", "schema", "table", "name"].map((name) => `\`${name}\` varchar(255) NULL`).join(", ");
  const all = ["`type` varchar(255) NOT NULL", columns, "`value` text NULL", ...demandedKey(scene.context.server)];
  return [definition(`CREATE TABLE IF NOT EXISTS ${table} (${all.join(", ")})`, tableIsThere(metadataTable)), ...pieces(table)];
}
