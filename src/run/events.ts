import type { Direction } from "./step.ts";

/** What a run tells while it goes on. */
export type RunEvent =
  | { readonly kind: "waiting"; readonly holder: string }
  | {
      readonly kind: "revision";
      readonly revision: string;
      readonly direction: Direction;
      readonly message: string;
      readonly total: number;
    }
  | { readonly kind: "statement"; readonly revision: string; readonly index: number; readonly total: number; readonly sql: string }
  | { readonly kind: "statementDone"; readonly revision: string; readonly index: number; readonly total: number; readonly ms: number }
  | { readonly kind: "revisionDone"; readonly revision: string; readonly direction: Direction; readonly ms: number };
