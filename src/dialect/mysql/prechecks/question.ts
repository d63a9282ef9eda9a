import { labelOf, type QualifiedName } from "../../../core/schema.ts";
import type { Precheck } from "../../../core/statement.ts";
import { quoteTable } from "../quote.ts";

/** A precheck but for the place of its operation. */
export type Question = Omit<Precheck, "operation">;

export interface Asked {
  readonly code: string;
  /** before the run */
  readonly table: QualifiedName;
  readonly columns: readonly string[];
  /** rows for which this holds stand in the way; the table's alias is `t` */
  readonly where: string;
  /** what is shown of such a row */
  readonly sample?: string;
  readonly message: string;
  readonly hint: string;
}

export function rowsWhere(asked: Asked): Question {
  return {
    sql: counted(`SELECT ${shown(asked.sample)} FROM ${quoteTable(asked.table)} AS t WHERE ${asked.where}`),
    code: asked.code,
    message: asked.message,
    hint: asked.hint,
    tables: [{ ...asked.table, columns: asked.columns }],
  };
}

export const samples = "GROUP_CONCAT(IF(`place` <= 5, `sample`, NULL) ORDER BY `place` SEPARATOR ', ') AS `samples`";

/** One scan gives the number of rows and five of them. */
export function counted(rows: string): string {
  return `SELECT COUNT(*) AS \`count\`, ${samples}
FROM (SELECT \`sample\`, ROW_NUMBER() OVER () AS \`place\` FROM (${rows}) AS \`found\`) AS \`numbered\``;
}

export const shown = (sample: string | undefined): string =>
  `${sample === undefined ? "NULL" : `LEFT(CAST(${sample} AS CHAR), 80)`} AS \`sample\``;

export const columnLabel = (table: QualifiedName, column: string): string => `${labelOf(table)}.${column}`;

/** `{revision}` is put in by the runner. */
export const fillHint = (label: string): string => `limbeck resolve {revision} --fill ${label}=EXPR`;
export const usingHint = (label: string): string => `limbeck resolve {revision} --using ${label}=EXPR`;
