import type { AlterColumn } from "../../../core/operation.ts";
import { labelOf } from "../../../core/schema.ts";
import { type Before, nameOf } from "../../shared/prechecks/before.ts";
import type { Misfit, Subject } from "../../shared/prechecks/column.ts";
import { countedGroups, type Question, shown } from "../../shared/prechecks/question.ts";
import { collationSql } from "../compile/column.ts";
import { quoteLiteral, quoteName, quoteTable } from "../quote.ts";
import { isOwnType, isText, parseType, retypeCost } from "../type.ts";
import { words } from "./words.ts";

/**
 * Values that differ may be equal once they are of another type or collation (`A` and `a` as citext, 1.2 and 1.4 as integers), which a unique index over
 * the column refuses. Which indexes these are is the server's to know. Partial ones and those over expressions are left to the statement itself.
 */
export function collisions(op: AlterColumn, before: Before, subject: Subject, found: Misfit | null): readonly Question[] {
  if (!mayCollide(op)) return [];
  const now = nameOf(op.schema, op.table);
  const column = `t.${quoteName(subject.column)}`;
  if (op.using !== undefined && (subject.column !== op.to.name || !before.speaksOfBefore(now, op.using))) return [];
  const value = `${converted(op, column)}${op.to.collation === undefined ? "" : ` COLLATE ${collationSql(op.to.collation)}`}`;
  const rows = `SELECT ${shown(words, "n.new_value")}, count(*) AS "rows"
FROM ${quoteTable(subject.table)} AS t CROSS JOIN (${uniquesOver(subject, op)}) AS u(index_id, other_columns)
CROSS JOIN LATERAL (SELECT ${found === null ? value : `CASE WHEN NOT (${found.test(column)}) THEN ${value} END`} AS new_value) AS n
CROSS JOIN LATERAL (SELECT CASE WHEN cardinality(u.other_columns) > 0 THEN (SELECT jsonb_object_agg(key, value) FROM jsonb_each(to_jsonb(t)) WHERE key = ANY (u.other_columns)) END AS others) AS o
WHERE n.new_value IS NOT NULL AND NOT coalesce(jsonb_path_exists(o.others, '$.* ? (@ == null)'), false)
GROUP BY u.index_id, n.new_value, o.others HAVING count(*) > 1`;
  return [
    {
      sql: countedGroups(words, rows),
      code: "duplicates",
      message: `${subject.label} has values that differ now and are equal as ${op.to.type}${op.to.collation === undefined ? "" : ` (collation ${op.to.collation})`}, in a unique index of ${labelOf(now)}`,
      hint: "keep one row of each, or change the others, then run again",
      tables: [{ ...subject.table, columns: [subject.column] }],
    },
  ];
}

/** citext may not be there yet: what it takes for equal is told by lower. */
function converted({ to, using }: AlterColumn, column: string): string {
  if (using !== undefined) return `(${using})`;
  return to.type === "citext" ? `lower(${column}::text)` : `${column}::${to.type}`;
}

/** No unique index can be over these. */
const incomparable = new Set(["json", "xml", "point", "line", "lseg", "box", "path", "polygon", "circle"]);

function mayCollide({ from, to, using }: AlterColumn): boolean {
  const [a, b] = [parseType(from.type), parseType(to.type)];
  if (a.array || b.array || isOwnType(b) || incomparable.has(b.base)) return false;
  if (from.collation !== to.collation && to.collation !== undefined) return true;
  if (from.type === to.type) return false;
  return using !== undefined || isText(a) !== isText(b) || b.base === "citext" || retypeCost(from.type, to.type).lossy !== undefined;
}

/** Each with the names of its other columns; a collation that tells different texts apart makes none of them equal. */
function uniquesOver({ table, column }: Subject, { from, to }: AlterColumn): string {
  const key = (attribute: string): string =>
    `EXISTS (SELECT FROM unnest(i.indkey) WITH ORDINALITY AS k(number, place) WHERE k.number = ${attribute}.attnum AND k.place <= i.indnkeyatts)`;
  const others = `ARRAY(SELECT b.attname::text FROM pg_attribute b WHERE b.attrelid = i.indrelid AND b.attnum <> a.attnum AND ${key("b")})`;
  const tells =
    from.type === to.type
      ? ` AND EXISTS (SELECT FROM pg_collation c WHERE c.oid = to_regcollation(${quoteLiteral(collationSql(to.collation ?? "default"))}) AND NOT c.collisdeterministic)`
      : "";
  return `SELECT i.indexrelid, ${others} FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid
WHERE i.indrelid = to_regclass(${quoteLiteral(quoteTable(table))}) AND i.indisunique AND i.indpred IS NULL AND i.indexprs IS NULL AND a.attname = ${quoteLiteral(column)} AND ${key("a")}${tells}`;
}
