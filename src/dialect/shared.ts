import type { IfExists, Operation } from "../core/operation.ts";
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
