import type { Server } from "../core/db.ts";
import { LimbeckError, usage } from "../core/errors.ts";
import type { Configuration } from "./config.ts";
import type { Entities } from "./entity-files.ts";
import { packageOf } from "./load/index.ts";
import type { DataSource, Driver } from "./metadata.ts";
import { quickly } from "./own-arguments.ts";

/** TypeORM's own reading of the entities, made without connecting and without touching the user's data source. */
export async function buildMetadata(configuration: Configuration, entities: Entities, server: Server | undefined): Promise<DataSource> {
  const typeorm = userTypeorm(configuration);
  try {
    const dataSource = new typeorm.DataSource({
      ...configuration.options,
      ...harmless,
      // offline it is not used, and need not be installed
      driver: { createPool: noConnection, Pool: noConnection },
      ...(configuration.dialect === "mysql" ? { connectorPackage: "mysql2" } : {}),
      ...(String(configuration.options.url).startsWith("embedded:") ? { url: undefined } : {}),
      entities: entities.targets,
    });
    fillGaps(dataSource.driver, configuration, server);
    await quickly(typeorm.getMetadataArgsStorage(), () => dataSource.buildMetadatas());
    return dataSource;
  } catch (error) {
    throw invalid(error, entities);
  }
}

const harmless = {
  synchronize: false,
  migrationsRun: false,
  dropSchema: false,
  migrations: [],
  subscribers: [],
  logging: false,
  logger: undefined,
  cache: false,
  replication: undefined,
};

function noConnection(): never {
  throw new TypeError("reading the entities needs no connection");
}

interface TypeormModule {
  readonly DataSource: new (options: Readonly<Record<string, unknown>>) => DataSource;
  getMetadataArgsStorage(): Readonly<Record<string, unknown>>;
}

function userTypeorm({ file, projectDir }: Configuration): TypeormModule {
  try {
    return packageOf(file, "typeorm") as TypeormModule;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw cause;
    throw usage(
      "typeorm-missing",
      `The package "typeorm" is not installed in ${projectDir}.`,
      "npm install typeorm",
      { package: "typeorm" },
      cause,
    );
  }
}

/** What a driver asks of its server when it connects, and what depends on the answer. */
function fillGaps(driver: Driver, { options, flavor }: Configuration, server: Server | undefined): void {
  const assumed = { postgres: [15], mysql: [8, 0, 0], mariadb: [10, 11, 0] }[server?.flavor ?? flavor];
  const version = server?.version ?? assumed;
  driver.version = version.join(".");
  driver.isGeneratedColumnsSupported = true;
  const [major = 0, minor = 0] = version;
  // by the option, as TypeORM decides it, not by the server
  if ("uuidColumnTypeSuported" in driver)
    driver.uuidColumnTypeSuported = options.type === "mariadb" && (major > 10 || (major === 10 && minor >= 7));
}

/** TypeORM's complaint, with the file that it is about. */
function invalid(error: unknown, { files }: Entities): unknown {
  if (error instanceof LimbeckError || !(error instanceof Error)) return error;
  const entity =
    /"?\b([A-Za-z_$][\w$]*)(?:\.([\w$.]+))?"? (?:does not have|is not supported)|Entity "?([\w$]+)"?|"([\w$]+)[#.]([\w$.]+)"/.exec(
      error.message,
    );
  const name = entity?.[4] ?? entity?.[3] ?? entity?.[1];
  const column = entity?.[5] ?? entity?.[2];
  const file = [...files].find(([target]) => (target as { name?: unknown }).name === name)?.[1];
  const code = codeOf(error);
  return usage(
    code,
    `The entities cannot be read: ${error.message}${file === undefined ? "" : ` (${file})`}`,
    remedies[code],
    {
      ...(name === undefined ? {} : { entity: name }),
      ...(column === undefined ? {} : { column }),
      ...(file === undefined ? {} : { file }),
    },
    error,
  );
}

function codeOf({ name, message }: Error): keyof typeof remedies {
  if (/MissingPrimaryColumn/.test(name)) return "no-primary-key";
  if (/DataType|ColumnType/.test(name)) return "unknown-type";
  return /"database" is not set/.test(message) ? "no-database-name" : "models-invalid";
}

const remedies = {
  "no-primary-key": "give it one: @PrimaryGeneratedColumn() id!: number; or @PrimaryColumn() on the columns that tell its rows apart",
  "unknown-type":
    'write the type out: @Column({ type: "varchar", nullable: true }); from a union such as `string | null`, an interface or `any`, it cannot be known',
  "no-database-name":
    'give the data source a "url" or a "database"; it may come from an environment variable that is not set here, or empty',
  "models-invalid": "mend the entity and run the command again",
} as const;
