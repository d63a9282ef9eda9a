import type { QualifiedName } from "../core/schema.ts";
import type { DataSource, EntityMetadata } from "./metadata.ts";

/** What the translation of one entity must know of all. */
export interface Context {
  readonly dataSource: DataSource;
  readonly dialect: "postgres" | "mysql";
  readonly flavor: "postgres" | "mysql" | "mariadb";
  /** where unqualified names stand: a schema of PostgreSQL, a database of MySQL */
  readonly defaultSchema: string | undefined;
}

/** MySQL's databases are what PostgreSQL's schemas are; the one that the connection is in goes without saying. */
export function nameOf(metadata: EntityMetadata, context: Context): QualifiedName {
  const schema = context.dialect === "postgres" ? metadata.schema : metadata.database;
  return schema === undefined || schema === "" || schema === context.defaultSchema
    ? { name: metadata.tableName }
    : { schema, name: metadata.tableName };
}

export function byName<T extends { readonly name: string }>(things: readonly T[]): readonly T[] {
  return [...things].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}
