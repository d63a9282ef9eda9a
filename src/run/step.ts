import type { Operation } from "../core/operation.ts";
import { journalled } from "../core/redact.ts";
import type { CodeStep, Revision } from "../core/revision.ts";
import type { QualifiedName, Schema } from "../core/schema.ts";
import { version } from "../core/version.ts";
import type { CompileContext, Dialect, JournalRow } from "../dialect/dialect.ts";
import type { RunEvent } from "./events.ts";

export type Direction = "upgrade" | "downgrade";

/** One revision to run in one direction. */
export interface Step {
  readonly id: string;
  readonly direction: Direction;
  readonly operations: readonly Operation[];
  readonly code: readonly CodeStep[];
  /** what the journal keeps of the revision */
  readonly record: RevisionRecord;
  /** the schema before it, as the history has it; for engines whose statements depend on the whole table */
  readonly before?: Schema;
  /** statements on the records, sent with the journal's row and in its transaction: rows that a squash stands for, TypeORM's own table */
  readonly also?: readonly string[];
}

/** The part of a journal row that the revision itself decides. */
export type RevisionRecord = Pick<JournalRow, "id" | "parents" | "depends_on" | "message" | "checksum" | "source_hash" | "operations">;

/** `each`: a transaction a revision. `all`: one for the whole run. `none`: every statement by itself. What cannot be in a transaction never is. */
export type TransactionMode = "each" | "all" | "none";

export interface RunOptions {
  readonly dialect: Dialect;
  readonly context: CompileContext;
  readonly journal: QualifiedName;
  readonly transaction: TransactionMode;
  readonly onEvent?: (event: RunEvent) => void;
}

export function stepOf(revision: Revision, direction: Direction, checksum: string, sourceHash: string): Step {
  const { operations, code } = revision[direction];
  return { id: revision.id, direction, operations, code, record: recordOf(revision, checksum, sourceHash) };
}

export function recordOf(revision: Revision, checksum: string, sourceHash: string): RevisionRecord {
  return {
    id: revision.id,
    parents: revision.parents,
    depends_on: revision.dependsOn,
    message: revision.message,
    checksum,
    source_hash: sourceHash,
    operations: journalled(revision.upgrade.operations),
  };
}

/** The row of a revision that is applied; the server fills in when and by whom. */
export function appliedRow(record: RevisionRecord, statements: number, ms: number): JournalRow {
  return {
    ...record,
    applied_at: null,
    duration_ms: Math.round(ms),
    applied_by: null,
    tool_version: version,
    status: "applied",
    done: statements,
    total: statements,
    session: null,
    error: null,
    progress: null,
  };
}
