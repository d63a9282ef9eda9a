import type { Db, Rows, Server } from "../../../core/db.ts";
import type { QualifiedName } from "../../../core/schema.ts";
import type { Scope } from "../../dialect.ts";
import { queriesFor, queriesPerDatabase } from "./queries.ts";

type Line = Rows[number];

/** The dictionary's rows of one table or view, in order. */
export interface TableRows {
  readonly name: QualifiedName;
  readonly table: Line;
  readonly columns: readonly Line[];
  readonly indexes: readonly Line[];
  readonly keyColumns: readonly Line[];
  readonly keys: readonly Line[];
  readonly checks: readonly Line[];
  readonly view: string | null;
  readonly triggers: readonly string[];
}

/** Everything in one round trip. */
export async function readRows(db: Db, server: Server, scope: Scope): Promise<readonly TableRows[]> {
  const databases = [server.defaultSchema, ...scope.schemas.filter((schema) => schema !== server.defaultSchema)];
  const sets = await db.batch(databases.flatMap((database) => queriesFor(database, server)));
  return databases.flatMap((database, at) => {
    const own = sets.slice(at * queriesPerDatabase, (at + 1) * queriesPerDatabase);
    return grouped(own, database === server.defaultSchema ? undefined : database).filter((each) => wanted(each.name, scope, server));
  });
}

function wanted(name: QualifiedName, scope: Scope, server: Server): boolean {
  const own = (other: QualifiedName): boolean =>
    other.name === name.name && (other.schema ?? server.defaultSchema) === (name.schema ?? server.defaultSchema);
  return !scope.ignore.some(own) && (scope.include?.(name) ?? true);
}

function grouped(sets: readonly Rows[], schema: string | undefined): readonly TableRows[] {
  const [tables = [], columns = [], indexes = [], keyColumns = [], keys = [], checks = [], views = [], triggers = []] = sets;
  const all = [columns, indexes, keyColumns, keys, checks, views, triggers];
  const [ofColumns, ofIndexes, ofKeyColumns, ofKeys, ofChecks, ofViews, ofTriggers] = all.map(byTable);
  return tables
    .map((table): TableRows => {
      const name = table[0] ?? "";
      return {
        name: schema === undefined ? { name } : { schema, name },
        table,
        columns: inOrder(ofColumns?.get(name), 1),
        indexes: inOrder(ofIndexes?.get(name), 2),
        keyColumns: inOrder(ofKeyColumns?.get(name), 2),
        keys: ofKeys?.get(name) ?? [],
        checks: ofChecks?.get(name) ?? [],
        view: ofViews?.get(name)?.[0]?.[1] ?? null,
        triggers: (ofTriggers?.get(name) ?? []).map((row) => row[1] ?? "").sort(compare),
      };
    })
    .sort((a, b) => compare(a.name.name, b.name.name));
}

function byTable(rows: Rows): ReadonlyMap<string, readonly Line[]> {
  const found = new Map<string, Line[]>();
  for (const row of rows) {
    const name = row[0] ?? "";
    const own = found.get(name);
    if (own === undefined) found.set(name, [row]);
    else own.push(row);
  }
  return found;
}

function inOrder(rows: readonly Line[] | undefined, position: number): readonly Line[] {
  return rows === undefined ? [] : [...rows].sort((a, b) => Number(a[position]) - Number(b[position]));
}

export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
