import type { Db } from "../core/db.ts";
import { usage } from "../core/errors.ts";
import { labelOf, type QualifiedName } from "../core/schema.ts";
import type { LimbeckConfig } from "../core/settings.ts";
import type { Dialect } from "../dialect/dialect.ts";

/** Shared by all copies of the package: the data source's module and the revisions may have imported different ones. */
const mark = Symbol.for("limbeck.journals");

const usual: QualifiedName = { name: "limbeck_revision" };

/**
 * The configuration is given back as it is. TypeORM's own runner loads the module of the data source, and never asks for its `limbeck`: what
 * that says of the journal is kept for the revisions that it runs.
 */
export function defineConfig(config: LimbeckConfig): LimbeckConfig {
  const one = journalOf(config);
  declared().set(labelOf(one), one);
  return config;
}

export function journalOf({ journal: { table, schema } = {} }: Pick<LimbeckConfig, "journal">): QualifiedName {
  return { name: table ?? usual.name, ...(schema === undefined ? {} : { schema }) };
}

function declared(): Map<string, QualifiedName> {
  const all = globalThis as { [mark]?: Map<string, QualifiedName> };
  all[mark] ??= new Map();
  return all[mark];
}

/** The one that is declared; of several in one process, the one that this database has. */
export async function journalFor(db: Db, dialect: Dialect): Promise<QualifiedName> {
  const all = [...declared().values()];
  if (all.length <= 1) return all[0] ?? usual;
  const present: QualifiedName[] = [];
  for (const one of all) if (await isThere(db, dialect, one)) present.push(one);
  const [found] = present;
  if (found !== undefined && present.length === 1) return found;
  throw usage(
    "journal-unclear",
    `This process has several data sources with a journal of their own (${labels(all)}), and TypeORM does not say which one this is: the database has ${present.length === 0 ? "none of them" : labels(present)}.`,
    "limbeck upgrade head, which knows the configuration",
    { journals: all.map(labelOf), present: present.map(labelOf) },
  );
}

async function isThere(db: Db, dialect: Dialect, journal: QualifiedName): Promise<boolean> {
  const [found] = await db.query(dialect.journal(journal).exists);
  return Object.values(found ?? {})[0] === "1";
}

const labels = (all: readonly QualifiedName[]): string => all.map(labelOf).join(", ");
