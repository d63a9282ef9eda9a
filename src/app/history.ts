import { relative, sep } from "node:path";
import { toldMissing } from "../graph/graph.ts";
import { historyIds, listHistory, marksOf } from "../graph/history.ts";
import { resolveRange } from "../graph/range.ts";
import { headsAmong } from "../graph/walk.ts";
import { readSeen } from "./move/seen.ts";
import { fileOf, type Location, openProject, type Project } from "./project/project.ts";
import { openWithDatabase, withDatabase } from "./project/session.ts";

export interface HistoryRow {
  readonly id: string;
  readonly parents: readonly string[];
  readonly dependsOn: readonly string[];
  readonly labels: readonly string[];
  readonly message: string;
  readonly createdAt: string;
  readonly file: string;
  readonly isHead: boolean;
  readonly isBase: boolean;
  readonly isBranchPoint: boolean;
  readonly isMergePoint: boolean;
  /** only where the database was asked */
  readonly applied?: boolean;
  /** it is one of the database's heads */
  readonly current?: boolean;
}

/** Revisions, newest first. The database is asked only with `indicate`, or when the range speaks of it. */
export async function history(
  location: Location,
  options: { readonly range?: string; readonly indicate: boolean },
): Promise<{ readonly revisions: readonly HistoryRow[]; readonly missing: readonly string[] }> {
  const seen = options.indicate ? await openWithDatabase(location, {}, (opened, { db }) => readSeen(opened, db)) : null;
  const project = seen?.project ?? (await openProject(location));
  const applied = seen?.journal.applied ?? (await appliedFor(project, options.range ?? ""));
  const range = options.range === undefined ? null : resolveRange(project.graph, applied ?? new Set(), options.range);
  const shown = options.indicate ? applied : null;
  return {
    revisions: rowsOf(project, historyIds(project.graph, range), shown, location.cwd),
    missing: toldMissing(project.graph),
  };
}

/** The newest revision of every branch; with `resolveDependencies` without those that another one depends on. */
export async function heads(location: Location, resolveDependencies: boolean) {
  const project = await openProject(location);
  const ids = headIds(project, resolveDependencies);
  return { heads: ids, revisions: rowsOf(project, ids, null, location.cwd), missing: toldMissing(project.graph) };
}

const headIds = ({ graph }: Project, resolveDependencies: boolean): readonly string[] =>
  resolveDependencies ? headsAmong(graph, new Set(graph.order)) : graph.heads;

/** Where branches part, and where each way leads next. */
export async function branches(location: Location, resolveDependencies: boolean) {
  const project = await openProject(location);
  const points = listHistory(project.graph).filter(({ isBranchPoint }) => isBranchPoint);
  return {
    heads: headIds(project, resolveDependencies),
    branches: points.map(({ id, labels }) => ({ id, labels, children: project.graph.children.get(id) ?? [] })),
    revisions: rowsOf(
      project,
      points.flatMap(({ id }) => [id, ...(project.graph.children.get(id) ?? [])]),
      null,
      location.cwd,
    ),
    missing: toldMissing(project.graph),
  };
}

/** `applied` is null where the database was not asked. */
export function rowsOf(project: Project, ids: readonly string[], applied: ReadonlySet<string> | null, cwd: string): readonly HistoryRow[] {
  const ends = new Set(applied === null ? [] : headsAmong(project.graph, applied));
  const state = (id: string) => (applied === null ? {} : { applied: applied.has(id), current: ends.has(id) });
  return ids.map((id) => ({ ...rowOf(project, id, cwd), ...state(id) }));
}

/** What the files alone tell; parents and dependencies under the names that count: one may have been put into a squash, or be a label. */
export function rowOf(project: Project, id: string, cwd: string): HistoryRow {
  const { header, file } = fileOf(project, id);
  const { parents, dependsOn } = project.graph.nodes.get(id) ?? header;
  return {
    id,
    parents,
    dependsOn,
    labels: header.labels,
    message: header.message,
    createdAt: header.createdAt,
    // thousands of rows, most often all below the folder that the command runs in
    file: file.startsWith(cwd + sep) ? file.slice(cwd.length + 1) : relative(cwd, file),
    ...marksOf(project.graph, id),
  };
}

export function appliedIn(project: Project): Promise<ReadonlySet<string>> {
  return withDatabase(project, async ({ db }) => (await readSeen(project, db)).journal.applied);
}

/** What is applied, asked only when the revision argument speaks of it: `current`, `+1`, `label@-1`. */
export async function appliedFor(project: Project, argument: string): Promise<ReadonlySet<string> | null> {
  const speaksOfIt = /(^|[@:])(current\b|[+-]\d)/.test(argument);
  return speaksOfIt ? appliedIn(project) : null;
}
