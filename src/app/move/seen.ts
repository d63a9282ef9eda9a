import { join } from "node:path";
import type { Db } from "../../core/db.ts";
import { integrity } from "../../core/errors.ts";
import type { JournalEntry } from "../../dialect/dialect.ts";
import { buildGraph } from "../../graph/graph.ts";
import type { Node } from "../../graph/node.ts";
import { chooseFor, redirected, type Squash } from "../../graph/replaced.ts";
import { checksum } from "../../revision/checksum.ts";
import { type RevisionFile, readDirectory } from "../../revision/directory.ts";
import { type Journal, readJournal } from "../../run/journal.ts";
import { appliedRow, recordOf, type Step } from "../../run/step.ts";
import { executedIn } from "../adopt/typeorm-table.ts";
import { placed } from "../journal/placed.ts";
import { loadRevision } from "../project/load.ts";
import type { Project } from "../project/project.ts";

/**
 * The project as one database stands to it. Where that database is amid what a squash replaces, the originals count for it; where it has
 * them all, the squash does, although its journal does not say so yet.
 */
export interface Seen {
  readonly project: Project;
  readonly journal: Journal;
  /** what the journal is to name from now on: squashes in place of what they replace, migrations that TypeORM's own runner has run */
  readonly settled: readonly string[];
  /** what it is to forget: migrations that TypeORM's own runner has taken back */
  readonly undone: readonly string[];
  /** the names in TypeORM's table, where migrations of TypeORM's were taken over */
  readonly executed: readonly string[] | null;
}

export async function readSeen(project: Project, db: Db, asked: { readonly recorded?: boolean } = {}): Promise<Seen> {
  return seenBy(project, await readJournal(db, project.dialect.journal(project.journal), asked), await executedIn(project, db));
}

/** `executed` are the names in TypeORM's table (`executedIn`). */
export function seenBy(project: Project, given: Journal, executed: readonly string[] | null): Seen {
  const { journal, came, went } = executed === null ? { journal: given, came: [], went: [] } : asTypeormSays(project, given, executed);
  const own = { settled: came, undone: went, executed };
  if (project.files.every(({ header }) => header.replaces.length === 0)) return { project, journal, ...own };
  const known = withOriginals(project);
  const here = known.chosen(new Set(journal.rows.filter(({ status }) => status === "applied").map(({ id }) => id)));
  requireOriginals(here.ids, known.files, project);
  const files = [...here.ids].flatMap((id) => known.files.get(id) ?? []);
  const graph = buildGraph(files.map(nodeOf), here.standIns);
  const seen = { ...project, files, fileById: new Map(files.map((file) => [file.header.id, file])), graph };
  return { project: seen, journal: inItsTerms(journal, seen, here.settled), ...own, settled: [...came, ...here.settled] };
}

/** For what wraps a migration of TypeORM's, TypeORM's table has the last word: either runner may have run it, or taken it back. */
function asTypeormSays(project: Project, journal: Journal, executed: readonly string[]) {
  const names = new Set(executed);
  const rows = new Map(journal.rows.map((row) => [row.id, row]));
  const wrapped = project.graph.order.flatMap((id) => project.fileById.get(id) ?? []).filter(({ header }) => header.typeorm !== undefined);
  const came = wrapped.filter(({ header }) => names.has(header.typeorm ?? "") && !rows.has(header.id));
  const went = wrapped.filter(({ header }) => !names.has(header.typeorm ?? "") && rows.get(header.id)?.status === "applied");
  const gone = new Set(went.map(({ header }) => header.id));
  const all = [...journal.rows.filter(({ id }) => !gone.has(id)), ...came.map((file) => rowOf(project, file))];
  return {
    journal: { ...journal, rows: all, applied: new Set(all.filter(({ status }) => status !== "applying").map(({ id }) => id)) },
    came: came.map(({ header }) => header.id),
    went: [...gone],
  };
}

/** What the journal will say of a revision that stands already; that its file was not edited since goes without saying. */
function rowOf(project: Project, { header, sourceHash }: RevisionFile): JournalEntry {
  const { parents = [], dependsOn = [] } = project.graph.nodes.get(header.id) ?? {};
  const { id, message } = header;
  const record = { id, parents, depends_on: dependsOn, message, checksum: "", source_hash: sourceHash, operations: "[]" };
  return appliedRow(record, 0, 0);
}

/** The squashes' originals beside the revisions that count where nothing is applied. */
function withOriginals(project: Project) {
  const originals = readDirectory(replacedDirs(project));
  const files = new Map([...originals, ...project.leftBeside, ...project.files].map((file) => [file.header.id, file]));
  const squashes: readonly Squash[] = [...files.values()].map(nodeOf).filter(({ replaces }) => replaces.length > 0);
  const active = project.graph.order.flatMap((id) => project.graph.nodes.get(id) ?? []);
  return { files, chosen: (applied: ReadonlySet<string>) => chooseFor(active, squashes, applied) };
}

/** Where the originals of squashes are kept. */
export const replacedDirs = ({ configuration }: Project): readonly string[] =>
  configuration.migrationsDirs.map((dir) => join(dir, "replaced"));

const nodeOf = ({ header, file }: RevisionFile): Node & Squash => ({ ...header, file });

function requireOriginals(ids: ReadonlySet<string>, files: ReadonlyMap<string, RevisionFile>, project: Project): void {
  const lost = [...ids].filter((id) => !files.has(id));
  if (lost.length === 0) return;
  const squash = project.files.find(({ header }) => header.replaces.some((id) => lost.includes(id)));
  throw integrity(
    "replaced-missing",
    `The database has some of what ${squash?.header.id ?? "a squash"} replaces, and the ${lost.length === 1 ? "file" : "files"} of the rest, ${lost.join(", ")}, cannot be found.`,
    `bring them back into ${replacedDirs(project).join(" or ")}: git log --diff-filter=D --name-only finds them`,
    { revisions: lost },
  );
}

/** The journal as it will be once it names the squashes. */
function inItsTerms(journal: Journal, project: Project, settled: readonly string[]): Journal {
  const { nodes, standIns } = project.graph;
  const rows = redirected(
    journal.rows.filter(({ id }) => nodes.has(id) || !standIns.has(id)).map((row) => ({ ...row, dependsOn: row.depends_on, labels: [] })),
    standIns,
  ).map(({ dependsOn, labels: _, ...row }): JournalEntry => ({ ...row, depends_on: dependsOn }));
  const made = settled.flatMap((id): JournalEntry[] => {
    const file = project.fileById.get(id);
    return file === undefined ? [] : [rowOf(project, file)];
  });
  const all = [...rows, ...made];
  return { ...journal, rows: all, applied: new Set(all.filter(({ status }) => status !== "applying").map(({ id }) => id)) };
}

/**
 * The steps with those that let the journal name the squashes, which run nothing: first for what the database has already, last for what
 * this run makes whole.
 */
export async function withSettlements(
  opened: Project,
  { project, settled, undone, executed }: Seen,
  journal: Journal,
  steps: readonly Step[],
): Promise<readonly Step[]> {
  const before = [
    ...(await Promise.all(undone.map((id) => forgotten(project, id)))),
    ...(await settlements(project, settled, journal.rows)),
  ];
  if (steps.every(({ direction }) => direction === "downgrade")) return [...before, ...steps];
  const made = steps.map(({ record }): JournalEntry => ({ ...appliedRow(record, 0, 0) }));
  const rows = [...journal.rows.filter(({ id }) => !steps.some((step) => step.id === id)), ...made];
  const ran = steps.flatMap(({ id }) => project.fileById.get(id)?.header.typeorm ?? []);
  const after = seenBy(opened, { ...journal, rows }, executed === null ? null : [...executed, ...ran]);
  const whole = after.settled.filter((id) => !settled.includes(id));
  return [...before, ...steps, ...(await settlements(after.project, whole, rows))];
}

function settlements(project: Project, ids: readonly string[], rows: readonly JournalEntry[]): Promise<readonly Step[]> {
  return Promise.all(ids.map((id) => settlement(project, id, rows)));
}

/** TypeORM has taken it back: only the journal is behind. */
async function forgotten(project: Project, id: string): Promise<Step> {
  return { ...(await settlement(project, id, [])), direction: "downgrade" };
}

async function settlement(project: Project, id: string, rows: readonly JournalEntry[]): Promise<Step> {
  const file = project.fileById.get(id);
  if (file === undefined) throw integrity("replaced-missing", `There is no file of revision ${id}.`, "limbeck history");
  const sql = project.dialect.journal(project.journal);
  const revision = await loadRevision(file);
  const gone = new Set(revision.replaces);
  const renamed = (ids: readonly string[]) => [...new Set(ids.map((one) => (gone.has(one) ? id : one)))];
  const followers = rows.filter((row) => !gone.has(row.id) && [...row.parents, ...row.depends_on].some((one) => gone.has(one)));
  return {
    id,
    direction: "upgrade",
    operations: [],
    code: [],
    record: placed(project, recordOf(revision, checksum(revision), file.sourceHash)),
    also: [
      ...rows.filter((row) => gone.has(row.id)).map((row) => sql.remove(row.id)),
      ...followers.map((row) => sql.update(row.id, { parents: renamed(row.parents), depends_on: renamed(row.depends_on) })),
    ],
  };
}
