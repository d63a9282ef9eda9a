import type { QualifiedName } from "../../../core/schema.ts";
import { databaseSql, quoteLiteral } from "../quote.ts";

/** Conditions that tell from information_schema what is there. */

const exists = (of: string, ...conditions: readonly string[]): string =>
  `EXISTS (SELECT 1 FROM information_schema.${of} WHERE ${conditions.join(" AND ")})`;

const inTable = ({ schema, name }: QualifiedName, column = "TABLE_SCHEMA"): string =>
  `${column} = ${databaseSql(schema)} AND TABLE_NAME = ${quoteLiteral(name)}`;

/** Every character counts, also its case. */
export const exactly = (column: string, value: string): string =>
  `CONVERT(${column} USING utf8mb4) COLLATE utf8mb4_bin = ${quoteLiteral(value)}`;

export const not = (condition: string): string => `NOT ${condition}`;

export const databaseIsThere = (name: string): string => exists("SCHEMATA", `SCHEMA_NAME = ${quoteLiteral(name)}`);

export const tableIsThere = (table: QualifiedName): string => exists("TABLES", inTable(table));

/** Of two names that differ in their case alone, the server may show either. */
export const tableIsNamed = (table: QualifiedName): string => exists("TABLES", inTable(table), exactly("TABLE_NAME", table.name));

export function columnIsThere(table: QualifiedName, name: string, ...conditions: readonly string[]): string {
  return exists("COLUMNS", inTable(table), exactly("COLUMN_NAME", name), ...conditions);
}

export function indexIsThere(table: QualifiedName, name: string, ...conditions: readonly string[]): string {
  return exists("STATISTICS", inTable(table), exactly("INDEX_NAME", name), ...conditions);
}

/** An index on these columns; of expressions it is known only that they are there. */
export function indexIs(table: QualifiedName, name: string, parts: readonly string[], unique: boolean, comment = ""): string {
  const columns =
    "GROUP_CONCAT(CONCAT(COALESCE(COLUMN_NAME, '?'), ' ', COALESCE(SUB_PART, ''), COALESCE(COLLATION, '')) ORDER BY SEQ_IN_INDEX)";
  const condition = `${inTable(table)} AND ${exactly("INDEX_NAME", name)} AND NON_UNIQUE = ${unique ? 0 : 1} AND ${exactly("INDEX_COMMENT", comment)}`;
  return `(SELECT ${exactly(columns, parts.join(","))} FROM information_schema.STATISTICS WHERE ${condition}) IS TRUE`;
}

export function foreignKeyIsThere(table: QualifiedName, name: string): string {
  return exists("REFERENTIAL_CONSTRAINTS", inTable(table, "CONSTRAINT_SCHEMA"), exactly("CONSTRAINT_NAME", name));
}

export function checkIsThere(table: QualifiedName, name: string): string {
  return exists("TABLE_CONSTRAINTS", inTable(table), "CONSTRAINT_TYPE = 'CHECK'", exactly("CONSTRAINT_NAME", name));
}

export const viewIsThere = (view: QualifiedName): string => exists("VIEWS", inTable(view));

export const tableHas = (table: QualifiedName, ...conditions: readonly string[]): string => exists("TABLES", inTable(table), ...conditions);
