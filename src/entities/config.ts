import { resolve } from "node:path";
import { LimbeckError, usage } from "../core/errors.ts";
import type { LimbeckConfig } from "../core/settings.ts";
import { chooseExport, type Found } from "./exports.ts";
import { findConfig } from "./find-config.ts";
import { guarded, withoutActing } from "./guard.ts";
import { canStub, importModule, importWithoutTypeorm } from "./load/index.ts";
import { packageDir } from "./load/package.ts";

export interface ConfigRequest {
  readonly cwd: string;
  readonly file?: string;
  readonly exportName?: string;
  /** instead of the configuration's own */
  readonly url?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** false: only where the database is, which is much quicker */
  readonly entities?: boolean;
}

export interface Configuration {
  readonly file: string;
  /** the folder of the nearest package.json */
  readonly projectDir: string;
  readonly dialect: "postgres" | "mysql";
  readonly flavor: "postgres" | "mysql" | "mariadb";
  /** the user's data source, where they made one and it was asked for with its entities */
  readonly dataSource: object | undefined;
  /** TypeORM's options, with the URL that was asked for */
  readonly options: Readonly<Record<string, unknown>>;
  readonly settings: LimbeckConfig;
  /** absolute */
  readonly migrationsDirs: readonly string[];
  /** how to have it again, with its entities */
  readonly request: ConfigRequest;
}

export async function loadConfig(request: ConfigRequest): Promise<Configuration> {
  const file = findConfig(request.cwd, request.file);
  const { found, settings } = await guarded(file, () => read(file, request));
  const flavor = flavorOf(found.options.type, file);
  const options = withUrl(found.options, request.url ?? (request.env.LIMBECK_URL || undefined), file);
  const projectDir = packageDir(file);
  const folders = settings.migrations ?? "migrations";
  return {
    file,
    projectDir,
    dialect: flavor === "postgres" ? "postgres" : "mysql",
    flavor,
    dataSource: request.entities === false ? undefined : found.dataSource,
    options,
    settings,
    migrationsDirs: (typeof folders === "string" ? [folders] : folders).map((dir) => resolve(projectDir, dir)),
    request,
  };
}

interface Read {
  readonly found: Found;
  readonly settings: LimbeckConfig;
}

async function read(file: string, { exportName, entities }: ConfigRequest): Promise<Read> {
  if (entities === false && canStub(file)) {
    try {
      const quick = await choose(await importWithoutTypeorm(file), file, exportName);
      if (typeof quick.found.options.type === "string") return quick;
    } catch (error) {
      // anything else may be what the stand-in could not give: with the real one it works, or tells what is wrong
      if (error instanceof LimbeckError && ["config-exits", "syntax-error"].includes(error.code)) throw error;
    }
  }
  return withoutActing(file, async () => choose(await importModule(file), file, exportName));
}

async function choose(module: Readonly<Record<string, unknown>>, file: string, exportName: string | undefined): Promise<Read> {
  const found = await chooseExport(module, file, exportName);
  return { found, settings: (module.limbeck ?? {}) as LimbeckConfig };
}

function flavorOf(type: unknown, file: string): Configuration["flavor"] {
  if (type === "postgres" || type === "mysql" || type === "mariadb") return type;
  if (type === undefined || type === null || type === "") {
    throw usage(
      "type-missing",
      `The data source in ${file} has no "type".`,
      'it may come from an environment variable that is not set here; it should be "postgres", "mysql" or "mariadb"',
      { file },
    );
  }
  throw usage(
    "unsupported-database",
    `The data source in ${file} is of type "${String(type)}", which limbeck does not migrate.`,
    'supported are "postgres", "mysql" and "mariadb"',
    { file, type },
  );
}

const places = ["host", "port", "username", "password", "database", "socketPath", "replication"];

/** The configuration's options with another place to connect to. */
export function withUrl(
  options: Readonly<Record<string, unknown>>,
  url: string | undefined,
  file: string,
): Readonly<Record<string, unknown>> {
  if (url === undefined) return { ...options };
  const scheme = /^([a-z][a-z0-9+]*):/i.exec(url)?.[1]?.toLowerCase() ?? "";
  const family = families[scheme];
  const wanted = options.type === "postgres" ? "postgres" : "mysql";
  if (family === undefined) {
    throw usage(
      "bad-url",
      "The URL to connect to does not begin with a known scheme.",
      "postgres://…, mysql://…, mariadb://… or embedded:FOLDER",
    );
  }
  if (family !== wanted) {
    throw usage(
      "url-differs",
      `The URL is of ${family}, the data source in ${file} is of type "${String(options.type)}".`,
      `give a URL of ${wanted}`,
      { file },
    );
  }
  const rest = Object.entries(options).filter(([name]) => !places.includes(name));
  return { ...Object.fromEntries(rest), url };
}

const families: Readonly<Record<string, "postgres" | "mysql">> = {
  postgres: "postgres",
  postgresql: "postgres",
  embedded: "postgres",
  mysql: "mysql",
  mariadb: "mysql",
};
