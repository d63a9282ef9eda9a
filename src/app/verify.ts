import { usage } from "../core/errors.ts";
import type { Operation } from "../core/operation.ts";
import { describe } from "../core/operations/index.ts";
import { emptySchema } from "../core/schema.ts";
import type { NotCompared } from "../dialect/dialect.ts";
import { requireWhole } from "../graph/graph.ts";
import { listHistory } from "../graph/history.ts";
import { resolveRange } from "../graph/range.ts";
import { noJournal } from "../run/journal.ts";
import { compare, differsBy } from "./compare/compare.ts";
import { advanced, type Replay } from "./compare/replay.ts";
import { appliedFor } from "./history.ts";
import { fileOf, type Location, openProject, type Project } from "./project/project.ts";
import type { Session } from "./project/session.ts";
import { carryOut, groundOf, type Link, loadChain } from "./scratch/chain.ts";
import { inEmptyDatabase } from "./scratch/database.ts";
import { type Problem, type Trial, tryRevision } from "./scratch/trial.ts";

export interface VerifyStep {
  readonly id: string;
  readonly message: string;
  readonly ok: boolean;
  /** what was not as it should be */
  readonly problem: Problem | null;
  /** what could not be shown, and why */
  readonly notes: readonly string[];
}
export interface VerifyResult {
  readonly ok: boolean;
  readonly steps: readonly VerifyStep[];
  /** what the entities say beyond the last revision; null where the range ends before it */
  readonly models: Models | null;
}
export interface Models {
  readonly ok: boolean;
  readonly operations: readonly Operation[];
  readonly notCompared: readonly NotCompared[];
}

/**
 * Runs the revisions in an empty database: each up, down and up again with rows in the tables, the schema and the rows compared after each
 * step, and the entities with what stands at the end.
 */
export async function verify(location: Location, range: string | undefined): Promise<VerifyResult> {
  const project = await openProject(location, { entities: true });
  return verifyProject(location, project, range);
}

export async function verifyProject(location: Location, project: Project, range: string | undefined): Promise<VerifyResult> {
  requireWhole(project.graph);
  const asked = await askedFor(project, range);
  const last = Math.max(...project.graph.order.map((id, place) => (asked.has(id) ? place : -1)));
  const links = await loadChain(
    project,
    project.graph.order.slice(0, last + 1).map((id) => fileOf(project, id)),
  );
  const ground = groundOf(links);
  const steps: VerifyStep[] = [];
  // a step that fails with made-up rows and leaves half of itself is tried anew without them, in a fresh place
  const bare = new Set<string>();
  for (;;) {
    const models = await inEmptyDatabase(project, ground, (place) => walk(location, project, place, { links, asked, bare, steps, last }));
    if (models === "again") continue;
    return { ok: steps.every(({ ok }) => ok) && models?.ok !== false, steps, models };
  }
}

interface Walk {
  readonly links: readonly Link[];
  readonly asked: ReadonlySet<string>;
  /** revisions that are tried without rows */
  readonly bare: Set<string>;
  /** the findings so far */
  readonly steps: VerifyStep[];
  readonly last: number;
}

async function walk(location: Location, project: Project, place: Session, way: Walk): Promise<Models | null | "again"> {
  let history: Replay = { schema: emptySchema, opaque: [] };
  const done = new Set(way.steps.map(({ id }) => id));
  for (const link of way.links) {
    const { id, message, upgrade } = link.revision;
    const before = history.schema;
    const next = advanced(before, upgrade.operations, place.server.flavor);
    history = { schema: next.schema, opaque: [...history.opaque, ...next.opaque] };
    if (!way.asked.has(id) || done.has(id)) {
      await carryOut(location, project, place, link, "upgrade", before);
      continue;
    }
    const trial = await tryRevision(location, project, place, link, !way.bare.has(id));
    if (trial.again) {
      way.bare.add(id);
      return "again";
    }
    const problem = trial.problem ?? (await strayed(project, place, trial, history));
    way.steps.push({ id, message, ok: problem === null, problem, notes: trial.notes });
    // what follows would only say the same
    if (problem !== null) return null;
  }
  return way.last === project.graph.order.length - 1 ? modelsAt(project, place) : null;
}

/** What the history makes of a revision must be what the server has after it, or every later comparison is wrong. */
async function strayed(project: Project, place: Session, { schema }: Trial, { schema: told, opaque }: Replay): Promise<Problem | null> {
  if (opaque.length > 0 || schema === null) return null;
  const { operations } = await differsBy(project, place, schema, project.dialect.normalize(told, place.server));
  if (operations.length === 0) return null;
  return { stage: "history", message: `what it did is not what it says: ${operations.map(describe).join("; ")}` };
}

async function modelsAt(project: Project, place: Session): Promise<Models> {
  const { difference, notCompared } = await compare(project, place, { ...noJournal, applied: new Set(project.graph.order) });
  return { ok: difference.operations.length === 0, operations: difference.operations, notCompared };
}

async function askedFor(project: Project, text: string | undefined): Promise<ReadonlySet<string>> {
  const applied = text === undefined ? null : await appliedFor(project, text);
  const range = text === undefined ? null : resolveRange(project.graph, applied ?? new Set(), text);
  const ids = listHistory(project.graph, range).map(({ id }) => id);
  if (ids.length === 0) throw usage("nothing-to-verify", "There is no revision to verify.", "limbeck history");
  return new Set(ids);
}
