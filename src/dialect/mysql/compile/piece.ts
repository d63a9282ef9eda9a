import type { Hazard } from "../../../core/hazard.ts";
import type { Online, OnTable, Operation } from "../../../core/operation.ts";
import type { Builder } from "../../../core/operations/builder.ts";
import { type Column, keyOf, labelOf, type QualifiedName, type Table } from "../../../core/schema.ts";
import type { Batches, Probe } from "../../../core/statement.ts";
import type { CompileContext } from "../../dialect.ts";
import { quoteTable } from "../quote.ts";

export type What = "column" | "index" | "key" | "foreign key" | "check" | "options";

/**
 * What a clause asks of the table while others write to it. `moment`: a note in the dictionary. `index`: an index is built or goes. `add`,
 * `drop`, `virtual`: of a column, a moment in most tables. `rebuild`: all rows are written anew, beside the writes in most tables.
 * `required`: a column becomes NOT NULL, a rebuild. `copy`: all rows are copied, and writes wait until they are (`copiesBeside`). `count`: the
 * rows are copied and numbered, and writes wait everywhere.
 */
export type Cost = "moment" | "index" | "add" | "drop" | "virtual" | "rebuild" | "required" | "copy" | "count";

/** One part of an ALTER TABLE. */
export interface Clause {
  readonly sql: string;
  readonly does: "add" | "drop" | "change" | "rename";
  readonly what: What;
  /** what it is about; a rename has both names */
  readonly names: readonly string[];
  readonly cost: Cost;
  /** columns that it mentions besides */
  readonly columns?: readonly string[];
  /** a foreign key to the table itself */
  readonly self?: boolean;
  /** an expression in it */
  readonly reads?: string;
  /** the server makes one such at a time */
  readonly single?: boolean;
  /** a condition that holds once it has happened, and not before */
  readonly happened?: string;
}

/** Neighbours on one table become one statement, which happens as a whole or not at all. */
export interface AlterPiece {
  readonly kind: "alter";
  readonly table: string;
  readonly clauses: readonly Clause[];
  readonly hazards: readonly Hazard[];
  readonly others: Others;
}

/** What is known of those who may be at work on the table meanwhile. */
export interface Others {
  /** how people call the table */
  readonly label: string;
  /** nobody: the table is new */
  readonly none: boolean;
  /** they may be made to wait: that was asked for, or nobody can be there */
  readonly mayWait: boolean;
  /** as it stands before */
  readonly table: Table | undefined;
}

export interface PlainPiece {
  readonly kind: "plain";
  readonly sql: string;
  readonly hazards: readonly Hazard[];
  readonly transactional: boolean;
  readonly probe?: Probe;
  readonly code?: number;
  readonly mayCommit?: true;
  readonly patient?: true;
  readonly batches?: Batches;
}

export type Piece = AlterPiece | PlainPiece;

/** What the compilers of one list know besides the operation. Grows while the list is walked. */
export interface Scene {
  readonly context: CompileContext;
  /** tables that earlier operations of the list made: they hold no rows, and no one else uses them yet */
  readonly fresh: Set<string>;
  /** TypeORM's table is made once */
  metadataTableMade: boolean;
  /** columns whose AUTO_INCREMENT went with their key, and by table the one whose comes with it */
  readonly uncounted: Set<string>;
  readonly counting: Map<string, Column>;
  /** what stands before the operation, as far as it is known, and what stood before the list */
  readonly schema: Builder;
  readonly before: ReadonlyMap<string, Table>;
  /** the list, the place in it, and where each table's operations stand in it */
  readonly operations: readonly Operation[];
  at: number;
  readonly places: ReadonlyMap<string, readonly number[]>;
}

export const tableOf = (operation: OnTable): QualifiedName =>
  operation.schema === undefined ? { name: operation.table } : { schema: operation.schema, name: operation.table };

export const named = (name: string, schema: string | undefined): QualifiedName => (schema === undefined ? { name } : { schema, name });

export const known = (scene: Scene, name: QualifiedName): Table | undefined => scene.schema.table(name);

export const isFresh = (scene: Scene, name: QualifiedName): boolean => scene.fresh.has(keyOf(name));

/** Rows are changed in a transaction. */
export function onRows(sql: string, more: Pick<PlainPiece, "code" | "mayCommit" | "batches"> = {}): PlainPiece {
  return { kind: "plain", sql, hazards: [], transactional: true, ...more };
}

/** Commits by itself; `happened` holds once it has. */
export function definition(sql: string, happened: string | null, hazards: readonly Hazard[] = []): PlainPiece {
  return { kind: "plain", sql, hazards, transactional: false, probe: probeOf(happened) };
}

/** A statement of which nothing tells whether it has happened may be sent again: it is one that then changes nothing. */
export function probeOf(happened: string | null): Probe {
  return { sql: happened === null ? "SELECT 'none' AS `state`" : `SELECT CASE WHEN ${happened} THEN 'done' ELSE 'none' END AS \`state\`` };
}

export function alter(
  operation: OnTable & Online,
  scene: Scene,
  clauses: readonly Clause[],
  hazards: readonly Hazard[] = [],
): readonly AlterPiece[] {
  const name = tableOf(operation);
  const others: Others = {
    label: labelOf(name),
    none: isFresh(scene, name),
    mayWait: scene.context.online === false || operation.online === false,
    table: known(scene, name),
  };
  return clauses.length === 0 ? [] : [{ kind: "alter", table: quoteTable(name), clauses, hazards, others }];
}
