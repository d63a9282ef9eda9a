import type { Backfill } from "../../../core/operation.ts";
import type { Batches } from "../../../core/statement.ts";
import type { CompilersOf } from "../../compiler.ts";
import { endingWhere } from "../../shared.ts";
import { quoteName, quoteTable } from "../quote.ts";
import { scan } from "../scan.ts";
import { onRows, type Piece, type Scene, tableOf } from "./piece.ts";

export const dataCompilers: CompilersOf<"execute" | "backfill" | "run", Scene, Piece> = {
  execute: (op) => [{ ...onRows(op.sql, isPlain(op.sql) ? {} : { mayCommit: true }), transactional: !commits(op.sql) }],
  backfill: (op) => [onRows(batchSql(op), { batches: batchesOf(op) })],
  run: (op) => [onRows(`-- ${op.title.replace(/\s+/g, " ")}`, { code: op.code, mayCommit: true })],
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
  const { table, set, where, size } = batchesOf(op);
  return `UPDATE ${quoteTable(table)} SET ${set}\nWHERE ${endingWhere(op, quoteName) ?? where} LIMIT ${size}`;
}

/**
 * A `where` that speaks of a column that is set is taken at its word: the new values must not fulfil it any more. With any other, or none,
 * the rows that have the new values already are left out.
 */
function remaining(op: Backfill): string {
  const { where } = op;
  if (where !== undefined && speaksOfWhatIsSet(op)) return `(${where})`;
  const missing = Object.entries(op.set).map(([column, value]) => `NOT (${quoteName(column)} <=> (${value}))`);
  return where === undefined ? missing.join(" OR ") : `(${where}) AND (${missing.join(" OR ")})`;
}

function speaksOfWhatIsSet({ where, set }: Backfill): boolean {
  return where !== undefined && Object.keys(set).some((column) => where.toLowerCase().includes(column.toLowerCase()));
}
