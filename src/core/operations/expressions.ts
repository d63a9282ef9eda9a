import type { Flavor } from "../operation.ts";
import type { Column, Index, Table } from "../schema.ts";

/** A string, a comment, a name in quotes or backticks, a word, a cast's sign. In MySQL's a backslash takes the next character along. */
const tokens = {
  postgres: /'(?:[^']|'')*'|--[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"]|"")*"|::|[\p{L}_][\p{L}\p{N}_$]*/gu,
  mysql: /'(?:[^'\\]|\\[\s\S]|'')*'|"(?:[^"\\]|\\[\s\S]|"")*"|\/\*[\s\S]*?\*\/|`(?:[^`]|``)*`|[\p{L}\p{N}_$@]+/gu,
};

/** Words that stand for themselves also where a column has their name: units and types. In the server's own words such a column has backticks. */
const ambiguous = new Set(
  "year quarter month week day hour minute second microsecond date time timestamp datetime char binary signed unsigned json decimal true false null".split(
    " ",
  ),
);

interface NewName {
  readonly from: string;
  readonly to: string;
}

/** Servers write a column's new name into all of the table that reads the column, and so does the replay. */
export function withNewName(table: Table, name: NewName, flavor: Flavor): Table {
  const said = (expression: string): string => renamedIn(expression, name, flavor);
  const index = (one: Index): Index => ({
    ...one,
    columns: one.columns.map((part) =>
      typeof part === "string" || part.expression === undefined ? part : { ...part, expression: said(part.expression) },
    ),
    ...(one.where !== undefined && { where: said(one.where) }),
  });
  const column = (one: Column): Column => ({
    ...one,
    // PostgreSQL's read no columns
    ...(one.default !== undefined && flavor !== "postgres" && { default: said(one.default) }),
    ...(one.generated !== undefined && { generated: { ...one.generated, expression: said(one.generated.expression) } }),
  });
  return {
    ...table,
    columns: table.columns.map(column),
    checks: table.checks.map((one) => ({ ...one, expression: said(one.expression) })),
    indexes: table.indexes.map(index),
    exclusions: table.exclusions.map((one) => ({ ...one, expression: said(one.expression) })),
  };
}

/** But for the name the expression stays as it is; the new one has quotes, for it may be a word that is reserved. */
export function renamedIn(expression: string, { from, to }: NewName, flavor: Flavor): string {
  const isPostgres = flavor === "postgres";
  const quote = isPostgres ? '"' : "`";
  const same = (name: string): boolean => (isPostgres ? name === from : name.toLowerCase() === from.toLowerCase());
  const quoted = quote + to.replaceAll(quote, quote + quote) + quote;
  let previous = "";
  return expression.replace(isPostgres ? tokens.postgres : tokens.mysql, (token: string, at: number) => {
    const before = previous;
    previous = token;
    const next = /^\s*(\S?)/.exec(expression.slice(at + token.length))?.[1] ?? "";
    if (next === "(") return token;
    if (token.startsWith(quote)) return same(token.slice(1, -1).replaceAll(quote + quote, quote)) ? quoted : token;
    const isColumn = /^[\p{L}\p{N}_$@]/u.test(token) && next !== "'" && before !== "::" && !ambiguous.has(token.toLowerCase());
    return isColumn && same(isPostgres ? token.toLowerCase() : token) ? quoted : token;
  });
}
