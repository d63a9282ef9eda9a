import type { Hazard } from "../../../core/hazard.ts";
import { keyColumns } from "../../../core/index-parts.ts";
import type { OnTable } from "../../../core/operation.ts";
import { type ForeignKey, type Index, keyOf, type QualifiedName, type Table } from "../../../core/schema.ts";
import { quoteLiteral, quoteName, quoteTable } from "../quote.ts";
import { indexIs, not } from "./observe.ts";
import { definition, isFresh, known, onRows, type Piece, type Scene, tableOf } from "./piece.ts";

/** Do the columns begin with those that are wanted? Then a foreign key on these can stand on an index on the columns. */
export const leads = (columns: readonly string[], wanted: readonly string[]): boolean =>
  wanted.every((name, i) => columns[i]?.toLowerCase() === name.toLowerCase());

/** Up to the first part that is not a whole column. */
export function plainColumns({ columns }: Index): readonly string[] {
  const end = columns.findIndex((part) => typeof part !== "string" && (part.column === undefined || part.prefix !== undefined));
  return keyColumns({ columns: end < 0 ? columns : columns.slice(0, end) });
}

/**
 * An index that a foreign key can stand on takes the place of the key's own. The server drops the one that it made by itself, but not one
 * that stands in for an index that went (`carried`). Whether it is there only the server knows.
 */
export function takesOver(op: OnTable, index: Index, scene: Scene): readonly Piece[] {
  const name = tableOf(op);
  const table = known(scene, name);
  if (table === undefined || isFresh(scene, name) || index.kind !== undefined) return [];
  const before = scene.before.get(keyOf(name)) ?? table;
  return table.foreignKeys
    .filter((key) => key.name !== index.name && leads(plainColumns(index), key.columns) && !isCarried(before, key))
    .flatMap((key) => dropIfThere(name, key.name, key.columns));
}

/** Where another index carried it there is none of its own. */
function isCarried({ indexes, primaryKey }: Table, key: ForeignKey): boolean {
  return [primaryKey?.columns ?? [], ...indexes.filter(({ kind }) => kind === undefined).map(plainColumns)].some((columns) =>
    leads(columns, key.columns),
  );
}

export function dropIfThere(table: QualifiedName, name: string, columns: readonly string[]): readonly Piece[] {
  const shape = columns.map((column) => `${column} A`);
  return ifThere(table, `DROP INDEX ${quoteName(name)}`, indexIs(table, name, shape, false));
}

/** Only the server knows whether there is anything to take away, and MySQL has no IF EXISTS for parts of a table. */
export function ifThere(table: QualifiedName, clause: string, there: string, hazards: readonly Hazard[] = []): readonly Piece[] {
  const sql = `ALTER TABLE ${quoteTable(table)} ${clause}`;
  const prepare = [`SET @limbeck_part = IF(${there}, ${quoteLiteral(sql)}, 'DO 0')`, "PREPARE limbeck_part FROM @limbeck_part"];
  const probe = { sql: `SELECT CASE WHEN ${not(there)} THEN 'done' ELSE 'half' END AS \`state\``, repair: prepare };
  // what is prepared is the session's: a later run prepares it again, and would find nothing to give back
  return [...prepare.map((one) => onRows(one)), { ...definition("EXECUTE limbeck_part", null, hazards), probe }];
}
