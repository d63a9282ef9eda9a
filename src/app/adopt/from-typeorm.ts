import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { integrity, type LimbeckError, refused } from "../../core/errors.ts";
import type { Header } from "../../core/revision.ts";
import { expand } from "../../entities/entity-files.ts";
import { importModule } from "../../entities/load/index.ts";
import { packageDir, readPackage } from "../../entities/load/package.ts";
import { writeWrapped } from "../../revision/write/wrapped.ts";
import { loadRevision } from "../project/load.ts";
import { folderFor, type Project } from "../project/project.ts";
import { fileName } from "../write/write.ts";
import { timestampOf } from "./typeorm-table.ts";

/** A migration of TypeORM's: its class in its file. */
export interface Migration {
  readonly name: string;
  readonly exported: string;
  readonly file: string;
}

/** A revision that was written for one. */
export interface Wrapper {
  readonly id: string;
  readonly file: string;
  readonly createdAt: string;
}

/** The project's migrations: those that have run in the order in which they did, the others in TypeORM's. */
export async function migrationsOf(project: Project, executed: readonly string[]) {
  const found = await classesOf(project);
  const byName = new Map(found.map((one) => [one.name, one]));
  const applied = [...new Set(executed)].flatMap((name) => byName.get(name) ?? []);
  const pending = found.filter((one) => !applied.includes(one)).sort((a, b) => timestampOf(a.name) - timestampOf(b.name));
  const lost = executed.filter((name) => !byName.has(name));
  if (lost.length > 0) throw missing(lost, pending);
  return { applied, pending };
}

/** Without them the rest can't set up a fresh database: a baseline can, in the place of all that has run. */
function missing(lost: readonly string[], pending: readonly Migration[]): LimbeckError {
  const names = pending.map(({ name }) => name);
  const first = names.length === 0 ? "" : `run with TypeORM what it has not run yet (${names.join(", ")}), then `;
  return integrity(
    "migrations-missing",
    `TypeORM has run ${lost.length === 1 ? "a migration" : "migrations"} in this database that no file has: ${lost.join(", ")}.`,
    `bring the files back, or correct "migrations" of the data source
where they are gone for good: ${first}limbeck adopt; its baseline stands for all of them
in another database where TypeORM has run them: limbeck stamp BASELINE --verify`,
    { migrations: lost, pending: names },
  );
}

async function classesOf({ configuration }: Project): Promise<readonly Migration[]> {
  const { migrations } = configuration.options;
  const listed: readonly unknown[] = Array.isArray(migrations) ? migrations : Object.values((migrations ?? {}) as object);
  const patterns = listed.filter((one) => typeof one === "string");
  const found: Migration[] = [];
  for (const file of await expand(patterns, configuration)) {
    for (const [exported, value] of Object.entries(await importModule(file))) {
      const name = migrationName(value);
      if (name !== null && !found.some((one) => one.name === name)) found.push({ name, exported, file });
    }
  }
  // a class tells nobody where it comes from, and a revision has to import it
  const classes = listed.flatMap((one) => migrationName(one) ?? []).filter((name) => found.every((one) => one.name !== name));
  if (found.length > 0 && classes.length === 0) return found;
  throw refused(
    "no-migrations",
    classes.length > 0
      ? `The data source in ${configuration.file} gives migrations as classes that none of its files has: ${classes.join(", ")}.`
      : `The data source in ${configuration.file} names no migrations of TypeORM's.`,
    'list them as files in its "migrations": "src/migrations/*.ts"',
    { patterns, classes },
  );
}

/** What TypeORM calls the class; null where it is none. Our own revisions are classes for TypeORM, too: they are not meant. */
function migrationName(value: unknown): string | null {
  if (typeof value !== "function" || Object.getOwnPropertySymbols(value).length > 0) return null;
  const { up, down } = (value.prototype ?? {}) as { readonly up?: unknown; readonly down?: unknown };
  if (typeof up !== "function" || typeof down !== "function") return null;
  const { name } = new (value as new () => { readonly name?: string })();
  return name ?? value.name;
}

/** A revision for each, one after the other. `written` is told of every file, so that a failure leaves none. */
export async function writeWrappers(
  project: Project,
  migrations: readonly Migration[],
  after: readonly string[],
  written: string[],
): Promise<readonly Wrapper[]> {
  const folder = await folderOf(project, migrations);
  const made: Wrapper[] = [];
  for (const migration of migrations) {
    const previous = made.at(-1)?.id;
    const header = headerFor(migration, previous === undefined ? after : [previous]);
    const file = join(folder, fileName(header));
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, writeWrapped(header, { ...migration, path: importPath(file, migration.file) }), { flag: "wx" });
    written.push(file);
    await loadRevision({ header, file, sourceHash: "" });
    made.push({ id: header.id, file, createdAt: header.createdAt });
  }
  return made;
}

function headerFor({ name }: Migration, parents: readonly string[]): Header {
  const words = name.replace(/\d{13}$/, "").replace(/([a-z\d])([A-Z])/g, "$1 $2");
  return {
    // under the name that TypeORM shows, so that both speak of the same
    id: name.replace(/[^A-Za-z0-9_.]/g, "_"),
    parents,
    dependsOn: [],
    labels: [],
    replaces: [],
    message: words === "" ? name : words,
    createdAt: new Date(timestampOf(name)).toISOString().replace(/\.\d+Z$/, "Z"),
    typeorm: name,
    review: [],
  };
}

/** Beside the files that TypeORM loads, it would take a wrapper for a second migration of the same name. */
async function folderOf(project: Project, migrations: readonly Migration[]): Promise<string> {
  const folder = folderFor(project);
  const shared = migrations.some(({ file }) => dirname(file) === folder);
  return shared ? join(folder, "adopted") : folder;
}

/** As the project's own modules import each other. */
function importPath(from: string, to: string): string {
  const path = relative(dirname(from), to).replaceAll("\\", "/");
  const dotted = path.startsWith(".") ? path : `./${path}`;
  const isModule = (readPackage(packageDir(to)) as { readonly type?: unknown }).type === "module";
  if (/\.[mc][jt]s$/.test(dotted)) return dotted.replace(/ts$/, "js");
  return dotted.replace(/\.[jt]s$/, isModule ? ".js" : "");
}
