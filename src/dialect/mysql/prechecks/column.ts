import type { AddColumn, AlterColumn } from "../../../core/operation.ts";
import { labelOf, type QualifiedName } from "../../../core/schema.ts";
import type { CompileContext } from "../../dialect.ts";
import { quoteName } from "../quote.ts";
import { type Before, nameOf } from "./before.ts";
import { lostCharacters, type Misfit, misfit } from "./cast.ts";
import { columnLabel, fillHint, type Question, rowsWhere, usingHint } from "./question.ts";

export function addColumn(op: AddColumn, before: Before): readonly Question[] {
  const { column } = op;
  const filled = column.nullable ?? column.default ?? op.fill ?? column.generated ?? column.identity ?? column.autoIncrement;
  const now = nameOf(op.schema, op.table);
  const table = before.table(now);
  if (filled !== undefined || table === null) return [];
  const label = columnLabel(now, column.name);
  return [
    rowsWhere({
      code: "no-fill",
      table,
      columns: [],
      where: "TRUE",
      message: `${label} is NOT NULL, and ${labelOf(now)} has rows that would have no value for it`,
      hint: fillHint(label),
    }),
  ];
}

export function alterColumn(op: AlterColumn, before: Before, context: CompileContext): readonly Question[] {
  const now = nameOf(op.schema, op.table);
  const table = before.table(now);
  const column = before.column(now, op.to.name);
  if (table === null || column === null || op.to.generated !== undefined || op.using !== undefined) return [];
  const asked: Subject = { table, column, label: columnLabel(now, op.to.name) };
  const misfits = [misfit(op, context.server), lostCharacters(op)];
  return [...nulls(op, asked), ...misfits.flatMap((found) => (found === null ? [] : [misfitting(op, found, asked)]))];
}

interface Subject {
  /** before the run */
  readonly table: QualifiedName;
  readonly column: string;
  readonly label: string;
}

function nulls(op: AlterColumn, { table, column, label }: Subject): readonly Question[] {
  if (op.from.nullable !== true || op.to.nullable || op.fill !== undefined) return [];
  return [
    rowsWhere({
      code: "nulls",
      table,
      columns: [column],
      where: `t.${quoteName(column)} IS NULL`,
      message: `${label} has NULLs`,
      hint: fillHint(label),
    }),
  ];
}

function misfitting(op: AlterColumn, found: Misfit, { table, column, label }: Subject): Question {
  const value = `t.${quoteName(column)}`;
  return rowsWhere({
    code: found.code,
    table,
    columns: [column],
    where: `${value} IS NOT NULL AND ${found.test(value)}`,
    sample: value,
    message: `${label} has values ${saying[found.code]} ${op.from.type === op.to.type ? (op.to.charset ?? op.to.type) : op.to.type}`,
    hint: usingHint(label),
  });
}

const saying: Readonly<Record<Misfit["code"], string>> = {
  cast: "that cannot be read as",
  "enum-value": "that are not values of",
  "too-long": "that are too long for",
  "out-of-range": "that are out of range for",
};
