import type { Backfill, IfExists, Operation } from "../core/operation.ts";
import type { Column } from "../core/schema.ts";
import type { JournalRow } from "./dialect.ts";

/** A column's name and the whole of it as one record without the name: are two columns otherwise the same? */
export function sameBut(a: Column, b: Column, ...fields: readonly (keyof Column)[]): boolean {
  const rest = (column: Column): string =>
    JSON.stringify(
      Object.entries(column)
        .filter(([key]) => !fields.includes(key as keyof Column))
        .sort(([x], [y]) => (x < y ? -1 : 1)),
    );
  return rest(a) === rest(b);
}

/** In the statement that drops it. */
export const ifExists = (op: IfExists): string => (op.ifExists ? "IF EXISTS " : "");

/** A text that says a value by itself: it is the same for every row, and costs nothing as a default. */
export function isLiteral(expression: string): boolean {
  return /^\s*(?:'(?:[^']|'')*'(?:::[\w" ().,[\]]+)?|[-+]?\d+(?:\.\d+)?|true|false|null)\s*$/i.test(expression);
}

/**
 * The condition of batches that are repeated until they find no row, where it is sure that this ends: the one column that is set has no value
 * before and one after. With anything else (`n + 1`, a value that the server rounds) the same rows may come again and again: null.
 */
export function endingWhere({ set, where }: Backfill, quoteName: (name: string) => string): string | null {
  const [[column, value] = ["", ""], ...others] = Object.entries(set);
  const text = where?.trim().toLowerCase();
  const empty = [quoteName(column), column].map((name) => `${name.toLowerCase()} is null`);
  const given = `(${value.toLowerCase()}) is not null`;
  if (others.length > 0 || text === undefined) return null;
  if (empty.some((one) => text === `${one} and ${given}`)) return `(${where})`;
  if (!empty.includes(text)) return null;
  const sure = (isLiteral(value) && !/^\s*null\s*$/i.test(value)) || neverNull.test(value);
  return sure ? `(${where})` : `(${where}) AND (${value}) IS NOT NULL`;
}

/** They always have a value, and a sequence counts each time it is asked. */
const neverNull = /^\s*(?:nextval|gen_random_uuid|uuid_generate_v\w+|uuidv[47]|uuid|random|rand|now|clock_timestamp)\s*\([^()]*\)\s*$/i;

/** May the author's own SQL change rows? What follows it can then not be asked of the data beforehand. */
export function changesRows(operation: Operation): boolean {
  if (operation.kind === "run") return true;
  if (operation.kind !== "execute") return false;
  return /\b(?:update|insert|delete|merge|replace|truncate|copy|do|call|select|load)\b/i.test(operation.sql);
}

/** The journal's columns in the order in which both engines make them. */
export const journalColumns = [
  "id",
  "parents",
  "depends_on",
  "message",
  "checksum",
  "source_hash",
  "applied_at",
  "duration_ms",
  "applied_by",
  "tool_version",
  "status",
  "done",
  "total",
  "session",
  "error",
  "operations",
  "progress",
] as const satisfies readonly (keyof JournalRow)[];
