import type { Row } from "../../core/db.ts";
import type { Operation } from "../../core/operation.ts";
import { keyOf, labelOf, type QualifiedName, type Schema } from "../../core/schema.ts";
import { diff } from "../../diff/diff.ts";
import { everySchema } from "../diff.ts";
import type { Project } from "../project/project.ts";
import type { Session } from "../project/session.ts";
import { columnKey, type Losses } from "./losses.ts";

/** What a scratch database holds at a moment. */
export interface Snapshot {
  readonly schema: Schema;
  /** by table */
  readonly rows: ReadonlyMap<string, TableRows>;
}
export interface TableRows {
  readonly table: QualifiedName;
  readonly rows: readonly Row[];
}

export async function takeSnapshot(project: Project, place: Session): Promise<Snapshot> {
  const schema = await readSchema(project, place);
  const rows = new Map<string, TableRows>();
  for (const table of schema.tables) {
    rows.set(keyOf(table), { table, rows: await place.db.query(`SELECT * FROM ${project.dialect.quoteTable(table)}`) });
  }
  return { schema, rows };
}

/** All that stands in it, but for the tools' own tables. */
export async function readSchema({ dialect, journal }: Project, place: Session): Promise<Schema> {
  const { db, server, context } = place;
  const schemas = (await everySchema([place])).filter((name) => name !== server.defaultSchema);
  const ignore = [journal, ...(context.metadataTable === undefined ? [] : [context.metadataTable])];
  return dialect.normalize((await dialect.introspect(db, server, { schemas, ignore })).schema, server);
}

/** What lies between two readings of the same server: their words are the server's own on both sides. */
export function schemaDifference({ dialect }: Project, from: Schema, to: Schema): readonly Operation[] {
  return diff(from, to, { rules: dialect.rules, known: from, names: true }).operations;
}

/** What must not be held against a comparison of rows: by table, its columns; null is the whole table. */
export type Excused = ReadonlyMap<string, ReadonlySet<string> | null>;

/** The tables whose rows differ, in a sentence each. The order of rows and of columns does not count. */
export function rowDifferences(before: Snapshot, after: Snapshot, excused: Excused): readonly string[] {
  const found: string[] = [];
  for (const [key, { table, rows }] of before.rows) {
    const excuse = excused.get(key);
    if (excuse === null) continue;
    const other = after.rows.get(key);
    if (other === undefined) {
      if (rows.length > 0) found.push(`${labelOf(table)} is not there, it had ${counted(rows.length)}`);
    } else if (rows.length !== other.rows.length) {
      found.push(`${labelOf(table)} has ${counted(other.rows.length)} where there were ${rows.length}`);
    } else if (!sameRows(rows, other.rows, excuse ?? new Set())) {
      found.push(`${labelOf(table)} has other values${columnsThatDiffer(rows, other.rows, excuse ?? new Set())}`);
    }
  }
  return found;
}

const counted = (n: number): string => `${n} row${n === 1 ? "" : "s"}`;

/** Of the second only the columns count that the first has. */
function sameRows(a: readonly Row[], b: readonly Row[], without: ReadonlySet<string>): boolean {
  const names = Object.keys(a[0] ?? {}).filter((name) => !without.has(name));
  const texts = (rows: readonly Row[]) => rows.map((row) => JSON.stringify(names.map((name) => row[name]))).sort();
  return texts(a).join("\n") === texts(b).join("\n");
}

function columnsThatDiffer(a: readonly Row[], b: readonly Row[], without: ReadonlySet<string>): string {
  const names = Object.keys(a[0] ?? {}).filter((name) => !without.has(name));
  const values = (rows: readonly Row[], name: string) => JSON.stringify(rows.map((row) => row[name] ?? null).sort());
  const different = names.filter((name) => values(a, name) !== values(b, name));
  return different.length === 0 ? "" : ` in ${different.join(", ")}`;
}

/** The rows under the names that their tables and columns had before. */
export function underOldNames({ schema, rows }: Snapshot, { names, columns }: Pick<Losses, "names" | "columns">): Snapshot {
  const renamed = [...rows].map(([key, { table, rows: own }]): [string, TableRows] => {
    const old = names.get(key) ?? key;
    const row = (one: Row): Row =>
      Object.fromEntries(Object.entries(one).map(([name, value]) => [columns.get(columnKey(old, name)) ?? name, value]));
    return [old, { table, rows: own.map(row) }];
  });
  return { schema, rows: new Map(renamed) };
}
