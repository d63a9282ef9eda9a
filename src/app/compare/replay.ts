import { LimbeckError } from "../../core/errors.ts";
import type { Flavor, Operation } from "../../core/operation.ts";
import { Builder } from "../../core/operations/builder.ts";
import { runsOn } from "../../core/operations/index.ts";
import type { Revision } from "../../core/revision.ts";
import { type Index, keyOf, type Schema, type Table, type View } from "../../core/schema.ts";
import { Strangers } from "./strangers.ts";

export interface Replay {
  readonly schema: Schema;
  /** steps whose effect on the schema is not known, or that stand on one: a sentence each */
  readonly opaque: readonly string[];
}

/** What of a revision its replay needs. */
export interface Replayed {
  readonly id: string;
  readonly adopted?: true;
  readonly upgrade: Pick<Revision["upgrade"], "operations">;
}

/**
 * The schema as the revisions say it is, in the order given. Steps of raw SQL leave the schema as it is, so a later operation may find
 * missing what such a step has made: it is passed over and named, because history is a witness, not a judge.
 */
export function replay(revisions: readonly Replayed[], flavor: Flavor): Replay {
  const builder = new Builder();
  const opaque: string[] = [];
  const views = new Map<string, readonly string[]>();
  for (const { id, upgrade, adopted } of revisions) {
    for (const what of advance(builder, upgrade.operations, flavor)) opaque.push(`${id}: ${what}`);
    if (!adopted) continue;
    builder.change(asAdopted);
    for (const view of builder.schema().views) views.set(keyOf(view), view.indexes.map(indexName));
  }
  return { schema: stillAdopted(builder.schema(), views), opaque };
}

/** Every key and index has the name that somebody gave it before there were revisions. */
const asAdopted = (schema: Schema): Schema => ({
  ...schema,
  tables: schema.tables.map((table) => ({ ...table, adopted: partNames(table) })),
});

/** A view that has changed since was made anew, with the indexes that it had. */
function stillAdopted(schema: Schema, names: ReadonlyMap<string, readonly string[]>): Schema {
  const kept = (view: View): View => {
    const adopted = names.get(keyOf(view));
    return adopted === undefined ? view : { ...view, adopted };
  };
  return names.size === 0 ? schema : { ...schema, views: schema.views.map(kept) };
}

const indexName = ({ name }: Index): string => name;

const partNames = ({ primaryKey, uniques, indexes, foreignKeys, checks, exclusions }: Table): readonly string[] =>
  [primaryKey, ...uniques, ...indexes, ...foreignKeys, ...checks, ...exclusions].flatMap((part) => part?.name ?? []);

/** The schema after the operations, as far as it can be told. */
export function advanced(start: Schema, operations: readonly Operation[], flavor: Flavor): Replay {
  const builder = new Builder(start);
  const opaque = advance(builder, operations, flavor);
  return { schema: builder.schema(), opaque };
}

/** Takes the schema on by the operations of a revision; gives what cannot be told. */
export function advance(builder: Builder, operations: readonly Operation[], flavor: Flavor): readonly string[] {
  const opaque: string[] = [];
  const strangers = new Strangers();
  for (const operation of operations) {
    opaque.push(...opaqueIn(operation, flavor));
    if (strangers.return(operation)) continue;
    try {
      builder.apply(strangers.without(operation, builder), flavor);
    } catch (error) {
      if (!(error instanceof LimbeckError)) throw error;
      if (!strangers.leave(operation, error.message)) opaque.push(error.message);
    }
  }
  return [...opaque, ...strangers.lost()];
}

/** What nobody can tell the effect of without running it. */
function opaqueIn(operation: Operation, flavor: Flavor): readonly string[] {
  switch (operation.kind) {
    case "execute":
      return [`raw SQL: ${shortened(operation.sql)}`];
    case "run":
      return [`code: ${operation.title}`];
    case "on":
      return runsOn(operation.dialect, flavor) ? operation.operations.flatMap((inner) => opaqueIn(inner, flavor)) : [];
    default:
      return [];
  }
}

function shortened(sql: string): string {
  const line = sql.trim().replaceAll(/\s+/g, " ");
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
