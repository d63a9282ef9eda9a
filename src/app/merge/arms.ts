import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { refused, usage } from "../../core/errors.ts";
import type { Operation } from "../../core/operation.ts";
import { describe } from "../../core/operations/index.ts";
import { type Change, conflictsBetween } from "../../diff/conflicts.ts";
import { ancestors } from "../../graph/walk.ts";
import { loadRevision } from "../project/load.ts";
import { fileOf, type Project } from "../project/project.ts";

/** An operation and where it stands. */
export interface Side {
  readonly revision: string;
  readonly file: string;
  readonly line: number;
  readonly op: Operation;
}

/** Two operations of different arms that do not commute. */
export interface MergeConflict {
  readonly a: Side;
  readonly b: Side;
  readonly why: string;
}

interface Step extends Change {
  readonly revision: string;
  /** its place in the revision's upgrade */
  readonly place: number;
}

/** What the arms that end in `heads` do since they parted, pair by pair where the order matters. */
export async function conflictsOf(project: Project, heads: readonly string[], cwd: string): Promise<readonly MergeConflict[]> {
  const { graph } = project;
  const { flavor } = project.configuration;
  const steps = stepsOf(project);
  const found: { readonly a: Step; readonly b: Step; readonly why: string }[] = [];
  const seen = new Set<string>();
  for (const head of heads) {
    const here = ancestors(graph, [head]);
    const left = await steps([...seen].filter((id) => !here.has(id)));
    const right = await steps(graph.order.filter((id) => here.has(id) && !seen.has(id)));
    for (const { a, b, why } of seen.size === 0 ? [] : conflictsBetween(left, right, flavor)) {
      const [one, two] = [left[a], right[b]];
      if (one !== undefined && two !== undefined) found.push({ a: one, b: two, why });
    }
    for (const id of here) seen.add(id);
  }
  const sideOf = sides(project, steps, cwd);
  return Promise.all(found.map(async ({ a, b, why }) => ({ a: await sideOf(a), b: await sideOf(b), why })));
}

export function refuseConflicts(conflicts: readonly MergeConflict[], again: string): void {
  if (conflicts.length === 0) return;
  const side = ({ revision, file, line, op }: Side) => `  ${file}:${line}  ${describe(op)}  (${revision})`;
  throw refused(
    "conflict",
    [
      `${conflicts.length === 1 ? "A pair of operations does" : `${conflicts.length} pairs of operations do`} not commute. Nothing was written.`,
      ...conflicts.map(({ a, b, why }) => `\n${side(a)}\n${side(b)}\n      ${why}`),
    ].join("\n"),
    `let one of the two give way in its file, if no database has it yet; or, when any order of them is right:\n${again} --accept conflict`,
    { conflicts },
  );
}

/** `--accept` of the commands that join arms. */
export function acceptsConflicts(codes: readonly string[]): boolean {
  const other = codes.find((code) => code !== "conflict");
  if (other !== undefined) throw usage("bad-option", `--accept takes conflict here, not "${other}".`, "--accept conflict");
  return codes.length > 0;
}

/** Each revision is loaded once, however many arms it is compared with. */
function stepsOf(project: Project) {
  const known = new Map<string, readonly Step[]>();
  const load = async (id: string): Promise<readonly Step[]> => {
    const { operations, code } = (await loadRevision(fileOf(project, id))).upgrade;
    return operations.map((operation, place) => {
      const text = operation.kind === "run" ? code[operation.code] : undefined;
      return { revision: id, place, operation, ...(text === undefined ? {} : { code: String(text) }) };
    });
  };
  return async (ids: readonly string[]): Promise<readonly Step[]> => {
    for (const id of ids) if (!known.has(id)) known.set(id, await load(id));
    return ids.flatMap((id) => known.get(id) ?? []);
  };
}

function sides(project: Project, steps: (ids: readonly string[]) => Promise<readonly Step[]>, cwd: string) {
  const lines = new Map<string, Promise<readonly number[]>>();
  const linesIn = async (revision: string): Promise<readonly number[]> => {
    const { linesOf } = await import("../../revision/write/places.ts");
    const operations = (await steps([revision])).map(({ operation }) => operation);
    return linesOf(readFileSync(fileOf(project, revision).file, "utf8"), operations);
  };
  return async ({ revision, place, operation }: Step): Promise<Side> => {
    if (!lines.has(revision)) lines.set(revision, linesIn(revision));
    const line = (await lines.get(revision))?.[place] ?? 1;
    return { revision, file: relative(cwd, fileOf(project, revision).file), line, op: operation };
  };
}
