import { usage } from "./errors.ts";

/** SQL of the author's own, told apart from a plain text. */
export interface Sql {
  readonly sql: string;
}

/** Marks a text as SQL: sql`now()`. Numbers and other Sql values may be put in; texts may not, they would need quoting. */
export function sql(parts: TemplateStringsArray, ...values: readonly (Sql | number)[]): Sql {
  if (!Array.isArray(parts)) throw usage("bad-sql", "sql is written before a template: sql`now()`, not sql(…).", "write sql`…`");
  const texts = parts.map((part: string | undefined) => part ?? unreadable());
  return sqlOf(texts.reduce((whole, part, i) => whole + inserted(values[i - 1]) + part));
}

function inserted(value: unknown): string {
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  if (isSql(value)) return value.sql;
  throw usage(
    "bad-sql",
    `Only numbers and other sql values may be put into sql\`…\`, not ${typeof value === "number" ? value : typeof value}.`,
    "write the text into the SQL itself, quoted as SQL wants it",
  );
}

function unreadable(): never {
  throw usage("bad-sql", "sql`…` has a backslash that JavaScript does not know.", "write two backslashes for one");
}

export function sqlOf(text: string): Sql {
  return Object.freeze({ sql: text });
}

export function isSql(value: unknown): value is Sql {
  return typeof value === "object" && value !== null && typeof (value as Sql).sql === "string" && Object.keys(value).length === 1;
}
