import type { Index, IndexColumn, QualifiedName } from "../../../core/schema.ts";
import { quoteLiteral, quoteName, quoteNames, quoteTable } from "../quote.ts";
import { collationSql } from "./column.ts";
import { named, type Piece, plain } from "./piece.ts";

export function indexSql(index: Index, table: QualifiedName, how: "" | "CONCURRENTLY" = ""): string {
  const method = index.method ?? (index.kind === "spatial" ? "gist" : undefined);
  return [
    `CREATE ${index.unique ? "UNIQUE " : ""}INDEX ${how === "" ? "" : `${how} `}${quoteName(index.name)} ON ${quoteTable(table)}`,
    method === undefined ? "" : ` USING ${method}`,
    ` (${index.columns.map(partSql).join(", ")})`,
    index.include === undefined || index.include.length === 0 ? "" : ` INCLUDE (${quoteNames(index.include)})`,
    index.nullsNotDistinct ? " NULLS NOT DISTINCT" : "",
    index.options === undefined ? "" : ` WITH (${index.options})`,
    index.where === undefined ? "" : ` WHERE ${index.where}`,
  ].join("");
}

export function indexComment(index: Index, table: QualifiedName): readonly Piece[] {
  if (index.comment === undefined) return [];
  return [plain(`COMMENT ON INDEX ${quoteTable(named(index.name, table.schema))} IS ${quoteLiteral(index.comment)}`)];
}

function partSql(part: IndexColumn): string {
  if (typeof part === "string") return quoteName(part);
  return [
    part.column === undefined ? `(${part.expression ?? ""})` : quoteName(part.column),
    part.collation === undefined ? "" : ` COLLATE ${collationSql(part.collation)}`,
    part.opclass === undefined ? "" : ` ${part.opclass}`,
    part.order === "desc" ? " DESC" : "",
    part.nulls === undefined ? "" : ` NULLS ${part.nulls.toUpperCase()}`,
  ].join("");
}
