import type { Statement } from "../core/statement.ts";
import type { Step } from "./step.ts";

/** Where a run goes: to a server, or into a script. */
export interface Sink {
  /** the session that does the work; null when nobody can know */
  readonly session: string | null;
  announce(step: Compiled): Promise<void>;
  begin(): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  statement(statement: Statement, step: Step): Promise<void>;
  /** a statement on the journal */
  journal(sql: string): Promise<void>;
}

export interface Compiled extends Step {
  readonly statements: readonly Statement[];
}
