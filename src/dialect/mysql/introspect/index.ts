import type { Db, Server } from "../../../core/db.ts";
import { labelOf } from "../../../core/schema.ts";
import type { Introspection, Scope } from "../../dialect.ts";
import { readPrecisely } from "./precise.ts";
import { readRows, type TableRows } from "./rows.ts";
import { leftAlone, tableOf } from "./tables.ts";
import { viewOf } from "./views.ts";

/** The default database and those of the scope, in a fixed number of queries for each and one round trip for all. */
export async function introspect(db: Db, server: Server, scope: Scope): Promise<Introspection> {
  const all = await readRows(db, server, scope);
  const precise = await readPrecisely(db, server, all);
  const tables = all.filter((rows) => rows.table[1] === "BASE TABLE" || rows.table[1] === "SYSTEM VERSIONED");
  const views = all.filter((rows) => rows.table[1] === "VIEW");
  const known = namesByDatabase(all, server);
  return {
    schema: {
      namespaces: [],
      extensions: [],
      enums: [],
      tables: tables.map((rows) => tableOf(rows, precise, server)),
      views: views.filter((rows) => rows.view).map((rows) => viewOf(rows, precise, known, server)),
      external: [],
    },
    notCompared: [
      ...tables.flatMap((rows) => leftAlone(rows, labelOf(rows.name), server)),
      ...views
        .filter((rows) => !rows.view)
        .map((rows) => ({ what: `view ${labelOf(rows.name)}`, because: "its text may not be read (the SHOW VIEW right is missing)" })),
      ...all
        .filter((rows) => rows.table[1] === "SEQUENCE")
        .map((rows) => ({ what: `sequence ${labelOf(rows.name)}`, because: "it is left alone" })),
    ],
  };
}

function namesByDatabase(all: readonly TableRows[], server: Server): ReadonlyMap<string, ReadonlySet<string>> {
  const names = new Map<string, Set<string>>();
  for (const { name } of all) {
    const database = name.schema ?? server.defaultSchema;
    names.set(database, (names.get(database) ?? new Set()).add(name.name));
  }
  return names;
}
