import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { integrity, type LimbeckError, refused, usage } from "../../core/errors.ts";
import { ancestors } from "../../graph/walk.ts";
import { readHeader } from "../../revision/header.ts";
import { appliedIn } from "../history.ts";
import { armsOf } from "../merge.ts";
import { sharedCommit } from "../project/git.ts";
import { fileOf, type Location, openProject, type Project } from "../project/project.ts";
import { writeWhole } from "../write/whole.ts";
import { acceptsConflicts, conflictsOf, type MergeConflict, refuseConflicts } from "./arms.ts";

export interface RebaseResult {
  /** the one head afterwards */
  readonly id: string;
  readonly file: string;
  readonly parents: readonly string[];
  readonly conflicts: readonly MergeConflict[];
  /** whose parents were rewritten */
  readonly moved: readonly { readonly id: string; readonly file: string; readonly parents: readonly string[] }[];
}

/** Two arms become one line: one is put on top of the other by rewriting the parents of its first revisions. Ids stay. */
export async function rebase(location: Location, targets: readonly string[], accept: readonly string[]): Promise<RebaseResult> {
  const accepted = acceptsConflicts(accept);
  const project = await openProject(location);
  const arms = await armsOf(project, targets);
  const { onto, arm } = roles(project, arms, await appliedIn(project), targets);
  const conflicts = await conflictsOf(project, [onto, arm], location.cwd);
  if (!accepted) refuseConflicts(conflicts, `limbeck merge ${onto} ${arm} --rebase`);
  const moved = movedBy(project, onto, arm);
  await rewrite(project, moved);
  return {
    id: arm,
    file: relative(location.cwd, fileOf(project, arm).file),
    parents: moved.find(({ id }) => id === arm)?.parents ?? project.graph.nodes.get(arm)?.parents ?? [],
    conflicts,
    moved: moved.map(({ id, parents }) => ({ id, file: relative(location.cwd, fileOf(project, id).file), parents })),
  };
}

interface Roles {
  readonly onto: string;
  readonly arm: string;
}

/** Two that were named: the second goes on top of the first. Else what is applied stays below, then what was pushed, then what is older. */
function roles(project: Project, arms: readonly string[], applied: ReadonlySet<string>, targets: readonly string[]): Roles {
  const [first, second, ...more] = arms;
  if (first === undefined || second === undefined || more.length > 0) {
    throw usage(
      "several-heads",
      `Two arms can be put in line, not ${arms.length}: ${arms.join(", ")}.`,
      "limbeck merge ONTO BRANCH --rebase",
      {
        choices: arms,
      },
    );
  }
  const appliedOf = (arm: string, onto: string) => own(project, arm, onto).filter((id) => applied.has(id));
  const asked = { onto: first, arm: second };
  const turned = { onto: second, arm: first };
  const options = targets.length > 1 ? [asked] : [asked, turned].sort((a, b) => rankOf(project, a) - rankOf(project, b));
  const possible = options.filter((role) => neededBelow(project, role).length === 0);
  const [best] = possible;
  if (best === undefined) throw needsTheOther(project, options[0] ?? asked);
  const free = possible.find(({ onto, arm }) => appliedOf(arm, onto).length === 0);
  if (free !== undefined) return free;
  const { onto, arm } = best;
  const there = appliedOf(arm, onto);
  const canTurn = appliedOf(onto, arm).length === 0 && neededBelow(project, { onto: arm, arm: onto }).length === 0;
  throw refused(
    "applied-already",
    `${there.join(", ")} ${there.length === 1 ? "is" : "are"} applied in this database: what has run can't be put after something that has not. Nothing was written.`,
    [
      `limbeck merge ${onto} ${arm}  joins them as they are`,
      ...(canTurn ? [`limbeck merge ${arm} ${onto} --rebase  puts the other one on top`] : []),
    ].join("\n"),
    { revisions: there },
  );
}

/** What the arm that is to stay below depends on, and only the other one has: that can't be put on top of it. */
function neededBelow({ graph }: Project, { onto, arm }: Roles): readonly string[] {
  const [below, line] = [ancestors(graph, [onto]), ancestors(graph, [onto], "parents")];
  return [...ancestors(graph, [arm], "parents")].filter((id) => below.has(id) && !line.has(id));
}

function needsTheOther(project: Project, { onto, arm }: Roles): LimbeckError {
  const needed = neededBelow(project, { onto, arm });
  const turned = neededBelow(project, { onto: arm, arm: onto }).length === 0;
  return refused(
    "needed-below",
    `${onto} depends on ${needed.join(", ")} of the other arm, which therefore can't be put on top. Nothing was written.`,
    turned ? `limbeck merge ${arm} ${onto} --rebase  puts ${onto} on top` : `limbeck merge ${onto} ${arm}  joins them as they are`,
    { revisions: needed },
  );
}

/** The less, the more it is that arm that should move: pushed ones stay where they are, else the arm that was begun later goes on top. */
function rankOf(project: Project, { onto, arm }: Roles): number {
  const mine = own(project, arm, onto).map((id) => fileOf(project, id));
  const others = own(project, onto, arm).map((id) => fileOf(project, id));
  const shared = mine.some(({ file }) => sharedCommit(file) !== null) ? 2 : 0;
  const [begun = "", begunThere = ""] = [mine, others].map((files) => files[0]?.header.createdAt);
  return shared + (begun >= begunThere ? 0 : 1);
}

/** What only this arm has, lowest first. */
function own({ graph }: Project, arm: string, other: string): readonly string[] {
  const there = ancestors(graph, [other]);
  const here = ancestors(graph, [arm]);
  return graph.order.filter((id) => here.has(id) && !there.has(id));
}

interface Move {
  readonly id: string;
  readonly parents: readonly string[];
}

/** Parents that are below the other head give way to that head; where a parent of the same arm stays, they just go. */
function movedBy(project: Project, onto: string, arm: string): readonly Move[] {
  const below = ancestors(project.graph, [onto]);
  return own(project, arm, onto).flatMap((id) => {
    const parents = project.graph.nodes.get(id)?.parents ?? [];
    const kept = parents.filter((parent) => !below.has(parent));
    const next = kept.length === 0 ? [onto] : kept;
    return isDeepStrictEqual(parents, next) ? [] : [{ id, parents: next }];
  });
}

/** All files or none. */
async function rewrite(project: Project, moves: readonly Move[]): Promise<void> {
  const { editRevision } = await import("../../revision/write/edit.ts");
  const edits = [];
  for (const { id, parents } of moves) {
    const { file, header } = fileOf(project, id);
    const before = readFileSync(file, "utf8");
    const after = await editRevision(before, { parents });
    if (!isDeepStrictEqual(readHeader(after, file), { ...header, parents })) {
      throw integrity(
        "write-mismatch",
        `The parents of ${id} could not be rewritten in ${file}; nothing was changed.`,
        "edit the file by hand",
        {
          file,
        },
      );
    }
    edits.push({ file, before, after });
  }
  const done: typeof edits = [];
  try {
    for (const edit of edits) {
      done.push(edit);
      writeWhole(edit.file, edit.after);
    }
  } catch (error) {
    for (const { file, before } of done) writeWhole(file, before);
    throw error;
  }
}
