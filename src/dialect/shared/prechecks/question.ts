import { labelOf, type QualifiedName } from "../../../core/schema.ts";
import type { Precheck } from "../../../core/statement.ts";
import type { Words } from "./words.ts";

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

export function rowsWhere(words: Words, asked: Asked): Question {
  return {
    sql: counted(words, `SELECT ${shown(words, asked.sample)} FROM ${words.quoteTable(asked.table)} AS t WHERE ${asked.where}`),
    code: asked.code,
    message: asked.message,
    hint: asked.hint,
    tables: [{ ...asked.table, columns: asked.columns }],
  };
}

/** One scan gives the number of rows and five of them. */
export function counted({ quoteName, samples }: Words, rows: string): string {
  return `SELECT count(*) AS ${quoteName("count")}, ${samples} AS ${quoteName("samples")}
FROM (SELECT ${quoteName("sample")}, row_number() OVER () AS ${quoteName("place")} FROM (${rows}) AS ${quoteName("found")}) AS ${quoteName("numbered")}`;
}

/** Likewise of groups of rows, which have a `rows`: the largest are shown. */
export function countedGroups({ quoteName, samples }: Words, groups: string): string {
  const [rows, sample, place] = [quoteName("rows"), quoteName("sample"), quoteName("place")];
  return `SELECT COALESCE(sum(${rows}), 0) AS ${quoteName("count")}, ${samples} AS ${quoteName("samples")}
FROM (SELECT ${sample}, ${rows}, row_number() OVER (ORDER BY ${rows} DESC, ${sample}) AS ${place} FROM (${groups}) AS ${quoteName("found")}) AS ${quoteName("numbered")}`;
}

export const shown = ({ quoteName, text }: Words, sample = "NULL"): string => `${text(sample)} AS ${quoteName("sample")}`;

export const columnLabel = (table: QualifiedName, column: string): string => `${labelOf(table)}.${column}`;

/** `{revision}` is put in by the runner. */
export const fillHint = (label: string): string => `limbeck resolve {revision} --fill ${label}=EXPR`;
export const usingHint = (label: string): string => `limbeck resolve {revision} --using ${label}=EXPR`;
