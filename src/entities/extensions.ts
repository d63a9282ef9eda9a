import type { Context } from "./context.ts";
import type { EntityMetadata } from "./metadata.ts";
import { columnsOf } from "./table.ts";

const byType: Readonly<Record<string, string>> = {
  citext: "citext",
  hstore: "hstore",
  cube: "cube",
  ltree: "ltree",
  geometry: "postgis",
  geography: "postgis",
  vector: "vector",
  halfvec: "vector",
};

/** The extensions that TypeORM itself would make when it connects; a server makes uuids by itself today, so pgcrypto is not among them. */
export function extensionsOf(entities: readonly EntityMetadata[], { dialect, dataSource: { options } }: Context): readonly string[] {
  if (dialect !== "postgres" || options.installExtensions === false) return [];
  const found = new Set(Array.isArray(options.extensions) ? options.extensions.map(String) : []);
  for (const entity of entities) {
    if (entity.exclusions.length > 0) found.add("btree_gist");
    for (const column of columnsOf(entity)) {
      const extension = byType[String(column.type)];
      if (extension !== undefined) found.add(extension);
      if (column.isGenerated && column.generationStrategy === "uuid" && options.uuidExtension !== "pgcrypto") found.add("uuid-ossp");
    }
  }
  return [...found].sort();
}
