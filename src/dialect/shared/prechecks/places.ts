import type { Flavor, Operation } from "../../../core/operation.ts";
import { runsOn } from "../../../core/operations/index.ts";

export type Plain = Exclude<Operation, { kind: "on" | "assume" }>;

/** What really runs on the engine, each with its place in the list. */
export function inPlaces(operations: readonly Operation[], flavor: Flavor): readonly { readonly operation: Plain; readonly at: number }[] {
  const plain = (operation: Operation): readonly Plain[] => {
    if (operation.kind === "assume") return [];
    if (operation.kind !== "on") return [operation];
    return runsOn(operation.dialect, flavor) ? operation.operations.flatMap(plain) : [];
  };
  return operations.flatMap((one, at) => plain(one).map((operation) => ({ operation, at })));
}
