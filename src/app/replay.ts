import { LimbeckError } from "../core/errors.ts";
import type { Flavor } from "../core/operation.ts";
import { apply } from "../core/operations/index.ts";
import type { Revision } from "../core/revision.ts";
import { emptySchema, type Schema } from "../core/schema.ts";

export interface Replay {
  readonly schema: Schema;
  /** steps whose effect on the schema is not known, or that stand on one: a sentence each */
  readonly opaque: readonly string[];
}

/**
 * The schema as the revisions say it is, in the order given. Steps of raw SQL leave the schema as it is, so a later operation may find
 * missing what such a step has made: it is passed over and named, because history is a witness, not a judge.
 */
export function replay(revisions: readonly Revision[], flavor: Flavor): Replay {
  let schema = emptySchema;
  const opaque: string[] = [];
  for (const revision of revisions) {
    for (const operation of revision.upgrade.operations) {
      if (operation.kind === "execute" || operation.kind === "run")
        opaque.push(`${revision.id}: ${operation.kind} cannot be replayed in memory`);
      try {
        schema = apply(schema, operation, flavor);
      } catch (error) {
        if (!(error instanceof LimbeckError)) throw error;
        opaque.push(`${revision.id}: ${error.message}`);
      }
    }
  }
  return { schema, opaque };
}
