import type { Rows } from "../../../core/db.ts";
import type { Index, View, ViewRead } from "../../../core/schema.ts";
import { ByTable, list, type NameOf } from "./names.ts";
import type { Relation } from "./tables.ts";

export function viewsOf(relations: readonly Relation[], readRows: Rows, indexes: ByTable<Index>, nameOf: NameOf): readonly View[] {
  const reads = new ByTable<ViewRead>();
  for (const [schema, view, ofSchema, of, columns] of readRows) {
    const used = list(columns);
    reads.add(nameOf(schema, view), { ...nameOf(ofSchema, of), ...(used.length === 0 ? {} : { columns: used }) });
  }
  return relations
    .filter(({ kind }) => kind === "v" || kind === "m")
    .map(({ name, kind, comment, definition = "" }) => ({
      ...name,
      definition: definition.trim().replace(/;$/, ""),
      ...(kind === "m" ? { materialized: true as const } : {}),
      indexes: indexes.of(name),
      ...(comment === undefined ? {} : { comment }),
      ...(reads.of(name).length === 0 ? {} : { reads: reads.of(name) }),
    }));
}
