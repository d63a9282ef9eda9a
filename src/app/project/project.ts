import { existsSync } from "node:fs";
import { hidePasswords } from "../../connect/index.ts";
import { usage } from "../../core/errors.ts";
import type { QualifiedName } from "../../core/schema.ts";
import type { Dialect } from "../../dialect/dialect.ts";
import { type Configuration, loadConfig } from "../../entities/config.ts";
import { buildGraph, type RevisionGraph, requireWhole } from "../../graph/graph.ts";
import { standInsOf } from "../../graph/replaced.ts";
import { type RevisionFile, readDirectory } from "../../revision/directory.ts";
import { journalOf } from "../../revision/typeorm-journal.ts";

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

export interface Asked {
  readonly entities?: boolean;
  /** a history that can be run */
  readonly whole?: boolean;
}

/** The configuration and the revisions' headers: no database, no entity, no revision is loaded. */
export async function openProject(location: Location, { entities = false, whole = false }: Asked = {}): Promise<Project> {
  const configuration = await loadConfig({ ...location, env: process.env, entities });
  hidePasswords(configuration);
  const { files, leftBeside } = withoutReplaced(readDirectory(configuration.migrationsDirs));
  const nodes = files.map(({ header, file }) => ({ ...header, file }));
  const graph = buildGraph(nodes, standInsOf(nodes));
  if (whole) requireWhole(graph);
  return {
    configuration,
    dialect: await dialectOf(configuration),
    files,
    leftBeside,
    fileById: new Map(files.map((file) => [file.header.id, file])),
    graph,
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

async function dialectOf(configuration: Configuration): Promise<Dialect> {
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
