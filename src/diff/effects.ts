import { indexColumns, indexExpressions } from "../core/index-parts.ts";
import type { OnTable, Operation } from "../core/operation.ts";
import {
  type Column,
  type ForeignKey,
  type Index,
  keyOf,
  type PrimaryKey,
  type QualifiedName,
  type Table,
  type View,
} from "../core/schema.ts";
import { mentions, typeNameOf } from "./mentions.ts";
import { tableOf, targetOf } from "./on.ts";

/**
 * What an operation does to the things that others care for, each thing a key.
 * A thing is made before it is used, released before it is altered or destroyed, destroyed before another of its name is made.
 */
export interface Effects {
  readonly makes: readonly string[];
  readonly uses: readonly string[];
  readonly alters: readonly string[];
  readonly releases: readonly string[];
  readonly destroys: readonly string[];
}

export type EffectName = keyof Effects;

const key = (sort: string, ...parts: readonly string[]): string => [sort, ...parts].join("\u0001").toLowerCase();

/** A table or a view: under an old name it is used until it is renamed. */
export const isRelation = (thing: string): boolean => thing.startsWith(key("relation", ""));

const relation = (name: QualifiedName): string => key("relation", keyOf(name));
const column = (table: QualifiedName, name: string): string => key("column", keyOf(table), name);
const columns = (table: QualifiedName, names: Iterable<string>): string[] => [...names].map((name) => column(table, name));
const constraint = (table: QualifiedName, name: string | undefined): string[] =>
  name === undefined ? [] : [key("constraint", keyOf(table), name)];
/** Names of indexes, and of foreign keys on some engines, are the schema's and not the table's. */
const schemaWide = (table: QualifiedName, name: string | undefined): string[] =>
  name === undefined ? [] : [key("name", table.schema ?? "", name)];
const uniqueKey = (table: QualifiedName, names: readonly string[]): string => key("key", keyOf(table), ...[...names].sort());
const namespace = ({ schema }: QualifiedName): string[] => (schema === undefined ? [] : [key("namespace", schema)]);
const type = (name: QualifiedName): string => key("type", keyOf(name));
const typeOf = (of: Column): string => type(typeNameOf(of.type));

const none: Effects = { makes: [], uses: [], alters: [], releases: [], destroys: [] };

export function effectsOf(operation: Operation): Effects {
  switch (operation.kind) {
    case "createSchema":
      return { ...none, makes: [key("namespace", operation.name)] };
    case "dropSchema":
      return { ...none, destroys: [key("namespace", operation.name)] };
    case "createEnum":
      return { ...none, uses: namespace(operation.definition), makes: [type(operation.definition)] };
    case "dropEnum":
      return { ...none, releases: namespace(operation.definition), destroys: [type(operation.definition)] };
    case "renameEnum":
      return { ...none, destroys: [type({ ...operation, name: operation.from })], makes: [type({ ...operation, name: operation.to })] };
    case "renameEnumValue":
      return { ...none, alters: [type(operation)] };
    case "alterEnum":
      return {
        ...none,
        uses: operation.columns.map((use) => relation(tableOf(use))),
        alters: [type(operation), ...operation.columns.map((use) => column(tableOf(use), use.column))],
      };
    case "createTable":
      return { ...none, ...tableUses(operation.definition), makes: tableMakes(operation.definition) };
    case "dropTable":
      return {
        ...none,
        uses: operation.definition.foreignKeys
          .map((item) => relation(targetOf(item)))
          .filter((target) => target !== relation(operation.definition)),
        releases: tableUses(operation.definition).uses,
        destroys: tableMakes(operation.definition),
      };
    case "renameTable":
      return {
        ...none,
        destroys: [relation({ ...operation, name: operation.from })],
        makes: [relation({ ...operation, name: operation.to })],
      };
    case "moveTable":
      return {
        ...none,
        uses: operation.to === undefined ? [] : [key("namespace", operation.to)],
        releases: operation.from === undefined ? [] : [key("namespace", operation.from)],
        destroys: [relation(tableOf({ table: operation.table, ...(operation.from === undefined ? {} : { schema: operation.from }) }))],
        makes: [relation(tableOf({ table: operation.table, ...(operation.to === undefined ? {} : { schema: operation.to }) }))],
      };
    case "createView":
      return { ...none, ...viewUses(operation.definition), makes: viewMakes(operation.definition) };
    case "dropView":
      return { ...none, releases: viewUses(operation.definition).uses, destroys: viewMakes(operation.definition) };
    case "alterView":
      return { ...none, ...viewUses(operation.to), releases: viewUses(operation.from).uses, alters: [relation(operation.to)] };
    case "renameView":
      return {
        ...none,
        destroys: [relation({ ...operation, name: operation.from })],
        makes: [relation({ ...operation, name: operation.to })],
      };
    default:
      return "table" in operation ? onTable(operation) : none;
  }
}

type TableOperation = Exclude<Extract<Operation, OnTable>, { kind: "createTable" | "dropTable" }>;

function onTable(operation: TableOperation): Effects {
  const table = tableOf(operation);
  const at: Effects = { ...none, uses: [relation(table)] };
  const part = partIn(operation, table);
  if (part !== null) {
    const { uses, makes } = part;
    return operation.kind.startsWith("add")
      ? { ...at, uses: [relation(table), ...uses], makes }
      : { ...at, releases: uses, destroys: makes };
  }
  switch (operation.kind) {
    case "renameColumn":
      return { ...at, destroys: [column(table, operation.from)], makes: [column(table, operation.to)] };
    case "alterColumn":
      return {
        ...at,
        uses: [relation(table), ...columnUses(table, operation.to)],
        releases: columnUses(table, operation.from).filter((use) => !columnUses(table, operation.to).includes(use)),
        alters: [column(table, operation.to.name)],
      };
    case "renameIndex":
      return { ...at, destroys: schemaWide(table, operation.from), makes: schemaWide(table, operation.to) };
    case "renameConstraint":
      return {
        ...at,
        uses: [relation(table), ...(operation.foreignKey === undefined ? [] : foreignKeyUses(table, operation.foreignKey))],
        destroys: [...constraint(table, operation.from), ...schemaWide(table, operation.from)],
        makes: [...constraint(table, operation.to), ...schemaWide(table, operation.to)],
      };
    default:
      return at;
  }
}

/** Of what comes or goes as a whole: what it stands on, and what is there with it. Null for all other changes. */
function partIn(operation: TableOperation, table: QualifiedName): Pick<Effects, "uses" | "makes"> | null {
  switch (operation.kind) {
    case "addColumn":
    case "dropColumn":
      return { uses: columnUses(table, operation.column), makes: [column(table, operation.column.name)] };
    case "addPrimaryKey":
    case "dropPrimaryKey":
      return { uses: columns(table, operation.primaryKey.columns), makes: primaryMakes(table, operation.primaryKey) };
    case "addUnique":
    case "dropUnique":
      return { uses: columns(table, operation.unique.columns), makes: keyMakes(table, operation.unique) };
    case "addIndex":
    case "dropIndex":
      return { uses: indexUses(table, operation.index), makes: indexMakes(table, operation.index) };
    case "addForeignKey":
    case "dropForeignKey":
      return { uses: foreignKeyUses(table, operation.foreignKey), makes: foreignKeyMakes(table, operation.foreignKey) };
    case "addCheck":
    case "dropCheck":
      return { uses: columns(table, mentions(operation.check.expression)), makes: constraint(table, operation.check.name) };
    case "addExclusion":
    case "dropExclusion": {
      const { name, expression } = operation.exclusion;
      return { uses: columns(table, mentions(expression)), makes: [...constraint(table, name), ...schemaWide(table, name)] };
    }
    default:
      return null;
  }
}

function tableUses(table: Table): { readonly uses: readonly string[] } {
  const foreign = table.foreignKeys.filter((item) => keyOf(targetOf(item)) !== keyOf(table));
  const own = new Set(
    columns(
      table,
      table.columns.map(({ name }) => name),
    ),
  );
  const uses = [...table.columns.map(typeOf), ...foreign.flatMap((item) => foreignKeyUses(table, item))];
  return { uses: [...namespace(table), ...uses.filter((use) => !own.has(use) && use !== relation(table))] };
}

const tableMakes = (table: Table): readonly string[] => [
  relation(table),
  type(table),
  ...columns(
    table,
    table.columns.map(({ name }) => name),
  ),
  ...(table.primaryKey === undefined ? [] : keyMakes(table, table.primaryKey)),
  ...table.uniques.flatMap((item) => keyMakes(table, item)),
  ...table.indexes.flatMap((item) => indexMakes(table, item)),
  ...table.foreignKeys.flatMap((item) => foreignKeyMakes(table, item)),
  ...[...table.checks, ...table.exclusions].flatMap(({ name }) => [...constraint(table, name), ...schemaWide(table, name)]),
];

const columnUses = (table: QualifiedName, of: Column): readonly string[] => [
  typeOf(of),
  ...columns(table, mentions(of.generated?.expression)),
];

const keyMakes = (
  table: QualifiedName,
  { name, columns: names }: { readonly name?: string; readonly columns: readonly string[] },
): readonly string[] => [uniqueKey(table, names), ...constraint(table, name), ...schemaWide(table, name)];

/** A table has one only. */
const primaryMakes = (table: QualifiedName, item: PrimaryKey): readonly string[] => [
  key("primary key", keyOf(table)),
  ...keyMakes(table, item),
];

const indexUses = (table: QualifiedName, index: Index): readonly string[] =>
  columns(table, [...indexColumns(index), ...mentions(index.where, ...indexExpressions(index))]);

const indexMakes = (table: QualifiedName, index: Index): readonly string[] => [
  ...schemaWide(table, index.name),
  ...(index.unique ? [uniqueKey(table, indexColumns(index))] : []),
];

function foreignKeyUses(table: QualifiedName, item: ForeignKey): readonly string[] {
  const target = targetOf(item);
  return [
    ...columns(table, item.columns),
    relation(target),
    ...columns(target, item.references.columns),
    uniqueKey(target, item.references.columns),
  ];
}

const foreignKeyMakes = (table: QualifiedName, { name }: ForeignKey): readonly string[] => [
  ...constraint(table, name),
  ...schemaWide(table, name),
];

/** Where it is not known what a view reads: everything that its text names. */
function viewUses(view: View): { readonly uses: readonly string[] } {
  const read =
    view.reads ?? [...mentions(view.definition)].map((name): { name: string; schema?: string; columns?: readonly string[] } => ({ name }));
  return {
    uses: [
      ...namespace(view),
      ...read.flatMap(({ schema, name, columns: names }) => {
        const table = tableOf(schema === undefined ? { table: name } : { schema, table: name });
        return [relation(table), ...columns(table, names ?? [])];
      }),
    ].filter((use) => use !== relation(view)),
  };
}

const viewMakes = (view: View): readonly string[] => [relation(view), ...view.indexes.flatMap((index) => indexMakes(view, index))];
