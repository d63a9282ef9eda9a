import { type LimbeckError, usage } from "../core/errors.ts";
import { type Expression, isRelative, parseExpression } from "./expression.ts";
import { type Branch, findRevision } from "./find.ts";
import { type RevisionGraph, requireWhole } from "./graph.ts";
import { ancestors, headsAmong, lineage, sorted } from "./walk.ts";

/** A place in the graph: a revision, or null for the base before all; with the revision that qualifies the branch, if one was given. */
export interface Target {
  readonly id: string | null;
  readonly branch: string | null;
}

type Applied = ReadonlySet<string>;

/** Any revision argument, for all commands. Several targets only from `heads` and `current`. */
export function resolve(graph: RevisionGraph, applied: Applied, text: string): readonly Target[] {
  return resolveExpression(graph, applied, parseExpression(graph, text));
}

/** Exactly one revision (`show`, `edit`, `resolve`). */
export function resolveOne(graph: RevisionGraph, applied: Applied, text: string): string {
  const ids = resolveMany(graph, applied, [text]);
  const [id] = ids;
  if (id === undefined) throw usage("no-such-place", `"${text}" is before the first revision.`, "name a revision: limbeck history");
  if (ids.length > 1) throw severalHeads(text, ids);
  return id;
}

/** Revisions (`merge`, `--head`, `--depends-on`); `base` gives none. */
export function resolveMany(graph: RevisionGraph, applied: Applied, texts: readonly string[]): readonly string[] {
  return [...new Set(texts.flatMap((text) => resolve(graph, applied, text)).flatMap(({ id }) => id ?? []))];
}

export function resolveUpgrade(graph: RevisionGraph, applied: Applied, texts: readonly string[]): readonly string[] {
  for (const text of texts) {
    const expression = parseExpression(graph, text);
    if (isRelative(expression) && expression.steps < 0) throw wrongWay("upgrade", text);
  }
  return resolveMany(graph, applied, texts);
}

/** The revisions that must go, with all that stands on them (see planDowngrade). */
export function resolveDowngrade(graph: RevisionGraph, applied: Applied, text: string): readonly string[] {
  const expression = parseExpression(graph, text);
  if (isRelative(expression)) {
    if (expression.steps > 0) throw wrongWay("downgrade", text);
    // the last one to go may be a merge: where that leads needs no choice
    const last = walk(graph, startOf(graph, applied, expression), expression.steps + 1, expression, branchOf(graph, expression));
    if (last === null) throw tooFar(expression);
    return [last];
  }
  const targets = resolveExpression(graph, applied, expression);
  const [target] = targets;
  if (targets.length > 1) throw severalHeads(text, sorted(graph, resolveMany(graph, applied, [text])));
  return target === undefined ? [] : rootsAbove(graph, applied, target);
}

export function resolveStamp(graph: RevisionGraph, applied: Applied, texts: readonly string[]): readonly Target[] {
  return texts.flatMap((text) => resolve(graph, applied, text));
}

function rootsAbove(graph: RevisionGraph, applied: Applied, { id, branch }: Target): readonly string[] {
  if (id !== null && !applied.has(id)) {
    throw usage("not-below", `Revision ${id} is not applied, so there is no way down to it.`, `limbeck upgrade ${id}`, {
      revision: id,
      heads: headsAmong(graph, applied),
    });
  }
  const above = id === null ? graph.bases : (graph.children.get(id) ?? []);
  if (branch === null) return above;
  const ids = lineage(graph, branch);
  return above.filter((root) => ids.has(root));
}

function resolveExpression(graph: RevisionGraph, applied: Applied, expression: Expression): readonly Target[] {
  const branch = branchOf(graph, expression);
  const place = (id: string | null): Target => ({ id, branch: branch?.id ?? null });
  if (expression.steps === 0) return placesOf(graph, applied, expression, branch).map(place);
  const start =
    expression.symbol === "" ? startOf(graph, applied, expression) : onlyOne(expression, placesOf(graph, applied, expression, branch));
  return [place(walk(graph, start, expression.steps, expression, branch))];
}

export function branchOf(graph: RevisionGraph, { branch, text }: Pick<Expression, "branch" | "text">): Branch | null {
  if (branch === null) return null;
  if (branch === "") throw usage("no-branch", `"${text}" names no branch before the @.`, "LABEL@head, or REVISION@head");
  const id = findRevision(graph, branch);
  return { name: branch, id, ids: lineage(graph, id) };
}

function placesOf(graph: RevisionGraph, applied: Applied, { symbol, text }: Expression, branch: Branch | null): readonly (string | null)[] {
  const here = (ids: readonly string[]) => (branch === null ? ids : ids.filter((id) => branch.ids.has(id)));
  if (graph.nodes.has(symbol)) return [findRevision(graph, symbol, branch)];
  switch (symbol) {
    case "base":
      return [null];
    case "heads":
      requireWhole(graph);
      return here(graph.heads);
    case "head": {
      requireWhole(graph);
      const heads = here(graph.heads);
      if (heads.length > 1 && !areOneSquash(graph, heads)) throw severalHeads(text, heads);
      return heads;
    }
    case "current": {
      const heads = here(headsAmong(graph, applied));
      return heads.length === 0 ? [null] : heads;
    }
    default: {
      const parts = partsOf(graph, symbol);
      return parts === null ? [findRevision(graph, symbol, branch)] : here(headsAmong(graph, new Set(parts)));
    }
  }
}

/** What stands for a squash in a database that is amid it, by the squash's id or the beginning of it; null for any other name. */
function partsOf({ nodes, labels, standIns }: RevisionGraph, symbol: string): readonly string[] | null {
  if (standIns.size === 0 || nodes.has(symbol) || labels.has(symbol)) return null;
  const names = standIns.has(symbol) ? [symbol] : [...standIns.keys()].filter((id) => symbol.length >= 4 && id.startsWith(symbol));
  const parts = standIns.get(names.length === 1 ? (names[0] ?? "") : "") ?? [];
  // one of a squash's originals has the squash alone for it
  return parts.length > 1 && ![...nodes.keys()].some((id) => id.startsWith(symbol)) ? parts : null;
}

/** The ends of a squash that a database is amid: where it has them all, they are one head. */
function areOneSquash(graph: RevisionGraph, heads: readonly string[]): boolean {
  return [...graph.standIns.values()].some((parts) => parts.length > 1 && heads.every((id) => parts.includes(id)));
}

/** Where steps without a revision begin: the one applied head, on the branch if one is given. */
function startOf(graph: RevisionGraph, applied: Applied, expression: Expression): string | null {
  const branch = branchOf(graph, expression);
  if (branch === null) return onlyOne(expression, headsAmong(graph, applied));
  const onBranch = new Set([...applied].filter((id) => branch.ids.has(id)));
  const start = onlyOne(expression, headsAmong(graph, onBranch));
  if (expression.steps < 0 && start !== null && !applied.has(branch.id)) refuseShared(graph, applied, start, branch);
  return start;
}

/** Of a branch that the database does not have, only the ground is there: what stands on it belongs to others. */
function refuseShared(graph: RevisionGraph, applied: Applied, ground: string, { name, id }: Branch): void {
  const others = headsAmong(graph, applied).filter((head) => head !== ground && ancestors(graph, [head]).has(ground));
  if (others.length === 0) return;
  throw usage(
    "not-below",
    `Nothing of the branch ${name} is applied: ${id} is not, and ${others.join(", ")} stands on ${ground}.`,
    "limbeck history -i shows what is applied",
    { revision: id, heads: others },
  );
}

function onlyOne(expression: Expression, places: readonly (string | null)[]): string | null {
  const ids = places.flatMap((id) => id ?? []);
  if (ids.length > 1) throw severalHeads(expression.text, ids);
  return ids[0] ?? null;
}

/** `steps` upwards or, negative, downwards; every step must have one way to go. */
export function walk(
  graph: RevisionGraph,
  start: string | null,
  steps: number,
  expression: Pick<Expression, "text" | "steps">,
  branch: Branch | null,
): string | null {
  let place = start;
  for (let left = Math.abs(steps); left > 0; left--) {
    const ways = waysFrom(graph, place, steps, branch);
    const [first] = ways;
    if (first === undefined) throw tooFar(expression);
    if (ways.length > 1) throw severalWays(expression, ways);
    place = first;
  }
  return place;
}

/** The places one step away, up or (negative) down; null is the base. */
export function waysFrom(graph: RevisionGraph, place: string | null, direction: number, branch: Branch | null): readonly (string | null)[] {
  const ways = direction > 0 ? stepUp(graph, place) : stepDown(graph, place);
  return branch === null ? ways : ways.filter((id) => id === null || branch.ids.has(id));
}

function stepUp(graph: RevisionGraph, place: string | null): readonly (string | null)[] {
  return place === null ? graph.bases : (graph.children.get(place) ?? []);
}

function stepDown(graph: RevisionGraph, place: string | null): readonly (string | null)[] {
  if (place === null) return [];
  const parents = graph.nodes.get(place)?.parents ?? [];
  // fails where a parent is not there
  if (parents.length > 0) ancestors(graph, parents, "parents");
  return parents.length === 0 ? [null] : parents;
}

function wrongWay(command: "upgrade" | "downgrade", text: string): LimbeckError {
  const other = command === "upgrade" ? "downgrade" : "upgrade";
  return usage("wrong-direction", `"${command} ${text}" goes the other way.`, `limbeck ${other} ${text}`);
}

function tooFar({ text, steps }: Pick<Expression, "text" | "steps">): LimbeckError {
  const way = steps > 0 ? "after" : "before";
  return usage("too-far", `"${text}": there are no ${Math.abs(steps)} revisions ${way} that place.`, "limbeck history", { steps });
}

function severalHeads(text: string, ids: readonly string[]): LimbeckError {
  return usage(
    "several-heads",
    `"${text}" stands for several revisions: ${ids.join(", ")}.`,
    "name one of them, a branch (LABEL@head, LABEL@+1, LABEL@-1), or `heads` for all; limbeck merge heads joins them",
    { choices: ids },
  );
}

function severalWays({ text }: Pick<Expression, "text">, ways: readonly (string | null)[]): LimbeckError {
  const choices = ways.flatMap((id) => id ?? []);
  return usage(
    "ambiguous-steps",
    `"${text}" meets several ways to go: ${choices.join(", ")}.`,
    `name the revision, or the branch: ${choices.map((id) => `${id}@${text.slice(text.indexOf("@") + 1)}`).join(", or ")}`,
    {
      choices,
    },
  );
}
