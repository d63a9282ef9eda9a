import type { Backfill } from "../../../core/operation.ts";
import type { Batches } from "../../../core/statement.ts";
import type { CompilersOf } from "../../compiler.ts";
import { endingWhere } from "../../shared.ts";
import { quoteName, quoteTable } from "../quote.ts";
import { type Piece, plain, type Scene, tableOf } from "./piece.ts";

export const dataCompilers: CompilersOf<"execute" | "backfill" | "run", Scene, Piece> = {
  execute: (op) => [plain(op.sql, refusesTransaction(op.sql) ? { transactional: false } : {})],
  backfill: (op) => [plain(batchSql(op), { batches: batchesOf(op) })],
  run: (op) => [plain(`-- ${op.title.replace(/\s+/g, " ")}`, { code: op.code })],
};

/** What PostgreSQL does not run inside a transaction, told by the first words. */
export function refusesTransaction(sql: string): boolean {
  const text = sql.replace(/^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)+/, "");
  return (
    /^(?:VACUUM|CREATE\s+DATABASE|DROP\s+DATABASE|ALTER\s+DATABASE\s+\S+\s+SET\s+TABLESPACE|CREATE\s+TABLESPACE|DROP\s+TABLESPACE|ALTER\s+SYSTEM)\b/i.test(
      text,
    ) ||
    /^(?:CREATE\s+(?:UNIQUE\s+)?INDEX|DROP\s+INDEX|REINDEX(?:\s*\([^)]*\))?\s+\w+)\s+CONCURRENTLY\b/i.test(text) ||
    /^REINDEX\s*\([^)]*\bCONCURRENTLY\b(?!\s+(?:false|off|0)\b)[^)]*\)/i.test(text) ||
    /^REINDEX(?:\s*\([^)]*\))?\s+(?:DATABASE|SYSTEM|SCHEMA)\b/i.test(text) ||
    /^ALTER\s+TYPE\s+[\s\S]+?\s+ADD\s+VALUE\b/i.test(text) ||
    /^ALTER\s+TABLE\s+[\s\S]+?\s+DETACH\s+PARTITION\s+[\s\S]+?\s+CONCURRENTLY\b/i.test(text)
  );
}

function batchesOf(op: Backfill): Batches {
  const set = Object.entries(op.set).map(([column, value]) => `${quoteName(column)} = ${value}`);
  return {
    table: tableOf(op),
    set: set.join(", "),
    where: remaining(op),
    settles: speaksOfWhatIsSet(op),
    size: op.batch ?? 1000,
    ...(endingWhere(op, quoteName) === null ? { once: wholeSql(op, set.join(", ")) } : {}),
  };
}

function wholeSql({ where, ...op }: Backfill, set: string): string {
  return `UPDATE ${quoteTable(tableOf(op))} SET ${set}${where === undefined ? "" : `\nWHERE ${where}`}`;
}

/** The batches of a script end because rows leave the condition; where that is not sure, it has one statement for all. */
function batchSql(op: Backfill): string {
  const table = quoteTable(tableOf(op));
  const { set, where, size } = batchesOf(op);
  return `UPDATE ${table} SET ${set}
WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${table} WHERE ${endingWhere(op, quoteName) ?? where} LIMIT ${size} FOR UPDATE))`;
}

/**
 * A `where` that speaks of a column that is set is taken at its word: the new values must not fulfil it any more. With any other, or none,
 * the rows that have the new values already are left out.
 */
function remaining(op: Backfill): string {
  const { where } = op;
  if (where !== undefined && speaksOfWhatIsSet(op)) return `(${where})`;
  const missing = Object.entries(op.set).map(([column, value]) => `${quoteName(column)} IS DISTINCT FROM (${value})`);
  return where === undefined ? missing.join(" OR ") : `(${where}) AND (${missing.join(" OR ")})`;
}

function speaksOfWhatIsSet({ where, set }: Backfill): boolean {
  const text = where?.toLowerCase() ?? "";
  // a quote in a name is doubled in SQL
  return Object.keys(set).some((column) => text.includes(column.toLowerCase().replaceAll('"', '""')));
}
