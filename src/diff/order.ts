import type { Operation } from "../core/operation.ts";
import { keyOf } from "../core/schema.ts";
import { type EffectName, effectsOf, isRelation } from "./effects.ts";
import { compare } from "./equal.ts";
import { tableOf } from "./on.ts";

/**
 * The usual place of each kind. Within `table` all changes of one table stand together, so that an engine can make one ALTER TABLE of them:
 * that, too, is how an index under a foreign key is replaced without a moment without one.
 */
const phases = [
  ["createSchema"],
  ["createExtension"],
  ["renameEnum"],
  ["renameEnumValue"],
  ["createEnum"],
  ["alterEnum"],
  ["dropView"],
  ["dropForeignKey"],
  ["renameTable"],
  ["moveTable"],
  ["createTable"],
  [
    "dropCheck",
    "dropExclusion",
    "dropUnique",
    "dropIndex",
    "dropPrimaryKey",
    "alterTable",
    "renameColumn",
    "addColumn",
    "alterColumn",
    "dropColumn",
    "renameConstraint",
    "renameIndex",
    "addPrimaryKey",
    "addUnique",
    "addIndex",
    "addExclusion",
    "addCheck",
  ],
  ["addForeignKey"],
  ["renameView"],
  ["createView"],
  ["alterView"],
  ["dropTable"],
  ["dropEnum"],
  ["dropExtension"],
  ["dropSchema"],
] as const satisfies readonly (readonly Operation["kind"][])[];

const places = new Map<string, readonly [phase: number, place: number]>(
  phases.flatMap((kinds, phase) => kinds.map((kind, place) => [kind, [phase, place]] as const)),
);

/** Steps whose effect is not known: nothing passes them in either direction. */
const isBarrier = ({ kind }: Operation): boolean => !places.has(kind);

/** Every operation after what it needs, else in its usual place; the same whatever the order of the input. */
export function order(operations: readonly Operation[]): readonly Operation[] {
  const result: Operation[] = [];
  let segment: Operation[] = [];
  for (const operation of operations) {
    if (!isBarrier(operation)) segment.push(operation);
    else {
      result.push(...ordered(segment), operation);
      segment = [];
    }
  }
  return [...result, ...ordered(segment)];
}

interface Step {
  readonly operation: Operation;
  readonly rank: readonly [phase: number, table: string, place: number, name: string, position: number];
  readonly before: Set<number>;
}

function ordered(operations: readonly Operation[]): readonly Operation[] {
  const steps = operations
    .map((operation, position): Step => ({ operation, rank: rankOf(operation, position), before: new Set() }))
    .sort((a, b) => compareRanks(a.rank, b.rank));
  link(steps);
  const done = new Array<boolean>(steps.length).fill(false);
  const result: Operation[] = [];
  // The lowest rank first, its requirements just before it; a cycle is cut where it is met.
  const emit = (at: number): void => {
    const step = steps[at];
    if (step === undefined || done[at]) return;
    done[at] = true;
    for (const earlier of [...step.before].sort((a, b) => a - b)) emit(earlier);
    result.push(step.operation);
  };
  steps.forEach((_, at) => {
    emit(at);
  });
  return result;
}

function rankOf(operation: Operation, position: number): Step["rank"] {
  const [phase, place] = places.get(operation.kind) ?? [0, 0];
  const table = "table" in operation && operation.kind !== "moveTable" ? keyOf(tableOf(operation)) : "";
  const inModelOrder = operation.kind === "addColumn" || operation.kind === "alterColumn" || operation.kind === "dropColumn";
  return [phase, table, place, inModelOrder ? "" : nameOf(operation), position];
}

function nameOf(operation: Operation): string {
  if ("definition" in operation) return keyOf(operation.definition);
  for (const field of ["primaryKey", "unique", "index", "foreignKey", "check", "exclusion"] as const) {
    const item = (operation as Readonly<Partial<Record<typeof field, { readonly name?: string }>>>)[field];
    if (item !== undefined) return item.name ?? "";
  }
  return "from" in operation && typeof operation.from === "string" ? operation.from : "name" in operation ? operation.name : "";
}

function compareRanks(a: Step["rank"], b: Step["rank"]): number {
  return a[0] - b[0] || compare(a[1], b[1]) || a[2] - b[2] || compare(a[3], b[3]) || a[4] - b[4];
}

type Parties = Record<EffectName, number[]>;

function link(steps: readonly Step[]): void {
  const things = new Map<string, Parties>();
  steps.forEach(({ operation }, at) => {
    const effects = effectsOf(operation);
    for (const effect of Object.keys(effects) as EffectName[]) {
      for (const thing of effects[effect]) {
        const parties = things.get(thing) ?? { makes: [], uses: [], alters: [], releases: [], destroys: [] };
        parties[effect].push(at);
        things.set(thing, parties);
      }
    }
  });
  const first = (earlier: readonly number[], later: readonly number[], except = (_earlier: number, _later: number) => false) => {
    for (const at of later) for (const other of earlier) if (other !== at && !except(other, at)) steps[at]?.before.add(other);
  };
  // A table that gets another name and another schema passes through a name between: it is no name that is freed.
  const passing = (a: number, b: number) => {
    const kinds = [steps[a]?.operation.kind, steps[b]?.operation.kind];
    return kinds.includes("renameTable") && kinds.includes("moveTable");
  };
  // A view that is altered goes along with a renaming, and is altered after it.
  const follows = (a: number, b: number) =>
    steps[a]?.operation.kind === "alterView" && ["renameTable", "moveTable", "renameColumn"].includes(steps[b]?.operation.kind ?? "");
  // A view that is made reads what will be, though it may seem to name what goes: its text names no schema for sure.
  const reads = (user: number) => steps[user]?.operation.kind === "createView";
  // A foreign key that goes may name what it points to by the name that a renaming brings; a view's text names nothing for sure.
  const unsure = (_: number, leaver: number) => steps[leaver]?.operation.kind !== "dropForeignKey";
  for (const [thing, { makes, uses, alters, releases, destroys }] of things) {
    first(releases, alters);
    first(releases, destroys, follows);
    first(destroys, makes, passing);
    first(makes, destroys, (maker, destroyer) => !passing(maker, destroyer));
    first(makes, alters);
    first(makes, uses);
    first(alters, uses);
    if (isRelation(thing) && makes.length === 0) first(uses, destroys, reads);
    if (isRelation(thing) && destroys.length === 0) first(makes, releases, unsure);
  }
}
