import type { Column } from "../core/schema.ts";
import type { Context } from "./context.ts";
import { defaultOf } from "./default.ts";
import type { ColumnMetadata, EntityMetadata } from "./metadata.ts";
import { mysqlType } from "./mysql-type.ts";
import { postgresType } from "./postgres-type.ts";

export function columnOf(column: ColumnMetadata, entity: EntityMetadata, context: Context): Column {
  return context.dialect === "postgres" ? postgresColumn(column, entity, context) : mysqlColumn(column, context);
}

function postgresColumn(column: ColumnMetadata, entity: EntityMetadata, context: Context): Column {
  const type = postgresType(column, entity, context);
  const strategy = column.isGenerated ? column.generationStrategy : undefined;
  const isGenerated = column.generatedType === "STORED" && Boolean(column.asExpression);
  const value = defaultOf(column, type, context) ?? (strategy === "uuid" ? context.dataSource.driver.uuidGenerator : undefined);
  return {
    name: column.databaseName,
    type,
    ...(column.isNullable ? { nullable: true as const } : {}),
    ...(value === undefined ? {} : { default: value }),
    ...(isGenerated ? { generated: { expression: column.asExpression ?? "", stored: true } } : {}),
    ...(strategy === "identity" ? { identity: { always: column.generatedIdentity === "ALWAYS" } } : {}),
    ...(strategy === "increment" || strategy === "rowid" ? { autoIncrement: true as const } : {}),
    ...(column.collation ? { collation: column.collation } : {}),
    ...(column.comment ? { comment: column.comment } : {}),
  };
}

function mysqlColumn(column: ColumnMetadata, context: Context): Column {
  const type = mysqlType(column, context);
  const value = defaultOf(column, type, context);
  const expression = column.asExpression;
  // MariaDB knows no NOT NULL of a generated column
  const nullable = column.isNullable || (Boolean(expression) && context.flavor === "mariadb");
  const increments = column.isGenerated && column.generationStrategy === "increment";
  return {
    name: column.databaseName,
    type,
    ...(nullable ? { nullable: true as const } : {}),
    ...(value === undefined ? {} : { default: value }),
    ...(expression ? { generated: { expression, stored: column.generatedType === "STORED" } } : {}),
    ...(increments ? { autoIncrement: true as const } : {}),
    ...(column.onUpdate ? { onUpdate: column.onUpdate } : {}),
    ...(column.charset ? { charset: column.charset } : {}),
    ...(column.collation ? { collation: column.collation } : {}),
    ...(column.comment ? { comment: column.comment } : {}),
  };
}
