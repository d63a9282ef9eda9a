import type { Operation } from "../core/operation.ts";
import { journalled } from "../core/redact.ts";
import type { CodeStep, Revision } from "../core/revision.ts";
import type { Schema } from "../core/schema.ts";
import type { Statement } from "../core/statement.ts";
import { version } from "../core/version.ts";
import type { CompileContext, Dialect, JournalRow } from "../dialect/dialect.ts";

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

export interface Compiled extends Step {
  readonly statements: readonly Statement[];
  /** statements before which a transaction has to end: the server could not hold all its locks */
  readonly cuts?: ReadonlySet<number>;
}

/** The part of a journal row that the revision itself decides. */
export type RevisionRecord = Pick<JournalRow, "id" | "parents" | "depends_on" | "message" | "checksum" | "source_hash" | "operations">;

export function stepOf(revision: Revision, direction: Direction, checksum: string, sourceHash: string): Step {
  const { operations, code } = revision[direction];
  return { id: revision.id, direction, operations, code, record: recordOf(revision, checksum, sourceHash) };
}

interface Compiler {
  readonly dialect: Dialect;
  readonly context: CompileContext;
}

export function compiled(steps: readonly Step[], { dialect, context }: Compiler): readonly Compiled[] {
  return steps.map((step) => ({ ...step, statements: dialect.compile(step.operations, contextAt(step, context)) }));
}

/** What is known of the server, with the schema that the step finds. */
export function contextAt({ before }: Step, context: CompileContext): CompileContext {
  return before === undefined ? context : { ...context, before };
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
