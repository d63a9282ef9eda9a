import type { Column } from "./schema.ts";

/** What the pure differ must know of an engine, told to it as data and small functions. */
export interface Rules {
  /** can the values of a column become another type? */
  conversion(from: Column, to: Column): Conversion;
  /** an enum is a type of its own (PostgreSQL), not a part of the column's type */
  readonly enumTypes: boolean;
  /** PostgreSQL: ALTER TYPE … ADD VALUE; a value in the middle too */
  readonly enumValuesInPlace: boolean;
  /** a view or generated column over a column keeps it from being changed or dropped (PostgreSQL) */
  readonly dependentsBlock: boolean;
  /** what a default says once a column of its table has another name; PostgreSQL's read no columns */
  defaultRenamed(value: string, name: { readonly from: string; readonly to: string }): string;
  /** a foreign key over a column keeps its type from being changed (MySQL) */
  readonly foreignKeysBlockRetype: boolean;
  /** what RESTRICT does NO ACTION does, too (InnoDB checks at once) */
  readonly restrictIsNoAction: boolean;
  /** a foreign key must have an index of its own on its columns (MySQL): the new one comes before the old one goes */
  readonly foreignKeysNeedIndex: boolean;
  /** longest identifier: bytes on PostgreSQL (63), characters on MySQL (64) */
  fitsIdentifier(name: string): boolean;
  /** the name as the server keeps it (cut to 63 bytes on PostgreSQL) */
  keptName(name: string): string;
  /** SQL name of a type of the schema's own, as Column.type has it: `mood`, `app."Mood"` */
  typeName(name: { readonly schema?: string; readonly name: string }): string;
}

/**
 * `none`: the same to the server. `assign`: the server converts by itself. `using`: by that expression, which is known.
 * `ask`: nobody can know; the expression is only a guess to start from.
 */
export type Conversion =
  | { readonly kind: "none" }
  | { readonly kind: "assign" }
  | { readonly kind: "using"; readonly expression: string }
  | { readonly kind: "ask"; readonly because: string; readonly guess?: string };
