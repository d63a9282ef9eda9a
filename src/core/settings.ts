import type { Check, Column, Exclusion, ForeignKey, Index, QualifiedName, Unique } from "./schema.ts";

/** What `export const limbeck = defineConfig({ … })` may say; all of it may be left out. */
export interface LimbeckConfig {
  /** the folder or folders of the revision files, from the project's folder; "migrations" */
  readonly migrations?: string | readonly string[];
  /** the journal's table; "limbeck_revision" in the connection's default schema */
  readonly journal?: { readonly table?: string; readonly schema?: string };
  /**
   * false: it is not looked at, in the entities or in the database. Tables, views and enum types are asked about by their names, before
   * anything is read of them; columns, indexes and constraints afterwards, as whole objects
   */
  readonly include?: (candidate: Candidate) => boolean;
  /** "block": a statement that loses data is refused; "warn" */
  readonly safety?: { readonly dataLoss?: "warn" | "block" };
  /** "each" revision in a transaction of its own, "all" in one, or "none" */
  readonly transaction?: "each" | "all" | "none";
  /** seconds that a statement waits for a lock; 5 */
  readonly lockTimeout?: number;
  /** seconds that a statement may run; 0 is without end */
  readonly statementTimeout?: number;
  /** databases and schemas that take the same revisions, by name: `upgrade head --target NAME` */
  readonly targets?: Readonly<Record<string, TargetPlace>>;
  /** commands to run on a new revision file: `prettier --write {file}` */
  readonly afterWrite?: readonly string[];
}

/**
 * A URL, or the name of a schema (on MySQL and MariaDB a database) beside the data source's own, or both. `${NAME}` in a URL is taken from
 * the environment.
 */
export type TargetPlace = string | { readonly url?: string; readonly schema?: string };

/** Something that may be looked at or not. */
export type Candidate = (QualifiedName & { readonly kind: "table" | "enum" }) | Part;

/** A part of a table, or an index of a materialised view. */
export type Part = { readonly schema?: string; readonly table: string; readonly name: string } & (
  | { readonly kind: "column"; readonly object: Column }
  | { readonly kind: "index"; readonly object: Index }
  | { readonly kind: "unique"; readonly object: Unique }
  | { readonly kind: "foreignKey"; readonly object: ForeignKey }
  | { readonly kind: "check"; readonly object: Check }
  | { readonly kind: "exclusion"; readonly object: Exclusion }
);
