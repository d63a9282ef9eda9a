import type { IfExists, Operation } from "../../core/operation.ts";

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
