import type { Server } from "../../core/db.ts";
import type { Check, Column, ForeignKey, Index, IndexColumn, Schema, Table, Unique, View } from "../../core/schema.ts";
import { type Characters, charactersOf, charactersOfServer, charactersToSay } from "./charsets.ts";
import { normalizeDefault, normalizeOnUpdate } from "./defaults.ts";
import { normalizeExpression } from "./expressions.ts";
import { baseType, normalizeType } from "./types.ts";

/** One spelling for what is the same by the server's own rules. */
export function normalize(schema: Schema, server: Server): Schema {
  return {
    ...schema,
    namespaces: [],
    extensions: [],
    enums: [],
    tables: schema.tables.map((table) => normalizeTable(inPlace(table, server), server)),
    views: schema.views.map((view) => normalizeView(inPlace(view, server))),
    external: schema.external.map((name) => inPlace(name, server)),
  };
}

/** The default database is not said. */
function inPlace<T extends { readonly schema?: string }>(named: T, server: Server): T {
  if (named.schema === undefined || named.schema !== server.defaultSchema) return named;
  const { schema: _, ...rest } = named;
  return rest as T;
}

function normalizeTable(table: Table, server: Server): Table {
  const { engine, charset, collation, comment, primaryKey, ...rest } = table;
  const around = charactersOfServer(server);
  const characters = charactersOf({ ...(charset && { charset }), ...(collation && { collation }) }, around, server);
  const names = table.columns.map((column) => column.name);
  const keys = new Set(primaryKey?.columns);
  const columns = table.columns.map((column) => normalizeColumn(column, keys.has(column.name), characters, server));
  const foreignKeys = table.foreignKeys.map((key) => normalizeForeignKey(key, server));
  const indexes = [...table.indexes, ...table.uniques.map(asIndex)].map((index) => normalizeIndex(index, columns, names, engine));
  return {
    ...rest,
    columns,
    ...(primaryKey && { primaryKey: { columns: primaryKey.columns } }),
    uniques: [],
    indexes: indexes.filter((index, at) => !carries(index, foreignKeys) && !again(index, indexes.slice(0, at))),
    foreignKeys,
    checks: table.checks.map((check): Check => ({ name: check.name, expression: normalizeExpression(check.expression, names) })),
    ...(comment && { comment }),
    ...(engine && { engine: engineName(engine) }),
    ...charactersToSay(characters, around, server),
  };
}

const engines = ["InnoDB", "MyISAM", "MEMORY", "ARCHIVE", "CSV", "BLACKHOLE", "Aria", "MERGE", "ROCKSDB", "SPIDER"];

function engineName(engine: string): string {
  return engines.find((name) => name.toLowerCase() === engine.toLowerCase()) ?? engine;
}

function normalizeColumn(column: Column, key: boolean, around: Characters, server: Server): Column {
  const { name, type: said, nullable, default: value, generated, identity, autoIncrement, onUpdate, comment } = column;
  const { type, ...words } = normalizeType(said);
  const own: Characters = {
    ...words,
    ...(column.charset && { charset: column.charset }),
    ...(column.collation && { collation: column.collation }),
  };
  const spelled = value === undefined || autoIncrement || generated ? undefined : normalizeDefault(value, type, server.flavor);
  // MariaDB's generated columns can't be declared NOT NULL
  const loose = generated === undefined ? nullable : server.flavor === "mariadb" || nullable;
  return {
    name,
    type,
    ...(loose && !key && { nullable: true as const }),
    ...(spelled !== undefined && { default: spelled }),
    // its author's words are kept: TypeORM remembers them, and takes any others for a difference (settle.ts finds what is the same)
    ...(generated && { generated: { expression: generated.expression.trim(), stored: generated.stored } }),
    ...((autoIncrement || identity) && { autoIncrement: true as const }),
    ...(onUpdate && { onUpdate: normalizeOnUpdate(onUpdate, type) }),
    ...(holdsText(type) && charactersToSay(charactersOf(own, around, server), around, server)),
    ...(comment && { comment }),
  };
}

function holdsText(type: string): boolean {
  return /^(var)?char$|text$|^enum$|^set$/.test(baseType(type));
}

function asIndex(unique: Unique): Index {
  return { name: unique.name, columns: unique.columns, unique: true };
}

function normalizeIndex(index: Index, columns: readonly Column[], names: readonly string[], engine: string | undefined): Index {
  const { name, unique, kind, method, parser, comment } = index;
  const own = (engine ?? "InnoDB").toLowerCase();
  const plain = kind !== undefined || own === "innodb" || method?.toLowerCase() === (own === "memory" ? "hash" : "btree");
  return {
    name,
    columns: index.columns.map((part) => normalizePart(part, columns, names, kind)),
    ...(unique && !kind && { unique }),
    ...(kind && { kind }),
    ...(method && !plain && { method: method.toLowerCase() }),
    ...(parser && { parser: parser.toLowerCase() }),
    ...(comment && { comment }),
  };
}

function normalizePart(part: IndexColumn, columns: readonly Column[], names: readonly string[], kind: Index["kind"]): IndexColumn {
  if (typeof part === "string") return part;
  if (part.expression !== undefined)
    return { expression: normalizeExpression(part.expression, names), ...(part.order && { order: part.order }) };
  if (part.column === undefined) return part;
  const length = lengthOf(columns.find((column) => column.name === part.column)?.type ?? "");
  const prefix =
    kind === undefined && part.prefix !== undefined && (length === undefined || part.prefix < length) ? part.prefix : undefined;
  const order = kind === undefined ? part.order : undefined;
  if (prefix === undefined && order === undefined) return part.column;
  return { column: part.column, ...(order && { order }), ...(prefix && { prefix }) };
}

function lengthOf(type: string): number | undefined {
  const length = /^(?:var)?(?:char|binary)\((\d+)\)/.exec(type)?.[1];
  return length === undefined ? undefined : Number(length);
}

function normalizeForeignKey(key: ForeignKey, server: Server): ForeignKey {
  const { name, columns, references, onDelete, onUpdate } = key;
  return {
    name,
    columns,
    references: inPlace(references, server),
    ...(onDelete && { onDelete }),
    ...(onUpdate && { onUpdate }),
  };
}

/** The index that the server made by itself to carry a foreign key. */
function carries(index: Index, foreignKeys: readonly ForeignKey[]): boolean {
  if (index.unique || index.kind || index.comment) return false;
  return foreignKeys.some(
    (key) =>
      index.columns.length === key.columns.length &&
      index.columns.every((part, at) => part === key.columns[at]) &&
      (index.name === key.name || (/_ibfk_\d+$/.test(key.name) && isNumbered(index.name, key.columns[0] ?? ""))),
  );
}

function isNumbered(name: string, column: string): boolean {
  return name === column || (name.startsWith(`${column}_`) && /^\d+$/.test(name.slice(column.length + 1)));
}

/** A unique constraint that the models also declare as a unique index. */
function again(index: Index, earlier: readonly Index[]): boolean {
  return earlier.some((other) => other.name.toLowerCase() === index.name.toLowerCase());
}

/** To the last semicolon in its author's words, which TypeORM remembers. */
function normalizeView(view: View): View {
  return { ...view, definition: view.definition.trim() };
}
