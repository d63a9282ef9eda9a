import type { Server } from "../../core/db.ts";
import { emptySchema, keyOf, type Schema, type Table } from "../../core/schema.ts";
import type { Replayed } from "./replay.ts";
import { advanced } from "./replay.ts";

/**
 * All that any of the revisions ever made: what of it a database has is ours, also where the revision in question has it no more. What else
 * is there is somebody else's, and no difference.
 */
export function everKnown(revisions: readonly Replayed[], { flavor }: Server): Schema {
  const tables = new Map<string, Table>();
  const last = new Map<string, Table>();
  const [views, enums] = [new Map<string, Schema["views"][number]>(), new Map<string, Schema["enums"][number]>()];
  const [namespaces, extensions] = [new Set<string>(), new Set<string>()];
  let schema = emptySchema;
  for (const { upgrade } of revisions) {
    schema = advanced(schema, upgrade.operations, flavor).schema;
    for (const table of schema.tables) {
      const key = keyOf(table);
      if (last.get(key) === table) continue;
      last.set(key, table);
      tables.set(key, together(tables.get(key), table));
    }
    for (const view of schema.views) views.set(keyOf(view), view);
    for (const type of schema.enums) enums.set(keyOf(type), type);
    for (const name of schema.namespaces) namespaces.add(name);
    for (const name of schema.extensions) extensions.add(name);
  }
  return {
    ...schema,
    tables: [...tables.values()],
    views: [...views.values()],
    enums: [...enums.values()],
    namespaces: [...namespaces],
    extensions: [...extensions],
  };
}

function together(before: Table | undefined, now: Table): Table {
  if (before === undefined) return now;
  const both = <T extends { readonly name: string }>(a: readonly T[], b: readonly T[]): readonly T[] => [
    ...a.filter(({ name }) => !b.some((one) => one.name === name)),
    ...b,
  ];
  return {
    ...before,
    ...now,
    columns: both(before.columns, now.columns),
    uniques: both(before.uniques, now.uniques),
    indexes: both(before.indexes, now.indexes),
    foreignKeys: both(before.foreignKeys, now.foreignKeys),
    checks: both(before.checks, now.checks),
    exclusions: both(before.exclusions, now.exclusions),
  };
}
