import type { QualifiedName } from "./schema.ts";

/** A question about the first rows of a table: how many there are, and what one of their columns holds. */
export interface Sample {
  readonly table: QualifiedName;
  /** no more rows are looked at */
  readonly limit: number;
  readonly column?: string;
  /** whether values repeat is to be known, too */
  readonly repeats?: true;
  /** what does not fit is counted */
  readonly takes?: Takes;
}

/** What another column takes: values of this length, these values, the keys of that table. */
export type Takes =
  | { readonly longest: number }
  | { readonly among: readonly string[] }
  | { readonly keysOf: QualifiedName; readonly column: string };

export interface Sampled {
  readonly rows: number;
  /** rows that have a value */
  readonly filled: number;
  readonly distinct: number;
  readonly unfit: number;
}
