/** What running a statement can cost. */
export interface Hazard {
  readonly kind: HazardKind;
  /** a sentence for people: what is lost or blocked */
  readonly message: string;
}
export type HazardKind = "data-loss" | "blocks-writes" | "blocks-reads" | "rewrite" | "irreversible" | "lossy-cast";
