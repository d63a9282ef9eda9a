import type { Row } from "./db.ts";
import type { Operation } from "./operation.ts";

/** What stands at the head of a revision file; known without running it. */
export interface Header {
  readonly id: string;
  readonly parents: readonly string[];
  readonly dependsOn: readonly string[];
  readonly labels: readonly string[];
  readonly message: string;
  readonly createdAt: string;
  readonly review: readonly Point[];
  /** the revisions that a squash put into this one */
  readonly replaces: readonly string[];
  /** it runs a migration that TypeORM knows by this name, in whose table it is recorded, too */
  readonly typeorm?: string;
  /** it tells of a database that was there before: the names of keys and indexes are not what the models asked for */
  readonly adopted?: true;
}

/** A revision with its operations recorded. */
export interface Revision extends Header {
  readonly upgrade: Recording;
  readonly downgrade: Recording;
}

/** What `upgrade(op)` or `downgrade(op)` did. `code` are the functions of the `run` operations, by place. */
export interface Recording {
  readonly operations: readonly Operation[];
  readonly code: readonly CodeStep[];
}
/** A step in code: with the session that does the work. */
export interface CodeStep<Manager = unknown> {
  (db: CodeDb<Manager>): Promise<void>;
  /** it may not be in a transaction: it commits by itself what it does */
  readonly transaction?: false;
}
export interface CodeDb<Manager = unknown> {
  /** rows as objects; every value as the text that the server writes, or null */
  query(sql: string, values?: readonly unknown[]): Promise<readonly Row[]>;
  /** TypeORM's EntityManager over the same session and transaction; the entities are loaded when it is asked for */
  manager(): Promise<Manager>;
  /** what `-x key=value` said */
  readonly x: Readonly<Record<string, string>>;
}

/**
 * A question that the generator leaves to people. A revision with open ones does not run.
 * `rename`: the dropped column `from` may be the added column `to`. `renameTable`, `renameEnumValue` alike.
 * `using`: how the values of column `from` become the new type must be told.
 */
export interface Point {
  readonly id: string;
  readonly kind: PointKind;
  readonly schema?: string;
  /** for renameEnumValue the name of the enum or of the column's table */
  readonly table: string;
  readonly column?: string;
  readonly from?: string;
  readonly to?: string;
  /** 0 to 1 */
  readonly confidence?: number;
  readonly evidence: readonly string[];
  readonly alternatives?: readonly string[];
  /** what is lost when the file runs as written */
  readonly stake?: string;
  /** hand-made indexes and constraints that go only because the column does: a rename keeps them */
  readonly keeps?: readonly string[];
}
export type PointKind = "rename" | "renameTable" | "renameView" | "renameEnumValue" | "using";

/** A report about one operation of a revision. */
export interface Finding {
  readonly code: string;
  readonly severity: "error" | "warning" | "info";
  readonly revision: string;
  /** index among the operations of the direction */
  readonly op: number;
  readonly message: string;
  readonly why: string;
  readonly fix: string;
}
