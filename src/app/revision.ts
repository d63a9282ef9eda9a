import { execFileSync } from "node:child_process";
import { join, relative } from "node:path";
import { type LimbeckError, refused, usage } from "../core/errors.ts";
import type { Operation } from "../core/operation.ts";
import { reverseAll } from "../core/operations/index.ts";
import type { Finding, Header, Point } from "../core/revision.ts";
import type { Rules } from "../core/rules.ts";
import { ifThere } from "../diff/if-exists.ts";
import { inPlainForm } from "../diff/plain-form.ts";
import { resolve } from "../diff/resolve.ts";
import { requireWhole } from "../graph/graph.ts";
import { resolveMany } from "../graph/target.ts";
import { type Comparison, compare } from "./compare/compare.ts";
import { withEvidence } from "./compare/evidence.ts";
import { inTheWay } from "./compare/in-the-way.ts";
import { compareWithRevisions } from "./compare/offline.ts";
import { appliedFor } from "./history.ts";
import { requireIntact } from "./journal/integrity.ts";
import { readSeen } from "./move/seen.ts";
import { folderFor, type Location, openProject, type Project } from "./project/project.ts";
import { openWithDatabase, type Session, withDatabase } from "./project/session.ts";
import { prove } from "./scratch/prove.ts";
import { type AnswerFlags, answersGiven, answersOf, claimsOf, noAnswers } from "./write/answers.ts";
import { checkId, checkLabels, fileName, freshId, writeProved } from "./write/write.ts";

export interface RevisionOptions {
  readonly message?: string;
  readonly id?: string;
  readonly head?: string;
  readonly versionPath?: string;
  readonly labels: readonly string[];
  readonly dependsOn: readonly string[];
  readonly splice: boolean;
  readonly autogenerate: boolean;
  readonly offline: boolean;
  readonly dryRun: boolean;
  readonly allowEmpty: boolean;
  readonly names: boolean;
  /** try it on a copy of its tables first */
  readonly proof: boolean;
  readonly answers: AnswerFlags;
}

export type RevisionResult = Written | { readonly id: null; readonly text: string; readonly notes: readonly string[] };
export interface Written {
  readonly id: string;
  readonly file: string;
  readonly parents: readonly string[];
  readonly message: string;
  readonly upgrade: readonly Operation[];
  readonly downgrade: readonly Operation[];
  readonly review: readonly Point[];
  readonly findings: readonly Finding[];
  /** false with --dry-run */
  readonly written: boolean;
  readonly text: string;
  readonly notes: readonly string[];
}

/** A new revision file: the whole story of autogenerate, one call a line. */
export async function createRevision(location: Location, options: RevisionOptions): Promise<RevisionResult> {
  const { project, place, operations, review, notes } = await prepared(location, options);
  if (options.autogenerate && operations.length === 0 && !options.allowEmpty) return { id: null, text: "", notes };

  const header = headOf(project, options, place, review);
  const { operations: downgrade } = reverseAll(operations);
  const { writeRevision } = await import("../revision/write/index.ts");
  const text = await writeRevision({ header, upgrade: operations, downgrade });
  const file = join(folderFor(project, options.versionPath), fileName(header));
  const result = {
    ...summary(header),
    upgrade: operations,
    downgrade,
    review,
    findings: [],
    text,
    notes,
    file: relative(location.cwd, file),
  };
  if (options.dryRun) return { ...result, written: false };
  await writeProved(file, text, header, operations);
  afterWrite(project, file);
  return { ...result, written: true };
}

type Prepared = Draft & { readonly project: Project; readonly place: Place };

/** The database is left before anything is written: what runs after it may want it. */
async function prepared(location: Location, options: RevisionOptions): Promise<Prepared> {
  if (options.autogenerate && !options.offline) {
    return openWithDatabase(location, { entities: true }, async (project, session) => {
      const place = await placeOf(project, options);
      return { project, place, ...(await draftAt(project, session, options)) };
    });
  }
  const project = await openProject(location, { entities: options.autogenerate });
  const place = await placeOf(project, options);
  return { project, place, ...(options.autogenerate ? await draft(project, options) : nothing) };
}

interface Draft {
  readonly operations: readonly Operation[];
  readonly review: readonly Point[];
  readonly notes: readonly string[];
}
const nothing: Draft = { operations: [], review: [], notes: [] };

/** What is to be written; `before` is what a revision that is done anew did, so that what was answered then holds, and null for a new one. */
export async function draft(opened: Project, options: RevisionOptions, before: readonly Operation[] | null = null): Promise<Draft> {
  if (!options.offline) return withDatabase(opened, (session) => draftAt(opened, session, options, before));
  const found = await compareWithRevisions(opened);
  return { ...answered(found.difference, options.answers, before ?? [], opened.dialect.rules), notes: notesOf(found) };
}

async function draftAt(
  opened: Project,
  session: Session,
  options: RevisionOptions,
  before: readonly Operation[] | null = null,
): Promise<Draft> {
  const { project, journal } = await readSeen(opened, session.db, { recorded: true });
  await requireIntact(project, session.db, journal);
  const { applied } = journal;
  const pending = project.graph.order.filter((id) => !applied.has(id));
  if (pending.length > 0) {
    const { heads } = project.graph;
    // the one that is done anew is not to be applied first
    throw notUpToDate(pending, before !== null ? heads.join(" ") : heads.length > 1 ? "heads" : "head");
  }
  const comparison = await compare(project, session, journal, { names: options.names, claims: claimsOf(options.answers) });
  const told = answered(comparison.difference, options.answers, before ?? [], opened.dialect.rules);
  const drafted = { ...told, operations: ifThere(inPlainForm(told.operations, comparison.plainOnly), comparison.made) };
  const { names } = options;
  const standing = await inTheWay(project, session, drafted.operations);
  const doubts = options.proof ? await prove(project, session, { ...drafted, comparison, names, standing: standing.length > 0 }) : [];
  const review = await withEvidence(project, session, comparison, drafted.review);
  return { ...drafted, review, notes: [...notesOf(comparison), ...doubts, ...standing] };
}

function notUpToDate(pending: readonly string[], to: string): LimbeckError {
  return refused(
    "not-up-to-date",
    `Target database is not up to date: ${pending.length} revision${pending.length === 1 ? " is" : "s are"} not applied (${pending.slice(0, 5).join(", ")}).`,
    `limbeck upgrade ${to}\nor, when the database has them already: limbeck stamp ${to}`,
    { pending },
  );
}

interface Answered {
  readonly operations: readonly Operation[];
  readonly review: readonly Point[];
}

function answered({ operations, review }: Answered, flags: AnswerFlags, before: readonly Operation[], rules: Rules): Answered {
  const told = noAnswers(flags) ? { operations, review } : resolve(operations, review, answersOf(flags), { rules });
  const again = answersGiven(before, told.operations, told.review);
  return again === null ? told : resolve(told.operations, told.review, again, { rules });
}

function notesOf({ difference, notCompared }: Comparison): readonly string[] {
  return [
    ...notCompared.map(({ what, because }) => `not compared: ${what} (${because})`),
    ...difference.names.map(
      ({ what, table, from, to }) => `only the name differs: ${what} ${table ?? ""} ${from} → ${to} (--names takes it in)`,
    ),
    ...difference.unmanaged.map(
      ({ what, table, name, because }) => `left alone: ${what} ${table === undefined ? "" : `${table}.`}${name} (${because})`,
    ),
  ];
}

interface Place {
  readonly parents: readonly string[];
  readonly dependsOn: readonly string[];
}

/** Which revisions the new one follows. */
async function placeOf(project: Project, { head, splice, dependsOn }: RevisionOptions): Promise<Place> {
  const { graph } = project;
  requireWhole(graph);
  const applied = (await appliedFor(project, `${head ?? ""} ${dependsOn.join(" ")}`)) ?? new Set<string>();
  const parents = head === undefined ? graph.heads : resolveMany(graph, applied, [head]);
  if (parents.length > 1) {
    throw usage(
      "several-heads",
      `There are several heads: ${parents.join(", ")}.`,
      "name the one to follow with --head, or join them: limbeck merge heads",
      { choices: parents },
    );
  }
  const inner = parents.filter((id) => graph.children.has(id));
  if (inner.length > 0 && !splice) {
    throw usage("not-a-head", `Revision ${inner.join(", ")} is not a head: others follow it.`, "--splice lets a new branch begin there");
  }
  return { parents, dependsOn: resolveMany(graph, applied, dependsOn) };
}

function headOf(project: Project, options: RevisionOptions, place: Place, review: readonly Point[]): Header {
  return {
    id: options.id === undefined ? freshId(project) : checkId(project, options.id),
    parents: place.parents,
    dependsOn: place.dependsOn,
    labels: checkLabels(project, options.labels),
    replaces: [],
    message: options.message ?? (options.autogenerate ? "autogenerated" : "empty"),
    createdAt: new Date().toISOString().replace(/\.\d+Z$/, "Z"),
    review,
  };
}

export const summary = ({ id, parents, message }: Header) => ({ id, parents, message });

export function afterWrite({ configuration }: Project, file: string): void {
  for (const command of configuration.settings.afterWrite ?? []) run(command, file, configuration.projectDir);
}

function run(command: string, file: string, cwd: string): void {
  const [program = "", ...args] = command.split(/\s+/).map((word) => (word === "{file}" ? file : word));
  try {
    execFileSync(program, args, { cwd, stdio: ["ignore", "ignore", "inherit"] });
  } catch (cause) {
    throw usage(
      "after-write",
      `afterWrite: "${command}" failed on ${file}; the revision is written.`,
      "correct the command in the configuration",
      {},
      cause,
    );
  }
}
