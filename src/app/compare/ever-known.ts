import type { Server } from "../../core/db.ts";
import { Builder } from "../../core/operations/builder.ts";
import { type EnumType, keyOf, type Schema, type Table, type View } from "../../core/schema.ts";
import { advance, type Replayed } from "./replay.ts";

/**
 * All that any of the revisions ever made: what of it a database has is ours, also where the revision in question has it no more. What else
 * is there is somebody else's, and no difference.
 */
export function everKnown(revisions: readonly Replayed[], { flavor }: Server): Schema {
  const tables = new Map<string, Table>();
  const [views, enums] = [new Map<string, View>(), new Map<string, EnumType>()];
  const [namespaces, extensions] = [new Set<string>(), new Set<string>()];
  const builder = new Builder();
  for (const { upgrade } of revisions) {
    advance(builder, upgrade.operations, flavor);
    const news = builder.news();
    for (const table of news.tables) tables.set(keyOf(table), together(tables.get(keyOf(table)), table));
    for (const view of news.views) views.set(keyOf(view), view);
    for (const type of news.enums) enums.set(keyOf(type), type);
    for (const name of news.namespaces) namespaces.add(name);
    for (const name of news.extensions) extensions.add(name);
  }
  return {
    tables: [...tables.values()],
    views: [...views.values()],
    enums: [...enums.values()],
    namespaces: [...namespaces],
    extensions: [...extensions],
    external: [],
  };
}

function together(before: Table | undefined, now: Table): Table {
  if (before === undefined) return now;
  const both = <T extends { readonly name: string }>(a: readonly T[], b: readonly T[]): readonly T[] => {
    const names = new Set(b.map(({ name }) => name));
    return [...a.filter(({ name }) => !names.has(name)), ...b];
  };
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
