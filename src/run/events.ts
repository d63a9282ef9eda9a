import type { Blocker, ServerProgress } from "../dialect/dialect.ts";
import type { Direction } from "./step.ts";

/** What a run tells while it goes on. */
export type RunEvent =
  | { readonly kind: "plan"; readonly revisions: number }
  /** another run holds the lock of this database */
  | { readonly kind: "waiting"; readonly holder: string }
  | {
      readonly kind: "revision";
      readonly revision: string;
      readonly direction: Direction;
      readonly message: string;
      readonly total: number;
    }
  | ({ readonly kind: "statement"; readonly sql: string } & Place)
  /** the running statement waits for others' locks */
  | ({ readonly kind: "blocked"; readonly blockers: readonly Blocker[] } & Place)
  /** what was not had was rolled back; after the pause it is tried again, with everything in the same transaction */
  | ({
      readonly kind: "retry";
      /** the attempt that failed, from 1 */
      readonly attempt: number;
      readonly of: number;
      readonly pauseMs: number;
      readonly reason: string;
      readonly blockers: readonly Blocker[];
    } & Place)
  /** what the server itself tells of the running statement */
  | ({ readonly kind: "progress"; readonly server: ServerProgress } & Place)
  /** a backfill after each of its batches: rows changed by this run, and an estimate of the rest */
  | ({
      readonly kind: "rows";
      readonly rows: number;
      readonly perSecond: number;
      readonly left: number;
      readonly secondsLeft: number | null;
    } & Place)
  | ({ readonly kind: "statementDone"; readonly ms: number } & Place)
  | { readonly kind: "revisionDone"; readonly revision: string; readonly direction: Direction; readonly ms: number };

/** A statement of a revision, counted from 0. */
export interface Place {
  readonly revision: string;
  readonly index: number;
  readonly total: number;
}
