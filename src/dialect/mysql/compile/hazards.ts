import type { Hazard, HazardKind } from "../../../core/hazard.ts";

const hazard =
  (kind: HazardKind) =>
  (message: string): Hazard => ({ kind, message });

export const dataLoss = hazard("data-loss");
export const waiting = (table: string): Hazard => hazard("blocks-writes")(`writes to ${table} wait until it is changed, row by row`);
export const rewrite = hazard("rewrite");
export const lossyCast = hazard("lossy-cast");
