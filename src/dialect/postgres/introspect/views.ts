import type { View, ViewRead } from "../../../core/schema.ts";
import { indexesOf } from "./indexes.ts";
import { type Catalogue, commentOn, type Line, nameIn } from "./rows.ts";

export function viewOf(line: Line, catalogue: Catalogue): View {
  const [oid, schema, name, kind, definition] = line;
  return {
    ...nameIn(catalogue.server, schema, name),
    definition: (definition ?? "").trim().replace(/;$/, ""),
    ...(kind === "m" && { materialized: true as const }),
    indexes: indexesOf(catalogue, oid ?? ""),
    ...commentOn(catalogue, oid),
    reads: readsOf(catalogue, oid ?? ""),
  };
}

/** A relation without columns is one of which nothing but its rows is read. */
function readsOf(catalogue: Catalogue, oid: string): readonly ViewRead[] {
  const found = new Map<string, { readonly name: ReturnType<typeof nameIn>; readonly columns: string[] }>();
  for (const [, schema, relation, column] of catalogue.reads.get(oid) ?? []) {
    const key = JSON.stringify([schema, relation]);
    const read = found.get(key) ?? { name: nameIn(catalogue.server, schema, relation), columns: [] };
    if (column) read.columns.push(column);
    found.set(key, read);
  }
  return [...found.values()].map(({ name, columns }) => ({ ...name, columns }));
}
