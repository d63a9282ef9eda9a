import type { QualifiedName } from "./schema.ts";

/** What `export const limbeck = defineConfig({ … })` may say; all of it may be left out. */
export interface LimbeckConfig {
  /** the folder or folders of the revision files, from the project's folder; "migrations" */
  readonly migrations?: string | readonly string[];
  /** the journal's table; "limbeck_revision" in the connection's default schema */
  readonly journal?: { readonly table?: string; readonly schema?: string };
  /** false: the table or view is not looked at, in the entities or in the database */
  readonly include?: (name: QualifiedName & { readonly kind: "table" }) => boolean;
  /** "block": a statement that loses data is refused; "warn" */
  readonly safety?: { readonly dataLoss?: "warn" | "block" };
  /** "each" revision in a transaction of its own, "all" in one, or "none" */
  readonly transaction?: "each" | "all" | "none";
  /** seconds that a statement waits for a lock; 5 */
  readonly lockTimeout?: number;
  /** seconds that a statement may run; 0 is without end */
  readonly statementTimeout?: number;
  /** commands to run on a new revision file: `prettier --write {file}` */
  readonly afterWrite?: readonly string[];
}

export function defineConfig(config: LimbeckConfig): LimbeckConfig {
  return config;
}
