import { keyOf, type PropertyNames } from "../core/schema.ts";
import { type Context, nameOf } from "./context.ts";
import type { ColumnMetadata, EntityMetadata } from "./metadata.ts";
import { columnsOf } from "./table.ts";

/** What a column is called in the entities, and what it would be called if nobody had given it a name: what it may have been called before. */
export function propertiesOf(entities: readonly EntityMetadata[], context: Context): PropertyNames {
  const tables = new Map<string, Map<string, readonly string[]>>();
  for (const entity of entities) {
    const table = keyOf(nameOf(entity, context));
    const columns = tables.get(table) ?? new Map<string, readonly string[]>();
    tables.set(table, columns);
    for (const column of columnsOf(entity)) {
      const [known, names] = [columns.get(column.databaseName) ?? [], namesOf(column, context)];
      columns.set(column.databaseName, known.length === 0 ? names : [...new Set([...known, ...names])]);
    }
  }
  return tables;
}

function namesOf(column: ColumnMetadata, { dataSource: { namingStrategy } }: Context): readonly string[] {
  const { relationMetadata: relation, referencedColumn, embeddedMetadata, propertyName } = column;
  const prefixes = embeddedMetadata?.parentPrefixes ?? [];
  if (relation === undefined) return distinct(propertyName, namingStrategy.columnName(propertyName, undefined, [...prefixes]));
  if (referencedColumn === undefined) return [relation.propertyName];
  return distinct(relation.propertyName, namingStrategy.joinColumnName(relation.propertyName, referencedColumn.propertyName));
}

const distinct = (a: string, b: string): readonly string[] => (a === b ? [a] : [a, b]);
