import type { Flavor } from "../operation.ts";
import type { Column, Index, Table } from "../schema.ts";
import { mayBeColumn, nameIn, tokensOf } from "../tokens.ts";

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
  const quote = flavor === "postgres" ? '"' : "`";
  const known = (name: string): string => (flavor === "postgres" ? name : name.toLowerCase());
  const quoted = quote + to.replaceAll(quote, quote + quote) + quote;
  const all = tokensOf(expression, flavor);
  const tokens = all.filter(({ kind }) => kind !== "space");
  const places = tokens.filter((token, at) => mayBeColumn(tokens, at) && known(nameIn(token, flavor)) === known(from));
  return all.map((token) => (places.includes(token) ? quoted : token.text)).join("");
}
