import type { Backfill } from "../../../core/operation.ts";
import type { CompilersOf } from "../../compiler.ts";
import { type BackfillWords, batchesOf, endingWhere } from "../../shared/backfill.ts";
import { quoteName, quoteTable } from "../quote.ts";
import { type Piece, plain, type Scene } from "./piece.ts";

export const dataCompilers: CompilersOf<"execute" | "backfill" | "run", Scene, Piece> = {
  execute: (op) => [plain(op.sql, refusesTransaction(op.sql) ? { transactional: false } : {})],
  backfill: (op) => [plain(batchSql(op), { batches: batchesOf(op, words) })],
  run: (op) => [
    plain(`-- ${op.title.replace(/\s+/g, " ")}`, { code: op.code, ...(op.transaction === false ? { transactional: false } : {}) }),
  ],
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

const words: BackfillWords = { quoteName, quoteTable, differs: (column, value) => `${column} IS DISTINCT FROM (${value})` };

/** The batches of a script end because rows leave the condition; where that is not sure, it has one statement for all. */
function batchSql(op: Backfill): string {
  const { table: name, set, where, size } = batchesOf(op, words);
  const table = quoteTable(name);
  return `UPDATE ${table} SET ${set}
WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${table} WHERE ${endingWhere(op, quoteName) ?? where} LIMIT ${size} FOR UPDATE))`;
}
