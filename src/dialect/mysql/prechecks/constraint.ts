import type { AddCheck, AddForeignKey, AddIndex, AddPrimaryKey, AddUnique, OnTable } from "../../../core/operation.ts";
import { type IndexColumn, labelOf } from "../../../core/schema.ts";
import { quoteName, quoteTable } from "../quote.ts";
import { scan } from "../scan.ts";
import { type Before, nameOf } from "./before.ts";
import { counted, type Question, rowsWhere, samples, shown } from "./question.ts";

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
  return [missing, ...duplicates(op, before, { columns: op.primaryKey.columns, name: "the primary key" })];
}

export const addUnique = (op: AddUnique, before: Before): readonly Question[] => duplicates(op, before, op.unique);

export const addIndex = (op: AddIndex, before: Before): readonly Question[] => (op.index.unique ? duplicates(op, before, op.index) : []);

interface Distinct {
  readonly name: string;
  readonly columns: readonly IndexColumn[];
}

/** Equal is what the columns' collations take for equal; NULLs are different. */
function duplicates(op: OnTable, before: Before, unique: Distinct): readonly Question[] {
  const now = nameOf(op.schema, op.table);
  const table = before.table(now);
  const names = unique.columns.flatMap((part) => (typeof part === "string" ? [part] : part.column === undefined ? [] : [part.column]));
  const columns = before.columns(now, names);
  const expressions = unique.columns.flatMap((part) => (typeof part === "string" ? [] : (part.expression ?? [])));
  if (table === null || columns === null || !expressions.every((text) => before.speaksOfBefore(now, text))) return [];
  const parts = unique.columns.map((part) => partSql(part, (name) => before.column(now, name) ?? name));
  const present = parts.map((part) => `${part} IS NOT NULL`).join(" AND ");
  const groups = `SELECT ${shown(`CONCAT_WS(' / ', ${parts.join(", ")})`)}, COUNT(*) AS \`rows\` FROM ${quoteTable(table)} AS t WHERE ${present} GROUP BY ${parts.join(", ")} HAVING COUNT(*) > 1`;
  return [
    {
      sql: `SELECT COALESCE(SUM(\`rows\`), 0) AS \`count\`, ${samples}
FROM (SELECT \`sample\`, \`rows\`, ROW_NUMBER() OVER (ORDER BY \`rows\` DESC, \`sample\`) AS \`place\` FROM (${groups}) AS \`found\`) AS \`numbered\``,
      code: "duplicates",
      message: `${labelOf(now)} has rows that are equal in what ${unique.name} wants to be unique`,
      hint: "keep one row of each, or change the others, then run again",
      tables: [{ ...table, columns }],
    },
  ];
}

function partSql(part: IndexColumn, origin: (name: string) => string): string {
  if (typeof part === "string") return `t.${quoteName(origin(part))}`;
  if (part.column === undefined) return `(${part.expression ?? "NULL"})`;
  const column = `t.${quoteName(origin(part.column))}`;
  return part.prefix === undefined ? column : `LEFT(${column}, ${part.prefix})`;
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
  const orphan = there === null ? whole : `${whole} AND NOT EXISTS (SELECT 1 FROM ${quoteTable(there)} AS r WHERE ${pairs})`;
  return [
    {
      sql: counted(`SELECT ${shown(`CONCAT_WS(' / ', ${own.join(", ")})`)} FROM ${quoteTable(table)} AS t WHERE ${orphan}`),
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
  const named = [...new Set(scan(op.check.expression).flatMap((token) => (token.kind === "name" ? [token.value] : [])))];
  const sample = named.length === 0 ? undefined : `CONCAT_WS(' / ', ${named.map((name) => `t.${quoteName(name)}`).join(", ")})`;
  return [
    {
      sql: counted(`SELECT ${shown(sample)} FROM ${quoteTable(table)} AS t WHERE NOT (${op.check.expression})`),
      code: "check",
      message: `${labelOf(now)} has rows that ${op.check.name} does not allow`,
      hint: `change the rows for which this does not hold: ${op.check.expression}`,
      tables: [{ ...table, columns: named }],
    },
  ];
}
