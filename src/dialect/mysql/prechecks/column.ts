import type { AlterColumn } from "../../../core/operation.ts";
import type { CompileContext } from "../../dialect.ts";
import type { Before } from "../../shared/prechecks/before.ts";
import { type Misfit, misfitMessage, nulls, type Subject, subjectOf } from "../../shared/prechecks/column.ts";
import { rounded } from "../compile/convert.ts";
import { quoteName } from "../quote.ts";
import { lostCharacters, misfit } from "./cast.ts";
import { hasDate, zeroDate } from "./copied.ts";
import { type Question, rowsWhere, usingHint, words } from "./question.ts";
import { givenValues } from "./using.ts";

export function alterColumn(op: AlterColumn, before: Before, context: CompileContext): readonly Question[] {
  const asked = subjectOf(op, before);
  if (asked === null) return [];
  if (op.using !== undefined) return givenValues(op, op.using, asked, before, context);
  const misfits = [misfit(op, context.server), lostCharacters(op)];
  return [
    ...nulls(words, op, asked),
    ...misfits.flatMap((found) => (found === null ? [] : [misfitting(op, found, asked)])),
    ...roundings(op, asked),
    ...zeroDates(op, asked),
    ...zeroNumbers(op, asked),
  ];
}

/** A value that loses its end without an error. */
function roundings(op: AlterColumn, { table, column, label }: Subject): readonly Question[] {
  const value = `t.${quoteName(column)}`;
  const after = rounded(value, op.from, op.to);
  if (after === undefined) return [];
  return [
    rowsWhere({
      code: "rounding",
      table,
      columns: [column],
      where: `${value} <> ${after}`,
      sample: value,
      message: `${label} has values that would be rounded or cut to be ${op.to.type}`,
      hint: `limbeck resolve {revision} --using ${label}="${rounded(quoteName(op.to.name), op.from, op.to)}"`,
    }),
  ];
}

/** Strict mode does not let them be written, not even where they are copied as they are. */
function zeroDates({ from, to }: AlterColumn, { table, column, label }: Subject): readonly Question[] {
  return from.type !== to.type && [from, to].every(({ type }) => hasDate(type)) ? [zeroDate(table, column, label)] : [];
}

/** AUTO_INCREMENT that comes to rows takes a 0 for one that has no number yet, and gives it another. */
function zeroNumbers({ from, to }: AlterColumn, { table, column, label }: Subject): readonly Question[] {
  if (!to.autoIncrement || from.autoIncrement) return [];
  const value = `t.${quoteName(column)}`;
  return [
    rowsWhere({
      code: "zero-number",
      table,
      columns: [column],
      where: `${value} = 0`,
      sample: value,
      message: `${label} is 0 in a row, which AUTO_INCREMENT would number anew without a word`,
      hint: "give that row another number first, and with it the rows that refer to it",
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
    message: misfitMessage(label, found, op.from.type === op.to.type ? (op.to.charset ?? op.to.type) : op.to.type),
    hint: usingHint(label),
  });
}
