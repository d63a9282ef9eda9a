import type { OnTable, Operation } from "../../../core/operation.ts";
import { keyOf } from "../../../core/schema.ts";
import { type Scene, tableOf } from "./piece.ts";

/** Where in the list the operations of each table stand: to look for one that comes later, the others need not be looked through. */
export function placesByTable(operations: readonly Operation[]): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>();
  operations.forEach((operation, at) => {
    const key = keyOn(operation);
    if (key === undefined) return;
    const places = found.get(key);
    if (places === undefined) found.set(key, [at]);
    else places.push(at);
  });
  return found;
}

/** What comes later on the same table. */
export function laterOn(op: OnTable, { operations, at, places }: Scene): readonly Operation[] {
  return (places.get(keyOf(tableOf(op))) ?? []).flatMap((place) => (place > at ? (operations[place] ?? []) : []));
}

/** What follows at once on the same table. */
export function nextOn(op: OnTable, { operations, at }: Scene): readonly Operation[] {
  const key = keyOf(tableOf(op));
  let end = at + 1;
  for (let one = operations[end]; one !== undefined && keyOn(one) === key; one = operations[end]) end++;
  return operations.slice(at + 1, end);
}

const keyOn = (one: Operation): string | undefined => ("table" in one ? keyOf(tableOf(one)) : undefined);
