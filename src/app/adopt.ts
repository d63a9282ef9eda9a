import { rmSync } from "node:fs";
import { join, relative } from "node:path";
import { refused, usage } from "../core/errors.ts";
import { reverseAll } from "../core/operations/index.ts";
import type { Header } from "../core/revision.ts";
import { emptySchema, keyOf, type QualifiedName, type Schema, type Table } from "../core/schema.ts";
import { type Difference, diff } from "../diff/diff.ts";
import { readJournal } from "../run/journal.ts";
import { compare } from "./compare.ts";
import { folderFor, type Location, openProject, withDatabase } from "./project.ts";
import { stamp } from "./stamp.ts";
import { checkId, fileName, freshId, writeProved } from "./write.ts";

export interface AdoptOptions {
  readonly message?: string;
  readonly id?: string;
  /** take in everything that is there, whoever made it */
  readonly all: boolean;
}

export interface AdoptResult {
  readonly id: string;
  readonly file: string;
  readonly stamped: boolean;
  readonly unmanaged: Difference["unmanaged"];
}

/**
 * Takes over a database that was built without revisions: a first revision of what the entities know of it, in the shape that the database has
 * it, stamped and not executed. What no entity knows is named and left alone.
 */
export async function adopt(location: Location, options: AdoptOptions): Promise<AdoptResult> {
  const project = await openProject(location, true);
  const { dialect } = project;
  const { taken, unmanaged } = await withDatabase(project, async (session) => {
    const journal = await readJournal(session.db, dialect.journal(project.journal));
    if (journal.applied.size > 0 || project.graph.nodes.size > 0) {
      throw refused(
        "adopted-already",
        journal.applied.size > 0 ? "This database has revisions already." : "This project has revisions already.",
        "limbeck revision --autogenerate finds what differs; limbeck stamp head records that the database has what the revisions say",
      );
    }
    const { had, wanted, difference } = await compare(project, session, new Set());
    if (options.all) return { taken: had, unmanaged: [] };
    return { taken: without(had, wanted, difference.unmanaged), unmanaged: difference.unmanaged };
  });

  const { operations } = diff(emptySchema, taken, { rules: dialect.rules, known: emptySchema });
  if (operations.length === 0)
    throw usage("nothing-to-adopt", "The database has nothing that the entities know.", "limbeck revision --autogenerate");
  const header: Header = {
    id: options.id === undefined ? freshId(project) : checkId(project, options.id),
    parents: [],
    dependsOn: [],
    labels: [],
    replaces: [],
    message: options.message ?? "baseline",
    createdAt: new Date().toISOString().replace(/\.\d+Z$/, "Z"),
    review: [],
  };
  const { writeRevision } = await import("../revision/write/index.ts");
  const file = join(folderFor(project), fileName(header));
  await writeProved(
    file,
    await writeRevision({ header, upgrade: operations, downgrade: reverseAll(operations).operations }),
    header,
    operations,
  );
  // the revision must be what the database is, or it is not stamped
  await stamp(location, [header.id], { purge: false, verify: true }).catch((error: unknown) => {
    rmSync(file);
    throw error;
  });
  return { id: header.id, file: relative(location.cwd, file), stamped: true, unmanaged };
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
