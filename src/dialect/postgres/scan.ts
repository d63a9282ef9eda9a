export interface Token {
  readonly kind: "space" | "string" | "quoted" | "word" | "number" | "symbol";
  readonly text: string;
}

const pattern = new RegExp(
  [
    String.raw`(?<space>(?:\s|--[^\n]*|/\*[\s\S]*?\*/)+)`,
    String.raw`(?<string>[eE]'(?:[^'\\]|\\[\s\S]|'')*'|(?:[bBxXnN]|[uU]&)?'(?:[^']|'')*'|(?<tag>\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$)[\s\S]*?\k<tag>)`,
    String.raw`(?<quoted>"(?:[^"]|"")*")`,
    String.raw`(?<word>[\p{L}_][\p{L}\p{N}_$]*)`,
    String.raw`(?<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)`,
    String.raw`(?<symbol>::|[\s\S])`,
  ].join("|"),
  "gu",
);

/** SQL cut at the borders of what must not be looked into: strings, quoted names, comments. */
export function tokensOf(sql: string): readonly Token[] {
  return Array.from(sql.matchAll(pattern), ({ groups = {}, 0: text }): Token => {
    if (groups.space !== undefined) return { kind: "space", text };
    if (groups.string !== undefined) return { kind: "string", text };
    if (groups.quoted !== undefined) return { kind: "quoted", text };
    if (groups.word !== undefined) return { kind: "word", text };
    return { kind: groups.number === undefined ? "symbol" : "number", text };
  });
}

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
    if (kind !== "symbol") continue;
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
