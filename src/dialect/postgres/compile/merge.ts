import type { Hazard } from "../../../core/hazard.ts";
import type { Statement } from "../../../core/statement.ts";
import { type AlterPiece, type Clause, type PlainPiece, pass } from "./piece.ts";
import type { Placed } from "./stages.ts";

/** An ALTER TABLE that still takes clauses, with the comments that wait for it. */
interface Open {
  readonly table: string;
  readonly clauses: Clause[];
  readonly hazards: Hazard[];
  readonly operations: Set<number>;
  readonly waiting: { readonly piece: PlainPiece; readonly operation: number }[];
}

/** Neighbouring changes of one table become one ALTER TABLE, wherever the result is the same as one after the other. */
export function merge(pieces: readonly Placed<AlterPiece | PlainPiece>[]): readonly Statement[] {
  const statements: Statement[] = [];
  let open: Open | null = null;
  const flush = (): void => {
    if (open !== null) statements.push(...close(open));
    open = null;
  };
  for (const { piece, operation } of pieces) {
    if (piece.kind === "alter") {
      if (open === null || !fits(open, piece)) {
        flush();
        open = { table: piece.table, clauses: [], hazards: [], operations: new Set(), waiting: [] };
      }
      const into: Open = open;
      into.clauses.push(...piece.clauses);
      into.hazards.push(...piece.hazards);
      into.operations.add(operation);
    } else if (open !== null && piece.waits?.table === (open as Open).table) {
      (open as Open).waiting.push({ piece, operation });
    } else if (open !== null && mayGoAhead(open, piece)) {
      statements.push(statementOf(piece, operation));
    } else {
      flush();
      statements.push(statementOf(piece, operation));
    }
  }
  flush();
  return statements;
}

function fits(open: Open, piece: AlterPiece): boolean {
  if (open.table !== piece.table) return false;
  // a comment cannot wait for a column to go
  const gone = piece.clauses.filter((one) => one.pass === pass.drop).flatMap((one) => one.names);
  if (open.waiting.some((one) => one.piece.waits?.names.some((name) => gone.includes(name)))) return false;
  return piece.clauses.every((later) => open.clauses.every((earlier) => mayFollow(earlier, later)));
}

function mayGoAhead(open: Open, { ahead }: PlainPiece): boolean {
  if (ahead?.table !== open.table) return false;
  return open.clauses.every(({ names }) => !names.some((name) => ahead.names.includes(name)));
}

function mayFollow(earlier: Clause, later: Clause): boolean {
  const shared = later.names.some((name) => earlier.names.includes(name));
  if (shared && (later.pass < earlier.pass || later.pass === pass.type || (later.pass === earlier.pass && later.pass >= pass.attribute)))
    return false;
  if (mentions(earlier.reads, later.names) && later.pass < pass.constraint) return false;
  // a check reads its columns in the last pass, when all of them are there; other expressions are read with the columns as they were
  return !mentions(later.reads, earlier.names) || later.pass === pass.constraint;
}

function mentions(expression: string | undefined, names: readonly string[]): boolean {
  return expression !== undefined && names.some((name) => expression.toLowerCase().includes(name.toLowerCase()));
}

function close(open: Open): readonly Statement[] {
  const [first, ...rest] = open.clauses.map((one) => one.sql);
  const sql = rest.length === 0 ? `ALTER TABLE ${open.table} ${first}` : `ALTER TABLE ${open.table}\n  ${[first, ...rest].join(",\n  ")}`;
  return [
    { sql, operations: [...open.operations], transactional: true, hazards: distinct(open.hazards) },
    ...open.waiting.map((one) => statementOf(one.piece, one.operation)),
  ];
}

function statementOf(piece: PlainPiece, operation: number): Statement {
  return {
    sql: piece.sql,
    operations: [operation],
    transactional: piece.transactional ?? true,
    hazards: piece.hazards,
    ...(piece.probe === undefined ? {} : { probe: piece.probe }),
    ...(piece.code === undefined ? {} : { code: piece.code }),
    ...(piece.batches === undefined ? {} : { batches: piece.batches }),
    ...(piece.patient === undefined ? {} : { patient: piece.patient }),
  };
}

function distinct(hazards: readonly Hazard[]): readonly Hazard[] {
  return hazards.filter((one, i) => hazards.findIndex((other) => other.kind === one.kind && other.message === one.message) === i);
}
