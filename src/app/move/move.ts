import { connect } from "../../connect/index.ts";
import { usage } from "../../core/errors.ts";
import type { Hazard } from "../../core/hazard.ts";
import type { CompileContext } from "../../dialect/dialect.ts";
import type { RevisionGraph } from "../../graph/graph.ts";
import { checksum } from "../../revision/checksum.ts";
import type { Done } from "../../run/course.ts";
import type { RunEvent } from "../../run/events.ts";
import { type Journal, noJournal, readRecorded } from "../../run/journal.ts";
import type { LiveOptions, TransactionMode } from "../../run/options.ts";
import { run } from "../../run/run.ts";
import { type Script, script } from "../../run/script.ts";
import { compiled, type Direction, type Step, stepOf } from "../../run/step.ts";
import { executedIn, toldToTypeorm } from "../adopt/typeorm-table.ts";
import { withBefore } from "../compare/before.ts";
import { requireIntact } from "../journal/integrity.ts";
import { placed } from "../journal/placed.ts";
import { codeRunner } from "../project/code.ts";
import { loadRevision } from "../project/load.ts";
import { fileOf, type Location, type Project } from "../project/project.ts";
import { contextOf, openWithDatabase, type Session, withDatabase } from "../project/session.ts";
import { type Loss, openPoints, refuseLosses, refuseTransactionWords, refuseUnknownCasts } from "./refusals.ts";
import { readSeen, type Seen, seenBy, withSettlements } from "./seen.ts";

export type { RunEvent } from "../../run/events.ts";

/** What `upgrade` and `downgrade` take alike; times in seconds. */
export interface MoveOptions {
  readonly transaction?: string;
  readonly lockTimeout?: number;
  readonly statementTimeout?: number;
  readonly wait?: number;
  /** refuse statements that lose data */
  readonly safe?: boolean;
  readonly skipCode?: boolean;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
}

export interface Moved {
  readonly id: string;
  readonly message: string;
  readonly ms: number;
  readonly statements: number;
}

export interface PlannedRevision {
  readonly id: string;
  readonly message: string;
  readonly statements: readonly { readonly sql: string; readonly hazards: readonly Hazard[] }[];
}

/** Which revisions to run, from what is applied. */
export type Choose = (graph: RevisionGraph, applied: ReadonlySet<string>) => readonly string[];

/** Runs revisions on the project's own database. */
export function move(location: Location, direction: Direction, choose: Choose, options: MoveOptions) {
  return openWithDatabase(location, { whole: true, ...patience(options) }, (project, session) =>
    moveIn(location, project, session, direction, choose, options),
  );
}

/** The same on another one. */
export function moveAt(location: Location, project: Project, direction: Direction, choose: Choose, options: MoveOptions) {
  return withDatabase(project, (session) => moveIn(location, project, session, direction, choose, options), patience(options));
}

/** The run itself, one code path for both directions. */
async function moveIn(location: Location, project: Project, session: Session, direction: Direction, choose: Choose, options: MoveOptions) {
  let seen = seenBy(project, noJournal, null);
  let settling: ReadonlySet<string> = new Set();
  const plan = async (journal: Journal) => {
    seen = seenBy(project, journal, await executedIn(project, session.db));
    const planned = await toldToTypeorm(seen, session.db, await steps(seen, session, direction, choose, options));
    const whole = await withSettlements(project, seen, journal, planned);
    settling = new Set(whole.filter((step) => !planned.includes(step)).map(way));
    options.onEvent?.({ kind: "plan", revisions: whole.length });
    return whole;
  };
  const { done, heads } = await run(session.db, liveOptions(location, project, session, options), plan);
  // what only came into the journal, or left it, is no revision that ran
  return { moved: done.filter((one) => !settling.has(way(one))).map((one) => movedOf(seen.project, one)), heads };
}

const way = ({ id, direction }: { readonly id: string; readonly direction: Direction }): string => `${direction} ${id}`;

/** What would run, without running it. */
export async function preview(location: Location, direction: Direction, choose: Choose, options: MoveOptions) {
  return openWithDatabase(location, { whole: true }, async (project, { context: given, ...session }) => {
    const context = suited(project, given, options);
    const planned = await steps(await readSeen(project, session.db), { ...session, context }, direction, choose, options);
    return planned.map(
      (step): PlannedRevision => ({ id: step.id, message: step.record.message, statements: statementsOf(project, context, step) }),
    );
  });
}

/** The same run as a script. What it is to begin from is said, because nothing is asked. */
export async function writeScript(
  project: Project,
  direction: Direction,
  applied: ReadonlySet<string>,
  choose: Choose,
  options: MoveOptions,
): Promise<Script> {
  const context = suited(project, contextOf(project, project.dialect.assume(project.configuration.flavor)), options);
  const planned = await load(project, context, applied, choose, direction, options);
  return script(planned, {
    dialect: project.dialect,
    context,
    journal: project.journal,
    transaction: transactionOf(project, options),
    ...timeouts(project, options),
    skipCode: options.skipCode === true,
  });
}

async function steps({ project, journal }: Seen, { db, context }: Session, direction: Direction, choose: Choose, options: MoveOptions) {
  await requireIntact(project, db, journal);
  const recorded = () => readRecorded(db, project.dialect.journal(project.journal));
  return load(project, context, journal.applied, choose, direction, options, recorded);
}

/** Open questions and losses are refused here: nothing was sent yet. */
async function load(
  project: Project,
  context: CompileContext,
  applied: ReadonlySet<string>,
  choose: Choose,
  direction: Direction,
  options: MoveOptions,
  recorded?: () => ReturnType<typeof readRecorded>,
): Promise<readonly Step[]> {
  const files = choose(project.graph, applied).map((id) => fileOf(project, id));
  for (const { header } of files) if (direction === "upgrade" && header.review.length > 0) throw openPoints(header);
  const loaded: Step[] = [];
  for (const file of files) {
    const revision = await loadRevision(file);
    const step = stepOf(revision, direction, checksum(revision), file.sourceHash);
    loaded.push({ ...step, record: placed(project, step.record) });
  }
  const planned = await withBefore(project, context.server, applied, loaded, recorded);
  const block = options.safe === true || project.configuration.settings.safety?.dataLoss === "block";
  if (block && direction === "upgrade") refuseLosses(planned.flatMap((step) => lossesOf(project, context, step)));
  refuseUnknownCasts(project.dialect.rules, planned);
  if (transactionOf(project, options) !== "none") refuseTransactionWords(project.dialect, planned);
  return planned;
}

function lossesOf(project: Project, context: CompileContext, step: Step): readonly Loss[] {
  return statementsOf(project, context, step).flatMap(({ sql, hazards }) =>
    hazards.filter(({ kind }) => kind === "data-loss").map(({ message }) => ({ revision: step.id, message, sql })),
  );
}

function statementsOf({ dialect }: Project, context: CompileContext, step: Step) {
  return compiled([step], { dialect, context }).flatMap(({ statements }) => statements.map(({ sql, hazards }) => ({ sql, hazards })));
}

function liveOptions(location: Location, project: Project, session: Session, options: MoveOptions): LiveOptions {
  const { context } = session;
  return {
    dialect: project.dialect,
    context: suited(project, context, options),
    journal: project.journal,
    transaction: transactionOf(project, options),
    wait: options.wait ?? 60,
    runCode: codeRunner(project, session, location.x),
    ...timeouts(project, options),
    // an embedded database has one session, and nobody to wait for
    ...(context.server.embedded ? {} : { watch: () => connect(project.configuration) }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    ...(options.onEvent === undefined ? {} : { onEvent: options.onEvent }),
  };
}

/** Beside nobody, or in one transaction, the plain forms are the right ones. */
function suited(project: Project, context: CompileContext, options: MoveOptions): CompileContext {
  return context.server.embedded || transactionOf(project, options) === "all" ? { ...context, online: false } : context;
}

function timeouts(project: Project, options: MoveOptions) {
  const { lockTimeout, statementTimeout } = { ...project.configuration.settings, ...patience(options) };
  return { lockTimeoutMs: (lockTimeout ?? 5) * 1000, statementTimeoutMs: (statementTimeout ?? 0) * 1000 };
}

function transactionOf(project: Project, { transaction }: MoveOptions): TransactionMode {
  const mode = transaction ?? project.configuration.settings.transaction ?? "each";
  if (mode === "each" || mode === "all" || mode === "none") return mode;
  throw usage("bad-option", `--transaction is each, all or none, not "${mode}".`, "--transaction each");
}

function patience({ lockTimeout, statementTimeout }: MoveOptions) {
  return { ...(lockTimeout === undefined ? {} : { lockTimeout }), ...(statementTimeout === undefined ? {} : { statementTimeout }) };
}

function movedOf(project: Project, done: Done): Moved {
  const { header } = fileOf(project, done.id);
  return { id: done.id, message: header.message, ms: Math.round(done.ms), statements: done.statements };
}
