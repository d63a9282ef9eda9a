import type { AlterColumn } from "../../../core/operation.ts";
import type { CompileContext } from "../../dialect.ts";
import { type Before, nameOf } from "../../shared/prechecks/before.ts";
import { misfitMessage, type Subject } from "../../shared/prechecks/column.ts";
import { parseType } from "../parse-type.ts";
import { quoteName } from "../quote.ts";
import { misfit } from "./cast.ts";
import { type Question, rowsWhere, usingHint } from "./question.ts";

/**
 * What the reviewer's expression makes of each row is asked before the first statement: nothing takes back the ones before it when the
 * server refuses a value half way. Where it reads what the run itself makes, nothing can be said beforehand.
 */
export function givenValues(
  op: AlterColumn,
  using: string,
  subject: Subject,
  before: Before,
  context: CompileContext,
): readonly Question[] {
  if (subject.column !== op.to.name || !before.speaksOfBefore(nameOf(op.schema, op.table), using)) return [];
  const value = `(${using})`;
  const asked = {
    table: subject.table,
    columns: [subject.column],
    sample: `t.${quoteName(subject.column)}`,
    hint: usingHint(subject.label),
  };
  const found = misfit({ ...op, from: { ...op.from, type: "longtext" } }, context.server);
  const empty =
    op.to.nullable || op.fill !== undefined
      ? []
      : [rowsWhere({ ...asked, code: "nulls", where: `${value} IS NULL`, message: `what --using makes of ${subject.label} is NULL` })];
  if (found === null) return empty;
  const where = `${value} IS NOT NULL AND ${found.test(value)}${mayBe(op.to.type, value)}`;
  return [
    ...empty,
    rowsWhere({ ...asked, code: found.code, where, message: misfitMessage(`what --using makes of ${subject.label}`, found, op.to.type) }),
  ];
}

/** What such a column takes in another form than as text: a value's place in its list, an address or identifier as its bytes. */
function mayBe(type: string, value: string): string {
  const { base } = parseType(type);
  if (base === "enum" || base === "set") return ` AND ${value} NOT REGEXP '^[0-9]+$'`;
  const length = bytes[base];
  return length === undefined ? "" : ` AND LENGTH(${value}) <> ${length}`;
}

const bytes: Readonly<Record<string, number>> = { uuid: 16, inet4: 4, inet6: 16 };
