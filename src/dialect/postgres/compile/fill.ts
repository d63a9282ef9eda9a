import type { OnTable } from "../../../core/operation.ts";
import { quoteName, quoteTable } from "../quote.ts";
import { type Piece, plain, tableOf } from "./piece.ts";

/** A deferred constraint would leave events behind that keep the next ALTER TABLE from running: they are dealt with first. */
export function fillNulls(op: OnTable, column: string, fill: string): readonly Piece[] {
  const name = quoteName(column);
  return [plain(`UPDATE ${quoteTable(tableOf(op))} SET ${name} = ${fill} WHERE ${name} IS NULL`), plain("SET CONSTRAINTS ALL IMMEDIATE")];
}
