import type { Db } from "../core/db.ts";
import type { CodeStep } from "../core/revision.ts";
import type { QualifiedName } from "../core/schema.ts";
import type { CompileContext, Dialect } from "../dialect/dialect.ts";
import type { RunEvent } from "./events.ts";

/** `each`: a transaction a revision. `all`: one for the whole run. `none`: every statement by itself. What cannot be in a transaction never is. */
export type TransactionMode = "each" | "all" | "none";

export interface RunOptions {
  readonly dialect: Dialect;
  readonly context: CompileContext;
  readonly journal: QualifiedName;
  readonly transaction: TransactionMode;
  readonly onEvent?: (event: RunEvent) => void;
}

export interface LiveOptions extends RunOptions {
  /** seconds to wait for another run */
  readonly wait: number;
  /** runs a step that is written in code */
  readonly runCode: (code: CodeStep, inTransaction: boolean) => Promise<void>;
  /** as the session has them */
  readonly lockTimeoutMs: number;
  readonly statementTimeoutMs: number;
  /** another session with the same database, to see what the first one waits for */
  readonly watch?: () => Promise<Db>;
  readonly signal?: AbortSignal;
}
