import type { Db } from "../../core/db.ts";
import { refused } from "../../core/errors.ts";
import { labelOf } from "../../core/schema.ts";
import type { Batches } from "../../core/statement.ts";
import type { Walk } from "../dialect.ts";
import { databaseSql, quoteLiteral, quoteName, quoteTable } from "./quote.ts";

interface KeyColumn {
  readonly name: string;
  readonly kind: "number" | "bytes" | "text";
}

export async function walk(db: Db, batches: Batches): Promise<Walk> {
  const { table, where } = batches;
  const key = await keyOf(db, batches);
  return {
    left: async () => Number((await db.query(`SELECT COUNT(*) AS \`rows\` FROM ${quoteTable(table)} WHERE ${where}`))[0]?.rows),
    step: (after, size) => alongKey(db, batches, key, after, size),
  };
}

const kinds: Readonly<Record<string, KeyColumn["kind"]>> = {
  ...Object.fromEntries(["tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "year"].map((type) => [type, "number"])),
  ...Object.fromEntries(["binary", "varbinary"].map((type) => [type, "bytes"])),
  ...Object.fromEntries(
    ["char", "varchar", "date", "datetime", "timestamp", "time", "uuid", "inet4", "inet6"].map((type) => [type, "text"]),
  ),
};

/** Neither NULLs, nor prefixes, nor a type whose order is not that of its text. */
async function keyOf(db: Db, { table }: Batches): Promise<readonly KeyColumn[]> {
  const rows = await db.query(`SELECT s.INDEX_NAME AS \`key\`, s.COLUMN_NAME AS \`name\`, c.DATA_TYPE AS \`type\`,
  s.NULLABLE = 'YES' OR s.SUB_PART IS NOT NULL OR s.COLUMN_NAME IS NULL AS \`unfit\`
FROM information_schema.STATISTICS AS s LEFT JOIN information_schema.COLUMNS AS c
  ON c.TABLE_SCHEMA = ${databaseSql(table.schema)} AND c.TABLE_NAME = ${quoteLiteral(table.name)} AND c.COLUMN_NAME = s.COLUMN_NAME
WHERE s.TABLE_SCHEMA = ${databaseSql(table.schema)} AND s.TABLE_NAME = ${quoteLiteral(table.name)} AND s.NON_UNIQUE = 0
ORDER BY s.INDEX_NAME <> 'PRIMARY', s.INDEX_NAME, s.SEQ_IN_INDEX`);
  for (const index of new Set(rows.map(({ key }) => key))) {
    const columns = rows.filter(({ key }) => key === index);
    if (columns.every(({ unfit, type }) => unfit === "0" && kinds[type ?? ""] !== undefined)) {
      return columns.map(({ name, type }) => ({ name: name ?? "", kind: kinds[type ?? ""] ?? "text" }));
    }
  }
  const name = labelOf(table);
  throw refused(
    "backfill-without-key",
    `The rows of ${name} can't be changed in batches: it has no primary key and no unique one without NULLs over numbers, texts or times.`,
    "give the table a key; or use op.execute, which changes all rows in one statement",
    { table: name },
  );
}

/** First where the batch ends, then everything up to there: MySQL does not tell which rows it has changed. */
async function alongKey(db: Db, { table, set, where }: Batches, key: readonly KeyColumn[], after: string | null, size: number) {
  const target = quoteTable(table);
  const names = key.map(({ name }) => quoteName(name)).join(", ");
  const beyond = after === null ? "" : `(${beyondSql(key, after)}) AND `;
  const shown = key.map(({ name, kind }, i) => `${kind === "bytes" ? `HEX(${quoteName(name)})` : quoteName(name)} AS \`limbeck_${i}\``);
  const [end] = await db.query(
    `SELECT ${shown.join(", ")} FROM ${target} WHERE ${beyond}(${where}) ORDER BY ${names} LIMIT 1 OFFSET ${size - 1} FOR UPDATE`,
  );
  const at = end === undefined ? null : JSON.stringify(key.map((_, i) => end[`limbeck_${i}`]));
  const upTo = at === null ? "" : `NOT (${beyondSql(key, at)}) AND `;
  const results = await db.batch([`UPDATE ${target} SET ${set}\nWHERE ${beyond}${upTo}(${where})`, "SELECT ROW_COUNT()"]);
  return { changed: Number(results.at(-1)?.[0]?.[0] ?? 0), at };
}

/** Written out, because a comparison of rows does not use the index: a > 1 OR (a = 1 AND b > 2). */
function beyondSql(key: readonly KeyColumn[], place: string): string {
  const values = JSON.parse(place) as readonly string[];
  const parts = key.map((column, i) => {
    const same = key.slice(0, i).map((one, j) => `${quoteName(one.name)} = ${literalOf(one, values[j])}`);
    return [...same, `${quoteName(column.name)} > ${literalOf(column, values[i])}`].join(" AND ");
  });
  return parts.map((part) => `(${part})`).join(" OR ");
}

/** A number in quotes would be compared as a float, and large ones would be alike. */
function literalOf({ kind }: KeyColumn, value: string | undefined): string {
  if (kind === "number") return value ?? "NULL";
  return kind === "bytes" ? `X'${value ?? ""}'` : quoteLiteral(value ?? "");
}
