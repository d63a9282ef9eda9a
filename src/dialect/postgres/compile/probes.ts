import { partOf } from "../../../core/index-parts.ts";
import type { Index, IndexColumn, QualifiedName } from "../../../core/schema.ts";
import type { Probe } from "../../../core/statement.ts";
import { quoteLiteral, quoteTable } from "../quote.ts";

const regclass = (table: QualifiedName): string => `to_regclass(${quoteLiteral(quoteTable(table))})`;

/**
 * An index that a broken CREATE INDEX CONCURRENTLY leaves behind is not valid: it goes, and is built again. One of the same name with
 * other columns, or of another table, is not ours: the statement then says itself that the name is taken.
 */
export function indexProbe(index: Index, table: QualifiedName, name: string): Probe {
  const columns = [...index.columns, ...(index.include ?? [])].map(columnOf).map(quoteLiteral).join(", ");
  const sql = `SELECT COALESCE((SELECT CASE WHEN i.indisvalid AND i.indisready THEN 'done' ELSE 'half' END
FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
WHERE i.indrelid = ${regclass(table)} AND c.relname = ${quoteLiteral(index.name)}
  AND i.indisunique = ${index.unique === true} AND (i.indpred IS NULL) = ${index.where === undefined} AND i.indnkeyatts = ${index.columns.length}
  AND ARRAY(SELECT COALESCE(a.attname, '')::text FROM unnest(i.indkey) WITH ORDINALITY AS k (attnum, place)
    LEFT JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.attnum ORDER BY k.place) = ARRAY[${columns}]), 'none')`;
  return { sql, repair: [`DROP INDEX CONCURRENTLY ${name}`] };
}

/** The server keeps no column for an expression. */
const columnOf = (part: IndexColumn): string => partOf(part).column ?? "";

export function noIndexProbe(name: string, table: QualifiedName): Probe {
  const found = `SELECT FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid WHERE i.indrelid = ${regclass(table)} AND c.relname = ${quoteLiteral(name)}`;
  return { sql: `SELECT CASE WHEN EXISTS (${found}) THEN 'none' ELSE 'done' END` };
}

export function validProbe(constraint: string, table: QualifiedName): Probe {
  const found = `SELECT FROM pg_constraint WHERE conrelid = ${regclass(table)} AND conname = ${quoteLiteral(constraint)} AND convalidated`;
  return { sql: `SELECT CASE WHEN EXISTS (${found}) THEN 'done' ELSE 'none' END` };
}
