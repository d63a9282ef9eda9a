import type { AlterColumn } from "../../../core/operation.ts";
import type { CompileContext } from "../../dialect.ts";
import type { Before } from "../../shared/prechecks/before.ts";
import { type Misfit, misfitMessage, nulls, type Subject, subjectOf } from "../../shared/prechecks/column.ts";
import { quoteName } from "../quote.ts";
import { lostCharacters, misfit } from "./cast.ts";
import { type Question, rowsWhere, usingHint, words } from "./question.ts";

export function alterColumn(op: AlterColumn, before: Before, context: CompileContext): readonly Question[] {
  const asked = subjectOf(op, before);
  if (asked === null || op.using !== undefined) return [];
  const misfits = [misfit(op, context.server), lostCharacters(op)];
  return [...nulls(words, op, asked), ...misfits.flatMap((found) => (found === null ? [] : [misfitting(op, found, asked)]))];
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
