import type { Db, Row } from "../../src/core/db.ts";
import type { Column, Schema, Table } from "../../src/core/schema.ts";

/** Columns and names of constraints as the server's own catalogue has them, in few words; defaults as what they come to. */
export interface Facts {
  readonly columns: readonly string[];
  readonly constraints: readonly string[];
}

const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;

export async function postgresFacts(db: Db): Promise<Facts> {
  const columns = await db.query(`
    SELECT concat_ws(' ', nullif(n.nspname, 'public'), c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
      CASE WHEN NOT a.attnotnull THEN 'nullable' END,
      CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END,
      CASE WHEN a.attgenerated = 's' THEN 'generated' WHEN pg_get_serial_sequence(format('%I.%I', n.nspname, c.relname), a.attname) IS NOT NULL AND a.attidentity = '' THEN 'serial' END,
      CASE WHEN a.attcollation <> t.typcollation THEN 'collate' END, col_description(c.oid, a.attnum)) AS fact,
      CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END AS value, format_type(a.atttypid, a.atttypmod) AS type
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped AND n.nspname IN ('public', 'app') AND c.relname NOT IN ('typeorm_metadata', 'p_legacy')`);
  const constraints = await db.query(`
    SELECT concat_ws(' ', nullif(n.nspname, 'public'), c.relname, k.conname) AS fact
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname IN ('public', 'app') AND c.relname NOT IN ('typeorm_metadata', 'p_legacy') AND k.contype NOT IN ('t', 'n')
    UNION SELECT concat_ws(' ', nullif(n.nspname, 'public'), c.relname, i.relname)
    FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname IN ('public', 'app') AND c.relkind IN ('r', 'm') AND c.relname NOT IN ('typeorm_metadata', 'p_legacy')`);
  return { columns: await withDefaults(db, columns), constraints: constraints.map(({ fact }) => fact ?? "").sort() };
}

export async function wantedFacts(db: Db, schema: Schema): Promise<Facts> {
  const rows = schema.tables.flatMap((table) =>
    table.columns.map((column): Row => ({ fact: columnFact(table, column), value: column.default ?? null, type: column.type })),
  );
  const constraints = schema.tables.flatMap((table) =>
    [table.primaryKey, ...table.uniques, ...table.indexes, ...table.foreignKeys, ...table.checks, ...table.exclusions].flatMap((one) =>
      one?.name === undefined ? [] : [label(table, one.name)],
    ),
  );
  const ofViews = schema.views.flatMap((view) => view.indexes.map(({ name }) => `${view.name} ${name}`));
  return { columns: await withDefaults(db, rows), constraints: [...constraints, ...ofViews].sort() };
}

const label = (table: Table, name: string): string => [table.schema, table.name, name].filter((part) => part !== undefined).join(" ");

function columnFact(table: Table, column: Column): string {
  const { identity, autoIncrement, generated } = column;
  return [
    label(table, column.name),
    column.type,
    column.nullable ? "nullable" : undefined,
    identity === undefined ? undefined : identity.always ? "always" : "by default",
    generated === undefined ? (autoIncrement ? "serial" : undefined) : "generated",
    column.collation === undefined ? undefined : "collate",
    column.comment,
  ]
    .filter((part) => part !== undefined)
    .join(" ");
}

/** Two spellings of a default are the same when they come to the same value in a column of that type. */
async function withDefaults(db: Db, rows: readonly Row[]): Promise<readonly string[]> {
  const facts: string[] = [];
  for (const { fact, value, type } of rows) {
    const isPlain = value !== null && value !== undefined && !/nextval|uuid_generate|now\(\)/.test(value);
    const [row] = isPlain ? await db.query(`SELECT (${value})::${type}::text AS value`) : [];
    const uncertain = value === null || value === undefined || /nextval/.test(value) ? "" : value;
    facts.push(
      `${fact} ${row === undefined ? uncertain.replace(/'1 day'::interval/, "interval '1 day'").replace(/^\((.*)\)$/, "$1") : quote(row.value ?? "")}`.trim(),
    );
  }
  return facts.sort();
}
