import { connect } from "../../connect/index.ts";
import type { Db, Server } from "../../core/db.ts";
import { failed } from "../../core/errors.ts";
import type { QualifiedName } from "../../core/schema.ts";
import type { CompileContext, Dialect } from "../../dialect/dialect.ts";
import type { Configuration } from "../../entities/config.ts";
import { heldTable } from "./held.ts";
import { type Asked, type Location, openProject, type Project } from "./project.ts";

export interface Session {
  readonly db: Db;
  readonly server: Server;
  readonly context: CompileContext;
}

/** In seconds. */
export interface Patience {
  readonly lockTimeout: number;
  readonly statementTimeout: number;
}

/** Opens a project, and a session with its database. */
export async function openWithDatabase<T>(
  location: Location,
  { entities = false, whole = false, ...patience }: Asked & Partial<Patience>,
  work: (project: Project, session: Session) => Promise<T>,
): Promise<T> {
  const project = await openProject(location, { entities, whole });
  return withDatabase(project, (session) => work(project, session), patience);
}

/** Opens a session, strict and patient as the dialect wants it, and closes it whatever happens. */
export async function withDatabase<T>(
  project: Project,
  work: (session: Session) => Promise<T>,
  patience: Partial<Patience> = {},
): Promise<T> {
  const { configuration, dialect, schema } = project;
  const db = await connect(configuration);
  try {
    const { lockTimeout = 5, statementTimeout = 0 } = { ...configuration.settings, ...patience };
    await db.batch(dialect.session({ lockTimeoutMs: lockTimeout * 1000, statementTimeoutMs: statementTimeout * 1000 }));
    if (schema !== undefined) await enter(dialect, db, schema);
    const server = await dialect.identify(db);
    return await work({ db, server, context: contextOf(project, server) });
  } catch (error) {
    throw await heldTable(error, db, dialect.watch);
  } finally {
    await db.close().catch(() => {});
  }
}

/** A schema that is not there would silently be passed over for the next one. */
async function enter(dialect: Dialect, db: Db, schema: string): Promise<void> {
  const reason = await db.batch(dialect.enter(schema)).then(
    () => null,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  const { defaultSchema } = await dialect.identify(db);
  if (reason === null && defaultSchema === schema) return;
  const what = dialect.name === "postgres" ? "schema" : "database";
  throw failed(
    "schema-missing",
    `There is no ${what} "${schema}" that this user may use${reason === null ? "" : `: ${reason}`}.`,
    `correct the target, or CREATE ${what.toUpperCase()} ${dialect.quoteName(schema)}`,
    { schema },
  );
}

export function contextOf({ configuration }: Pick<Project, "configuration">, server: Server): CompileContext {
  return { server, metadataTable: metadataTable(configuration) };
}

/** TypeORM's own table of views and generated columns. */
function metadataTable(configuration: Configuration): QualifiedName {
  const { metadataTableName } = configuration.options as { metadataTableName?: string };
  return { name: metadataTableName ?? "typeorm_metadata" };
}
