import fc from "fast-check";
import type { Flavor } from "../../src/core/operation.ts";
import {
  type Check,
  type Column,
  type EnumType,
  emptySchema,
  type ForeignKey,
  type Index,
  type IndexColumn,
  keyOf,
  type PrimaryKey,
  type QualifiedName,
  type Schema,
  type Table,
  type Unique,
  type View,
} from "../../src/core/schema.ts";
import { typeNameOf } from "../../src/core/type-name.ts";

/**
 * Random but sound schemas, built step by step: unique names, keys and indexes over columns that are there, foreign keys to tables that are
 * there. Use them inside a property over `fc.gen()`: `fc.property(fc.gen(), (gen) => { const schema = someSchema(gen, postgresShape); … })`.
 */
export type Gen = fc.GeneratorValue;

/** What an engine's schemas may hold. */
export interface Shape {
  readonly flavor: Flavor;
  readonly types: readonly string[];
  /** enum types, schemas, extensions, exclusions, partial indexes, identity, deferred constraints */
  readonly rich: boolean;
}
export const postgresShape: Shape = {
  flavor: "postgres",
  types: ["integer", "bigint", "text", "character varying(20)", "numeric(12,2)", "timestamp without time zone", "text[]", "citext"],
  rich: true,
};
export const mysqlShape: Shape = {
  flavor: "mariadb",
  types: ["int", "bigint unsigned", "varchar(20)", "decimal(12,2)", "tinyint(1)", "enum('a','it''s')", "longtext", "datetime(6)"],
  rich: false,
};

/** Names with all that makes quoting hard. */
const words = [
  "a",
  "users",
  "Order",
  "select",
  "with space",
  'quo"te',
  "tick`s",
  "näme",
  "it's",
  "dot.ted",
  "constructor",
  "back\\slash",
  "${x}",
];

export const number = (gen: Gen, max: number): number => gen(fc.nat, { max });
export const chance = (gen: Gen, outOf: number): boolean => number(gen, outOf - 1) === 1;
export function pick<T>(gen: Gen, list: readonly T[]): T {
  if (list.length === 0) throw new Error("nothing to pick from");
  return list[number(gen, list.length - 1)] as T;
}
export function some<T>(gen: Gen, list: readonly T[], least: number, most: number): readonly T[] {
  const count = Math.min(list.length, least + number(gen, most - least));
  const rest = [...list];
  return Array.from({ length: count }, () => rest.splice(number(gen, rest.length - 1), 1)[0]).filter((one) => one !== undefined);
}
export function maybe<K extends string, V>(gen: Gen, key: K, value: () => V): { readonly [P in K]?: V } {
  return chance(gen, 4) ? ({ [key]: value() } as { [P in K]: V }) : {};
}

/** A name that is not there yet. */
export function fresh(gen: Gen, taken: readonly string[]): string {
  const word = pick(gen, words);
  for (let i = 0; ; i++) {
    const name = i === 0 ? word : `${word}${i}`;
    if (!taken.includes(name)) return name;
  }
}

const texts = ["x", "it's `so` ${far}", 'a "b"\n\\ c', "*/ // \u2028 \u202e", ""];
export const someText = (gen: Gen): string => pick(gen, texts);
/** It names no column: a new name of one comes back with quotes. */
export const someSql = (gen: Gen): string => pick(gen, ["1", "'a'", "now()", "'it''s'", "z > 0\nAND `b` <> '${c}'", "E'\\\\d+'"]);

export function someColumn(gen: Gen, shape: Shape, schema: Schema, name: string): Column {
  const own = schema.enums.length > 0 && chance(gen, 2) ? pick(gen, schema.enums) : undefined;
  // what an enum's column falls back on must be one of its values
  if (own !== undefined) return { name, ...enumTyped(gen, own) };
  const plain: Column = {
    name,
    type: pick(gen, shape.types),
    ...maybe(gen, "nullable", () => true as const),
    ...maybe(gen, "collation", () => "C"),
    ...maybe(gen, "comment", () => someText(gen)),
    ...(shape.rich ? {} : { ...maybe(gen, "onUpdate", () => "current_timestamp()"), ...maybe(gen, "charset", () => "utf8mb4") }),
  };
  const more: readonly (() => Partial<Column>)[] = [
    () => ({}),
    () => ({ default: someSql(gen) }),
    () => ({ generated: { expression: someSql(gen), stored: chance(gen, 2) } }),
    () => ({ autoIncrement: true, ...maybe(gen, "sequence", () => "its_seq") }),
    () => (shape.rich ? { identity: { always: chance(gen, 2), ...maybe(gen, "options", () => "START WITH 100") } } : {}),
  ];
  return { ...plain, ...pick(gen, more)() };
}

function enumTyped(gen: Gen, type: EnumType): Omit<Column, "name"> {
  const name = typeNameOf(type);
  if (chance(gen, 3)) return { type: `${name}[]`, nullable: true };
  return { type: name, ...maybe(gen, "default", () => literal(pick(gen, type.values))) };
}
export const literal = (value: string): string => `'${value.replaceAll("'", "''")}'`;

export const namesOf = (table: Pick<Table, "columns">): readonly string[] => table.columns.map(({ name }) => name);
const deferrable = (gen: Gen, shape: Shape) =>
  shape.rich ? maybe(gen, "deferrable", () => pick(gen, ["immediate", "deferred"] as const)) : {};

/** All names that constraints and indexes of the schema have: two of one name would not fit beside one another. */
export function partNames(schema: Schema): readonly string[] {
  return [
    ...schema.views.flatMap(({ indexes }) => indexes.map(({ name }) => name)),
    ...schema.tables.flatMap((table) => [
      ...(table.primaryKey?.name === undefined ? [] : [table.primaryKey.name]),
      ...[table.uniques, table.indexes, table.foreignKeys, table.checks, table.exclusions].flatMap((list) => list.map(({ name }) => name)),
    ]),
  ];
}

export const somePrimaryKey = (gen: Gen, shape: Shape, table: Pick<Table, "columns">, name: string): PrimaryKey => ({
  ...(shape.rich ? { name } : {}),
  columns: some(gen, namesOf(table), 1, 2),
});
export const someUnique = (gen: Gen, shape: Shape, table: Pick<Table, "columns">, name: string): Unique => ({
  name,
  columns: some(gen, namesOf(table), 1, 2),
  ...deferrable(gen, shape),
  ...maybe(gen, "nullsNotDistinct", () => true as const),
});
export const someCheck = (gen: Gen, name: string): Check => ({ name, expression: someSql(gen) });

export function someIndex(gen: Gen, shape: Shape, columns: readonly string[], name: string): Index {
  const part = (column: string): IndexColumn => {
    if (!chance(gen, 3)) return column;
    const what = shape.rich && chance(gen, 3) ? { expression: `lower("${column}")` } : { column };
    const how = shape.rich
      ? { ...maybe(gen, "nulls", () => "first" as const), ...maybe(gen, "opclass", () => "text_pattern_ops") }
      : maybe(gen, "prefix", () => 10);
    return { ...what, order: "desc", ...how };
  };
  return {
    name,
    columns: some(gen, columns, 1, 3).map(part),
    ...maybe(gen, "unique", () => true as const),
    ...maybe(gen, "comment", () => someText(gen)),
    ...(shape.rich
      ? {
          ...maybe(gen, "method", () => "gin"),
          ...maybe(gen, "where", () => someSql(gen)),
          ...maybe(gen, "include", () => some(gen, columns, 1, 2)),
          ...maybe(gen, "options", () => "fillfactor=70"),
        }
      : { ...maybe(gen, "kind", () => "fulltext" as const), ...maybe(gen, "parser", () => "ngram") }),
  };
}

/** To a table that is there, or to itself. */
export function someForeignKey(gen: Gen, shape: Shape, schema: Schema, table: Table, name: string): ForeignKey {
  const target = pick(gen, [table, ...schema.tables.filter((one) => keyOf(one) !== keyOf(table))]);
  const action = ["CASCADE", "SET NULL", "RESTRICT"] as const;
  return {
    name,
    columns: some(gen, namesOf(table), 1, 1),
    references: { ...schemaOf(target), table: target.name, columns: some(gen, namesOf(target), 1, 1) },
    ...maybe(gen, "onDelete", () => pick(gen, action)),
    ...maybe(gen, "onUpdate", () => pick(gen, action)),
    ...deferrable(gen, shape),
  };
}

export const schemaOf = ({ schema }: QualifiedName): { readonly schema?: string } => (schema === undefined ? {} : { schema });

/** A name for a table, view or enum that the schema does not have. */
export function freshName(gen: Gen, shape: Shape, schema: Schema): QualifiedName {
  const where = shape.rich && schema.namespaces.length > 0 && chance(gen, 3) ? { schema: pick(gen, schema.namespaces) } : {};
  const taken = [...schema.tables, ...schema.views, ...schema.enums].filter((one) => one.schema === (where as QualifiedName).schema);
  return {
    ...where,
    name: fresh(
      gen,
      taken.map(({ name }) => name),
    ),
  };
}

export function someTable(gen: Gen, shape: Shape, schema: Schema): Table {
  const columns: Column[] = [];
  for (let i = number(gen, 3); i >= 0; i--) columns.push(someColumn(gen, shape, schema, fresh(gen, namesOf({ columns }))));
  const taken = [...partNames(schema)];
  const part = <T>(make: (name: string) => T): T => {
    const name = fresh(gen, taken);
    taken.push(name);
    return make(name);
  };
  const parts = <T>(make: (name: string) => T): readonly T[] => Array.from({ length: number(gen, 1) }, () => part(make));
  const bare: Table = { ...freshName(gen, shape, schema), columns, uniques: [], indexes: [], foreignKeys: [], checks: [], exclusions: [] };
  return {
    ...bare,
    ...maybe(gen, "primaryKey", () => part((name) => somePrimaryKey(gen, shape, bare, name))),
    uniques: shape.rich ? parts((name) => someUnique(gen, shape, bare, name)) : [],
    indexes: parts((name) => someIndex(gen, shape, namesOf(bare), name)),
    foreignKeys: parts((name) => someForeignKey(gen, shape, schema, bare, name)),
    checks: parts((name) => someCheck(gen, name)),
    exclusions: shape.rich ? parts((name) => ({ name, expression: "USING gist (z WITH &&)" })) : [],
    ...maybe(gen, "comment", () => someText(gen)),
    ...(shape.rich ? {} : { ...maybe(gen, "engine", () => "InnoDB"), ...maybe(gen, "charset", () => "utf8mb4") }),
  };
}

export function someEnum(gen: Gen, shape: Shape, schema: Schema): EnumType {
  const values = some(gen, ["sad", "glad", "it's", "so so", "A"], 1, 3);
  return { ...freshName(gen, shape, schema), values, ...maybe(gen, "comment", () => someText(gen)) };
}

export function someView(gen: Gen, shape: Shape, schema: Schema): View {
  const name = freshName(gen, shape, schema);
  const made: View = { ...name, definition: `SELECT 1,\n  ${someSql(gen)}`, indexes: [], ...maybe(gen, "comment", () => someText(gen)) };
  if (schema.tables.length === 0) return made;
  const read = pick(gen, schema.tables);
  const reading: View = { ...made, reads: [{ ...schemaOf(read), name: read.name, columns: some(gen, namesOf(read), 1, 2) }] };
  if (!shape.rich || !chance(gen, 2)) return reading;
  return { ...reading, materialized: true, indexes: [someIndex(gen, shape, ["one", "two"], fresh(gen, partNames(schema)))] };
}

export function someSchema(gen: Gen, shape: Shape): Schema {
  let schema: Schema = shape.rich ? { ...emptySchema, namespaces: ["App", "app"], extensions: ["citext"] } : emptySchema;
  if (shape.rich) for (let i = number(gen, 2); i > 0; i--) schema = { ...schema, enums: [...schema.enums, someEnum(gen, shape, schema)] };
  for (let i = number(gen, 3); i > 0; i--) schema = { ...schema, tables: [...schema.tables, someTable(gen, shape, schema)] };
  for (let i = number(gen, 1); i > 0; i--) schema = { ...schema, views: [...schema.views, someView(gen, shape, schema)] };
  return schema;
}
