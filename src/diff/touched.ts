import type { Operation } from "../core/operation.ts";
import type { Rules } from "../core/rules.ts";
import { keyOf } from "../core/schema.ts";
import { remakes, retypes } from "./columns.ts";
import { tableOf } from "./on.ts";

/** What happens to columns that other things may stand on: by table, by name in lower case. */
export type Touched = ReadonlyMap<string, ReadonlyMap<string, Touch>>;
export type Touch = "retyped" | "remade" | "dropped";

/** The same while it grows. */
export type Touching = Map<string, Map<string, Touch>>;

export function touchedColumns(operations: readonly Operation[], rules: Pick<Rules, "enumValuesInPlace">): Touching {
  const touched: Touching = new Map();
  for (const operation of operations) {
    if (operation.kind === "alterColumn") {
      if (remakes(operation)) touch(touched, keyOf(tableOf(operation)), operation.to.name, "remade");
      else if (retypes(operation)) touch(touched, keyOf(tableOf(operation)), operation.to.name, "retyped");
    } else if (operation.kind === "dropColumn") touch(touched, keyOf(tableOf(operation)), operation.column.name, "dropped");
    else if (operation.kind === "alterEnum" && swaps(operation, rules)) {
      for (const use of operation.columns) touch(touched, keyOf(tableOf(use)), use.column, "retyped");
    }
  }
  // what stands on a column knows it by the name that it had
  for (const operation of operations) {
    if (operation.kind !== "renameColumn") continue;
    const how = touched.get(keyOf(tableOf(operation)))?.get(operation.to.toLowerCase());
    if (how !== undefined) touch(touched, keyOf(tableOf(operation)), operation.from, how);
  }
  return touched;
}

export function touch(touched: Touching, table: string, column: string, how: Touch): void {
  touched.set(table, (touched.get(table) ?? new Map<string, Touch>()).set(column.toLowerCase(), how));
}

/** Values that go or change places: a new type takes the old one's place, and its columns are retyped. */
function swaps({ from, to }: { from: readonly string[]; to: readonly string[] }, rules: Pick<Rules, "enumValuesInPlace">): boolean {
  const stay = new Set(from);
  const left = to.filter((value) => stay.has(value));
  return !rules.enumValuesInPlace || left.length !== from.length || left.some((value, i) => value !== from[i]);
}
