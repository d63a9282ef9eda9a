import type { Hazard, HazardKind } from "../../../core/hazard.ts";

const hazard =
  (kind: HazardKind) =>
  (message: string): Hazard => ({ kind, message });

export const dataLoss = hazard("data-loss");
export const blocksWrites = hazard("blocks-writes");
export const rewrite = hazard("rewrite");
export const lossyCast = hazard("lossy-cast");
