import type { Backfill } from "../../../core/operation.ts";
import type { CompilersOf } from "../../compiler.ts";
import { quoteName, quoteTable } from "../quote.ts";
import { scan } from "../scan.ts";
import { onRows, type Piece, type Scene, tableOf } from "./piece.ts";

export const dataCompilers: CompilersOf<"execute" | "backfill" | "run", Scene, Piece> = {
  execute: (op) => [{ ...onRows(op.sql), transactional: !commits(op.sql) }],
  backfill: (op) => [onRows(batchSql(op), { batches: true })],
  run: (op) => [onRows(`-- ${op.title.replace(/\s+/g, " ")}`, { code: op.code })],
};

const committing = new Set(
  "create alter drop rename truncate grant revoke analyze optimize repair check cache flush reset install uninstall lock unlock begin start commit rollback xa".split(
    " ",
  ),
);

/** Does one of the statements commit by itself? Told by its first word. */
export function commits(sql: string): boolean {
  const tokens = scan(sql);
  return tokens.some((token, at) => (at === 0 || tokens[at - 1]?.text === ";") && committing.has(token.text));
}

/**
 * One batch. The batches end because rows leave the condition. A `where` that speaks of a column that is set is taken at its word:
 * the new values must not fulfil it any more. With any other, or none, the rows that have the new values already are left out.
 */
function batchSql(op: Backfill): string {
  const set = Object.entries(op.set).map(([column, value]) => `${quoteName(column)} = ${value}`);
  return `UPDATE ${quoteTable(tableOf(op))} SET ${set.join(", ")}\nWHERE ${remaining(op)} LIMIT ${op.batch ?? 1000}`;
}

function remaining(op: Backfill): string {
  const { where } = op;
  if (where !== undefined && Object.keys(op.set).some((column) => where.toLowerCase().includes(column.toLowerCase()))) return `(${where})`;
  const missing = Object.entries(op.set).map(([column, value]) => `NOT (${quoteName(column)} <=> (${value}))`);
  return where === undefined ? missing.join(" OR ") : `(${where}) AND (${missing.join(" OR ")})`;
}
