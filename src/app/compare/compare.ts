import type { Server } from "../../core/db.ts";
import { usage } from "../../core/errors.ts";
import type { QualifiedName, Schema } from "../../core/schema.ts";
import type { NotCompared } from "../../dialect/dialect.ts";
import { type Claims, claimed } from "../../diff/claimed.ts";
import { collisions, folded, tooLong } from "../../diff/collisions.ts";
import { type Difference, diff } from "../../diff/diff.ts";
import { included } from "../../diff/included.ts";
import type { PlainOnly } from "../../diff/plain-form.ts";
import { asTuned } from "../../diff/tuned.ts";
import { type Models, readModels } from "../../entities/models.ts";
import type { RevisionFile } from "../../revision/directory.ts";
import { type Journal, noJournal, type Recorded } from "../../run/journal.ts";
import { loadRevision } from "../project/load.ts";
import type { Project } from "../project/project.ts";
import type { Session } from "../project/session.ts";
import { everKnown } from "./ever-known.ts";
import { type Replayed, replay } from "./replay.ts";
import { inAuthorsWords, type Sides } from "./words.ts";

export interface Comparison {
  readonly difference: Difference;
  readonly had: Schema;
  readonly wanted: Schema;
  readonly known: Schema;
  /** applied steps of which the history does not know what they did */
  readonly opaque: readonly string[];
  readonly notCompared: readonly NotCompared[];
  readonly plainOnly?: PlainOnly | undefined;
  /** what the revisions have made, without what the user has claimed besides */
  readonly made: Schema;
}

/** Models against the database, with what the history knows of it. */
export async function compare(
  project: Project,
  session: Session,
  { applied, recorded }: Pick<Journal, "applied" | "recorded">,
  { names = false, claims }: { readonly names?: boolean; readonly claims?: Claims } = {},
): Promise<Comparison> {
  const { db, server } = session;
  const { dialect } = project;
  const known = await historySchema(project, server, applied, recorded);
  const introspect = (schemas: readonly string[]) =>
    dialect.introspect(db, server, {
      schemas,
      ignore: [project.journal, ...(session.context.metadataTable === undefined ? [] : [session.context.metadataTable])],
      ...includeOf(project),
    });
  // the server is at its catalogue while the entities are loaded; only schemas that no revision mentions yet make it look again
  const [first, models] = await Promise.all([introspect(scopeOf([known.schema])), readModels(project.configuration, server)]);
  const scope = scopeOf([models.schema, known.schema]);
  const found = scope.length === scopeOf([known.schema]).length ? first : await introspect(scope);
  const had = looked(project, found.schema, server);
  const canonical = await dialect.canonical(db, server, wantedOf(project, models, server), had);
  const told = looked(project, known.schema, server);
  const history = claims === undefined ? told : claimed(told, had, claims);
  const wanted = asTuned(canonical.wanted, had, history, dialect.rules);
  const difference = ({ had, wanted }: Sides) =>
    diff(had, wanted, { rules: dialect.rules, known: history, names, properties: models.properties });
  const printed = difference({ had, wanted });
  const sides = await inAuthorsWords({ dialect, db, server }, { had, wanted }, told, printed.operations);
  return {
    ...sides,
    difference: sides.had === had ? printed : difference(sides),
    known: history,
    made: told,
    opaque: known.opaque,
    plainOnly: found.plainOnly,
    notCompared: [...found.notCompared, ...canonical.notCompared, ...models.warnings.map((what) => ({ what, because: "the entities" }))],
  };
}

/** What the revisions say without any database: models against the replayed history. */
export async function compareOffline(project: Project, revisions: ReadonlySet<string>): Promise<Comparison> {
  const { dialect } = project;
  const server = dialect.assume(project.configuration.flavor);
  const models = await readModels(project.configuration, server);
  const { schema, opaque } = await historySchema(project, server, revisions);
  const had = looked(project, schema, server);
  const wanted = asTuned(wantedOf(project, models, server), had, had, dialect.rules);
  return {
    difference: diff(had, wanted, { rules: dialect.rules, known: had, properties: models.properties }),
    had,
    wanted,
    known: had,
    made: had,
    opaque,
    notCompared: [],
  };
}

/** The models' schema, if the server can keep its names apart. */
export function wantedOf(project: Project, models: Models, server: Server): Schema {
  const { dialect } = project;
  const wanted = looked(project, models.schema, server);
  const [long] = tooLong(wanted, dialect.rules);
  if (long !== undefined) {
    throw usage("name-too-long", `${long.what} ${long.name} is longer than the server takes.`, "give it a shorter name in the entity", {
      ...long,
    });
  }
  const [capital] = folded(wanted, server);
  if (capital !== undefined) {
    throw usage(
      "names-folded",
      `This server keeps the names of tables in small letters (lower_case_table_names = 1), so it would have no ${capital}.`,
      `say its name in small letters in the entity: ${capital.toLowerCase()}`,
      { name: capital },
    );
  }
  const [first] = collisions(wanted, dialect.rules);
  if (first === undefined) return wanted;
  throw usage(
    "names-collide",
    `The server would keep these under one name: ${first.objects.join(" and ")}.`,
    "names are cut at the server's limit: give one of them a shorter name (the table's name, enumName, the index's name)",
    { name: first.name, objects: first.objects },
  );
}

/** The schema as the given revisions leave it, in the graph's order. */
export async function historySchema(
  project: Project,
  server: Server,
  ids: ReadonlySet<string>,
  recorded: ReadonlyMap<string, Recorded> = noJournal.recorded,
) {
  return replay(await revisionsOf(project, ids, recorded), server.flavor);
}

async function revisionsOf(
  project: Project,
  ids: ReadonlySet<string>,
  recorded: ReadonlyMap<string, Recorded>,
): Promise<readonly Replayed[]> {
  const ordered = project.graph.order.filter((id) => ids.has(id)).flatMap((id) => project.fileById.get(id) ?? []);
  const revisions: Replayed[] = [];
  for (const file of ordered) {
    const { adopted } = file.header;
    const { id, upgrade } = recalled(file, recorded) ?? (await loadRevision(file));
    revisions.push({ id, upgrade, ...(adopted === undefined ? {} : { adopted }) });
  }
  return revisions;
}

/** What the journal keeps of a revision whose file is as it was then: nothing has to be run to know its operations. */
function recalled({ header: { id }, sourceHash }: RevisionFile, recorded: ReadonlyMap<string, Recorded>): Replayed | null {
  const row = recorded.get(id);
  return row === undefined || row.sourceHash !== sourceHash ? null : { id, upgrade: { operations: JSON.parse(row.operations) } };
}

export function scopeOf(schemas: readonly Schema[]): readonly string[] {
  const names = new Set<string>();
  for (const { tables, views, enums, namespaces } of schemas) {
    for (const name of namespaces) names.add(name);
    for (const things of [tables, views, enums]) for (const { schema } of things) if (schema !== undefined) names.add(schema);
  }
  return [...names].sort();
}

export function includeOf(project: Project): { include?: (name: QualifiedName) => boolean } {
  const { include } = project.configuration.settings;
  return include === undefined ? {} : { include: (name) => include({ kind: "table", ...name }) };
}

/** A schema in one spelling, without what the configuration leaves out. */
export function looked({ dialect, configuration }: Project, schema: Schema, server: Server): Schema {
  return included(dialect.normalize(schema, server), configuration.settings.include);
}

/** What would have to change for the database to be as these revisions leave it, and no other. */
export async function differsFrom(project: Project, session: Session, ids: ReadonlySet<string>): Promise<Difference> {
  const { db, server } = session;
  const { dialect, graph } = project;
  const { schema } = await historySchema(project, server, ids);
  const known = everKnown(await revisionsOf(project, new Set(graph.order), new Map()), server);
  const ignore = [project.journal, ...(session.context.metadataTable === undefined ? [] : [session.context.metadataTable])];
  const found = await dialect.introspect(db, server, { schemas: scopeOf([schema, known]), ignore, ...includeOf(project) });
  const [had, wanted] = [dialect.normalize(found.schema, server), dialect.normalize(schema, server)];
  const canonical = await dialect.canonical(db, server, wanted, had);
  return diff(had, canonical.wanted, { rules: dialect.rules, known: dialect.normalize(known, server) });
}

/** What would have to change for the database to be as a schema says; both are normalized. */
export async function differsBy({ dialect }: Project, { db, server }: Session, had: Schema, asked: Schema): Promise<Difference> {
  const { wanted } = await dialect.canonical(db, server, asked, had);
  return diff(had, wanted, { rules: dialect.rules, known: wanted });
}
