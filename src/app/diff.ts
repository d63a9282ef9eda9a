import type { Server } from "../core/db.ts";
import { usage } from "../core/errors.ts";
import type { Operation } from "../core/operation.ts";
import { emptySchema, type Schema } from "../core/schema.ts";
import type { NotCompared } from "../dialect/dialect.ts";
import { type Difference, diff } from "../diff/diff.ts";
import { asTuned } from "../diff/tuned.ts";
import { withoutUnsettled } from "../diff/unsettled.ts";
import { readModels } from "../entities/models.ts";
import { resolveMany } from "../graph/target.ts";
import { ancestors } from "../graph/walk.ts";
import { historySchema, includeOf, looked, scopeOf, wantedOf } from "./compare/compare.ts";
import { notReplayed, unsettled } from "./compare/offline.ts";
import { appliedFor } from "./history.ts";
import { readSeen } from "./move/seen.ts";
import { type Location, openProject, type Project } from "./project/project.ts";
import { contextOf, type Session, withDatabase } from "./project/session.ts";

export interface DiffResult {
  readonly operations: readonly Operation[];
  readonly notCompared: readonly NotCompared[];
  readonly unmanaged: Difference["unmanaged"];
  /** the statements that make FROM what TO is */
  readonly sql: readonly string[];
}

/** One side: a database with its session, or a schema that is known without one. */
type Side =
  | { readonly kind: "database"; readonly project: Project; readonly session: Session }
  | { readonly kind: "models" }
  | { readonly kind: "revision"; readonly ids: ReadonlySet<string> };

/** What would make FROM what TO is. */
export async function diffSides(location: Location, from: string = "database", to: string = "models"): Promise<DiffResult> {
  const project = await openProject(location, { entities: [from, to].includes("models") });
  return withSide(location, project, from, (left) => withSide(location, project, to, (right) => compareSides(project, left, right)));
}

async function withSide<T>(location: Location, project: Project, said: string, work: (side: Side) => Promise<T>): Promise<T> {
  if (said === "models") return work({ kind: "models" });
  if (said === "database") return withDatabase(project, (session) => work({ kind: "database", project, session }));
  const revision = /^revision:(.+)$/.exec(said)?.[1];
  if (revision !== undefined) {
    const applied = (await appliedFor(project, revision)) ?? new Set<string>();
    return work({ kind: "revision", ids: ancestors(project.graph, resolveMany(project.graph, applied, [revision])) });
  }
  if (!/^embedded:|:\/\//.test(said)) {
    throw usage("bad-side", `"${said}" is nothing that can be compared.`, "models, database, revision:REV or a URL");
  }
  const there = await openProject({ ...location, url: said });
  return withDatabase(there, (session) => work({ kind: "database", project: there, session }));
}

async function compareSides(project: Project, from: Side, to: Side): Promise<DiffResult> {
  const { dialect } = project;
  const databases = [from, to].flatMap((side) => (side.kind === "database" ? [side.session] : []));
  // where a text stands for a server's, it is the other side's server that reads it
  const server = databases[0]?.server ?? dialect.assume(project.configuration.flavor);
  const stated = await Promise.all([from, to].map((side) => statedBy(project, side, server)));
  const schemas = new Set([...scopeOf(stated.map(({ schema }) => schema)), ...(databases.length > 1 ? await everySchema(databases) : [])]);
  const known = await knownTo(project, from, to);
  const read = (side: Side, told: Told) =>
    side.kind === "database" ? readDatabase(side, [...schemas, ...scopeOf([known ?? emptySchema])]) : told;
  const left = await read(from, stated[0] ?? untold);
  const right = await read(to, stated[1] ?? untold);
  const settled = await inOneSpelling(project, from, to, left.schema, right.schema);
  const history = known ?? settled.from;
  const wanted = to.kind === "models" ? asTuned(settled.to, settled.from, history, dialect.rules) : settled.to;
  const difference = diff(settled.from, wanted, { rules: dialect.rules, known: history });
  // two revisions say what was meant; entities beside them may only be spelled otherwise
  const spelled = databases.length === 0 && [from, to].some(({ kind }) => kind === "models");
  const { operations, doubts } = spelled ? withoutUnsettled(difference.operations) : { operations: difference.operations, doubts: [] };
  const context = contextOf(project, from.kind === "database" ? from.session.server : server);
  return {
    operations,
    unmanaged: difference.unmanaged,
    notCompared: [...left.notCompared, ...right.notCompared, ...settled.notCompared, ...doubts.map(unsettled)],
    sql: dialect.compile(operations, { ...context, before: settled.from }).map((statement) => statement.sql),
  };
}

interface Told {
  readonly schema: Schema;
  readonly notCompared: readonly NotCompared[];
}
const untold: Told = { schema: emptySchema, notCompared: [] };

async function statedBy(project: Project, side: Side, server: Server): Promise<Told> {
  if (side.kind === "database") return untold;
  if (side.kind === "models") {
    const models = await readModels(project.configuration, server);
    return { schema: wantedOf(project, models, server), notCompared: [] };
  }
  const { schema, opaque } = await historySchema(project, server, side.ids);
  return { schema: looked(project, schema, server), notCompared: notReplayed(opaque) };
}

/**
 * What may be dropped of a database: what its own revisions know. Between two databases, or where no database is to change, everything;
 * null says so.
 */
async function knownTo(project: Project, from: Side, to: Side): Promise<Schema | null> {
  if (from.kind !== "database" || to.kind === "database") return null;
  const { db, server } = from.session;
  const { project: seen, journal } = await readSeen(project, db);
  return looked(project, (await historySchema(seen, server, journal.applied)).schema, server);
}

async function readDatabase({ project, session }: Extract<Side, { kind: "database" }>, schemas: readonly string[]) {
  const { db, server, context } = session;
  const { schema, notCompared } = await project.dialect.introspect(db, server, {
    schemas: [...new Set(schemas)].filter((name) => name !== server.defaultSchema).sort(),
    ignore: [project.journal, ...(context.metadataTable === undefined ? [] : [context.metadataTable])],
    ...includeOf(project),
  });
  return { schema: looked(project, schema, server), notCompared };
}

/** What is stated without a server takes the spelling of the server on the other side. */
async function inOneSpelling({ dialect }: Project, from: Side, to: Side, left: Schema, right: Schema) {
  if (from.kind === "database" && to.kind !== "database") {
    const { wanted, notCompared } = await dialect.canonical(from.session.db, from.session.server, right, left);
    return { from: left, to: wanted, notCompared };
  }
  if (to.kind === "database" && from.kind !== "database") {
    const { wanted, notCompared } = await dialect.canonical(to.session.db, to.session.server, left, right);
    return { from: wanted, to: right, notCompared };
  }
  return { from: left, to: right, notCompared: [] };
}

/** PostgreSQL's schemas, where nothing says which of them are meant. */
export async function everySchema(sessions: readonly Session[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { db } of sessions) {
    if (db.flavor !== "postgres") continue;
    const rows = await db.query("SELECT nspname AS name FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'");
    found.push(...rows.flatMap(({ name }) => name ?? []));
  }
  return found;
}
