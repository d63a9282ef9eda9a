import type { Hazard } from "../../../core/hazard.ts";
import type { Probe, Statement } from "../../../core/statement.ts";
import { type AlterPiece, type Clause, type Piece, type PlainPiece, probeOf } from "./piece.ts";

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
}

/**
 * Neighbouring changes of one table become one ALTER TABLE: the table is copied once, and an index that a foreign key needs or a key
 * with AUTO_INCREMENT is replaced with no moment in which there is none.
 */
export function merge(pieces: readonly Placed[]): readonly Statement[] {
  const statements: Statement[] = [];
  let open: Open | null = null;
  const flush = (): void => {
    if (open !== null) statements.push(close(open));
    open = null;
  };
  for (const { piece, operation } of pieces) {
    if (piece.kind === "plain") {
      flush();
      statements.push(statementOf(piece, operation));
      continue;
    }
    if (open === null || !fits(open, piece)) {
      flush();
      open = { table: piece.table, clauses: [], hazards: [], operations: new Set() };
    }
    const into: Open = open;
    into.clauses.push(...piece.clauses);
    into.hazards.push(...piece.hazards);
    into.operations.add(operation);
  }
  flush();
  return statements;
}

function fits(open: Open, piece: AlterPiece): boolean {
  return open.table === piece.table && piece.clauses.every((later) => open.clauses.every((earlier) => mayFollow(earlier, later)));
}

/** One ALTER TABLE reads all its clauses over the table as it was: what one of them makes or names anew is not there for the others. */
function mayFollow(earlier: Clause, later: Clause): boolean {
  if (shares(earlier, later)) return earlier.does === "drop" && later.does === "add" && later.what !== "foreign key";
  return !renamesWhatIsUsed(earlier, later) && !renamesWhatIsUsed(later, earlier);
}

function shares(a: Clause, b: Clause): boolean {
  return a.what === b.what && a.names.some((name) => b.names.some((other) => same(name, other)));
}

function renamesWhatIsUsed(rename: Clause, other: Clause): boolean {
  if (rename.does !== "rename" || rename.what !== "column") return false;
  return rename.names.some(
    (name) => other.columns?.some((column) => same(column, name)) || other.reads?.toLowerCase().includes(name.toLowerCase()) || false,
  );
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

function close(open: Open): Statement {
  const [first, ...rest] = open.clauses.map((one) => one.sql);
  const sql = rest.length === 0 ? `ALTER TABLE ${open.table} ${first}` : `ALTER TABLE ${open.table}\n  ${[first, ...rest].join(",\n  ")}`;
  return { sql, operations: [...open.operations], transactional: false, hazards: distinct(open.hazards), probe: probe(open.clauses) };
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
