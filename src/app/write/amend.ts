import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { refused, usage } from "../../core/errors.ts";
import type { Operation } from "../../core/operation.ts";
import { reverseAll } from "../../core/operations/index.ts";
import type { Header } from "../../core/revision.ts";
import { buildGraph, requireWhole } from "../../graph/graph.ts";
import { resolveOne } from "../../graph/target.ts";
import { readJournal } from "../../run/journal.ts";
import { sharedCommit } from "../project/git.ts";
import { loadRevision } from "../project/load.ts";
import { fileOf, type Location, openProject, type Project } from "../project/project.ts";
import { withDatabase } from "../project/session.ts";
import { afterWrite, draft, type RevisionOptions, type RevisionResult, summary } from "../revision.ts";
import { fileName, replaceProved } from "./write.ts";

/** Does the newest revision again, under its id and in its place, as long as nobody else can have applied it. */
export async function amendRevision(location: Location, options: RevisionOptions): Promise<RevisionResult> {
  refuseOptions(options);
  const project = await openProject(location, { entities: options.autogenerate });
  const id = newest(project, options.head);
  const asked = await requireOurs(project, id, options.offline);
  const next = options.autogenerate ? await redone(project, id, options, location.cwd) : await renamed(project, id, options);
  const notes = [...asked, ...next.notes];
  if (next.header === null) return { id: null, text: "", notes };
  const { header, upgrade, text } = next;
  const old = fileOf(project, id);
  // a file that somebody has named keeps its name
  const named = old.file.endsWith(fileName(old.header)) ? fileName(header) : null;
  const file = named === null ? old.file : join(dirname(old.file), named);
  const { operations: downgrade } = reverseAll(upgrade);
  const result = {
    ...summary(header),
    upgrade,
    downgrade,
    review: header.review,
    findings: [],
    text,
    notes,
    file: relative(location.cwd, file),
  };
  if (options.dryRun) return { ...result, written: false };
  await replaceProved(old.file, file, text, header, upgrade);
  afterWrite(project, file);
  return { ...result, written: true };
}

function refuseOptions({ id, splice, labels, dependsOn, versionPath, autogenerate, message }: RevisionOptions): void {
  if (id !== undefined || splice || labels.length > 0 || dependsOn.length > 0 || versionPath !== undefined) {
    throw usage(
      "bad-option",
      "--amend keeps the revision's id, its place, labels and dependencies.",
      "edit the head of the file for these; --amend takes --autogenerate and -m",
    );
  }
  if (!autogenerate && message === undefined) {
    throw usage("nothing-to-amend", "Nothing is said to be done anew.", 'limbeck revision --amend --autogenerate, or --amend -m "…"');
  }
}

function newest({ graph }: Project, head: string | undefined): string {
  requireWhole(graph);
  const [first, ...more] = graph.heads;
  if (first === undefined) throw usage("nothing-to-amend", "There is no revision yet.", 'limbeck revision --autogenerate -m "…"');
  if (head === undefined && more.length > 0) {
    throw usage("several-heads", `There are several heads: ${graph.heads.join(", ")}.`, "name the one to amend with --head", {
      choices: graph.heads,
    });
  }
  const id = head === undefined ? first : resolveOne(graph, new Set(), head);
  const above = [...(graph.children.get(id) ?? []), ...(graph.dependents.get(id) ?? [])];
  if (above.length > 0) {
    throw usage(
      "not-a-head",
      `Revision ${id} is not the newest: ${above.join(", ")} ${above.length === 1 ? "stands" : "stand"} on it.`,
      "write a new revision",
      {
        revision: id,
        above,
      },
    );
  }
  return id;
}

/** Nobody else can have applied what was not pushed and is not in this database. Gives what was not asked. */
async function requireOurs(project: Project, id: string, offline: boolean): Promise<readonly string[]> {
  const { file } = fileOf(project, id);
  const commit = sharedCommit(file);
  if (commit !== null) {
    throw refused(
      "shared-revision",
      `Revision ${id} was pushed (commit ${commit}): others may have applied it. Nothing was written.`,
      'limbeck revision --autogenerate -m "…" writes a new one',
      { revision: id, file, commit },
    );
  }
  if (offline) return [`whether a database has ${id} was not asked`];
  const { rows } = await withDatabase(project, ({ db }) => readJournal(db, project.dialect.journal(project.journal)));
  if (!rows.some((row) => row.id === id)) return [];
  throw refused(
    "applied-already",
    `Revision ${id} is applied in this database. Nothing was written.`,
    // not "to its parent": other branches may stand on that
    `take it back first: limbeck downgrade ${id}@-1`,
    { revisions: [id] },
  );
}

type Next =
  | { readonly header: Header; readonly upgrade: readonly Operation[]; readonly text: string; readonly notes: readonly string[] }
  | { readonly header: null; readonly notes: readonly string[] };

/** The content drawn up again, as if the revision were not there. */
async function redone(project: Project, id: string, options: RevisionOptions, cwd: string): Promise<Next> {
  const file = fileOf(project, id);
  const { upgrade, downgrade } = await loadRevision(file);
  refuseHandwork(id, upgrade.operations, downgrade.operations);
  const { operations, review, notes } = await draft(without(project, id), options, upgrade.operations);
  if (operations.length === 0 && !options.allowEmpty) {
    return {
      header: null,
      notes: [...notes, `without ${id} nothing differs: delete ${relative(cwd, file.file)}, or empty it with --allow-empty`],
    };
  }
  const header = { ...file.header, message: options.message ?? file.header.message, review };
  const { writeRevision } = await import("../../revision/write/index.ts");
  const text = await writeRevision({ header, upgrade: operations, downgrade: reverseAll(operations).operations });
  return { header, upgrade: operations, text, notes };
}

async function renamed(project: Project, id: string, { message }: RevisionOptions): Promise<Next> {
  const file = fileOf(project, id);
  const { upgrade } = await loadRevision(file);
  const header = { ...file.header, message: message ?? file.header.message };
  const { editRevision } = await import("../../revision/write/edit.ts");
  return {
    header,
    upgrade: upgrade.operations,
    text: await editRevision(readFileSync(file.file, "utf8"), { message: header.message }),
    notes: [],
  };
}

/** What people have written nobody can draw up again. */
function refuseHandwork(id: string, upgrade: readonly Operation[], downgrade: readonly Operation[]): void {
  const own = upgrade.filter(({ kind }) => ["execute", "backfill", "run", "on"].includes(kind)).map(({ kind }) => `op.${kind}`);
  const other = isDeepStrictEqual(downgrade, reverseAll(upgrade).operations) ? [] : ["its downgrade"];
  const steps = [...new Set([...own, ...other])];
  if (steps.length === 0) return;
  throw refused(
    "hand-written",
    `${steps.join(", ")} of ${id} ${steps.length === 1 ? "was" : "were"} written by hand and would be lost. Nothing was written.`,
    "move these steps into a revision of their own (limbeck revision --empty), then amend",
    { revision: id, steps },
  );
}

function without(project: Project, id: string): Project {
  const files = project.files.filter(({ header }) => header.id !== id);
  return {
    ...project,
    files,
    fileById: new Map(files.map((file) => [file.header.id, file])),
    graph: buildGraph([...project.graph.nodes.values()].filter((node) => node.id !== id)),
  };
}
