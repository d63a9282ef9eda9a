import type { Db, Server } from "../../../core/db.ts";
import { type EnumType, keyOf, labelOf, type QualifiedName, type Schema, type Table } from "../../../core/schema.ts";
import type { Introspection, NotCompared, Scope } from "../../dialect.ts";
import { plainOnPartitioned } from "../compile/online.ts";
import { columnsOf } from "./columns.ts";
import { constraintsOf, oddityOf } from "./constraints.ts";
import { indexesOf, isInvalid } from "./indexes.ts";
import { type Catalogue, commentOn, compare, type Line, nameIn, readCatalogue } from "./rows.ts";
import { viewOf } from "./views.ts";

/** The default schema and those of the scope. */
export async function introspect(db: Db, server: Server, scope: Scope): Promise<Introspection> {
  const schemas = [...new Set([server.defaultSchema, ...scope.schemas])];
  const { include, inTransaction = false } = scope;
  const catalogue = await readCatalogue(db, server, { schemas, inTransaction, ...(include && { include }) });
  return schemaOf(catalogue, scope);
}

/** What the rows say, as far as it is in the scope. */
export function schemaOf(catalogue: Catalogue, scope: Pick<Scope, "ignore" | "include">): Introspection {
  const { server, namespaces, extensions } = catalogue;
  const relations = catalogue.relations
    .filter(([, schema, name]) => wanted(nameIn(catalogue.server, schema, name), scope, catalogue))
    .sort((a, b) => compare(`${a[1]}\u0000${a[2]}`, `${b[1]}\u0000${b[2]}`));
  const ofKind = (kinds: string): readonly Line[] => relations.filter(([, , , kind]) => kinds.includes(kind ?? ""));
  const schema: Schema = {
    namespaces: namespaces.filter((name) => name !== server.defaultSchema).sort(compare),
    extensions: [...extensions].sort(compare),
    enums: enumsOf(catalogue),
    tables: ofKind("rp").map((line) => tableOf(line, catalogue)),
    views: ofKind("vm").map((line) => viewOf(line, catalogue)),
    external: [],
  };
  return {
    schema,
    notCompared: [...relations.flatMap((line) => oddities(line, catalogue)), ...apart(catalogue)],
    plainOnly: { tables: ofKind("p").map(([, place, name]) => nameIn(server, place, name)), kinds: plainOnPartitioned(server) },
  };
}

function wanted(name: QualifiedName, scope: Pick<Scope, "ignore" | "include">, { server }: Catalogue): boolean {
  const key = keyOf(name);
  const own = scope.ignore.some((other) => keyOf(nameIn(server, other.schema, other.name)) === key);
  return !own && (scope.include?.(name) ?? true);
}

function tableOf(line: Line, catalogue: Catalogue): Table {
  const [oid, schema, name] = line;
  const place = nameIn(catalogue.server, schema, name);
  return {
    ...place,
    columns: columnsOf(catalogue, oid ?? "", place.name),
    ...constraintsOf(catalogue, oid ?? ""),
    indexes: indexesOf(catalogue, oid ?? ""),
    ...commentOn(catalogue, oid),
  };
}

function enumsOf(catalogue: Catalogue): readonly EnumType[] {
  const found = new Map<string, EnumType & { readonly values: string[] }>();
  for (const [schema, name, value, comment] of catalogue.enums) {
    const place = nameIn(catalogue.server, schema, name);
    const type = found.get(keyOf(place)) ?? { ...place, values: [], ...(comment && { comment }) };
    if (value !== null && value !== undefined) type.values.push(value);
    found.set(keyOf(place), type);
  }
  return [...found.values()];
}

/** What may matter to a comparison, and cannot be said in a schema. */
function oddities([oid, schema, name, kind, , options, inherits]: Line, catalogue: Catalogue): readonly NotCompared[] {
  const label = labelOf(nameIn(catalogue.server, schema, name));
  const odd: NotCompared[] = [];
  const note = (what: string, because: string): number => odd.push({ what, because });
  if (kind === "f") note(`foreign table ${label}`, "foreign tables are left alone");
  if (kind === "p") note(`table ${label}`, "how it is partitioned is not compared, and its partitions are left alone");
  if (kind === "r" && inherits === "t") note(`table ${label}`, "that it inherits from another table is not compared");
  if (kind === "v" && options) note(`view ${label}`, `its options (${options}) are not compared`);
  const beside = (catalogue.beside.get(oid ?? "") ?? []).map(([, sort, own]) => (own ? `${sort} ${own}` : sort));
  if (beside.length > 0) note(`${kind === "v" || kind === "m" ? "view" : "table"} ${label}`, `${beside.join(", ")}: left alone`);
  for (const line of catalogue.constraints.get(oid ?? "") ?? []) {
    const oddity = oddityOf(line);
    if (oddity !== undefined) note(`constraint ${line[1]} of ${label}`, oddity);
  }
  for (const line of catalogue.indexes.get(oid ?? "") ?? []) {
    if (isInvalid(line))
      note(`index ${line[2]} of ${label}`, "it is invalid (a concurrent build failed): REINDEX INDEX CONCURRENTLY repairs it");
  }
  return odd;
}

function apart({ apart: lines, server }: Catalogue): readonly NotCompared[] {
  return lines.map(([kind, schema, name]) => ({ what: `${kind} ${labelOf(nameIn(server, schema, name))}`, because: "it is left alone" }));
}
