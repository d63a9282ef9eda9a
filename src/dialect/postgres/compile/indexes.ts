import type { AddIndex, DropIndex } from "../../../core/operation.ts";
import type { CompilersOf } from "../../compiler.ts";
import { ifExists } from "../../shared/sql.ts";
import { quoteName, quoteTable } from "../quote.ts";
import { blocksReads, blocksWrites } from "./hazards.ts";
import { indexComment, indexSql } from "./index-sql.ts";
import { buildIndex, dropIndexBeside, isOnline } from "./online.ts";
import { isFresh, named, type Piece, plain, type Scene, tableOf } from "./piece.ts";

export const indexCompilers: CompilersOf<"addIndex" | "dropIndex" | "renameIndex", Scene, Piece> = {
  addIndex: (op, scene) => addIndex(op, scene),
  dropIndex: (op, scene) => dropIndex(op, scene),
  renameIndex: (op) => [plain(`ALTER INDEX ${quoteTable(named(op.from, op.schema))} RENAME TO ${quoteName(op.to)}`)],
};

function addIndex(op: AddIndex, scene: Scene): readonly Piece[] {
  const table = tableOf(op);
  if (isOnline(scene, op)) return [buildIndex(op.index, table), ...indexComment(op.index, table)];
  const hazards = isFresh(scene, table) ? [] : [blocksWrites(`writes to ${op.table} wait while ${op.index.name} is built`)];
  return [plain(indexSql(op.index, table), { hazards }), ...indexComment(op.index, table)];
}

function dropIndex(op: DropIndex, scene: Scene): readonly Piece[] {
  if (isOnline(scene, op)) return [dropIndexBeside(op, op.index.name)];
  const hazards = isFresh(scene, tableOf(op)) ? [] : [blocksReads(`dropping ${op.index.name} waits for every query on ${op.table}`)];
  return [plain(`DROP INDEX ${ifExists(op)}${quoteTable(named(op.index.name, op.schema))}`, { hazards })];
}
