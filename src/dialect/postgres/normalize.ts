import type { Server } from "../../core/db.ts";
import type { Check, Column, Exclusion, ForeignKey, Index, IndexColumn, Schema, Table, View } from "../../core/schema.ts";
import { normalDefault } from "./normalize/default.ts";
import { unwrapped } from "./normalize/text.ts";
import { normalType } from "./normalize/type.ts";
import { cutName } from "./quote.ts";

/** One spelling, by PostgreSQL's own rules, for what is the same to it; what only the server can tell is left to `canonical`. */
export function normalize(schema: Schema, server: Server): Schema {
  const bare = <T extends { readonly schema?: string }>(one: T): T => {
    if (one.schema !== server.defaultSchema) return one;
    const { schema: _, ...rest } = one;
    return rest as T;
  };
  return {
    namespaces: [...new Set(schema.namespaces)].filter((name) => name !== server.defaultSchema).sort(),
    extensions: [...new Set(schema.extensions)].sort(),
    enums: schema.enums.map((type) => ({ ...bare(type), name: cutName(type.name) })),
    tables: schema.tables.map((one) => table(bare(one), bare)),
    views: schema.views.map((one) => view(bare(one), bare)),
    external: schema.external.map((name) => ({ ...bare(name), name: cutName(name.name) })),
  };
}

type Bare = <T extends { readonly schema?: string }>(one: T) => T;

function table(one: Table, bare: Bare): Table {
  return {
    ...one,
    name: cutName(one.name),
    columns: one.columns.map(column),
    ...(one.primaryKey === undefined
      ? {}
      : { primaryKey: named({ ...one.primaryKey, columns: one.primaryKey.columns.map((name) => cutName(name)) }) }),
    uniques: one.uniques.map((key) => named({ ...key, columns: key.columns.map((name) => cutName(name)) })),
    indexes: one.indexes.map(index),
    foreignKeys: one.foreignKeys.map((key) => foreignKey(key, bare)),
    checks: one.checks.map((check): Check => named({ ...check, expression: unwrapped(check.expression) })),
    exclusions: one.exclusions.map((exclusion): Exclusion => named({ ...exclusion, expression: exclusion.expression.trim() })),
  };
}

function named<T extends { readonly name?: string }>(one: T): T {
  return one.name === undefined ? one : { ...one, name: cutName(one.name) };
}

function column(one: Column): Column {
  const type = normalType(one.type);
  const { default: value, generated, collation, ...rest } = one;
  const settled = value === undefined ? undefined : normalDefault(value, type);
  return {
    ...rest,
    name: cutName(one.name),
    type,
    ...(settled === undefined ? {} : { default: settled }),
    ...(generated === undefined ? {} : { generated: { ...generated, expression: unwrapped(generated.expression) } }),
    ...(collation === undefined || collation === "default" ? {} : { collation }),
  };
}

function foreignKey(key: ForeignKey, bare: Bare): ForeignKey {
  const { table: target, columns, ...place } = key.references;
  const cut = (name: string) => cutName(name);
  return named({
    ...key,
    columns: key.columns.map(cut),
    references: { ...bare(place), table: cutName(target), columns: columns.map(cut) },
  });
}

function index(one: Index): Index {
  const { method: given, where, kind, ...rest } = one;
  // what MySQL has kinds for are methods here; a full-text index is one over a tsvector, which the models say by themselves
  const method = given ?? (kind === "spatial" ? "gist" : undefined);
  return named({
    ...rest,
    columns: one.columns.map(indexColumn),
    ...(method === undefined || method.toLowerCase() === "btree" ? {} : { method: method.toLowerCase() }),
    ...(where === undefined ? {} : { where: unwrapped(where) }),
    ...(one.include === undefined ? {} : { include: one.include.map((name) => cutName(name)) }),
  });
}

function indexColumn(part: IndexColumn): IndexColumn {
  if (typeof part === "string") return cutName(part);
  if (part.expression !== undefined) return { ...part, expression: unwrapped(part.expression) };
  if (part.column === undefined) return part;
  return Object.keys(part).length === 1 ? cutName(part.column) : { ...part, column: cutName(part.column) };
}

function view(one: View, bare: Bare): View {
  return {
    ...one,
    name: cutName(one.name),
    definition: one.definition.trim().replace(/\s*;$/, ""),
    indexes: one.indexes.map(index),
    ...(one.reads === undefined ? {} : { reads: one.reads.map(bare) }),
  };
}
