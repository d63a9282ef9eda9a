import type { Db } from "../../core/db.ts";
import { keyOf, type QualifiedName, type Table } from "../../core/schema.ts";
import type { Journal } from "../../run/journal.ts";
import type { Stamps } from "../../run/stamp.ts";
import type { Step } from "../../run/step.ts";
import type { Project } from "../project/project.ts";

/** The table in which TypeORM's own runner records what it has run. */
export function typeormTable({ configuration }: Project): QualifiedName {
  const { migrationsTableName, schema } = configuration.options as { readonly migrationsTableName?: string; readonly schema?: string };
  const apart = configuration.dialect === "postgres" && schema !== undefined && schema !== "public";
  return { name: migrationsTableName ?? "migrations", ...(apart ? { schema } : {}) };
}

/** It is TypeORM's own, and no table of that name that somebody else has made. */
export function isTypeormTable(project: Project, table: Table): boolean {
  const names = table.columns.map(({ name }) => name).sort();
  return keyOf(table) === keyOf(typeormTable(project)) && names.join() === "id,name,timestamp";
}

/** The names in TypeORM's table, in its order; null where there is none, or no revision that wraps a migration. */
export async function executedIn(project: Project, db: Db): Promise<readonly string[] | null> {
  return project.files.some(({ header }) => header.typeorm !== undefined) ? readExecuted(project, db) : null;
}

export async function readExecuted(project: Project, db: Db): Promise<readonly string[] | null> {
  const { dialect } = project;
  const table = typeormTable(project);
  const [found] = await db.query(dialect.journal(table).exists);
  if (found === undefined || Object.values(found)[0] !== "1") return null;
  const { quoteName } = dialect;
  const rows = await db.query(`SELECT ${quoteName("name")} FROM ${dialect.quoteTable(table)} ORDER BY ${quoteName("id")}`);
  return rows.flatMap(({ name }) => name ?? []);
}

/** As TypeORM makes it, with the names that are there already. */
export async function createTypeormTable(project: Project, db: Db, names: readonly string[]): Promise<void> {
  const { dialect } = project;
  const table = dialect.quoteTable(typeormTable(project));
  const [id, timestamp, name] = ["id", "timestamp", "name"].map(dialect.quoteName);
  const columns =
    dialect.name === "postgres"
      ? `${id} SERIAL PRIMARY KEY, ${timestamp} bigint NOT NULL, ${name} character varying NOT NULL`
      : `${id} int NOT NULL AUTO_INCREMENT PRIMARY KEY, ${timestamp} bigint NOT NULL, ${name} varchar(255) NOT NULL`;
  await db.query(`CREATE TABLE ${table} (${columns})`);
  for (const one of names) await db.query(recordExecuted(project, one));
}

export function recordExecuted(project: Project, name: string): string {
  const { dialect } = project;
  const [timestamp, column] = ["timestamp", "name"].map(dialect.quoteName);
  return `INSERT INTO ${dialect.quoteTable(typeormTable(project))} (${timestamp}, ${column}) VALUES (${timestampOf(name)}, ${dialect.quoteLiteral(name)})`;
}

export function forgetExecuted(project: Project, name: string): string {
  const { dialect } = project;
  return `DELETE FROM ${dialect.quoteTable(typeormTable(project))} WHERE ${dialect.quoteName("name")} = ${dialect.quoteLiteral(name)}`;
}

const nameOf = (project: Project, id: string): string | undefined => project.fileById.get(id)?.header.typeorm;

/** The steps, those that run a migration of TypeORM's with the record in TypeORM's table, which is made when it is missing. */
export async function toldToTypeorm(
  {
    project,
    journal,
    executed,
  }: { readonly project: Project; readonly journal: Pick<Journal, "applied">; readonly executed: readonly string[] | null },
  db: Db,
  steps: readonly Step[],
): Promise<readonly Step[]> {
  if (steps.every(({ id }) => nameOf(project, id) === undefined)) return steps;
  if (executed === null) {
    const before = project.graph.order.filter((id) => journal.applied.has(id)).flatMap((id) => nameOf(project, id) ?? []);
    await createTypeormTable(project, db, before);
  }
  return steps.map((step) => {
    const name = nameOf(project, step.id);
    if (name === undefined) return step;
    return { ...step, also: [step.direction === "upgrade" ? recordExecuted(project, name) : forgetExecuted(project, name)] };
  });
}

/** What stamping means for TypeORM's table. */
export async function stampsForTypeorm(project: Project, db: Db, { add, remove }: Stamps): Promise<readonly string[]> {
  const added = add.flatMap(({ id }) => nameOf(project, id) ?? []);
  const removed = remove.flatMap((id) => nameOf(project, id) ?? []);
  if (added.length + removed.length === 0) return [];
  const executed = await readExecuted(project, db);
  if (executed === null) await createTypeormTable(project, db, []);
  const names = new Set(executed ?? []);
  return [
    ...removed.filter((name) => !added.includes(name)).map((name) => forgetExecuted(project, name)),
    ...added.filter((name) => !names.has(name)).map((name) => recordExecuted(project, name)),
  ];
}

/** TypeORM takes it from the last thirteen digits of the name. */
export function timestampOf(name: string): number {
  const found = /(\d{13})$/.exec(name)?.[1];
  return found === undefined ? 0 : Number(found);
}
