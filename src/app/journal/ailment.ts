/** One thing that is wrong with the journal. Mending writes the journal only, never an object of the schema. */
export interface Ailment {
  readonly kind: "interrupted" | "unknown" | "edited" | "reparented" | "missing";
  readonly revision: string;
  readonly says: string;
  readonly details: readonly string[];
  /** what mending would do to the journal; null where it is not for the journal to say */
  readonly mend: string | null;
  /** the other way */
  readonly instead: string;
}

/** With the statements on the journal that mend it. */
export type Diagnosed = Ailment & { readonly sql: readonly string[] };
