import { existsSync } from "node:fs";
import { connect, hidePasswords } from "../../connect/index.ts";
import type { Db, Server } from "../../core/db.ts";
import { failed, usage } from "../../core/errors.ts";
import type { QualifiedName } from "../../core/schema.ts";
import type { CompileContext, Dialect } from "../../dialect/dialect.ts";
import { type Configuration, loadConfig } from "../../entities/config.ts";
import { buildGraph, type RevisionGraph } from "../../graph/graph.ts";
import { standInsOf } from "../../graph/replaced.ts";
import { type RevisionFile, readDirectory } from "../../revision/directory.ts";
import { journalOf } from "../../revision/typeorm-journal.ts";
import { heldTable } from "./held.ts";

/** Where a project is, as a user says it. */
export interface Location {
  readonly cwd: string;
  readonly file?: string;
  readonly exportName?: string;
  readonly url?: string;
  /** `-x key=value` */
  readonly x?: Readonly<Record<string, string>>;
}

export interface Project {
  readonly configuration: Configuration;
  readonly dialect: Dialect;
  readonly files: readonly RevisionFile[];
  /** files that a squash among `files` replaces and that stand beside it still: a copy that a build left, a squash that was interrupted */
  readonly leftBeside: readonly RevisionFile[];
  readonly fileById: ReadonlyMap<string, RevisionFile>;
  readonly graph: RevisionGraph;
  readonly journal: QualifiedName;
  /** where unqualified names stand, when it is not where the connection begins: a tenant's schema, or database on MySQL */
  readonly schema?: string;
}

/** The configuration and the revisions' headers: no database, no entity, no revision is loaded. */
export async function openProject(location: Location, entities: boolean = false): Promise<Project> {
  const configuration = await loadConfig({ ...location, env: process.env, entities });
  hidePasswords(configuration);
  const { files, leftBeside } = withoutReplaced(readDirectory(configuration.migrationsDirs));
  const nodes = files.map(({ header, file }) => ({ ...header, file }));
  return {
    configuration,
    dialect: await dialectOf(configuration),
    files,
    leftBeside,
    fileById: new Map(files.map((file) => [file.header.id, file])),
    graph: buildGraph(nodes, standInsOf(nodes)),
    journal: journalOf(configuration.settings),
  };
}

/** A squash stands for what it replaces from the moment when its file is there. */
function withoutReplaced(all: readonly RevisionFile[]): Pick<Project, "files" | "leftBeside"> {
  const squashOf = new Map(all.flatMap(({ header }) => header.replaces.map((id) => [id, header.id] as const)));
  if (squashOf.size === 0) return { files: all, leftBeside: [] };
  const isReplaced = ({ header: { id, replaces } }: RevisionFile) => {
    const squash = squashOf.get(id);
    return squash !== undefined && squash !== id && !replaces.includes(squash);
  };
  return { files: all.filter((file) => !isReplaced(file)), leftBeside: all.filter(isReplaced) };
}

export async function dialectOf(configuration: Configuration): Promise<Dialect> {
  return configuration.dialect === "postgres"
    ? (await import("../../dialect/postgres/index.ts")).postgres
    : (await import("../../dialect/mysql/index.ts")).mysql;
}

/** The revision's file; that the id exists is the graph's to say. */
export function fileOf(project: Project, id: string): RevisionFile {
  const found = project.fileById.get(id);
  if (found === undefined) throw usage("unknown-revision", `There is no file of revision ${id}.`, "limbeck history");
  return found;
}

export interface Session {
  readonly db: Db;
  readonly server: Server;
  readonly context: CompileContext;
}

/** Opens a session, strict and patient as the dialect wants it, and closes it whatever happens. */
export async function withDatabase<T>(
  project: Project,
  work: (session: Session) => Promise<T>,
  patience: Partial<Patience> = {},
): Promise<T> {
  const db = await connect(project.configuration);
  try {
    const { lockTimeout, statementTimeout } = { ...project.configuration.settings, ...patience };
    await db.batch(
      project.dialect.session({ lockTimeoutMs: (lockTimeout ?? 5) * 1000, statementTimeoutMs: (statementTimeout ?? 0) * 1000 }),
    );
    if (project.schema !== undefined) await enter(project, db, project.schema);
    const server = await project.dialect.identify(db);
    return await work({ db, server, context: contextOf(project, server) });
  } catch (error) {
    throw await heldTable(error, db, project.dialect.watch);
  } finally {
    await db.close().catch(() => {});
  }
}

/** A schema that is not there would silently be passed over for the next one. */
async function enter({ dialect }: Project, db: Db, schema: string): Promise<void> {
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

/** In seconds. */
export interface Patience {
  readonly lockTimeout: number;
  readonly statementTimeout: number;
}

export function contextOf(project: Project, server: Server): CompileContext {
  return { server, metadataTable: metadataTable(project.configuration) };
}

/** TypeORM's own table of views and generated columns. */
function metadataTable(configuration: Configuration): QualifiedName {
  const { metadataTableName } = configuration.options as { metadataTableName?: string };
  return { name: metadataTableName ?? "typeorm_metadata" };
}

/** The folder that new revisions are written to. */
export function folderFor(project: Project, versionPath?: string): string {
  const [first] = project.configuration.migrationsDirs;
  if (versionPath === undefined) return first ?? project.configuration.projectDir;
  const found = project.configuration.migrationsDirs.find(
    (dir) => dir === versionPath || dir.endsWith(`/${versionPath.replace(/\/$/, "")}`),
  );
  if (found !== undefined) return found;
  throw usage(
    "unknown-folder",
    `"${versionPath}" is not among the folders of revisions${existsSync(versionPath) ? "" : " and does not exist"}.`,
    `the configuration's "migrations" lists them: ${project.configuration.migrationsDirs.join(", ")}`,
  );
}
