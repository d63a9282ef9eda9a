import type { Db, Rows, Server } from "../../../core/db.ts";
import { atLeast } from "../../../core/db.ts";
import type { QualifiedName, Schema } from "../../../core/schema.ts";
import type { Introspection, NotCompared, Scope } from "../../dialect.ts";
import { columnsOf } from "./columns.ts";
import { constraintsOf } from "./constraints.ts";
import { indexesOf } from "./indexes.ts";
import { namer } from "./names.ts";
import { catalogueQueries, type Place } from "./queries.ts";
import { type Relation, tablesOf } from "./tables.ts";
import { viewsOf } from "./views.ts";

export function introspect(db: Db, server: Server, scope: Scope): Promise<Introspection> {
  const schemas = [...new Set([server.defaultSchema, ...scope.schemas])];
  const place = { defaultSchema: server.defaultSchema, schemas, path: [server.defaultSchema], nullsNotDistinct: atLeast(server, 15) };
  return read(db, place, scope);
}

/** The catalogue as a schema, in one round trip. */
export async function read(db: Db, place: Place, scope: Pick<Scope, "ignore" | "include">): Promise<Introspection> {
  const [, , namespaces, extensions, enums, relations, columns, constraints, indexes, reads] = await db.batch(catalogueQueries(place));
  const nameOf = namer(place.defaultSchema);
  const wanted = (name: QualifiedName): boolean => !scope.ignore.some((other) => sameName(other, name)) && (scope.include?.(name) ?? true);
  const found: Relation[] = rows(relations).map(([schema, name, kind, comment, definition]) => ({
    name: nameOf(schema, name),
    kind: kind ?? "",
    comment: comment ?? undefined,
    definition: definition ?? undefined,
  }));
  const here = found.filter(({ name }) => wanted(name));
  const notCompared: NotCompared[] = [];
  const parts = {
    columns: columnsOf(rows(columns), nameOf),
    constraints: constraintsOf(rows(constraints), nameOf),
    indexes: indexesOf(rows(indexes), nameOf, notCompared),
  };
  const schema: Schema = {
    namespaces: rows(namespaces).flatMap(([name]) => (name === null || name === undefined || name === place.defaultSchema ? [] : [name])),
    extensions: rows(extensions).flatMap(([name]) => name ?? []),
    enums: rows(enums).map(([schema, name, values, comment]) => ({
      ...nameOf(schema, name),
      values: JSON.parse(values ?? "[]") as string[],
      ...(comment == null ? {} : { comment }),
    })),
    tables: tablesOf(here, parts),
    views: viewsOf(here, rows(reads), parts.indexes, nameOf),
    external: [],
  };
  return { schema, notCompared };
}

const rows = (result: Rows | undefined): Rows => result ?? [];

function sameName(a: QualifiedName, b: QualifiedName): boolean {
  return a.name === b.name && a.schema === b.schema;
}
