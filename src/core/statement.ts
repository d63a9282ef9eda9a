import type { Hazard } from "./hazard.ts";
import type { QualifiedName } from "./schema.ts";

/** One statement to send, made from one or several operations. */
export interface Statement {
  readonly sql: string;
  /** indexes of the operations it carries out */
  readonly operations: readonly number[];
  /** false: it commits by itself (MySQL DDL) or refuses to run in a transaction (CREATE INDEX CONCURRENTLY, ALTER TYPE … ADD VALUE) */
  readonly transactional: boolean;
  readonly hazards: readonly Hazard[];
  /** tells after a crash whether the statement has happened; only where `transactional` is false */
  readonly probe?: Probe;
  /** a `run` operation: the place of its function in `Recording.code`; `sql` is then a comment with its title */
  readonly code?: number;
  /** code or a call, on a server that commits by itself before DDL: whether that was in it is told only afterwards */
  readonly mayCommit?: true;
  /** a `backfill` operation: rows are changed in batches, each committed; `sql` is one batch that finds its rows by itself */
  readonly batches?: Batches;
  /** long by nature and in nobody's way (CREATE INDEX CONCURRENTLY, VALIDATE CONSTRAINT): no statement timeout, and it may wait for locks */
  readonly patient?: true;
}

/** A backfill whose batches go along a key, which the server is asked for when it runs. */
export interface Batches {
  readonly table: QualifiedName;
  /** `"a" = 1, "b" = lower("c")` */
  readonly set: string;
  /** which rows are still to be changed */
  readonly where: string;
  /** a changed row leaves the condition, whatever its values: rows that come meanwhile can be looked for */
  readonly settles: boolean;
  /** rows to begin with */
  readonly size: number;
  /**
   * All rows in one statement, for those who can only repeat a batch until it finds none: the new values may be other ones each time
   * (`n + 1`, `random()`), so that this would never end
   */
  readonly once?: string;
}

/** For those who can't walk: a backfill that might never end in repeated batches is one statement like any other. */
export function atOnce({ batches, ...statement }: Statement): Statement {
  if (batches === undefined) return statement;
  return batches.once === undefined ? { ...statement, batches } : { ...statement, sql: batches.once };
}

/**
 * A query with one row and one column: 'done', 'none' (not begun) or 'half'. After 'half' the `repair` statements run,
 * then the statement again.
 */
export interface Probe {
  readonly sql: string;
  readonly repair?: readonly string[];
}

/** A question about the data, or about the server, asked before anything runs. */
export interface Precheck {
  /** what is counted: rows unless it says `server` (a right, an extension), where only yes or no matters */
  readonly about?: "server";
  /** one row: `count` (how many rows stand in the way) and optionally `samples` (text); of the server, `samples` says who lacks what, and what to type */
  readonly sql: string;
  /** index of the operation */
  readonly operation: number;
  /** stable: nulls, no-fill, duplicates, orphans, too-long, out-of-range, cast, enum-value, check, rounding, zero-date, zero-number, collision, unknown-attribute, unmanaged, dependants, partitioned, rights, extension */
  readonly code: string;
  /** what is wrong when count is not zero: `exams.title has NULLs` */
  readonly message: string;
  /** what to type next */
  readonly hint: string;
  /** the tables it reads, as they are named before the run */
  readonly tables: readonly {
    readonly schema?: string;
    readonly name: string;
    readonly columns: readonly string[];
  }[];
}
