import type { Operation } from "../core/operation.ts";
import { describe } from "../core/operations/index.ts";

/** One difference between two lists of operations: between what a revision did and what its file says now. */
export type Edit =
  | { readonly edit: "added"; readonly now: Operation }
  | { readonly edit: "removed"; readonly was: Operation }
  | { readonly edit: "changed"; readonly was: Operation; readonly now: Operation };

/** The fewest additions and removals; one of each side by side, of the same kind on the same thing, is a change. */
export function edits(was: readonly Operation[], now: readonly Operation[]): readonly Edit[] {
  const [before, after] = [was.map(spelled), now.map(spelled)];
  const common = commonLengths(before, after);
  const found: Edit[] = [];
  let [i, j] = [0, 0];
  while (i < was.length || j < now.length) {
    const [old, young] = [was[i], now[j]];
    if (old !== undefined && young !== undefined && before[i] === after[j]) {
      i++;
      j++;
    } else if (old !== undefined && (young === undefined || at(common, i + 1, j) >= at(common, i, j + 1))) {
      found.push({ edit: "removed", was: old });
      i++;
    } else if (young !== undefined) {
      found.push({ edit: "added", now: young });
      j++;
    }
  }
  return paired(found);
}

/** Each in a line for people. */
export function editLine(one: Edit): string {
  if (one.edit === "added") return `+ ${describe(one.now)}`;
  if (one.edit === "removed") return `- ${describe(one.was)}`;
  const [was, now] = [flat(one.was), flat(one.now)];
  const fields = [...new Set([...was.keys(), ...now.keys()])].filter((path) => was.get(path) !== now.get(path));
  const value = (fieldsOf: ReadonlyMap<string, string>, path: string) => fieldsOf.get(path) ?? "nothing";
  return `~ ${describe(one.was)}: ${fields.map((path) => `${path} was ${value(was, path)}, is ${value(now, path)}`).join("; ")}`;
}

function paired(found: readonly Edit[]): readonly Edit[] {
  const left = [...found];
  const result: Edit[] = [];
  while (left.length > 0) {
    const one = left.shift() as Edit;
    const partner = one.edit === "changed" ? -1 : left.findIndex((other) => other.edit !== one.edit && subject(other) === subject(one));
    const [other] = partner < 0 ? [] : left.splice(partner, 1);
    if (one.edit === "removed" && other?.edit === "added") result.push({ edit: "changed", was: one.was, now: other.now });
    else if (one.edit === "added" && other?.edit === "removed") result.push({ edit: "changed", was: other.was, now: one.now });
    else result.push(one);
  }
  return result;
}

/** What the operation is about: its kind and the names in it. */
function subject(one: Edit): string {
  const operation = one.edit === "removed" ? one.was : one.now;
  const names = [...flat(operation)].filter(([path]) => /^(?:kind|schema|table|view|name|title)$|^\w+\.name$/.test(path));
  return JSON.stringify(names.sort());
}

function flat(value: unknown, path: string = "", into: Map<string, string> = new Map()): ReadonlyMap<string, string> {
  if (typeof value === "object" && value !== null) {
    for (const [key, one] of Object.entries(value)) flat(one, path === "" ? key : `${path}.${key}`, into);
  } else if (value !== undefined) into.set(path, JSON.stringify(value));
  return into;
}

/** The same for the same operation, in whichever order its fields stand. */
function spelled(operation: Operation): string {
  return JSON.stringify([...flat(operation)].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The length of the longest common subsequence from each pair of places on. */
function commonLengths(before: readonly string[], after: readonly string[]): readonly Uint32Array[] {
  const table = Array.from({ length: before.length + 1 }, () => new Uint32Array(after.length + 1));
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      const row = table[i] as Uint32Array;
      row[j] = before[i] === after[j] ? at(table, i + 1, j + 1) + 1 : Math.max(at(table, i + 1, j), at(table, i, j + 1));
    }
  }
  return table;
}

const at = (table: readonly Uint32Array[], i: number, j: number): number => table[i]?.[j] ?? 0;
