/** SQL of the author's own, told apart from a plain text. */
export interface Sql {
  readonly sql: string;
}

/** Marks a text as SQL: sql`now()`. Numbers and other Sql values may be put in; texts may not, they would need quoting. */
export function sql(parts: TemplateStringsArray, ...values: readonly (Sql | number)[]): Sql {
  const text = parts.reduce((whole, part, i) => {
    const value = values[i];
    return whole + part + (value === undefined ? "" : typeof value === "number" ? String(value) : value.sql);
  }, "");
  return sqlOf(text);
}

export function sqlOf(text: string): Sql {
  return Object.freeze({ sql: text });
}

export function isSql(value: unknown): value is Sql {
  return typeof value === "object" && value !== null && typeof (value as Sql).sql === "string" && Object.keys(value).length === 1;
}
