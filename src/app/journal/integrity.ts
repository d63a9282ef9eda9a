import { relative } from "node:path";
import type { Db } from "../../core/db.ts";
import { integrity, type LimbeckError } from "../../core/errors.ts";
import { journalled } from "../../core/redact.ts";
import type { Revision } from "../../core/revision.ts";
import type { JournalEntry } from "../../dialect/dialect.ts";
import { type Edit, editLine, edits } from "../../diff/edits.ts";
import { checksum } from "../../revision/checksum.ts";
import { type Journal, readRecorded } from "../../run/journal.ts";
import { loadRevision } from "../project/load.ts";
import { fileOf, type Project } from "../project/project.ts";

/** Where a row of the journal and the files do not fit together. */
export type Misfit =
  | { readonly kind: "unknown"; readonly row: JournalEntry }
  | {
      readonly kind: "edited";
      readonly row: JournalEntry;
      readonly file: string;
      readonly revision: Revision;
      readonly edits: readonly Edit[];
    }
  | { readonly kind: "reparented"; readonly row: JournalEntry; readonly file: string; readonly is: Links };

interface Links {
  readonly parents: readonly string[];
  readonly dependsOn: readonly string[];
}

/** Every applied revision has its file, as it was when it ran and where it stood. */
export async function requireIntact(project: Project, db: Db, journal: Journal): Promise<void> {
  const misfits = await misfitsOf(project, db, journal);
  const of = <K extends Misfit["kind"]>(kind: K) => misfits.filter((one): one is Extract<Misfit, { kind: K }> => one.kind === kind);
  const [unknown, edited, reparented] = [of("unknown"), of("edited"), of("reparented")];
  if (unknown.length > 0) throw unknownApplied(unknown.map(({ row }) => row.id));
  if (edited.length > 0) throw editedSince(edited);
  if (reparented.length > 0) throw movedSince(reparented);
}

/**
 * Cheap where all is well: a file whose text is as it was is not run. A changed text is asked for the checksum of its operations, which a
 * formatter does not change.
 */
export async function misfitsOf(project: Project, db: Db, journal: Journal): Promise<readonly Misfit[]> {
  const standing = journal.rows.filter(({ id }) => project.fileById.has(id));
  const unknown = journal.rows.filter(({ id }) => !project.fileById.has(id));
  const rewritten = standing.filter((row) => fileOf(project, row.id).sourceHash !== row.source_hash);
  const edited: { row: JournalEntry; revision: Revision }[] = [];
  for (const row of rewritten) {
    const revision = await loadRevision(fileOf(project, row.id));
    if (checksum(revision) !== row.checksum) edited.push({ row, revision });
  }
  const recorded = edited.length === 0 ? new Map() : await readRecorded(db, project.dialect.journal(project.journal));
  const place = (id: string) => relative(project.configuration.request.cwd, fileOf(project, id).file);
  return [
    ...unknown.map((row): Misfit => ({ kind: "unknown", row })),
    ...edited.map(({ row, revision }): Misfit => {
      const was = JSON.parse(recorded.get(row.id)?.operations ?? "[]");
      return { kind: "edited", row, revision, file: place(row.id), edits: edits(was, JSON.parse(journalled(revision.upgrade.operations))) };
    }),
    ...standing.flatMap((row): Misfit[] => {
      const { header } = fileOf(project, row.id);
      // the file may name a branch by its label, and a squash for what it stands for: the graph has the revisions themselves
      const places: readonly Links[] = [header, project.graph.nodes.get(row.id) ?? header];
      const stands = places.some(({ parents, dependsOn }) => same(row.parents, parents) && same(row.depends_on, dependsOn));
      return stands ? [] : [{ kind: "reparented", row, file: place(row.id), is: header }];
    }),
  ];
}

/** In whatever order: asked for each revision of a history, nearly always of one parent. */
function same(a: readonly string[], b: readonly string[]): boolean {
  const alike = (left: readonly string[], right: readonly string[]) => left.every((id, at) => id === right[at]);
  return a.length === b.length && (alike(a, b) || alike([...a].sort(), [...b].sort()));
}

/** What the edit changed, a line each. */
export function editLines(found: readonly Edit[]): readonly string[] {
  if (found.length === 0) return ["its downgrade was changed: the upgrade does what it did"];
  return found.map(editLine);
}

export const followed = ({ parents, dependsOn }: Links): string =>
  `${parents.join(", ") || "nothing"}${dependsOn.length === 0 ? "" : `, depends on ${dependsOn.join(", ")}`}`;

function unknownApplied(ids: readonly string[]): LimbeckError {
  return integrity(
    "unknown-applied",
    `The database has ${ids.length === 1 ? "a revision" : "revisions"} that no file has: ${ids.join(", ")}.`,
    "check out the branch that has the file; or, if it was deleted on purpose: limbeck repair",
    { revisions: ids },
  );
}

function editedSince(found: readonly Extract<Misfit, { kind: "edited" }>[]): LimbeckError {
  const told = found.map(({ row, file, edits: of }) => [`${row.id} (${file})`, ...editLines(of).map((line) => `  ${line}`)].join("\n  "));
  return integrity(
    "edited-revision",
    `Edited after ${found.length === 1 ? "it was" : "they were"} applied:\n  ${told.join("\n  ")}`,
    "take the edit back and write a new revision for it: limbeck revision --autogenerate; or, if the database is as the file says now: limbeck repair",
    {
      revisions: found.map(({ row }) => row.id),
      files: found.map(({ file }) => file),
      changes: Object.fromEntries(found.map(({ row, edits: of }) => [row.id, of])),
    },
  );
}

function movedSince(found: readonly Extract<Misfit, { kind: "reparented" }>[]): LimbeckError {
  const told = found.map(
    ({ row, file, is }) =>
      `${row.id} (${file}) follows ${followed(is)}; it was applied as following ${followed({ parents: row.parents, dependsOn: row.depends_on })}`,
  );
  return integrity(
    "reparented-revision",
    `Moved after ${found.length === 1 ? "it was" : "they were"} applied:\n  ${told.join("\n  ")}`,
    "put parents and dependsOn back; or, if the new place is meant: limbeck repair",
    { revisions: found.map(({ row }) => row.id), files: found.map(({ file }) => file) },
  );
}
