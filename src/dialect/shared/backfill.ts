import type { Backfill } from "../../core/operation.ts";
import type { QualifiedName } from "../../core/schema.ts";
import type { Batches } from "../../core/statement.ts";
import { isLiteral } from "./sql.ts";

/** How a dialect says it. */
export interface BackfillWords {
  quoteName(name: string): string;
  quoteTable(table: QualifiedName): string;
  /** true where the column does not have the value, NULL being a value like others */
  differs(column: string, value: string): string;
}

export function batchesOf(op: Backfill, words: BackfillWords): Batches {
  const { quoteName } = words;
  const table: QualifiedName = op.schema === undefined ? { name: op.table } : { schema: op.schema, name: op.table };
  const set = Object.entries(op.set)
    .map(([column, value]) => `${quoteName(column)} = ${value}`)
    .join(", ");
  return {
    table,
    set,
    where: remaining(op, words),
    settles: speaksOfWhatIsSet(op, words),
    size: op.batch ?? 1000,
    ...(endingWhere(op, quoteName) === null ? { once: wholeSql(op, table, set, words) } : {}),
  };
}

function wholeSql({ where }: Backfill, table: QualifiedName, set: string, { quoteTable }: BackfillWords): string {
  return `UPDATE ${quoteTable(table)} SET ${set}${where === undefined ? "" : `\nWHERE ${where}`}`;
}

/**
 * A `where` that speaks of a column that is set is taken at its word: the new values must not fulfil it any more. With any other, or none,
 * the rows that have the new values already are left out.
 */
function remaining(op: Backfill, words: BackfillWords): string {
  const { where } = op;
  if (where !== undefined && speaksOfWhatIsSet(op, words)) return `(${where})`;
  const missing = Object.entries(op.set).map(([column, value]) => words.differs(words.quoteName(column), value));
  return where === undefined ? missing.join(" OR ") : `(${where}) AND (${missing.join(" OR ")})`;
}

function speaksOfWhatIsSet({ where, set }: Backfill, { quoteName }: BackfillWords): boolean {
  const text = where?.toLowerCase() ?? "";
  // a quote in a name is doubled in SQL
  return Object.keys(set).some((column) => text.includes(quoteName(column).slice(1, -1).toLowerCase()));
}

/**
 * The condition of batches that are repeated until they find no row, where it is sure that this ends: the one column that is set has no value
 * before and one after. With anything else (`n + 1`, a value that the server rounds) the same rows may come again and again: null.
 */
export function endingWhere({ set, where }: Backfill, quoteName: (name: string) => string): string | null {
  const [[column, value] = ["", ""], ...others] = Object.entries(set);
  const text = where?.trim().toLowerCase();
  const empty = [quoteName(column), column].map((name) => `${name.toLowerCase()} is null`);
  const given = `(${value.toLowerCase()}) is not null`;
  if (others.length > 0 || text === undefined) return null;
  if (empty.some((one) => text === `${one} and ${given}`)) return `(${where})`;
  if (!empty.includes(text)) return null;
  const sure = (isLiteral(value) && !/^\s*null\s*$/i.test(value)) || neverNull.test(value);
  return sure ? `(${where})` : `(${where}) AND (${value}) IS NOT NULL`;
}

/** They always have a value, and a sequence counts each time it is asked. */
const neverNull = /^\s*(?:nextval|gen_random_uuid|uuid_generate_v\w+|uuidv[47]|uuid|random|rand|now|clock_timestamp)\s*\([^()]*\)\s*$/i;
