import type { Server } from "../../../core/db.ts";
import type { Hazard } from "../../../core/hazard.ts";
import type { Probe, Statement } from "../../../core/statement.ts";
import { isDrawn } from "./column.ts";
import { rewrite, waiting } from "./hazards.ts";
import { type Effect, effectInPlace, effectOf, isIndexed, isInnoDb } from "./online.ts";
import { type AlterPiece, type Clause, type Others, type Piece, type PlainPiece, probeOf } from "./piece.ts";

interface Placed {
  readonly piece: Piece;
  readonly operation: number;
}

/** An ALTER TABLE that still takes clauses. */
interface Open {
  readonly table: string;
  readonly clauses: Clause[];
  readonly hazards: Hazard[];
  readonly operations: Set<number>;
  /** as they are before the first of the clauses */
  readonly others: Others;
  mayWait: boolean;
}

/**
 * Neighbouring changes of one table become one ALTER TABLE: the table is copied once, and an index that a foreign key needs or a key
 * with AUTO_INCREMENT is replaced with no moment in which there is none.
 */
export function merge(pieces: readonly Placed[], server: Server): readonly Statement[] {
  const statements: Statement[] = [];
  let open: Open | null = null;
  const flush = (): void => {
    if (open !== null) statements.push(close(open, server));
    open = null;
  };
  for (const { piece, operation } of pieces) {
    if (piece.kind === "plain") {
      flush();
      statements.push(statementOf(piece, operation));
      continue;
    }
    if (open === null || !fits(open, piece, server)) {
      flush();
      open = { table: piece.table, clauses: [], hazards: [], operations: new Set(), others: piece.others, mayWait: false };
    }
    const into: Open = open;
    into.clauses.push(...piece.clauses);
    into.hazards.push(...piece.hazards);
    into.operations.add(operation);
    into.mayWait ||= piece.others.mayWait;
  }
  flush();
  return statements;
}

function fits(open: Open, piece: AlterPiece, server: Server): boolean {
  const possible = open.table === piece.table && piece.clauses.every((later) => open.clauses.every((earlier) => mayFollow(earlier, later)));
  return (
    possible && !drawsForRows(open, piece, server) && !renamesKeyInCopy(open, piece, server) && (bound(open) || !worse(open, piece, server))
  );
}

/** MySQL takes a default that draws its values (`uuid()`) for one of the rows that are there when any column comes beside it. */
function drawsForRows({ clauses }: Open, piece: AlterPiece, server: Server): boolean {
  const all = [...clauses, ...piece.clauses];
  return server.flavor === "mysql" && all.some(({ does, what }) => does === "add" && what === "column") && all.some(draws);
}

const draws = ({ what, reads }: Clause): boolean => what === "column" && reads !== undefined && isDrawn(reads);

/** A table of which a foreign key's column gets another name is not copied: it may be any column with an index, for others point to it. */
function renamesKeyInCopy({ clauses, others }: Open, piece: AlterPiece, server: Server): boolean {
  const all = [...clauses, ...piece.clauses];
  const renamed = all.flatMap(({ does, what, names }) => (does === "rename" && what === "column" ? names.slice(0, 1) : []));
  return renamed.some((name) => isIndexed(others.table, name)) && effectInPlace(all, others.table, server) === "wait";
}

/** What comes in an index's or a key's place comes at the same time. */
const bound = ({ clauses }: Open): boolean => clauses.some(({ does, what }) => does === "drop" && (what === "index" || what === "key"));

/** Would others wait for both together, or the rows be copied, and for neither alone? */
function worse({ clauses, others }: Open, piece: AlterPiece, server: Server): boolean {
  if (others.none) return false;
  const waits = (some: readonly Clause[]): boolean => effectInPlace(some, others.table, server) === "wait";
  return waits([...clauses, ...piece.clauses]) && !waits(clauses) && !waits(piece.clauses);
}

/** One ALTER TABLE reads all its clauses over the table as it was: what one of them makes or names anew is not there for the others. */
function mayFollow(earlier: Clause, later: Clause): boolean {
  // nor is a key that is new there for a foreign key of the table to itself
  if (later.self && earlier.does === "add" && earlier.what !== "column") return false;
  if (later.single && earlier.single) return false;
  if (later.does === "drop" && later.what === "column" && mentions(earlier, later.names)) return false;
  if (shares(earlier, later)) return earlier.does === "drop" && later.does === "add" && later.what !== "foreign key";
  return !renamesWhatIsUsed(earlier, later) && !renamesWhatIsUsed(later, earlier);
}

const mentions = ({ columns = [] }: Clause, names: readonly string[]): boolean =>
  columns.some((column) => names.some((name) => same(column, name)));

function shares(a: Clause, b: Clause): boolean {
  return a.what === b.what && a.names.some((name) => b.names.some((other) => same(name, other)));
}

function renamesWhatIsUsed(rename: Clause, other: Clause): boolean {
  if (rename.does !== "rename" || rename.what !== "column") return false;
  return rename.names.some((name) => mentions(other, [name]) || other.reads?.toLowerCase().includes(name.toLowerCase()) || false);
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

function close({ table, clauses, operations, others, mayWait, hazards: own }: Open, server: Server): Statement {
  const effect = others.none ? "none" : effectOf(clauses, others.table, server);
  // where writes need not wait the server is held to it: it refuses rather than let them
  const held = effect !== "wait" && !mayWait && !others.none && others.table !== undefined && isInnoDb(others.table, server);
  const [first, ...rest] = clauses.map((one) => one.sql);
  const body = rest.length === 0 ? ` ${first}` : `\n  ${[first, ...rest].join(",\n  ")}`;
  const lock = held ? `${rest.length === 0 ? ", " : ",\n  "}LOCK = NONE` : "";
  const hazards = distinct([...own, ...hazardsOf(effect, others)]);
  return {
    sql: `ALTER TABLE ${table}${body}${lock}`,
    operations: [...operations],
    transactional: false,
    hazards,
    probe: probe(clauses),
    ...(effect === "none" && clauses.every(({ cost }) => cost !== "index") ? {} : { patient: true as const }),
  };
}

function hazardsOf(effect: Effect, { label }: Others): readonly Hazard[] {
  if (effect === "wait") return [waiting(label)];
  return effect === "rewrite" ? [rewrite(`${label} is written anew beside its writers, which takes time and room`)] : [];
}

/**
 * The statement happens as a whole, so one clause tells of all. What comes or goes tells best; a statement that only changes or replaces
 * may be sent again.
 */
function probe(clauses: readonly Clause[]): Probe {
  const once = clauses.filter((clause) => clause.does !== "change" && !clauses.some((other) => other !== clause && shares(clause, other)));
  const telling = once.find((clause) => clause.happened !== undefined);
  // of a check that is replaced the server shows no more than its name
  const other = clauses.find((clause) => clause.does !== "drop" && clause.what !== "check" && clause.happened !== undefined);
  return probeOf(telling?.happened ?? other?.happened ?? null);
}

function statementOf(piece: PlainPiece, operation: number): Statement {
  const { kind: _, ...rest } = piece;
  return { ...rest, operations: [operation] };
}

function distinct(hazards: readonly Hazard[]): readonly Hazard[] {
  return hazards.filter((one, i) => hazards.findIndex((other) => other.kind === one.kind && other.message === one.message) === i);
}
