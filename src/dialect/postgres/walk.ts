import type { Db } from "../../core/db.ts";
import { refused } from "../../core/errors.ts";
import { labelOf } from "../../core/schema.ts";
import type { Batches } from "../../core/statement.ts";
import type { Walk } from "../dialect.ts";
import { quoteLiteral, quoteName, quoteNames, quoteTable } from "./quote.ts";

interface KeyColumn {
  readonly name: string;
  readonly type: string;
}

/** By the primary key or a unique one; without any by the rows' places on disk. */
export async function walk(db: Db, batches: Batches): Promise<Walk> {
  const key = await keyOf(db, batches);
  const left = async () =>
    Number((await db.query(`SELECT count(*) AS rows FROM ${quoteTable(batches.table)} WHERE ${batches.where}`))[0]?.rows);
  if (key.length > 0) return { left, step: (after, size) => alongKey(db, batches, key, after, size) };
  return { left, step: await alongPlaces(db, batches) };
}

/** Neither NULLs nor two rows that are alike: a whole, valid index over plain columns. Children of a table have keys of their own. */
async function keyOf(db: Db, { table }: Batches): Promise<readonly KeyColumn[]> {
  const rows = await db.query(
    `SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type
FROM (
  SELECT i.indrelid, i.indkey, i.indnkeyatts FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indrelid
  WHERE i.indrelid = to_regclass($1) AND i.indisunique AND i.indisvalid AND i.indimmediate AND i.indpred IS NULL AND i.indexprs IS NULL
    AND (c.relkind = 'p' OR NOT EXISTS (SELECT FROM pg_inherits WHERE inhparent = c.oid))
    AND NOT EXISTS (SELECT FROM pg_attribute AS n WHERE n.attrelid = i.indrelid AND n.attnum = ANY (i.indkey) AND NOT n.attnotnull)
  ORDER BY i.indisprimary DESC, i.indnkeyatts, i.indexrelid LIMIT 1
) AS i, unnest(i.indkey) WITH ORDINALITY AS k (attnum, place), pg_attribute AS a
WHERE k.place <= i.indnkeyatts AND a.attrelid = i.indrelid AND a.attnum = k.attnum ORDER BY k.place`,
    [quoteTable(table)],
  );
  return rows.map(({ name, type }) => ({ name: name ?? "", type: type ?? "" }));
}

/** The rows are locked as they are chosen, so that what is changed is what was looked at. */
async function alongKey(db: Db, { table, set, where }: Batches, key: readonly KeyColumn[], after: string | null, size: number) {
  const target = quoteTable(table);
  const own = `${quoteName(table.name)}.`;
  const names = quoteNames(key.map(({ name }) => name));
  const alias = (i: number) => `"limbeck_${i + 1}"`;
  const chosen = key.map(({ name }, i) => `${quoteName(name)} AS ${alias(i)}`).join(", ");
  const beyond = after === null ? "" : `(${names}) > (${valuesOf(after, key)}) AND `;
  const [row] = await db.query(`WITH "limbeck_batch" AS MATERIALIZED (
  SELECT ${chosen} FROM ${target} WHERE ${beyond}(${where}) ORDER BY ${names} LIMIT ${size} FOR NO KEY UPDATE
), "limbeck_changed" AS (
  UPDATE ${target} SET ${set} FROM "limbeck_batch"
  WHERE ${key.map(({ name }, i) => `${own}${quoteName(name)} = "limbeck_batch".${alias(i)}`).join(" AND ")} RETURNING 1
)
SELECT (SELECT count(*) FROM "limbeck_changed") AS changed, (SELECT count(*) FROM "limbeck_batch") AS chosen,
  (SELECT json_build_array(${key.map((_, i) => `${alias(i)}::text`).join(", ")}) FROM "limbeck_batch"
   ORDER BY ${key.map((_, i) => `${alias(i)} DESC`).join(", ")} LIMIT 1) AS at`);
  return { changed: Number(row?.changed ?? 0), at: Number(row?.chosen ?? 0) < size ? null : (row?.at ?? null) };
}

function valuesOf(place: string, key: readonly KeyColumn[]): string {
  const values = JSON.parse(place) as readonly string[];
  return key.map(({ type }, i) => `${quoteLiteral(values[i] ?? "")}::${type}`).join(", ");
}

/**
 * A changed row moves, perhaps to where the walk has not been. It must not be changed twice, so it has to leave the condition at once.
 * Rows that come meanwhile at the end are left to the next look.
 */
async function alongPlaces(db: Db, batches: Batches): Promise<Walk["step"]> {
  const { table, set, where } = batches;
  const name = quoteLiteral(quoteTable(table));
  const [about] = await db.query(`SELECT c.relkind AS kind, EXISTS (SELECT FROM pg_inherits WHERE inhparent = c.oid) AS children,
  pg_relation_size(c.oid) / current_setting('block_size')::int AS blocks, greatest(c.reltuples / greatest(c.relpages, 1), 1)::int AS rows
FROM pg_class AS c WHERE c.oid = to_regclass(${name})`);
  if (about === undefined || about.kind !== "r" || about.children === "t") throw withoutKey(batches, "its rows stand in several tables");
  const perBlock = Number(about.rows) > 1 ? Number(about.rows) : 50;
  return async (after, size) => {
    const { block, of } = (after === null ? { block: 0, of: Number(about.blocks) } : JSON.parse(after)) as { block: number; of: number };
    const next = Math.min(of, block + Math.max(1, Math.floor(size / perBlock)));
    const [row] = await db.query(`WITH "limbeck_changed" AS (
  UPDATE ${quoteTable(table)} SET ${set} WHERE ctid >= '(${block},0)' AND ctid < '(${next},0)' AND (${where}) RETURNING (${where}) AS again
)
SELECT count(*) AS changed, count(*) FILTER (WHERE again) AS again FROM "limbeck_changed"`);
    if (Number(row?.again) > 0) throw withoutKey(batches, "a changed row still fulfils the condition");
    return { changed: Number(row?.changed ?? 0), at: next >= of ? null : JSON.stringify({ block: next, of }) };
  };
}

function withoutKey({ table }: Batches, why: string): Error {
  const name = labelOf(table);
  return refused(
    "backfill-without-key",
    `The rows of ${name} can't be changed in batches: it has no primary key and no unique one without NULLs, and ${why}.`,
    "give the table a key; or use op.execute, which changes all rows in one statement",
    { table: name },
  );
}
