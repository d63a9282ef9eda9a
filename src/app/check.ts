import type { Operation } from "../core/operation.ts";
import { emptySchema, type Schema } from "../core/schema.ts";
import type { NotCompared } from "../dialect/dialect.ts";
import { type Attributed, agreed, attribute } from "../diff/attribute.ts";
import { type Difference, diff } from "../diff/diff.ts";
import { asTuned } from "../diff/tuned.ts";
import { type Comparison, compare, differsBy, historySchema, looked } from "./compare/compare.ts";
import type { Replay } from "./compare/replay.ts";
import { requireIntact } from "./journal/integrity.ts";
import { readSeen } from "./move/seen.ts";
import type { Location, Project } from "./project/project.ts";
import { openWithDatabase, type Session } from "./project/session.ts";

export interface CheckResult {
  readonly clean: boolean;
  readonly operations: readonly Operation[];
  /** the operations and what is unmanaged, each with whose it is */
  readonly differences: readonly Attributed[];
  readonly pending: readonly string[];
  readonly heads: readonly string[];
  readonly notCompared: readonly NotCompared[];
  readonly unmanaged: Difference["unmanaged"];
  readonly names: Difference["names"];
}

/** Do entities, revisions and database agree? */
export async function check(location: Location): Promise<CheckResult> {
  return openWithDatabase(location, { entities: true }, async (opened, session) => {
    const { project, journal } = await readSeen(opened, session.db, { recorded: true });
    await requireIntact(project, session.db, journal);
    const { applied } = journal;
    const comparison = await compare(project, session, journal);
    const { difference, notCompared } = comparison;
    const pending = project.graph.order.filter((id) => !applied.has(id));
    const heads = project.graph.heads;
    const history = pending.length === 0 ? { schema: comparison.known, opaque: comparison.opaque } : await whole(project, session);
    const unrecorded = await notRecorded(project, session, comparison, history.schema);
    const told = unrecorded.every(isGround) || history.opaque.length > 0;
    return {
      clean: difference.operations.length === 0 && pending.length === 0 && heads.length <= 1 && told,
      operations: difference.operations,
      differences: attribute(difference, { ...(await witnesses(project, session, comparison, history.schema)), unrecorded }),
      pending,
      heads,
      notCompared,
      unmanaged: difference.unmanaged,
      names: difference.names,
    };
  });
}

/** Schemas and extensions are often there before any revision, made by those who gave the database: that is told, and no fault. */
const isGround = ({ kind }: Operation): boolean => kind === "createSchema" || kind === "createExtension";

/** What all revisions say, pending ones too. */
async function whole(project: Project, { server }: Session): Promise<Replay> {
  const { schema, opaque } = await historySchema(project, server, new Set(project.graph.order));
  return { schema: looked(project, schema, server), opaque };
}

/** The history's word on the database, asked only when there is a difference to explain. */
async function witnesses(project: Project, session: Session, { difference, had, known }: Comparison, all: Schema) {
  if (difference.operations.length === 0) return { toApplied: [], toAll: [] };
  const toApplied = (await differsBy(project, session, had, known)).operations;
  return { toApplied, toAll: all === known ? toApplied : (await differsBy(project, session, had, all)).operations };
}

/**
 * Where entities and database agree, nothing differs between them; but a database that is built from the revisions would. Raw SQL may have
 * done it: its effect is not known, so it is told and fails nothing. Without any revision there is nothing to be recorded in.
 */
async function notRecorded(
  project: Project,
  { db, server }: Session,
  { had, wanted }: Comparison,
  all: Schema,
): Promise<readonly Operation[]> {
  if (project.graph.order.length === 0) return [];
  const { dialect } = project;
  const { rules } = dialect;
  const tuned = (history: Schema) => asTuned(history, had, emptySchema, rules);
  const between = (history: Schema, schema: Schema) => diff(history, schema, { rules, known: history }).operations;
  // most often the history says what is there in the server's own words
  if (between(tuned(all), had).length === 0) return [];
  const history = tuned((await dialect.canonical(db, server, all, had)).wanted);
  return agreed(between(history, wanted), between(history, had));
}
