import type { AddColumn, AlterColumn } from "../../../core/operation.ts";
import { labelOf, type QualifiedName } from "../../../core/schema.ts";
import { type Before, nameOf } from "./before.ts";
import { columnLabel, fillHint, type Question, rowsWhere } from "./question.ts";
import type { Words } from "./words.ts";

export function addColumn(words: Words, op: AddColumn, before: Before): readonly Question[] {
  const { column } = op;
  const filled = column.nullable ?? column.default ?? op.fill ?? column.generated ?? column.identity ?? column.autoIncrement;
  const now = nameOf(op.schema, op.table);
  const table = before.table(now);
  if (filled !== undefined || table === null) return [];
  const label = columnLabel(now, column.name);
  return [
    rowsWhere(words, {
      code: "no-fill",
      table,
      columns: [],
      where: "TRUE",
      message: `${label} is NOT NULL, and ${labelOf(now)} has rows that would have no value for it`,
      hint: fillHint(label),
    }),
  ];
}

/** A column whose values can be asked about. */
export interface Subject {
  /** before the run */
  readonly table: QualifiedName;
  readonly column: string;
  readonly label: string;
}

export function subjectOf(op: AlterColumn, before: Before): Subject | null {
  const now = nameOf(op.schema, op.table);
  const table = before.table(now);
  const column = before.column(now, op.to.name);
  if (table === null || column === null || op.to.generated !== undefined) return null;
  return { table, column, label: columnLabel(now, op.to.name) };
}

export function nulls(words: Words, op: AlterColumn, { table, column, label }: Subject): readonly Question[] {
  if (op.from.nullable !== true || op.to.nullable || op.fill !== undefined) return [];
  return [
    rowsWhere(words, {
      code: "nulls",
      table,
      columns: [column],
      where: `t.${words.quoteName(column)} IS NULL`,
      message: `${label} has NULLs`,
      hint: fillHint(label),
    }),
  ];
}

/** Which values of a column do not become the new type. */
export interface Misfit {
  readonly code: "cast" | "enum-value" | "too-long" | "out-of-range";
  /** true for a value that does not fit, given the value */
  test(value: string): string;
}

export const misfitMessage = (label: string, { code }: Misfit, type: string): string => `${label} has values ${saying[code]} ${type}`;

const saying: Readonly<Record<Misfit["code"], string>> = {
  cast: "that cannot be read as",
  "enum-value": "that are not values of",
  "too-long": "that are too long for",
  "out-of-range": "that are out of range for",
};
