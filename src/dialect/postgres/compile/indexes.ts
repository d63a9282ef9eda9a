import type { AddIndex, DropIndex } from "../../../core/operation.ts";
import type { Index, IndexColumn, QualifiedName } from "../../../core/schema.ts";
import type { CompilersOf } from "../../compiler.ts";
import { quoteLiteral, quoteName, quoteNames, quoteTable } from "../quote.ts";
import { collationSql } from "./column.ts";
import { blocksReads, blocksWrites } from "./hazards.ts";
import { isFresh, named, type Piece, plain, type Scene, tableOf } from "./piece.ts";

export const indexCompilers: CompilersOf<"addIndex" | "dropIndex" | "renameIndex", Scene, Piece> = {
  addIndex: (op, scene) => addIndex(op, scene),
  dropIndex: (op, scene) => dropIndex(op, scene),
  renameIndex: (op) => [plain(`ALTER INDEX ${quoteTable(named(op.from, op.schema))} RENAME TO ${quoteName(op.to)}`)],
};

function addIndex(op: AddIndex, scene: Scene): readonly Piece[] {
  const table = tableOf(op);
  const hazards = isFresh(scene, table) ? [] : [blocksWrites(`writes to ${op.table} wait while ${op.index.name} is built`)];
  return [plain(indexSql(op.index, table), { hazards }), ...indexComment(op.index, table)];
}

function dropIndex(op: DropIndex, scene: Scene): readonly Piece[] {
  const hazards = isFresh(scene, tableOf(op)) ? [] : [blocksReads(`dropping ${op.index.name} waits for every query on ${op.table}`)];
  return [plain(`DROP INDEX ${quoteTable(named(op.index.name, op.schema))}`, { hazards })];
}

export function indexSql(index: Index, table: QualifiedName): string {
  const method = index.method ?? (index.kind === "spatial" ? "gist" : undefined);
  return [
    `CREATE ${index.unique ? "UNIQUE " : ""}INDEX ${quoteName(index.name)} ON ${quoteTable(table)}`,
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
