import type { Kind, Operation, OperationOf } from "../../src/core/operation.ts";
import { apply } from "../../src/core/operations/index.ts";
import { keyOf, type QualifiedName, type Schema, type Table } from "../../src/core/schema.ts";
import { typeNameOf } from "../../src/core/type-name.ts";
import {
  chance,
  fresh,
  type Gen,
  literal,
  maybe,
  namesOf,
  number,
  partNames,
  pick,
  type Shape,
  schemaOf,
  some,
  someCheck,
  someColumn,
  someEnum,
  someForeignKey,
  someIndex,
  somePrimaryKey,
  someSql,
  someTable,
  someText,
  someUnique,
  someView,
} from "./arbitrary.ts";

/** Where a random operation is made: on this table of this schema. */
interface Scene {
  readonly gen: Gen;
  readonly shape: Shape;
  readonly schema: Schema;
  readonly table: Table;
}
/** Null where the schema has nothing to do it with. */
type Maker<K extends Kind> = (scene: Scene) => OperationOf<K> | null;

const on = (table: QualifiedName) => ({ ...schemaOf(table), table: table.name });
const oneOf = <T, O>(gen: Gen, list: readonly T[], make: (one: T) => O): O | null => (list.length === 0 ? null : make(pick(gen, list)));
const newPart = ({ gen, schema }: Scene): string => fresh(gen, partNames(schema));
const inside = (schema: Schema, namespace: string): boolean =>
  [...schema.tables, ...schema.views, ...schema.enums].some((one) => one.schema === namespace);
/** Foreign keys and views that would stand there without it. */
const pointsTo = (schema: Schema, table: QualifiedName): boolean =>
  schema.tables.some((one) =>
    one.foreignKeys.some(({ references }) => references.table === table.name && references.schema === table.schema),
  ) || schema.views.some(({ reads = [] }) => reads.some((read) => keyOf(read) === keyOf(table)));
const usesOf = (schema: Schema, type: QualifiedName) =>
  schema.tables.flatMap((table) =>
    table.columns.filter((column) => column.type.replace(/(\[\])*$/, "") === typeNameOf(type)).map((column) => ({ table, column })),
  );
/** Columns that no key, index, reference or view speaks of. */
const freeColumns = (schema: Schema, table: Table) => {
  const used = [
    ...(table.primaryKey?.columns ?? []),
    ...[...table.uniques, ...table.foreignKeys].flatMap(({ columns }) => columns),
    ...table.indexes.flatMap((index) => [
      ...index.columns.map((part) => (typeof part === "string" ? part : part.column)),
      ...(index.include ?? []),
    ]),
    ...schema.tables.flatMap((other) => other.foreignKeys.flatMap(({ references }) => references.columns)),
    ...schema.views.flatMap(({ reads = [] }) => reads.flatMap((read) => read.columns ?? [])),
  ];
  return table.columns.filter(({ name }) => table.columns.length > 1 && !used.includes(name));
};

const makers: { readonly [K in Kind]: Maker<K> } = {
  createSchema: ({ gen, schema }) => ({ kind: "createSchema", name: fresh(gen, schema.namespaces) }),
  dropSchema: ({ gen, schema }) =>
    oneOf(
      gen,
      schema.namespaces.filter((name) => !inside(schema, name)),
      (name) => ({ kind: "dropSchema", name }),
    ),
  createExtension: ({ gen, schema }) => ({ kind: "createExtension", name: fresh(gen, schema.extensions) }),
  dropExtension: ({ gen, schema }) => oneOf(gen, schema.extensions, (name) => ({ kind: "dropExtension", name })),

  createEnum: ({ gen, shape, schema }) => ({ kind: "createEnum", definition: someEnum(gen, shape, schema) }),
  dropEnum: ({ gen, schema }) =>
    oneOf(
      gen,
      schema.enums.filter((one) => usesOf(schema, one).length === 0),
      (definition) => ({ kind: "dropEnum", definition }),
    ),
  renameEnum: ({ gen, schema }) =>
    oneOf(gen, schema.enums, (one) => ({
      kind: "renameEnum",
      ...schemaOf(one),
      from: one.name,
      to: fresh(
        gen,
        schema.enums.map(({ name }) => name),
      ),
    })),
  renameEnumValue: ({ gen, schema }) =>
    oneOf(gen, schema.enums, (one) => ({
      kind: "renameEnumValue",
      ...schemaOf(one),
      name: one.name,
      from: pick(gen, one.values),
      to: fresh(gen, one.values),
    })),
  alterEnum: ({ gen, schema }) =>
    oneOf(gen, schema.enums, (one) => {
      const added = fresh(gen, one.values);
      const kept = some(gen, one.values, 1, 3);
      const columns = usesOf(schema, one).map(({ table, column }) => ({
        ...on(table),
        column: column.name,
        ...(column.type.endsWith("[]") ? { array: true as const } : {}),
        ...(column.default === undefined ? {} : { default: { from: column.default, ...maybe(gen, "to", () => literal(added)) } }),
      }));
      return {
        kind: "alterEnum",
        ...schemaOf(one),
        name: one.name,
        from: one.values,
        to: [...kept, added],
        columns,
        ...maybe(gen, "replace", () => ({ [pick(gen, one.values)]: added })),
      };
    }),

  createTable({ gen, shape, schema }) {
    const definition = someTable(gen, shape, schema);
    return { kind: "createTable", ...on(definition), definition };
  },
  dropTable: ({ schema, table }) => (pointsTo(schema, table) ? null : { kind: "dropTable", ...on(table), definition: table }),
  renameTable: ({ gen, schema, table }) => ({
    kind: "renameTable",
    ...schemaOf(table),
    from: table.name,
    to: fresh(
      gen,
      [...schema.tables, ...schema.views].map(({ name }) => name),
    ),
  }),
  moveTable({ gen, schema, table }) {
    const taken = (to: string | undefined) => schema.tables.some((one) => one.name === table.name && one.schema === to);
    const places = [undefined, ...schema.namespaces].filter((to) => !taken(to));
    return oneOf(gen, places, (to) => ({
      kind: "moveTable",
      table: table.name,
      ...(table.schema === undefined ? {} : { from: table.schema }),
      ...(to === undefined ? {} : { to }),
    }));
  },
  alterTable: ({ gen, table }) => ({
    kind: "alterTable",
    ...on(table),
    from: table.comment === undefined ? {} : { comment: table.comment },
    to: maybe(gen, "comment", () => someText(gen)),
  }),

  addColumn: ({ gen, shape, schema, table }) => ({
    kind: "addColumn",
    ...on(table),
    column: someColumn(gen, shape, schema, fresh(gen, namesOf(table))),
    ...maybe(gen, "fill", () => someSql(gen)),
  }),
  dropColumn: ({ gen, schema, table }) =>
    oneOf(gen, freeColumns(schema, table), (column) => ({ kind: "dropColumn", ...on(table), column })),
  renameColumn: ({ gen, table }) => ({
    kind: "renameColumn",
    ...on(table),
    from: pick(gen, namesOf(table)),
    to: fresh(gen, namesOf(table)),
  }),
  alterColumn({ gen, shape, schema, table }) {
    const from = pick(gen, table.columns);
    return {
      kind: "alterColumn",
      ...on(table),
      from,
      to: someColumn(gen, shape, schema, from.name),
      ...maybe(gen, "using", () => someSql(gen)),
      ...maybe(gen, "fill", () => someSql(gen)),
    };
  },

  addPrimaryKey: (scene) =>
    scene.table.primaryKey === undefined
      ? { kind: "addPrimaryKey", ...on(scene.table), primaryKey: somePrimaryKey(scene.gen, scene.shape, scene.table, newPart(scene)) }
      : null,
  dropPrimaryKey: ({ table }) =>
    table.primaryKey === undefined ? null : { kind: "dropPrimaryKey", ...on(table), primaryKey: table.primaryKey },
  addUnique: (scene) => ({
    kind: "addUnique",
    ...on(scene.table),
    unique: someUnique(scene.gen, scene.shape, scene.table, newPart(scene)),
  }),
  dropUnique: ({ gen, table }) => oneOf(gen, table.uniques, (unique) => ({ kind: "dropUnique", ...on(table), unique })),
  addIndex(scene) {
    const { gen, shape, schema, table } = scene;
    const view = schema.views.find(({ materialized }) => materialized);
    const [place, columns] = view !== undefined && chance(gen, 2) ? [view, ["one"]] : [table, namesOf(table)];
    return { kind: "addIndex", ...on(place), index: someIndex(gen, shape, columns, newPart(scene)) };
  },
  dropIndex({ gen, schema }) {
    const all = [...schema.tables, ...schema.views].flatMap((place) => place.indexes.map((index) => ({ place, index })));
    return oneOf(gen, all, ({ place, index }) => ({ kind: "dropIndex", ...on(place), index }));
  },
  renameIndex: (scene) =>
    oneOf(scene.gen, scene.table.indexes, ({ name }) => ({ kind: "renameIndex", ...on(scene.table), from: name, to: newPart(scene) })),
  addForeignKey: (scene) => ({
    kind: "addForeignKey",
    ...on(scene.table),
    foreignKey: someForeignKey(scene.gen, scene.shape, scene.schema, scene.table, newPart(scene)),
  }),
  dropForeignKey: ({ gen, table }) => oneOf(gen, table.foreignKeys, (foreignKey) => ({ kind: "dropForeignKey", ...on(table), foreignKey })),
  addCheck: (scene) => ({ kind: "addCheck", ...on(scene.table), check: someCheck(scene.gen, newPart(scene)) }),
  dropCheck: ({ gen, table }) => oneOf(gen, table.checks, (check) => ({ kind: "dropCheck", ...on(table), check })),
  addExclusion: (scene) => ({
    kind: "addExclusion",
    ...on(scene.table),
    exclusion: { name: newPart(scene), expression: "USING gist (z WITH &&)", ...maybe(scene.gen, "deferrable", () => "deferred" as const) },
  }),
  dropExclusion: ({ gen, table }) => oneOf(gen, table.exclusions, (exclusion) => ({ kind: "dropExclusion", ...on(table), exclusion })),
  renameConstraint(scene) {
    const { gen, table } = scene;
    const rename = (name: string) => ({ kind: "renameConstraint" as const, ...on(table), from: name, to: newPart(scene) });
    return oneOf(
      gen,
      [
        ...table.uniques.map(({ name }) => rename(name)),
        ...table.foreignKeys.map((foreignKey) => ({ ...rename(foreignKey.name), foreignKey })),
        ...table.checks.map((check) => ({ ...rename(check.name), check })),
        ...(table.primaryKey?.name === undefined ? [] : [rename(table.primaryKey.name)]),
      ],
      (op) => op,
    );
  },

  createView({ gen, shape, schema }) {
    const definition = someView(gen, shape, schema);
    return { kind: "createView", ...schemaOf(definition), view: definition.name, definition };
  },
  dropView: ({ gen, schema }) =>
    oneOf(gen, schema.views, (definition) => ({ kind: "dropView", ...schemaOf(definition), view: definition.name, definition })),
  alterView: ({ gen, schema }) =>
    oneOf(gen, schema.views, (from) => ({
      kind: "alterView",
      ...schemaOf(from),
      view: from.name,
      from,
      to: { ...from, definition: `SELECT ${someSql(gen)}` },
    })),
  renameView: ({ gen, schema }) =>
    oneOf(gen, schema.views, (view) => ({
      kind: "renameView",
      ...schemaOf(view),
      from: view.name,
      to: fresh(
        gen,
        [...schema.tables, ...schema.views].map(({ name }) => name),
      ),
      ...(view.materialized ? { materialized: true as const } : {}),
    })),

  execute: ({ gen }) => ({ kind: "execute", sql: someSql(gen), ...maybe(gen, "undo", () => someSql(gen)) }),
  backfill: ({ gen, table }) => ({
    kind: "backfill",
    ...on(table),
    set: { [pick(gen, namesOf(table))]: someSql(gen) },
    ...maybe(gen, "where", () => someSql(gen)),
    ...maybe(gen, "batch", () => 5000),
  }),
  run: ({ gen }) => ({ kind: "run", title: someText(gen), code: number(gen, 3) }),
  on(scene) {
    const inner = makers.addColumn(scene);
    if (inner === null) return null;
    return { kind: "on", dialect: pick(scene.gen, ["postgres", "mysql", "mariadb"] as const), operations: [inner] };
  },
  assume(scene) {
    const inner = makers.addColumn(scene);
    return inner === null ? null : { kind: "assume", operations: [inner] };
  },
};

/** PostgreSQL's own. */
const rich: readonly Kind[] = (Object.keys(makers) as Kind[]).filter((kind) =>
  /Schema|Extension|Enum|Exclusion|Unique|moveTable|renameView/.test(kind),
);

/** An operation that fits the schema; null when the kind that came up has nothing to do there. */
export function someOperation(gen: Gen, shape: Shape, schema: Schema): Operation | null {
  const kinds = (Object.keys(makers) as Kind[]).filter((kind) => shape.rich || !rich.includes(kind));
  const kind = pick(gen, kinds);
  const table = schema.tables.length === 0 ? someTable(gen, shape, schema) : pick(gen, schema.tables);
  const there = schema.tables.some((one) => keyOf(one) === keyOf(table));
  if (!there) return { kind: "createTable", ...on(table), definition: table };
  const operation = makers[kind]({ gen, shape, schema, table });
  return operation !== null && plainable.has(kind) && chance(gen, 3) ? ({ ...operation, online: false } as Operation) : operation;
}

/** What may ask for its plain form. */
const plainable: ReadonlySet<Kind> = new Set<Kind>([
  "alterTable",
  "addColumn",
  "dropColumn",
  "alterColumn",
  "addPrimaryKey",
  "dropPrimaryKey",
  "addUnique",
  "dropUnique",
  "addIndex",
  "dropIndex",
  "addForeignKey",
  "dropForeignKey",
  "addCheck",
  "dropCheck",
  "addExclusion",
  "dropExclusion",
]);

/** Operations that fit the schema one after the other. */
export function someOperations(gen: Gen, shape: Shape, schema: Schema, most: number): readonly Operation[] {
  const operations: Operation[] = [];
  let now = schema;
  for (let i = number(gen, most); i > 0; i--) {
    const operation = someOperation(gen, shape, now);
    if (operation === null) continue;
    operations.push(operation);
    now = apply(now, operation, shape.flavor);
  }
  return operations;
}
