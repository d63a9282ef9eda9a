import { isDeepStrictEqual } from "node:util";
import type { Server } from "../core/db.ts";
import { usage } from "../core/errors.ts";
import { type EnumType, keyOf, labelOf, type PropertyNames, type QualifiedName, type Schema, type Table } from "../core/schema.ts";
import { buildMetadata } from "./build-metadata.ts";
import { type Configuration, loadConfig } from "./config.ts";
import { byName, type Context, nameOf } from "./context.ts";
import { roundedDefault } from "./default.ts";
import { loadEntities } from "./entity-files.ts";
import { extensionsOf } from "./extensions.ts";
import { guarded } from "./guard.ts";
import type { ColumnMetadata, DataSource, EntityMetadata } from "./metadata.ts";
import { enumOf, isEnum } from "./postgres-type.ts";
import { propertiesOf } from "./properties.ts";
import { columnsOf, tableOf } from "./table.ts";
import { type Mapped, unite } from "./unite.ts";
import { viewOf } from "./view.ts";

export interface Models {
  readonly schema: Schema;
  /** by the name that people read (`app.exams`): the entities that a table or view comes from, with their files where they are known */
  readonly source: ReadonlyMap<string, readonly string[]>;
  readonly properties: PropertyNames;
  /** what the entities say and cannot be expressed, a sentence each */
  readonly warnings: readonly string[];
  /** TypeORM's own table of views and generated columns */
  readonly metadataTable: QualifiedName;
  /** every schema that the entities mention, without the default one */
  readonly usedSchemas: readonly string[];
}

/** What the entities want of the database, without asking it anything. */
export async function readModels(given: Configuration, server?: Server): Promise<Models> {
  const configuration = given.request.entities === false ? await loadConfig({ ...given.request, entities: true }) : given;
  const entities = await guarded(configuration.file, () => loadEntities(configuration));
  const dataSource = await buildMetadata(configuration, entities, server);
  const context: Context = {
    dataSource,
    dialect: configuration.dialect,
    flavor: server?.flavor ?? configuration.flavor,
    defaultSchema:
      configuration.dialect === "postgres" ? (server?.defaultSchema ?? "public") : (server?.database ?? dataSource.driver.database),
  };
  const metadatas = dataSource.entityMetadatas.filter(({ tableType }) => tableType !== "entity-child");
  const owned = metadatas.filter(({ synchronize }) => synchronize !== false);
  const describe = (entity: EntityMetadata) => sourceOf(entity, entities.files);
  const tables = tablesOf(owned, context, describe);
  const views = owned.filter(isView).map((entity) => viewOf(entity, context));
  const enums = context.dialect === "postgres" ? enumsOf(owned, context, describe) : [];
  const external = metadatas.filter(({ synchronize }) => synchronize === false).map((entity) => nameOf(entity, context));
  const schema: Schema = {
    namespaces: context.dialect === "postgres" ? schemasOf([...tables, ...views, ...enums]) : [],
    extensions: extensionsOf(owned, context),
    enums: sorted(enums),
    tables: sorted(tables),
    views: sorted(views),
    external: sorted(external),
  };
  return {
    schema,
    source: sourcesOf(metadatas, context, describe),
    properties: propertiesOf(owned, context),
    warnings: warningsOf(owned, context),
    metadataTable: metadataTableOf(dataSource, context),
    usedSchemas: schemasOf([...tables, ...views, ...enums, ...external]),
  };
}

const isView = ({ tableType }: EntityMetadata): boolean => tableType === "view";

type Describe = (entity: EntityMetadata) => string;

function tablesOf(entities: readonly EntityMetadata[], context: Context, describe: Describe): readonly Table[] {
  const groups = new Map<string, Mapped[]>();
  for (const entity of entities.filter((one) => !isView(one))) {
    const table = tableOf(entity, context);
    const group = groups.get(keyOf(table)) ?? [];
    group.push({ table, from: describe(entity), junction: entity.tableType !== "regular" });
    groups.set(keyOf(table), group);
  }
  return [...groups.values()].map(unite);
}

function enumsOf(entities: readonly EntityMetadata[], context: Context, describe: Describe): readonly EnumType[] {
  const found = new Map<string, { type: EnumType; from: string }>();
  for (const [entity, column] of columnsWithin(entities)) {
    if (!isEnum(column, context)) continue;
    const type = enumOf(column, entity, context);
    const from = `${describe(entity)}.${column.propertyPath}`;
    const known = found.get(keyOf(type));
    if (known !== undefined && !isDeepStrictEqual(known.type, type)) {
      throw usage(
        "enums-disagree",
        `${known.from} and ${from} share the enum type ${labelOf(type)} and list different values: ${known.type.values.join(", ")} and ${type.values.join(", ")}.`,
        "give both the same enum, or one of them another enumName",
        { enum: labelOf(type) },
      );
    }
    if (known === undefined) found.set(keyOf(type), { type, from });
  }
  return [...found.values()].map(({ type }) => type);
}

function columnsWithin(entities: readonly EntityMetadata[]): readonly (readonly [EntityMetadata, ColumnMetadata])[] {
  return entities.filter((entity) => !isView(entity)).flatMap((entity) => columnsOf(entity).map((column) => [entity, column] as const));
}

function warningsOf(entities: readonly EntityMetadata[], { dialect }: Context): readonly string[] {
  if (dialect === "postgres") return [];
  return entities.flatMap(({ columns, exclusions, name }) => [
    ...exclusions.map((exclusion) => `${name}: exclusion constraints such as ${exclusion.name} are PostgreSQL's and are left out`),
    ...columns.flatMap((column) => roundedDefault(column) ?? []).map((warning) => `${name}: ${warning}`),
  ]);
}

function metadataTableOf({ options }: DataSource, { dialect, defaultSchema }: Context): QualifiedName {
  const name = typeof options.metadataTableName === "string" ? options.metadataTableName : "typeorm_metadata";
  const { schema } = options;
  return dialect === "postgres" && typeof schema === "string" && schema !== defaultSchema ? { schema, name } : { name };
}

function sourceOf({ name, target }: EntityMetadata, files: ReadonlyMap<unknown, string>): string {
  const file = files.get(target);
  return file === undefined ? name : `${name} (${file})`;
}

function sourcesOf(entities: readonly EntityMetadata[], context: Context, describe: Describe): Models["source"] {
  const sources = new Map<string, string[]>();
  for (const entity of entities) {
    const label = labelOf(nameOf(entity, context));
    sources.set(label, [...(sources.get(label) ?? []), describe(entity)]);
  }
  return sources;
}

function schemasOf(things: readonly QualifiedName[]): readonly string[] {
  return [...new Set(things.flatMap(({ schema }) => schema ?? []))].sort();
}

function sorted<T extends QualifiedName>(things: readonly T[]): readonly T[] {
  const bySchema = [...byName(things)];
  return bySchema.sort((a, b) => ((a.schema ?? "") < (b.schema ?? "") ? -1 : (a.schema ?? "") > (b.schema ?? "") ? 1 : 0));
}
