import type { View, ViewRead } from "../core/schema.ts";
import { type Context, nameOf } from "./context.ts";
import type { EntityMetadata } from "./metadata.ts";
import { indexesOf } from "./table.ts";

export function viewOf(entity: EntityMetadata, context: Context): View {
  const materialized = entity.tableMetadataArgs.materialized === true && context.dialect === "postgres";
  const reads = readsOf(entity, context);
  return {
    ...nameOf(entity, context),
    definition: definitionOf(entity, context),
    ...(materialized ? { materialized: true as const } : {}),
    indexes: materialized ? indexesOf(entity, context) : [],
    ...(reads.length > 0 ? { reads } : {}),
  };
}

/** An expression may be a function that makes a query of the data source: it needs the metadata, and no connection. */
function definitionOf({ expression }: EntityMetadata, { dataSource }: Context): string {
  const text = typeof expression === "function" ? expression(dataSource).getQuery() : (expression ?? "");
  return text.trim();
}

function readsOf({ dependsOn }: EntityMetadata, context: Context): readonly ViewRead[] {
  return [...(dependsOn ?? [])].flatMap((other) => {
    const found = context.dataSource.entityMetadatas.find(({ target, name }) => target === other || name === other);
    return found === undefined ? [] : [nameOf(found, context)];
  });
}
