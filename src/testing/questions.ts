import type { Outcome } from "../core/errors.ts";

export interface CheckOptions {
  /** where the project is; the folder that the tests run in */
  readonly cwd?: string;
  /** the module that exports the data source; found as the command line finds it */
  readonly config?: string;
  /** which export, when the module has several data sources */
  readonly exportName?: string;
  /**
   * A server to make the scratch database on. Without it PostgreSQL projects use the embedded engine, which needs no server; MySQL and
   * MariaDB projects the configured one.
   */
  readonly url?: string;
  /** what the revisions read as `-x key=value` */
  readonly x?: Readonly<Record<string, string>>;
}

/** What is asked of a project's revisions, as tests are named. */
export const questions = [
  "the revisions have one head",
  "no revision has an open review point",
  "every revision goes up, and up again, with rows in the tables",
  "taking a revision back restores the schema and the rows",
  "the entities are what the revisions lead to",
] as const;
export type Question = (typeof questions)[number];

/** An error on its way from one process to another; without an outcome it is not one of ours. */
export interface Failure {
  readonly outcome?: Outcome;
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** What failed, and how. */
export type Answer = { readonly [Q in Question]?: Failure };
