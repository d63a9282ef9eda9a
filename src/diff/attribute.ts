import type { Operation } from "../core/operation.ts";
import { keyOf } from "../core/schema.ts";
import type { Difference } from "./diff.ts";
import { effectsOf } from "./effects.ts";
import { fingerprint } from "./equal.ts";
import { tableOf } from "./on.ts";
import type { Unmanaged } from "./scope-report.ts";

/**
 * Whose fault a difference is. `not generated`: the entities have it, no revision has. `not applied`: a pending revision does it.
 * `changed by hand`: the database left what the revisions made of it, and the entities did not. `not recorded`: both left it, in the same way;
 * the operation leads from the revisions to them. `unmanaged`: it is nobody's here.
 */
export type Attributed =
  | { readonly verdict: "not generated" | "not applied" | "changed by hand" | "not recorded"; readonly operation: Operation }
  | { readonly verdict: "unmanaged"; readonly object: Unmanaged };

export interface Witnesses {
  /** what would make the database as the applied revisions say */
  readonly toApplied: readonly Operation[];
  /** what would make it as all revisions say */
  readonly toAll: readonly Operation[];
  /** what no revision says, although entities and database agree on it */
  readonly unrecorded: readonly Operation[];
}

/** The differences between the database and the entities, each with the witness that is alone with it. */
export function attribute(
  { operations, unmanaged }: Pick<Difference, "operations" | "unmanaged">,
  witnesses: Witnesses,
): readonly Attributed[] {
  const byHand = new Set(witnesses.toApplied.map(fingerprint));
  const pending = new Set(witnesses.toAll.map(fingerprint));
  const begun = new Set(witnesses.toAll.flatMap(madeBy));
  const verdict = (operation: Operation) => {
    if (byHand.has(fingerprint(operation))) return "changed by hand";
    const isPending = pending.has(fingerprint(operation)) || madeBy(operation).some((made) => begun.has(made));
    return isPending ? "not applied" : "not generated";
  };
  return [
    ...operations.map((operation): Attributed => ({ verdict: verdict(operation), operation })),
    ...witnesses.unrecorded.map((operation): Attributed => ({ verdict: "not recorded", operation })),
    ...unmanaged.map((object): Attributed => ({ verdict: "unmanaged", object })),
  ];
}

/** What leads from the revisions to the entities and to the database alike. */
export function agreed(toEntities: readonly Operation[], toDatabase: readonly Operation[]): readonly Operation[] {
  const there = new Set(toDatabase.map(fingerprint));
  const [here, beyond] = [toEntities, toDatabase].map((operations) => new Set(operations.flatMap((one) => effectsOf(one).makes)));
  // what only makes way on one side, and is gone on the other, is no agreement
  const alike = (operation: Operation) => effectsOf(operation).destroys.every((thing) => here?.has(thing) === beyond?.has(thing));
  return toEntities.filter((operation) => there.has(fingerprint(operation)) && alike(operation));
}

/** What is missing as a whole is made by the pending revision first, even if the entities say more of it by now. */
function madeBy(operation: Operation): readonly string[] {
  if (operation.kind === "createTable") return [`table ${keyOf(tableOf(operation))}`];
  if (operation.kind === "createView" || operation.kind === "createEnum") return [`${operation.kind} ${keyOf(operation.definition)}`];
  return [];
}
