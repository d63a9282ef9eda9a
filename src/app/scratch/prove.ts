import { failed, type LimbeckError } from "../../core/errors.ts";
import type { Operation } from "../../core/operation.ts";
import { describe, fold, reverseAll } from "../../core/operations/index.ts";
import type { Point } from "../../core/revision.ts";
import { emptySchema, type ForeignKey, type Schema } from "../../core/schema.ts";
import type { Statement } from "../../core/statement.ts";
import { diff } from "../../diff/diff.ts";
import { batchesOf } from "../../run/batches.ts";
import { cutsFor } from "../../run/capacity.ts";
import type { Comparison } from "../compare/compare.ts";
import type { Project } from "../project/project.ts";
import type { Session } from "../project/session.ts";
import { NoPlace } from "./database.ts";
import { inSight } from "./in-sight.ts";
import { neededFor, partOf, touchedBy } from "./part.ts";
import { inPlace, type Place } from "./place.ts";

export interface Claim {
  readonly operations: readonly Operation[];
  readonly review: readonly Point[];
  readonly comparison: Pick<Comparison, "had" | "wanted" | "known">;
  readonly names: boolean;
  /** others have something on what goes, which has been told: the copy may have it, too */
  readonly standing?: boolean;
}

interface Case {
  readonly upgrade: readonly Operation[];
  readonly before: Schema;
  readonly wanted: Schema;
  readonly known: Schema;
  readonly names: boolean;
  readonly standing: boolean;
}

/**
 * Carries the operations out on an empty copy of the tables that they touch, compares, takes them back and compares again. Refuses what
 * does not lead where it should; gives notes on what could not be shown.
 */
export async function prove(project: Project, session: Session, claim: Claim): Promise<readonly string[]> {
  const { had, wanted, known } = claim.comparison;
  const sight = inSight([had, wanted]);
  const unseen = claim.operations.filter((operation) => !sight.sees(operation));
  const { kept, left } = withinReach(project, claim.operations.filter(sight.sees).map(sight.operation));
  const notes = [...because(left, "in another database"), ...because(unseen, "to a table that is not looked at")];
  if (kept.length === 0) return notes;
  const needed = neededFor(touchedBy(kept), [had, wanted]);
  const here = (schema: Schema): Schema => withoutOthers(project, sight.schema(partOf(schema, needed)));
  const proof: Case = {
    upgrade: standIns(project, kept, claim.review),
    before: here(had),
    wanted: here(wanted),
    known,
    names: claim.names,
    standing: claim.standing ?? false,
  };
  try {
    const { upgrade, before } = proof;
    const content = [upgrade, before.tables, before.views, before.enums];
    return [...notes, ...(await inPlace(project, session, content, [before, proof.wanted], (place) => proveIn(project, place, proof)))];
  } catch (error) {
    if (!(error instanceof NoPlace)) throw error;
    return [...notes, `not proved: there is no place for a copy (${error.message})`];
  }
}

const because = (left: readonly Operation[], reason: string): readonly string[] =>
  left.length === 0 ? [] : [`not proved: ${left.map(describe).join("; ")} (${reason})`];

async function proveIn(project: Project, place: Place, proof: Case): Promise<readonly string[]> {
  const { rules } = project.dialect;
  const { upgrade, before } = proof;
  const start = { ...emptySchema, extensions: place.hasExtensions ? before.extensions : [] };
  try {
    const build = diff(start, { ...before, external: [] }, { rules, known: null }).operations;
    await send(project, place, build, start);
  } catch (error) {
    return [`not proved: a copy of the tables could not be made (${messageOf(error)})`];
  }
  if ((await remaining(project, place, before)).length > 0) return ["not proved: the copy of the tables is not what they are"];
  const note = await forth(project, place, proof);
  if (note !== null) return [note];
  return back(project, place, proof, fold(before, upgrade, place.server.flavor));
}

/** Null when the operations lead to what is wanted. */
async function forth(project: Project, place: Place, { upgrade, before, wanted, known, names, standing }: Case): Promise<string | null> {
  let statement: Statement | undefined;
  try {
    await send(project, place, upgrade, before, (one) => {
      statement = one;
    });
  } catch (error) {
    const makesExtension = statement?.operations.some((at) => upgrade[at]?.kind === "createExtension");
    // whether the server has it is asked again before the revision runs
    if (makesExtension) return `not proved: the server does not create the extension (${messageOf(error)})`;
    if (isOutside(error) || isTheirs(error, upgrade, [before, wanted]))
      return `not proved: a statement needs what is not in the copy (${messageOf(error)})`;
    if (standing) return `not proved: others stand in the way on the copy, too (${messageOf(error)})`;
    throw notProved("cannot be carried out", { statement, error });
  }
  const operations = await remaining(project, place, wanted, known, names);
  if (operations.length > 0) throw notProved("does not lead to what the entities say", { operations });
  return null;
}

async function back(project: Project, place: Place, { upgrade, before }: Case, after: Schema): Promise<readonly string[]> {
  const { operations, irreversible } = reverseAll(upgrade);
  if (irreversible.length > 0) return ["the way back is not proved: a step cannot be taken back"];
  let statement: Statement | undefined;
  try {
    await send(project, place, operations, after, (one) => {
      statement = one;
    });
  } catch (error) {
    if (needsCast(error)) return [`the way back is not proved: it needs a cast that must be told (${messageOf(error)})`];
    throw notProved("cannot be taken back", { statement, error });
  }
  const rest = await remaining(project, place, before);
  if (rest.length > 0) throw notProved("taken back, does not lead to what was before", { operations: rest });
  return [];
}

/** What still lies between the place and a schema. Without `known` everything that stands there counts. */
async function remaining(
  project: Project,
  { db, server }: Place,
  goal: Schema,
  known?: Schema,
  names: boolean = true,
): Promise<readonly Operation[]> {
  const { dialect } = project;
  const found = await dialect.introspect(db, server, { schemas: goal.namespaces, ignore: [] });
  const now = dialect.normalize(found.schema, server);
  const { wanted } = await dialect.canonical(db, server, goal, now);
  return diff(now, wanted, { rules: dialect.rules, known: known ?? now, names }).operations;
}

/** As the runner sends them: what may share a transaction does, as far as the server can hold its locks. */
async function send(
  { dialect }: Project,
  { db, server }: Place,
  operations: readonly Operation[],
  before: Schema,
  sending: (statement: Statement) => void = () => {},
): Promise<void> {
  // nobody else is in a copy: what may take a lock there takes it
  const sent = { statements: dialect.compile(operations, { server, before, online: false }), operations };
  for (const { transactional, statements } of batchesOf(sent.statements, "each", 0, cutsFor(dialect, sent))) {
    if (transactional) await db.query("BEGIN");
    try {
      for (const statement of statements) {
        sending(statement);
        await db.query(statement.sql);
      }
      if (transactional) await db.query("COMMIT");
    } catch (error) {
      if (transactional) await db.query("ROLLBACK").catch(() => {});
      throw error;
    }
  }
}

/** The copy has no rows: where people have yet to say how values convert, none stands for all. */
function standIns({ dialect }: Project, operations: readonly Operation[], review: readonly Point[]): readonly Operation[] {
  const open = new Set(
    review.flatMap(({ kind, schema, table, column, from }) => (kind === "using" ? [`${schema}.${table}.${column ?? from}`] : [])),
  );
  return operations.map((operation) => {
    if (operation.kind !== "alterColumn" || !open.has(`${operation.schema}.${operation.table}.${operation.to.name}`)) return operation;
    return { ...operation, using: dialect.name === "postgres" ? `NULL::${operation.to.type}` : "NULL" };
  });
}

/** One scratch database stands for one database of MySQL: what is in others is left out. */
function withinReach({ dialect }: Project, operations: readonly Operation[]) {
  const isElsewhere = (operation: Operation): boolean =>
    dialect.name === "mysql" && (JSON.stringify(operation).includes('"schema":') || operation.kind === "moveTable");
  return { kept: operations.filter((one) => !isElsewhere(one)), left: operations.filter(isElsewhere) };
}

function withoutOthers({ dialect }: Project, part: Schema): Schema {
  if (dialect.name !== "mysql") return part;
  const own = <T extends { readonly schema?: string }>(items: readonly T[]): readonly T[] =>
    items.filter(({ schema }) => schema === undefined);
  const inside = ({ references }: ForeignKey): boolean => references.schema === undefined;
  const tables = own(part.tables).map((table) => ({ ...table, foreignKeys: table.foreignKeys.filter(inside) }));
  return { ...part, tables, views: own(part.views) };
}

interface Trouble {
  readonly statement?: Statement | undefined;
  readonly error?: unknown;
  readonly operations?: readonly Operation[];
}

function notProved(what: string, { statement, error, operations = [] }: Trouble): LimbeckError {
  const sql = statement?.sql;
  const lines = [
    ...(sql === undefined ? [] : [`  ${sql}`, `  ${messageOf(error)}`]),
    ...operations.map((operation) => `  remains: ${describe(operation)}`),
  ];
  return failed(
    "proof-failed",
    `Tried on a copy of its tables, the revision ${what}; nothing was written.\n${lines.join("\n")}`,
    "--no-proof writes it all the same; please report this",
    { ...(sql === undefined ? {} : { statement: sql, cause: messageOf(error) }), ...(operations.length > 0 ? { operations } : {}) },
    error,
  );
}

/** SQLSTATE on PostgreSQL; on MariaDB, whose newer errors the driver has no name for, the number. */
function codeOf(error: unknown): string {
  const { code = "", errno } = (error ?? {}) as { readonly code?: unknown; readonly errno?: unknown };
  return typeof errno === "number" && errno > 0 ? String(errno) : String(code);
}

/** A function, type or schema of the database's that no schema of ours holds. */
const isOutside = (error: unknown): boolean => ["42883", "42704", "3F000", "42501", "1305"].includes(codeOf(error));

/** A relation that an operation speaks of and that is no table or view of ours: most often somebody's sequence, in a default. */
function isTheirs(error: unknown, operations: readonly Operation[], schemas: readonly Schema[]): boolean {
  const name = codeOf(error) === "42P01" ? /"(?:[^"]*\.)?([^".]+)"/.exec(messageOf(error))?.[1] : undefined;
  if (name === undefined || !JSON.stringify(operations).includes(name)) return false;
  return schemas.every(({ tables, views }) => [...tables, ...views].every((one) => one.name !== name));
}

const needsCast = (error: unknown): boolean => ["42804", "42846", "4078"].includes(codeOf(error));

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
