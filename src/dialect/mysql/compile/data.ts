import type { Backfill } from "../../../core/operation.ts";
import type { CompilersOf } from "../../compiler.ts";
import { type BackfillWords, batchesOf, endingWhere } from "../../shared/backfill.ts";
import { quoteName, quoteTable } from "../quote.ts";
import { scan } from "../scan.ts";
import { onRows, type Piece, type Scene } from "./piece.ts";

export const dataCompilers: CompilersOf<"execute" | "backfill" | "run", Scene, Piece> = {
  execute: (op) => [{ ...onRows(op.sql, isPlain(op.sql) ? {} : { mayCommit: true }), transactional: !commits(op.sql) }],
  backfill: (op) => [onRows(batchSql(op), { batches: batchesOf(op, words) })],
  run: (op) => [
    { ...onRows(`-- ${op.title.replace(/\s+/g, " ")}`, { code: op.code, mayCommit: true }), transactional: op.transaction !== false },
  ],
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

const plain = new Set("insert update delete replace select with values do load".split(" "));

/** Only what is known to change nothing but rows: a CALL, a compound statement or an executable comment may hold DDL. */
function isPlain(sql: string): boolean {
  const tokens = scan(sql);
  const firsts = tokens.filter((_, at) => at === 0 || tokens[at - 1]?.text === ";");
  return firsts.length > 0 && firsts.every(({ text }) => text === ";" || plain.has(text)) && !/\/\*M?!/.test(sql);
}

const words: BackfillWords = { quoteName, quoteTable, differs: (column, value) => `NOT (${column} <=> (${value}))` };

/** The batches of a script end because rows leave the condition; where that is not sure, it has one statement for all. */
function batchSql(op: Backfill): string {
  const { table, set, where, size } = batchesOf(op, words);
  return `UPDATE ${quoteTable(table)} SET ${set}\nWHERE ${endingWhere(op, quoteName) ?? where} LIMIT ${size}`;
}
