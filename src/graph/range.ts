import { type LimbeckError, usage } from "../core/errors.ts";
import { type Expression, isRelative, parseExpression } from "./expression.ts";
import type { RevisionGraph } from "./graph.ts";
import { branchOf, resolve, walk, waysFrom } from "./target.ts";
import { ancestors, descendants } from "./walk.ts";

/** Both ends as revisions; none is the base. */
export interface Range {
  readonly from: readonly string[];
  readonly to: readonly string[];
}

interface Sides {
  readonly from: string;
  readonly to: string;
}

type Applied = ReadonlySet<string>;

/** The two sides of `A:B`, or null when there is no colon. */
export function splitRange(text: string): Sides | null {
  const parts = text.split(":");
  if (parts.length === 1) return null;
  const [from = "", to = ""] = parts;
  if (parts.length > 2) throw usage("bad-range", `"${text}" has more than one colon.`, "a range is FROM:TO");
  return { from, to };
}

/**
 * `A:B`, with `A:` up to the heads and `:B` from the base; one revision alone is a range of one. `-2:B` is relative to B and `A:+2` to A;
 * there, going further than there are revisions ends at the last one.
 */
export function resolveRange(graph: RevisionGraph, applied: Applied, text: string): Range {
  const sides = splitRange(text);
  if (sides === null) {
    const ids = idsOf(graph, applied, text);
    return { from: ids, to: ids };
  }
  const range = endsOf(graph, applied, text, sides);
  const { from, to } = range;
  const above = descendants(graph, from, "parents");
  if (from.length > 0 && !to.some((id) => above.has(id))) throw apart(graph, text, sides, range);
  return range;
}

/** Of two branches, or upside down: nothing lies between such ends, and one of them alone is not what was asked for. */
function apart(graph: RevisionGraph, text: string, sides: Sides, { from, to }: Range): LimbeckError {
  const below = ancestors(graph, from, "parents");
  const turned = to.every((id) => below.has(id));
  return usage(
    "bad-range",
    `"${text}" is no range: ${to.join(", ") || "the base"} does not follow ${from.join(", ")}.`,
    turned ? `the older end comes first: ${sides.to}:${sides.from}` : "limbeck history --graph shows the branches",
    { from, to },
  );
}

function endsOf(graph: RevisionGraph, applied: Applied, text: string, sides: Sides): Range {
  const left = parseExpression(graph, sides.from);
  const right = parseExpression(graph, sides.to === "" ? "heads" : sides.to);
  const leftFollows = isRelative(left) && left.steps < 0;
  const rightFollows = isRelative(right) && right.steps > 0;
  if (leftFollows && rightFollows) {
    throw usage("bad-range", `"${text}" is relative at both ends.`, "name one end: -2:current, current:+2");
  }
  if (leftFollows) {
    const to = idsOf(graph, applied, right.text);
    return { from: away(graph, to, left), to };
  }
  const from = sides.from === "" ? [] : idsOf(graph, applied, left.text);
  return { from, to: rightFollows ? away(graph, from, right) : idsOf(graph, applied, right.text) };
}

/** What counts as applied when a script begins at `text`: it and all below it. */
export function appliedAt(graph: RevisionGraph, applied: Applied, text: string): ReadonlySet<string> {
  return ancestors(graph, text === "" ? [] : idsOf(graph, applied, text));
}

function idsOf(graph: RevisionGraph, applied: Applied, text: string): readonly string[] {
  return resolve(graph, applied, text).flatMap(({ id }) => id ?? []);
}

/** As far as there is a way, from the one place at the other end. */
function away(graph: RevisionGraph, from: readonly string[], expression: Expression): readonly string[] {
  if (from.length > 1) {
    throw usage("several-heads", `"${expression.text}" has several revisions at its other end: ${from.join(", ")}.`, "name one of them", {
      choices: from,
    });
  }
  const branch = branchOf(graph, expression);
  const step = Math.sign(expression.steps);
  let place = from[0] ?? null;
  for (let left = Math.abs(expression.steps); left > 0 && waysFrom(graph, place, step, branch).length > 0; left--) {
    place = walk(graph, place, step, expression, branch);
  }
  return place === null ? [] : [place];
}
