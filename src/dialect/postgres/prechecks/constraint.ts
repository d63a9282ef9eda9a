import type { AddCheck, AddForeignKey, AddIndex, AddPrimaryKey, AddUnique, OnTable } from "../../../core/operation.ts";
import { type IndexColumn, labelOf } from "../../../core/schema.ts";
import { quoteName, quoteTable } from "../quote.ts";
import { type Before, nameOf } from "./before.ts";
import { counted, type Question, rowsWhere, shown } from "./question.ts";

export function addPrimaryKey(op: AddPrimaryKey, before: Before): readonly Question[] {
  const now = nameOf(op.schema, op.table);
  const table = before.table(now);
  const columns = before.columns(now, op.primaryKey.columns);
  if (table === null || columns === null) return [];
  const missing = rowsWhere({
    code: "nulls",
    table,
    columns,
    where: columns.map((column) => `t.${quoteName(column)} IS NULL`).join(" OR "),
    message: `${labelOf(now)} has rows without a value for its primary key (${op.primaryKey.columns.join(", ")})`,
    hint: "give these rows a value first",
  });
  return [missing, ...duplicates(op, before, { columns: op.primaryKey.columns, name: op.primaryKey.name ?? "the primary key" })];
}

export const addUnique = (op: AddUnique, before: Before): readonly Question[] => duplicates(op, before, op.unique);

export const addIndex = (op: AddIndex, before: Before): readonly Question[] => (op.index.unique ? duplicates(op, before, op.index) : []);

interface Distinct {
  readonly name: string;
  readonly columns: readonly IndexColumn[];
  readonly where?: string;
  readonly nullsNotDistinct?: true;
}

function duplicates(op: OnTable, before: Before, unique: Distinct): readonly Question[] {
  const now = nameOf(op.schema, op.table);
  const table = before.table(now);
  const names = unique.columns.flatMap((part) => (typeof part === "string" ? [part] : part.column === undefined ? [] : [part.column]));
  const columns = before.columns(now, names);
  const texts = [unique.where ?? "", ...unique.columns.map((part) => (typeof part === "string" ? "" : (part.expression ?? "")))];
  if (table === null || columns === null || !texts.every((text) => before.speaksOfBefore(now, text))) return [];
  const parts = unique.columns.map((part) => {
    const name = typeof part === "string" ? part : part.column;
    return name === undefined && typeof part !== "string"
      ? `(${part.expression ?? "NULL"})`
      : quoteName(before.column(now, name ?? "") ?? "");
  });
  const conditions = [
    ...(unique.where === undefined ? [] : [`(${unique.where})`]),
    ...(unique.nullsNotDistinct ? [] : parts.map((part) => `${part} IS NOT NULL`)),
  ];
  const where = conditions.length === 0 ? "" : ` WHERE ${conditions.join(" AND ")}`;
  const groups = `SELECT ${shown(`concat_ws(' / ', ${parts.join(", ")})`)}, count(*) AS "rows" FROM ${quoteTable(table)}${where} GROUP BY ${parts.join(", ")} HAVING count(*) > 1`;
  return [
    {
      sql: `SELECT COALESCE(sum("rows"), 0) AS "count", string_agg("sample", ', ' ORDER BY "place") FILTER (WHERE "place" <= 5) AS "samples"
FROM (SELECT "sample", "rows", row_number() OVER (ORDER BY "rows" DESC, "sample") AS "place" FROM (${groups}) AS "found") AS "numbered"`,
      code: "duplicates",
      message: `${labelOf(now)} has rows that are equal in what ${unique.name} wants to be unique`,
      hint: "keep one row of each, or change the others, then run again",
      tables: [{ ...table, columns }],
    },
  ];
}

export function addForeignKey(op: AddForeignKey, before: Before): readonly Question[] {
  const { foreignKey: key } = op;
  const now = nameOf(op.schema, op.table);
  const target = nameOf(key.references.schema, key.references.table);
  const table = before.table(now);
  const columns = before.columns(now, key.columns);
  if (table === null || columns === null) return [];
  const there = before.table(target);
  const theirs = before.columns(target, key.references.columns);
  // a table that the list makes has no rows yet: every value points nowhere
  if (!before.isEmpty(target) && (there === null || theirs === null)) return [];
  const own = columns.map((column) => `t.${quoteName(column)}`);
  const whole = own.map((column) => `${column} IS NOT NULL`).join(" AND ");
  const pairs = own.map((column, i) => `r.${quoteName(theirs?.[i] ?? "")} = ${column}`).join(" AND ");
  const orphan = there === null ? `(${whole})` : `(${whole} AND NOT EXISTS (SELECT FROM ${quoteTable(there)} AS r WHERE ${pairs}))`;
  const partly = own.length > 1 && key.match === "full" ? ` OR (num_nulls(${own.join(", ")}) BETWEEN 1 AND ${own.length - 1})` : "";
  return [
    {
      sql: counted(`SELECT ${shown(`concat_ws(' / ', ${own.join(", ")})`)} FROM ${quoteTable(table)} AS t WHERE ${orphan}${partly}`),
      code: "orphans",
      message: `${labelOf(now)} (${key.columns.join(", ")}) points to rows that are not in ${labelOf(target)}`,
      hint: `delete these rows, set them to NULL, or add what they point to in ${labelOf(target)}`,
      tables: [{ ...table, columns }, ...(there === null || theirs === null ? [] : [{ ...there, columns: theirs }])],
    },
  ];
}

export function addCheck(op: AddCheck, before: Before): readonly Question[] {
  const now = nameOf(op.schema, op.table);
  const table = before.table(now);
  if (table === null || !before.speaksOfBefore(now, op.check.expression)) return [];
  return [
    {
      sql: counted(`SELECT ${shown("t")} FROM ${quoteTable(table)} AS t WHERE NOT (${op.check.expression})`),
      code: "check",
      message: `${labelOf(now)} has rows that ${op.check.name} does not allow`,
      hint: `change the rows for which this does not hold: ${op.check.expression}`,
      tables: [{ ...table, columns: [] }],
    },
  ];
}
