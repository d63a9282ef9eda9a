import type { Action, Check, Deferrable, Exclusion, ForeignKey, Index, PrimaryKey, Table, Unique } from "../core/schema.ts";
import { columnOf } from "./column.ts";
import { byName, type Context, nameOf } from "./context.ts";
import type { ColumnMetadata, EntityMetadata, ForeignKeyMetadata, IndexMetadata } from "./metadata.ts";

export function tableOf(entity: EntityMetadata, context: Context): Table {
  const { dialect } = context;
  const primaryKey = primaryKeyOf(entity, context);
  const external = entity.indices.filter(({ synchronize }) => synchronize === false).map(({ name }) => name);
  return {
    ...nameOf(entity, context),
    columns: columnsOf(entity).map((column) => columnOf(column, entity, context)),
    ...(primaryKey === undefined ? {} : { primaryKey }),
    uniques: dialect === "postgres" ? byName(uniquesOf(entity)) : [],
    indexes: indexesOf(entity, context),
    foreignKeys: byName(entity.foreignKeys.map((key) => foreignKeyOf(key, context))),
    checks: byName(entity.checks.map(({ name, expression }): Check => ({ name, expression: expression.trim() }))),
    exclusions: dialect === "postgres" ? byName(exclusionsOf(entity)) : [],
    ...(entity.comment ? { comment: entity.comment } : {}),
    ...(entity.engine && dialect === "mysql" ? { engine: entity.engine } : {}),
    ...(external.length > 0 ? { external } : {}),
  };
}

/** A virtual property is computed when it is read and has no column. */
export function columnsOf(entity: EntityMetadata): readonly ColumnMetadata[] {
  return entity.columns.filter((column) => !column.isVirtualProperty);
}

function primaryKeyOf(entity: EntityMetadata, { dialect, dataSource }: Context): PrimaryKey | undefined {
  const primary = columnsOf(entity).filter(({ isPrimary }) => isPrimary);
  const columns = primary.map(({ databaseName }) => databaseName);
  if (columns.length === 0) return undefined;
  if (dialect === "mysql") return { columns };
  const given = primary.find(({ primaryKeyConstraintName }) => primaryKeyConstraintName)?.primaryKeyConstraintName;
  return { name: given ?? dataSource.namingStrategy.primaryKeyName(entity.tableName, columns), columns };
}

function uniquesOf(entity: EntityMetadata): readonly Unique[] {
  return entity.uniques.map(({ name, columns, deferrable }) => ({
    name,
    columns: columns.map(({ databaseName }) => databaseName),
    ...deferrableOf(deferrable),
  }));
}

export function indexesOf(entity: EntityMetadata, context: Context): readonly Index[] {
  return byName(entity.indices.filter(({ synchronize }) => synchronize !== false).map((index) => indexOf(index, context)));
}

function indexOf(index: IndexMetadata, { dialect }: Context): Index {
  const shape = {
    name: index.name,
    columns: index.columns.map(({ databaseName }) => databaseName),
    ...(index.isUnique ? { unique: true as const } : {}),
  };
  if (dialect === "mysql") {
    if (index.isSpatial) return { ...shape, kind: "spatial" };
    return index.isFulltext ? { ...shape, kind: "fulltext", ...(index.parser ? { parser: index.parser } : {}) } : shape;
  }
  const method = index.isSpatial ? "gist" : index.type?.toLowerCase();
  return {
    ...shape,
    ...(method === undefined || method === "btree" ? {} : { method }),
    ...(index.where ? { where: index.where.trim() } : {}),
  };
}

function foreignKeyOf(key: ForeignKeyMetadata, context: Context): ForeignKey {
  const { schema, name: table } = nameOf(key.referencedEntityMetadata, context);
  const onDelete = actionOf(key.onDelete);
  const onUpdate = actionOf(key.onUpdate);
  return {
    name: key.name,
    columns: [...key.columnNames],
    references: { ...(schema === undefined ? {} : { schema }), table, columns: [...key.referencedColumnNames] },
    ...(onDelete === undefined ? {} : { onDelete }),
    ...(onUpdate === undefined ? {} : { onUpdate }),
    ...(context.dialect === "postgres" ? deferrableOf(key.deferrable) : {}),
  };
}

const actions: readonly Action[] = ["CASCADE", "SET NULL", "SET DEFAULT", "RESTRICT"];

function actionOf(word: string | undefined): Action | undefined {
  const wanted = word === "DEFAULT" ? "SET DEFAULT" : word?.toUpperCase();
  return actions.find((action) => action === wanted);
}

function exclusionsOf(entity: EntityMetadata): readonly Exclusion[] {
  return entity.exclusions.map(({ name, expression, deferrable }) => ({
    name,
    expression: expression.trim(),
    ...deferrableOf(deferrable),
  }));
}

function deferrableOf(word: string | undefined): { deferrable?: Deferrable } {
  if (!word) return {};
  return { deferrable: word.toUpperCase() === "INITIALLY DEFERRED" ? "deferred" : "immediate" };
}
