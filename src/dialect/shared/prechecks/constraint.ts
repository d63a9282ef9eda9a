import { partOf } from "../../../core/index-parts.ts";
import type { AddCheck, AddForeignKey, AddIndex, AddPrimaryKey, AddUnique, OnTable } from "../../../core/operation.ts";
import { type IndexColumn, labelOf, type QualifiedName } from "../../../core/schema.ts";
import { type Before, nameOf } from "./before.ts";
import { counted, countedGroups, type Question, rowsWhere, shown } from "./question.ts";
import type { Words } from "./words.ts";

export function addPrimaryKey(words: Words, op: AddPrimaryKey, before: Before): readonly Question[] {
  const now = nameOf(op.schema, op.table);
  const table = before.table(now);
  if (table === null) return [];
  const columns = op.primaryKey.columns.flatMap((name) => before.column(now, name) ?? []);
  const missing = rowsWhere(words, {
    code: "nulls",
    table,
    columns,
    where: columns.map((column) => `t.${words.quoteName(column)} IS NULL`).join(" OR "),
    message: `${labelOf(now)} has rows without a value for its primary key (${op.primaryKey.columns.join(", ")})`,
    hint: "give these rows a value first",
  });
  const equal = duplicates(words, op, before, { columns: op.primaryKey.columns, name: op.primaryKey.name ?? "the primary key" });
  return columns.length === 0 ? equal : [missing, ...equal];
}

export const addUnique = (words: Words, op: AddUnique, before: Before): readonly Question[] => duplicates(words, op, before, op.unique);

export const addIndex = (words: Words, op: AddIndex, before: Before): readonly Question[] =>
  op.index.unique ? duplicates(words, op, before, op.index) : [];

interface Distinct {
  readonly name: string;
  readonly columns: readonly IndexColumn[];
  readonly where?: string;
  readonly nullsNotDistinct?: true;
}

const joined = (parts: readonly string[]): string => `concat_ws(' / ', ${parts.join(", ")})`;

/** Equal is what the columns' collations take for equal; NULLs are different where nothing else is said. A column that the list adds may have one value for all. */
function duplicates(words: Words, op: OnTable, before: Before, unique: Distinct): readonly Question[] {
  const now = nameOf(op.schema, op.table);
  const table = before.table(now);
  const keys = keysOf(words, now, before, unique);
  if (table === null || keys === null) return [];
  const varying = keys.flatMap(({ sql, constant }) => (constant ? [] : [sql]));
  const conditions = [
    ...(unique.where === undefined ? [] : [`(${unique.where})`]),
    ...(unique.nullsNotDistinct ? [] : keys.map(({ sql }) => `${sql} IS NOT NULL`)),
  ];
  const where = conditions.length === 0 ? "" : ` WHERE ${conditions.join(" AND ")}`;
  const group = varying.length === 0 ? "" : ` GROUP BY ${varying.join(", ")}`;
  const rows = `count(*) AS ${words.quoteName("rows")}`;
  return [
    {
      sql: countedGroups(
        words,
        `SELECT ${shown(words, joined(keys.map(({ sql }) => sql)))}, ${rows} FROM ${words.quoteTable(table)} AS t${where}${group} HAVING count(*) > 1`,
      ),
      code: "duplicates",
      message: `${labelOf(now)} has rows that are equal in what ${unique.name} wants to be unique`,
      hint: "keep one row of each, or change the others, then run again",
      tables: [{ ...table, columns: keys.flatMap(({ column }) => column ?? []) }],
    },
  ];
}

interface Key {
  readonly sql: string;
  /** the column's name before the run */
  readonly column?: string;
  readonly constant?: true;
}

/** null where one of them cannot be asked about */
function keysOf(words: Words, table: QualifiedName, before: Before, { columns, where = "" }: Distinct): readonly Key[] | null {
  if (!before.speaksOfBefore(table, where)) return null;
  const keys: Key[] = [];
  for (const part of columns) {
    const one = partOf(part);
    if (one.column === undefined) {
      const expression = one.expression ?? "NULL";
      if (!before.speaksOfBefore(table, expression)) return null;
      keys.push({ sql: `(${expression})` });
      continue;
    }
    const constant = before.constant(table, one.column);
    const column = before.column(table, one.column);
    if (constant !== undefined) keys.push({ sql: constant, constant: true });
    else if (column === null) return null;
    else keys.push({ sql: words.key(`t.${words.quoteName(column)}`, one), column });
  }
  return keys;
}

export function addForeignKey(words: Words, op: AddForeignKey, before: Before): readonly Question[] {
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
  const own = columns.map((column) => `t.${words.quoteName(column)}`);
  const whole = own.map((column) => `${column} IS NOT NULL`).join(" AND ");
  const pairs = own.map((column, i) => `r.${words.quoteName(theirs?.[i] ?? "")} = ${column}`).join(" AND ");
  const orphan = there === null ? `(${whole})` : `(${whole} AND NOT EXISTS (SELECT 1 FROM ${words.quoteTable(there)} AS r WHERE ${pairs}))`;
  const some = own.map((column) => `${column} IS NOT NULL`).join(" OR ");
  const partly = own.length > 1 && key.match === "full" ? ` OR ((${some}) AND NOT (${whole}))` : "";
  return [
    {
      sql: counted(words, `SELECT ${shown(words, joined(own))} FROM ${words.quoteTable(table)} AS t WHERE ${orphan}${partly}`),
      code: "orphans",
      message: `${labelOf(now)} (${key.columns.join(", ")}) points to rows that are not in ${labelOf(target)}`,
      hint: `delete these rows, set them to NULL, or add what they point to in ${labelOf(target)}`,
      tables: [{ ...table, columns }, ...(there === null || theirs === null ? [] : [{ ...there, columns: theirs }])],
    },
  ];
}

export function addCheck(words: Words, op: AddCheck, before: Before): readonly Question[] {
  const { check } = op;
  const now = nameOf(op.schema, op.table);
  const table = before.table(now);
  if (table === null || !before.speaksOfBefore(now, check.expression)) return [];
  const named = words.columnsIn?.(check.expression);
  const sample = named === undefined ? "t" : named.length === 0 ? undefined : joined(named.map((name) => `t.${words.quoteName(name)}`));
  return [
    rowsWhere(words, {
      code: "check",
      table,
      columns: named ?? [],
      where: `NOT (${check.expression})`,
      ...(sample !== undefined && { sample }),
      message: `${labelOf(now)} has rows that ${check.name} does not allow`,
      hint: `change the rows for which this does not hold: ${check.expression}`,
    }),
  ];
}
