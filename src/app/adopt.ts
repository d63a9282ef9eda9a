import { rmSync } from "node:fs";
import { join, relative } from "node:path";
import { refused, usage } from "../core/errors.ts";
import type { Operation } from "../core/operation.ts";
import { reverseAll } from "../core/operations/index.ts";
import type { Header } from "../core/revision.ts";
import { emptySchema, keyOf, type QualifiedName, type Schema, type Table } from "../core/schema.ts";
import { type Difference, diff } from "../diff/diff.ts";
import { noJournal, readJournal } from "../run/journal.ts";
import { migrationsOf, type Wrapper, writeWrappers } from "./adopt/from-typeorm.ts";
import { isTypeormTable, readExecuted } from "./adopt/typeorm-table.ts";
import { compare } from "./compare/compare.ts";
import { folderFor, type Location, openProject, type Project } from "./project/project.ts";
import { type Session, withDatabase } from "./project/session.ts";
import { stamp } from "./stamp.ts";
import { checkId, fileName, freshId, writeProved } from "./write/write.ts";

export interface AdoptOptions {
  readonly message?: string;
  readonly id?: string;
  /** take in everything that is there, whoever made it */
  readonly all: boolean;
  /** take over the migrations of TypeORM's, too */
  readonly fromTypeorm: boolean;
}

export interface AdoptResult {
  /** the baseline, or what stands after the migrations that were taken over */
  readonly id: string;
  readonly file: string;
  readonly stamped: boolean;
  readonly unmanaged: Difference["unmanaged"];
  /** the revisions that wrap migrations of TypeORM's, in order */
  readonly wrapped: readonly { readonly id: string; readonly file: string; readonly applied: boolean }[];
}

/**
 * Takes over a database that was built without revisions: a first revision of what the entities know of it, in the shape that the database has
 * it, stamped and not executed. What no entity knows is named and left alone.
 */
export async function adopt(location: Location, options: AdoptOptions): Promise<AdoptResult> {
  const project = await openProject(location, { entities: true });
  const { taken, unmanaged, executed } = await withDatabase(project, (session) => lookedAt(project, session, options));
  const history = options.fromTypeorm ? await migrationsOf(project, executed) : { applied: [], pending: [] };
  const operations = diff(emptySchema, taken, { rules: project.dialect.rules, known: emptySchema }).operations;
  if (operations.length === 0 && history.applied.length + history.pending.length === 0)
    throw usage("nothing-to-adopt", "The database has nothing that the entities know.", "limbeck revision --autogenerate");

  const written: string[] = [];
  try {
    const applied = await writeWrappers(project, history.applied, [], written);
    const header = headerOf(project, options, applied.at(-1));
    const file = join(folderFor(project), fileName(header));
    // what the migrations have made stands already wherever they have run
    const upgrade: readonly Operation[] = applied.length === 0 || operations.length === 0 ? operations : [{ kind: "assume", operations }];
    const { writeRevision } = await import("../revision/write/index.ts");
    await writeProved(file, await writeRevision({ header, upgrade, downgrade: reverseAll(upgrade).operations }), header, upgrade);
    written.push(file);
    const pending = await writeWrappers(project, history.pending, [header.id], written);
    // the revision must be what the database is, or it is not stamped
    await stamp(location, [header.id], { purge: false, verify: true });
    const place = (path: string) => relative(location.cwd, path);
    return {
      id: header.id,
      file: place(file),
      stamped: true,
      unmanaged,
      wrapped: [...applied, ...pending].map((one) => ({ id: one.id, file: place(one.file), applied: applied.includes(one) })),
    };
  } catch (error) {
    for (const file of written) rmSync(file, { force: true });
    throw error;
  }
}

/** What of the database is taken in, and which migrations TypeORM has run in it. */
async function lookedAt(project: Project, session: Session, { all, fromTypeorm }: AdoptOptions) {
  const journal = await readJournal(session.db, project.dialect.journal(project.journal));
  if (journal.applied.size > 0 || project.graph.nodes.size > 0) {
    throw refused(
      "adopted-already",
      journal.applied.size > 0 ? "This database has revisions already." : "This project has revisions already.",
      "limbeck revision --autogenerate finds what differs; limbeck stamp head records that the database has what the revisions say",
    );
  }
  const { had, wanted, difference } = await compare(project, session, noJournal);
  const executed = fromTypeorm ? ((await readExecuted(project, session.db)) ?? []) : [];
  // TypeORM's own table is nobody's: taken in, it would be dropped one day
  const records = had.tables.find((table) => isTypeormTable(project, table) && !wanted.tables.some((one) => keyOf(one) === keyOf(table)));
  const there = { ...had, tables: had.tables.filter((table) => table !== records) };
  if (all) return { taken: there, unmanaged: [], executed };
  const isRecords = ({ schema, table, name }: (typeof difference.unmanaged)[number]) =>
    records !== undefined && table === undefined && keyOf(named(schema, name)) === keyOf(records);
  const unmanaged = difference.unmanaged.filter((one) => !isRecords(one));
  return { taken: without(there, wanted, unmanaged), unmanaged, executed };
}

function headerOf(project: Project, { id, message }: AdoptOptions, after: Wrapper | undefined): Header {
  return {
    id: id === undefined ? freshId(project) : checkId(project, id),
    parents: after === undefined ? [] : [after.id],
    dependsOn: [],
    labels: [],
    replaces: [],
    adopted: true,
    message: message ?? (after === undefined ? "baseline" : "what the migrations have made"),
    // in TypeORM's order right after the last of them
    createdAt: after === undefined ? new Date().toISOString().replace(/\.\d+Z$/, "Z") : after.createdAt,
    review: [],
  };
}

/** The schema without what is not ours. */
function without(had: Schema, wanted: Schema, unmanaged: Difference["unmanaged"]): Schema {
  const wholes = new Set(
    unmanaged.filter(({ table }) => table === undefined).map(({ what, schema, name }) => `${what} ${keyOf(named(schema, name))}`),
  );
  const parts = new Set(
    unmanaged.flatMap(({ schema, table, name }) => (table === undefined ? [] : [`${keyOf(named(schema, table))}\u0000${name}`])),
  );
  const ours = (what: string) => (one: QualifiedName) => !wholes.has(`${what} ${keyOf(one)}`);
  const kept = (owner: QualifiedName) => (one: { readonly name: string }) => !parts.has(`${keyOf(owner)}\u0000${one.name}`);
  return {
    ...had,
    namespaces: had.namespaces.filter((name) => wanted.namespaces.includes(name)),
    extensions: had.extensions.filter((name) => wanted.extensions.includes(name)),
    enums: had.enums.filter(ours("enum type")),
    views: had.views.filter(ours("view")).map((view) => ({ ...view, indexes: view.indexes.filter(kept(view)) })),
    tables: had.tables.filter(ours("table")).map(
      (table): Table => ({
        ...table,
        columns: table.columns.filter(kept(table)),
        uniques: table.uniques.filter(kept(table)),
        indexes: table.indexes.filter(kept(table)),
        foreignKeys: table.foreignKeys.filter(kept(table)),
        checks: table.checks.filter(kept(table)),
        exclusions: table.exclusions.filter(kept(table)),
      }),
    ),
  };
}

const named = (schema: string | undefined, name: string): QualifiedName => (schema === undefined ? { name } : { schema, name });
