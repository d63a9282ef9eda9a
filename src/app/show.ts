import type { Operation } from "../core/operation.ts";
import type { Point } from "../core/revision.ts";
import type { Schema } from "../core/schema.ts";
import { resolveOne } from "../graph/target.ts";
import { ancestors } from "../graph/walk.ts";
import { historySchema } from "./compare/compare.ts";
import { appliedFor, type HistoryRow, rowOf } from "./history.ts";
import { loadRevision } from "./project/load.ts";
import { fileOf, type Location, openProject } from "./project/project.ts";
import { contextOf } from "./project/session.ts";

export interface ShowResult extends HistoryRow {
  readonly review: readonly Point[];
  readonly upgrade: readonly Operation[];
  readonly downgrade: readonly Operation[];
}

export async function show(location: Location, target: string): Promise<ShowResult> {
  const { project, id } = await find(location, target);
  const revision = await loadRevision(fileOf(project, id));
  return {
    ...rowOf(project, id, location.cwd),
    review: revision.review,
    upgrade: revision.upgrade.operations,
    downgrade: revision.downgrade.operations,
  };
}

/** The SQL of both directions, as an assumed server of the project's kind would get it. */
export async function showSql(location: Location, target: string): Promise<string> {
  const { project, id } = await find(location, target);
  const revision = await loadRevision(fileOf(project, id));
  const context = contextOf(project, project.dialect.assume(project.configuration.flavor));
  const part = (title: string, operations: readonly Operation[]) =>
    [`-- ${title} ${id}`, ...project.dialect.compile(operations, context).map(({ sql }) => `${sql};`)].join("\n");
  return `${part("upgrade", revision.upgrade.operations)}\n\n${part("downgrade", revision.downgrade.operations)}\n`;
}

/** What a replay gives: the schema, and the steps whose effect on it is not known. */
export type ShownSchema = Schema & { readonly opaque: readonly string[] };

/** The schema as it stands after the revision, replayed in memory. */
export async function showSchema(location: Location, target: string): Promise<ShownSchema> {
  const { project, id } = await find(location, target);
  const server = project.dialect.assume(project.configuration.flavor);
  const { schema, opaque } = await historySchema(project, server, ancestors(project.graph, [id]));
  return { ...schema, opaque };
}

async function find(location: Location, target: string) {
  const project = await openProject(location);
  const applied = await appliedFor(project, target);
  return { project, id: resolveOne(project.graph, applied ?? new Set(), target) };
}
