import type { Server } from "../../core/db.ts";
import type {
  Column,
  EnumType,
  ForeignKey,
  Generated,
  Identity,
  Index,
  IndexColumn,
  PrimaryKey,
  QualifiedName,
  Schema,
  Table,
  Unique,
  View,
} from "../../core/schema.ts";
import { normalizeDefault } from "./defaults.ts";
import { cutName } from "./quote.ts";
import { collapse, normalizeExpression } from "./scan.ts";
import { normalizeType, serials } from "./type-words.ts";

/** One spelling for what is the same by the server's own rules. */
export function normalize(schema: Schema, server: Server): Schema {
  return {
    namespaces: sorted(schema.namespaces.filter((name) => name !== server.defaultSchema)),
    extensions: sorted(schema.extensions.filter((name) => name !== "plpgsql")),
    enums: schema.enums.map((type) => normalizeEnum(type, server)),
    tables: schema.tables.map((table) => normalizeTable(table, server)),
    views: schema.views.map((view) => normalizeView(view, server)),
    external: schema.external.map((name) => inPlace(name, server)),
  };
}

const sorted = (names: readonly string[]): readonly string[] => [...new Set(names)].sort();

/** The server cuts a name that is too long; the default schema is not said. */
function inPlace<T extends QualifiedName>(named: T, { defaultSchema }: Server): T {
  const { schema, ...rest } = named;
  const name = cutName(named.name);
  return schema === undefined || schema === defaultSchema ? ({ ...rest, name } as T) : { ...named, name };
}

function normalizeEnum(type: EnumType, server: Server): EnumType {
  const { comment, ...rest } = inPlace(type, server);
  return { ...rest, ...(comment && { comment }) };
}

function normalizeTable(said: Table, server: Server): Table {
  const table = inPlace(said, server);
  const keys = new Set(table.primaryKey?.columns);
  const uniques = firstOfName(table.uniques.map(normalizeUnique));
  const taken = new Set(uniques.map(({ name }) => name));
  return {
    ...(table.schema !== undefined && { schema: table.schema }),
    name: table.name,
    columns: table.columns.map((column) => normalizeColumn(column, keys.has(column.name), server)),
    ...(table.primaryKey && { primaryKey: normalizeKey(table.primaryKey) }),
    uniques,
    // a unique constraint that the models also declare as an index
    indexes: firstOfName(table.indexes.map(normalizeIndex)).filter(({ name }) => !taken.has(name)),
    foreignKeys: table.foreignKeys.map((key) => normalizeForeignKey(key, server)),
    checks: table.checks.map(({ name, expression }) => ({ name: cutName(name), expression: normalizeExpression(expression) })),
    exclusions: table.exclusions.map((exclusion) => ({
      ...exclusion,
      name: cutName(exclusion.name),
      expression: collapse(exclusion.expression).replace(/^EXCLUDE\s+/i, ""),
    })),
    ...(table.comment && { comment: table.comment }),
    ...(table.external && { external: cutNames(table.external) }),
    ...(table.adopted && { adopted: cutNames(table.adopted) }),
  };
}

const firstOfName = <T extends { readonly name: string }>(items: readonly T[]): readonly T[] =>
  items.filter((item, at) => items.findIndex(({ name }) => name === item.name) === at);

const cutNames = (names: readonly string[]): readonly string[] => names.map((name) => cutName(name));

const normalizeKey = ({ name, columns }: PrimaryKey): PrimaryKey => ({
  ...(name !== undefined && { name: cutName(name) }),
  columns: cutNames(columns),
});

const normalizeUnique = (unique: Unique): Unique => ({ ...unique, name: cutName(unique.name), columns: cutNames(unique.columns) });

function normalizeColumn(column: Column, key: boolean, { defaultSchema }: Server): Column {
  const { nullable, generated, identity, sequence, collation, comment } = column;
  const serial = serials[column.type.trim().toLowerCase()];
  const type = serial ?? normalizeType(column.type, defaultSchema);
  const autoIncrement = column.autoIncrement ?? (serial !== undefined ? (true as const) : undefined);
  const computed = autoIncrement || generated !== undefined || identity !== undefined;
  const value = column.default === undefined || computed ? undefined : normalizeDefault(column.default, type, defaultSchema);
  return {
    name: cutName(column.name),
    type,
    ...(nullable && !key && identity === undefined && { nullable }),
    ...(value !== undefined && { default: value }),
    ...(generated && { generated: normalizeGenerated(generated) }),
    ...(identity && { identity: normalizeIdentity(identity) }),
    ...(autoIncrement && { autoIncrement }),
    ...(autoIncrement && sequence !== undefined && { sequence: cutName(sequence) }),
    ...(collation && collation !== "default" && { collation: collation.replace(/^(?:pg_catalog\.)?"((?:[^"]|"")*)"$/, plainName) }),
    ...(comment && { comment }),
  };
}

const plainName = (_: string, quoted: string): string => quoted.replaceAll('""', '"');

const normalizeGenerated = ({ expression, stored }: Generated): Generated => ({ expression: normalizeExpression(expression), stored });

function normalizeIdentity({ always, options }: Identity): Identity {
  const text = (options ?? "")
    .toUpperCase()
    .replace(/\bNO\s+(?:MINVALUE|MAXVALUE|CYCLE)\b/g, "")
    .replace(/\b(START|INCREMENT)\s+(?!WITH|BY)/g, (_, word: string) => `${word} ${word === "START" ? "WITH" : "BY"} `)
    .replace(/\b(?:START WITH|INCREMENT BY|CACHE) 1(?!\d)/g, "")
    .replace(/\s+/g, " ")
    .trim();
  return text === "" ? { always } : { always, options: text };
}

function normalizeIndex(index: Index): Index {
  const method = (index.method ?? (index.kind === "spatial" ? "gist" : undefined))?.toLowerCase();
  return {
    name: cutName(index.name),
    columns: index.columns.map(normalizePart),
    ...(index.unique && { unique: index.unique }),
    ...(method !== undefined && method !== "btree" && { method }),
    ...(index.where && { where: normalizeExpression(index.where) }),
    ...(index.include && index.include.length > 0 && { include: cutNames(index.include) }),
    ...(index.unique && index.nullsNotDistinct && { nullsNotDistinct: index.nullsNotDistinct }),
    ...(index.options && { options: normalizeOptions(index.options) }),
    ...(index.comment && { comment: index.comment }),
  };
}

function normalizePart(part: IndexColumn): IndexColumn {
  if (typeof part === "string") return cutName(part);
  const { order, collation, opclass } = part;
  const nulls = part.nulls === (order === "desc" ? "first" : "last") ? undefined : part.nulls;
  const more = {
    ...(order && { order }),
    ...(nulls && { nulls }),
    ...(collation && { collation }),
    ...(opclass && { opclass: collapse(opclass) }),
  };
  if (part.expression !== undefined) return { expression: normalizeExpression(part.expression), ...more };
  const column = cutName(part.column ?? "");
  return Object.keys(more).length === 0 ? column : { column, ...more };
}

const normalizeOptions = (options: string): string =>
  options
    .split(",")
    .map((option) =>
      option
        .replace(/\s*=\s*/, "=")
        .replace(/='([^']*)'$/, "=$1")
        .trim(),
    )
    .join(", ");

function normalizeForeignKey(key: ForeignKey, { defaultSchema }: Server): ForeignKey {
  const { schema, table, columns } = key.references;
  return {
    ...key,
    name: cutName(key.name),
    columns: cutNames(key.columns),
    references: {
      ...(schema !== undefined && schema !== defaultSchema && { schema }),
      table: cutName(table),
      columns: cutNames(columns),
    },
  };
}

function normalizeView(said: View, server: Server): View {
  const { comment, ...view } = inPlace(said, server);
  return {
    ...view,
    definition: view.definition.trim(),
    indexes: view.indexes.map(normalizeIndex),
    ...(comment && { comment }),
  };
}
