import type { Hazard } from "../../../core/hazard.ts";
import type { OnTable } from "../../../core/operation.ts";
import { keyOf, type QualifiedName, type View } from "../../../core/schema.ts";
import type { Batches, Probe } from "../../../core/statement.ts";
import type { CompileContext } from "../../dialect.ts";
import { quoteTable } from "../quote.ts";
import type { Kept } from "./kept/kept.ts";

/**
 * The passes in which PostgreSQL carries out the clauses of one ALTER TABLE, whatever their order in the text.
 * Two operations may share a statement only where this order is also theirs.
 */
export const pass = { drop: 0, type: 1, add: 2, attribute: 3, constraint: 4 } as const;
export type Pass = (typeof pass)[keyof typeof pass];

export interface Clause {
  readonly sql: string;
  readonly pass: Pass;
  /** columns and constraints that it makes, changes or takes away */
  readonly names: readonly string[];
  /** an expression in it: what it reads must not be changed in the same statement */
  readonly reads?: string;
}

/** A part of an ALTER TABLE; neighbours on one table become one statement. */
export interface AlterPiece {
  readonly kind: "alter";
  readonly table: string;
  readonly clauses: readonly Clause[];
  readonly hazards: readonly Hazard[];
}

export interface PlainPiece {
  readonly kind: "plain";
  readonly sql: string;
  readonly hazards: readonly Hazard[];
  readonly transactional?: false;
  readonly probe?: Probe;
  readonly code?: number;
  readonly batches?: Batches;
  readonly patient?: true;
  /** may wait until an ALTER TABLE of its table is complete (a comment), as long as these names are left alone */
  readonly waits?: Names;
  /** may be sent before an ALTER TABLE of its table that leaves these names alone: it only looks at them */
  readonly ahead?: Names;
}

/** Columns and constraints of a table. */
export interface Names {
  readonly table: string;
  readonly names: readonly string[];
}

/**
 * What is announced in a moment and then checked for long, beside everybody's work. Each phase may wait for the same phase of its
 * neighbours, so that several share their moments: nothing that one of them does is read by another.
 */
export interface StagedPiece {
  readonly kind: "staged";
  readonly phases: readonly (readonly (AlterPiece | PlainPiece)[])[];
}

export type Piece = AlterPiece | PlainPiece | StagedPiece;

/** What waits in which setting of the session. */
export interface Waiting {
  readonly setting: string;
  readonly kept: Kept;
}

/** What the compilers of one list know besides the operation. */
export interface Scene {
  readonly context: CompileContext;
  /** tables, views and enum types that earlier operations of the list made: no one else uses them yet. Grows while the list is walked. */
  readonly fresh: Set<string>;
  /** views that the list is still to make, also again, by key */
  readonly made: Map<string, readonly View[]>;
  /** keys of dropped views that come again with the same text */
  readonly sameText: Set<string>;
  /** generated columns that go and come again with the same expression */
  readonly computedAgain: ReadonlySet<string>;
  /** generated columns that go and come again */
  readonly comesAgain: ReadonlySet<string>;
  /** keys of constraints that go and come again under their names */
  readonly constrainedAgain: ReadonlySet<string>;
  /** what a dropped thing had, by its key, waiting for it to be made again */
  readonly kept: Map<string, Waiting>;
}

export const tableOf = (operation: OnTable): QualifiedName =>
  operation.schema === undefined ? { name: operation.table } : { schema: operation.schema, name: operation.table };

export const named = (name: string, schema: string | undefined): QualifiedName => (schema === undefined ? { name } : { schema, name });

export const isFresh = (scene: Scene, name: QualifiedName): boolean => scene.fresh.has(keyOf(name));

export function plain(sql: string, more: Partial<Omit<PlainPiece, "kind" | "sql">> = {}): PlainPiece {
  return { kind: "plain", sql, hazards: [], ...more };
}

export function alter(operation: OnTable, clauses: readonly Clause[], hazards: readonly Hazard[] = []): readonly AlterPiece[] {
  return clauses.length === 0 ? [] : [{ kind: "alter", table: quoteTable(tableOf(operation)), clauses, hazards }];
}

export function clause(of: Pass, sql: string, names: readonly string[], reads?: string): Clause {
  return { sql, pass: of, names, ...(reads === undefined ? {} : { reads }) };
}
