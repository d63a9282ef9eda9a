import { closesAtEnd } from "../introspect/columns.ts";

/** Without the parentheses around the whole. */
export function unwrapped(expression: string): string {
  let text = expression.trim();
  while (text.startsWith("(") && closesAtEnd(text)) text = text.slice(1, -1).trim();
  return text;
}
