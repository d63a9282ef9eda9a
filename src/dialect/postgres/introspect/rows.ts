import type { Db, Rows, Server } from "../../../core/db.ts";
import type { QualifiedName } from "../../../core/schema.ts";
import { quoteLiteral, quoteName } from "../quote.ts";
import { namesQuery, type Queries, queriesFor } from "./queries.ts";

export type Line = Rows[number];
export type Grouped = ReadonlyMap<string, readonly Line[]>;

/** The catalogue's rows, those of one relation found by its oid. */
export interface Catalogue {
  readonly server: Server;
  readonly namespaces: readonly string[];
  readonly extensions: readonly string[];
  /** types of extensions that stand outside of the default schema, as they are printed and as they are called */
  readonly extensionTypes: readonly (readonly [printed: string, name: string])[];
  readonly enums: readonly Line[];
  readonly relations: readonly Line[];
  /** of relations and columns */
  readonly comments: Grouped;
  readonly columns: Grouped;
  readonly sequences: Grouped;
  readonly constraints: Grouped;
  readonly farColumns: Grouped;
  readonly indexes: Grouped;
  /** by the index's oid */
  readonly indexParts: Grouped;
  readonly reads: Grouped;
  readonly beside: Grouped;
  readonly apart: readonly Line[];
}

const ownPath = "limbeck.search_path";
/** how the server prints, besides: as in every session of ours */
const printing = { DateStyle: "ISO", IntervalStyle: "postgres", TimeZone: "UTC", quote_all_identifiers: "off" };

const set = (name: string, value: string): string => `set_config('${name}', ${value}, true)`;

/** What is read: all that stands in the schemas, or what of it the caller chooses by name. */
export interface Reading {
  readonly schemas: readonly string[];
  readonly inTransaction: boolean;
  readonly include?: (name: QualifiedName) => boolean;
}

/**
 * One round trip, one snapshot; with a choice a second one before it, for the names. Only the default schema is on the path, so that its names come
 * out bare and all others qualified, however the session is configured. In a transaction of the caller's the path is put back.
 */
export async function readCatalogue(db: Db, server: Server, reading: Reading): Promise<Catalogue> {
  const { schemas, inTransaction, include } = reading;
  const prints = Object.entries(printing).map(([name, value]) => set(name, quoteLiteral(value)));
  const own = `SELECT ${[set("search_path", quoteLiteral(quoteName(server.defaultSchema))), ...prints].join(", ")}`;
  const after = inTransaction ? [`SELECT ${set("search_path", `current_setting('${ownPath}')`)}`] : [];
  const remember = `SELECT ${set(ownPath, "current_setting('search_path')")}`;
  if (include === undefined) {
    // sent together, the statements are one transaction
    const before = inTransaction ? [remember, own] : ["SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY", own];
    const queries = queriesFor(schemas, server);
    return catalogueOf(server, queries, (await db.batch([...before, ...Object.values(queries), ...after])).slice(before.length));
  }
  const [begin, end] = inTransaction ? [remember, []] : ["BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY", ["COMMIT"]];
  try {
    const [, , names = []] = await db.batch([begin, own, namesQuery(schemas)]);
    const chosen = names.filter(([, schema, name]) => include(nameIn(server, schema, name))).map(([oid]) => oid ?? "");
    const queries = queriesFor(schemas, server, chosen);
    return catalogueOf(server, queries, await db.batch([...Object.values(queries), ...after, ...end]));
  } catch (error) {
    if (!inTransaction) await db.batch(["ROLLBACK"]).catch(() => undefined);
    throw error;
  }
}

function catalogueOf(server: Server, queries: Queries, results: readonly Rows[]): Catalogue {
  const names = Object.keys(queries) as (keyof Queries)[];
  const rows = Object.fromEntries(names.map((name, at) => [name, results[at] ?? []])) as Record<keyof Queries, Rows>;
  return {
    server,
    namespaces: rows.namespaces.map(([name]) => name ?? ""),
    extensions: rows.extensions.map(([name]) => name ?? ""),
    extensionTypes: rows.extensionTypes.map(([printed, name]) => [printed ?? "", name ?? ""] as const),
    enums: rows.enums,
    relations: rows.relations,
    comments: grouped(rows.comments),
    columns: grouped(rows.columns),
    sequences: grouped(rows.sequences),
    constraints: grouped(rows.constraints),
    farColumns: grouped(rows.farColumns),
    indexes: grouped(rows.indexes),
    indexParts: grouped(rows.indexParts),
    reads: grouped(rows.reads),
    beside: grouped(rows.beside),
    apart: rows.apart,
  };
}

/** By their first value. */
function grouped(rows: Rows): Grouped {
  const found = new Map<string, Line[]>();
  for (const row of rows) {
    const key = row[0] ?? "";
    const own = found.get(key);
    if (own === undefined) found.set(key, [row]);
    else own.push(row);
  }
  return found;
}

export function nameIn(server: Server, schema: string | null | undefined, name: string | null | undefined): QualifiedName {
  return schema == null || schema === server.defaultSchema ? { name: name ?? "" } : { schema, name: name ?? "" };
}

/** Of a relation, or of its column with that number. */
export function commentOn({ comments }: Catalogue, oid: string | null | undefined, column = "0"): { readonly comment?: string } {
  const text = comments.get(oid ?? "")?.find((line) => line[1] === column)?.[2];
  return text ? { comment: text } : {};
}

/** The numbers of `{1,2}` and `1 2`. */
export const numbersOf = (text: string | null | undefined): readonly number[] => (text?.match(/-?\d+/g) ?? []).map(Number);

/** The names of a relation's columns by their numbers. */
export function columnNames({ columns, farColumns }: Catalogue, relation: string | null | undefined): ReadonlyMap<number, string> {
  const lines = columns.get(relation ?? "") ?? farColumns.get(relation ?? "") ?? [];
  return new Map(lines.map(([, number, name]) => [Number(number), name ?? ""]));
}

export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
export const byName = (a: { readonly name: string }, b: { readonly name: string }): number => compare(a.name, b.name);
