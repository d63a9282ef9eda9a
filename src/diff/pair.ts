import { byName, equal, fingerprint } from "./equal.ts";

/** Which object of one side is which of the other. Nothing stands in two lists. */
export interface Pairing<T> {
  readonly same: readonly (readonly [T, T])[];
  /** one structure, two names */
  readonly renamed: readonly (readonly [T, T])[];
  /** one name, two structures */
  readonly changed: readonly (readonly [T, T])[];
  readonly dropped: readonly T[];
  readonly added: readonly T[];
}

interface Named {
  readonly name?: string;
}

/** By name first, then what is left by structure, in the order of the names: the result is the same for every order of the input. */
export function pair<T extends Named>(
  before: readonly T[],
  after: readonly T[],
  kept: (name: string) => string = (name) => name,
): Pairing<T> {
  const same: [T, T][] = [];
  const changed: [T, T][] = [];
  const rest = new Map([...before].sort(byName).map((item) => [item.name, item]));
  const fresh: T[] = [];
  for (const item of [...after].sort(byName)) {
    const name = item.name === undefined ? undefined : kept(item.name);
    const found = rest.get(name) ?? rest.get(item.name);
    if (found === undefined) fresh.push(item);
    else {
      rest.delete(found.name);
      (equal({ ...found, name: "" }, { ...item, name: "" }) ? same : changed).push([found, item]);
    }
  }
  const { pairs, left, right } =
    rest.size === 0 || fresh.length === 0 ? { pairs: [], left: [...rest.values()], right: fresh } : twins([...rest.values()], fresh);
  return { same, renamed: pairs, changed, dropped: left, added: right };
}

function twins<T extends Named>(before: readonly T[], after: readonly T[]) {
  const waiting = new Map<string, T[]>();
  for (const item of before) {
    const key = structureOf(item);
    waiting.set(key, [...(waiting.get(key) ?? []), item]);
  }
  const pairs: [T, T][] = [];
  const right: T[] = [];
  for (const item of after) {
    const found = waiting.get(structureOf(item))?.shift();
    if (found === undefined) right.push(item);
    else pairs.push([found, item]);
  }
  return { pairs, left: [...waiting.values()].flat().sort(byName), right };
}

/** All of an object but its name. */
export const structureOf = (item: Named): string => fingerprint({ ...item, name: undefined });
