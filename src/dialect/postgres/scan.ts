import { tokensOf as cut, nameIn, type Token } from "../../core/tokens.ts";

export type { Token };
export const tokensOf = (sql: string): readonly Token[] => cut(sql, "postgres");
export const nameOf = (token: Token): string => nameIn(token, "postgres");

/** One space where there were spaces, line ends or comments, outside of quotes. */
export function collapse(sql: string): string {
  return tokensOf(sql)
    .map(({ kind, text }) => (kind === "space" ? " " : text))
    .join("")
    .trim();
}

/** A query without the semicolon that its author may have put at its end. */
export const withoutEnd = (sql: string): string => sql.replace(/[;\s]+$/, "");

/** Without the parentheses that stand around the whole. */
export function withoutParentheses(sql: string): string {
  let text = sql.trim();
  while (text.startsWith("(") && text.endsWith(")") && isOnePair(text)) text = text.slice(1, -1).trim();
  return text;
}

function isOnePair(sql: string): boolean {
  const tokens = tokensOf(sql);
  let depth = 0;
  for (const [at, { kind, text }] of tokens.entries()) {
    if (kind !== "sign") continue;
    if (text === "(") depth++;
    else if (text === ")") depth--;
    if (depth === 0) return at === tokens.length - 1;
  }
  return false;
}

/** White space and outer parentheses mean nothing; all else is the server's to judge. */
export function normalizeExpression(sql: string): string {
  return withoutParentheses(collapse(sql));
}
