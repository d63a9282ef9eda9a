import type { Statement } from "../core/statement.ts";
import type { Place } from "./events.ts";
import type { Compiled, Step } from "./step.ts";

/** Where a run goes: to a server, or into a script. */
export interface Sink {
  /** the session that does the work; null when nobody can know */
  readonly session: string | null;
  announce(step: Compiled): Promise<void>;
  begin(): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  statement(statement: Statement, step: Step, turn: Turn): Promise<void>;
  /** a statement on the records; `rows`: how many it is to change, where that is known */
  journal(sql: string, rows?: number): Promise<void>;
}

/** A statement's turn, and how far an earlier one came with it; only a backfill comes part of the way. */
export interface Turn {
  readonly place: Place;
  progress: string | null;
}
