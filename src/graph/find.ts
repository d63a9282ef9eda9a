import { integrity, type LimbeckError, usage } from "../core/errors.ts";
import { notThere, type RevisionGraph } from "./graph.ts";
import { nearest } from "./nearest.ts";

const shortest = 4;

/** The one revision that a full id, a label or the beginning of an id stands for, among `within` (a lineage) or all. */
export function findRevision(graph: RevisionGraph, text: string, within: Branch | null = null): string {
  const labelled = graph.labels.get(text);
  const exact = graph.nodes.has(text) ? text : labelled;
  if (exact !== undefined) {
    if (within !== null && !within.ids.has(exact)) throw notOnBranch(exact, within);
    return exact;
  }
  const candidates = text === "" ? [] : graph.order.filter((id) => id.startsWith(text));
  const here = within === null ? candidates : candidates.filter((id) => within.ids.has(id));
  const [first, second] = here;
  if (first === undefined) {
    const [elsewhere] = candidates;
    if (elsewhere !== undefined && within !== null) throw notOnBranch(elsewhere, within);
    throw unknown(graph, text);
  }
  if (second !== undefined) throw ambiguousPrefix(text, here);
  if (text.length < shortest) throw tooShort(text, first);
  return first;
}

/** A branch qualifier, resolved: what was typed, the revision it names, that revision's lineage. */
export interface Branch {
  readonly name: string;
  readonly id: string;
  readonly ids: ReadonlySet<string>;
}

function unknown(graph: RevisionGraph, text: string): LimbeckError {
  const missing = graph.missing.find(({ id }) => id === text);
  if (missing !== undefined) return notThere(missing);
  const standIns = graph.standIns.get(text) ?? [];
  if (standIns.length > 0) {
    throw integrity(
      "unknown-revision",
      `Revision "${text}" was put into ${standIns.join(", ")}.`,
      `name ${standIns.length === 1 ? "that" : "one of those"} instead`,
      { revision: text, near: standIns },
    );
  }
  if (text.includes(":")) throw usage("bad-range", `"${text}" is a range: one place is asked for here.`, "name the revision to go to");
  const near = nearest(text, [...graph.order, ...graph.labels.keys()]);
  return integrity(
    "unknown-revision",
    `There is no revision "${text}".${near.length > 0 ? ` Near to it: ${near.join(", ")}.` : ""}`,
    "limbeck history",
    { revision: text, near },
  );
}

function ambiguousPrefix(text: string, choices: readonly string[]): LimbeckError {
  return usage("ambiguous-revision", `"${text}" begins several revisions: ${choices.join(", ")}.`, "type more of the id", { choices });
}

function tooShort(text: string, found: string): LimbeckError {
  return usage("short-revision", `"${text}" is too short for the beginning of an id: ${shortest} characters at least.`, `type ${found}`, {
    choices: [found],
  });
}

function notOnBranch(id: string, branch: Branch): LimbeckError {
  return usage(
    "not-on-branch",
    `Revision ${id} is not on the branch ${branch.name}.`,
    `limbeck history -r ${branch.name}@base:${branch.name}@heads`,
    {
      revision: id,
      branch: branch.id,
    },
  );
}
