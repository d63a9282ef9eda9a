import type { Db } from "../../core/db.ts";
import { type Column, type ForeignKey, keyOf, labelOf, type QualifiedName, type Schema, type Table } from "../../core/schema.ts";
import type { Dialect } from "../../dialect/dialect.ts";
import { mentions } from "../../diff/mentions.ts";
import type { Project } from "../project/project.ts";
import type { Session } from "../project/session.ts";
import { valueFor, valuesIn } from "./values.ts";

/** as many as show that a value is kept, that rows are kept apart, and that what may be NULL is */
const rowsPerTable = 3;
/** values that a check may want are tried so often; each costs a round trip */
const mostAttempts = 24;

/**
 * Puts rows of made-up values into the tables that have none, as their columns, keys, enums and checks allow. The server judges each row.
 * Gives a sentence for each table that stays empty.
 */
export async function seed({ dialect }: Project, { db, server }: Session, schema: Schema): Promise<readonly string[]> {
  const empty: string[] = [];
  for (const table of parentsFirst(schema.tables)) {
    const [count] = await db.query(`SELECT count(*) AS n FROM ${dialect.quoteTable(table)}`);
    if (count?.n !== "0") continue;
    const problem = await seedTable({ dialect, db, schema, defaultSchema: server.defaultSchema }, table);
    if (problem !== null) empty.push(`${labelOf(table)} has no rows in this proof: ${problem}`);
  }
  return empty;
}

/** Takes all rows away, where they are in the way of what is to be shown. */
export async function removeRows({ dialect }: Project, { db }: Session, schema: Schema): Promise<void> {
  const tables = schema.tables.map((table) => dialect.quoteTable(table));
  if (tables.length === 0) return;
  if (dialect.name === "postgres") await db.query(`TRUNCATE ${tables.join(", ")} CASCADE`);
  else await db.batch(["SET FOREIGN_KEY_CHECKS = 0", ...tables.map((table) => `DELETE FROM ${table}`), "SET FOREIGN_KEY_CHECKS = 1"]);
}

interface Sowing {
  readonly dialect: Dialect;
  readonly db: Db;
  readonly schema: Schema;
  readonly defaultSchema: string;
}

/** Null when at least one row stands. */
async function seedTable(sowing: Sowing, table: Table): Promise<string | null> {
  const references = await referenced(sowing, table);
  let made = 0;
  let problem = "no value is known";
  for (let n = 0; n < rowsPerTable; n++) {
    for (let attempt = 0; attempt < (table.checks.length === 0 ? 1 : mostAttempts); attempt++) {
      const row = rowOf(sowing, table, references, n, attempt);
      if (typeof row === "string") {
        problem = row;
        break;
      }
      try {
        await sowing.db.query(insert(sowing, table, row));
        made++;
        break;
      } catch (error) {
        problem = error instanceof Error ? error.message : String(error);
      }
    }
  }
  return made === 0 ? problem : null;
}

function insert({ dialect }: Sowing, table: Table, row: ReadonlyMap<string, string>): string {
  const into = `INSERT INTO ${dialect.quoteTable(table)}`;
  if (row.size === 0) return dialect.name === "postgres" ? `${into} DEFAULT VALUES` : `${into} () VALUES ()`;
  return `${into} (${[...row.keys()].map(dialect.quoteName).join(", ")}) VALUES (${[...row.values()].join(", ")})`;
}

/** The keys that a foreign key may point to, by its name. */
async function referenced({ dialect, db }: Sowing, table: Table) {
  const found = new Map<string, readonly (readonly (string | null)[])[]>();
  for (const { name, references } of table.foreignKeys) {
    const columns = references.columns.map(dialect.quoteName).join(", ");
    const target = references.schema === undefined ? { name: references.table } : { schema: references.schema, name: references.table };
    const rows = await db.query(`SELECT ${columns} FROM ${dialect.quoteTable(target)} ORDER BY ${columns} LIMIT ${rowsPerTable}`);
    found.set(
      name,
      rows.map((row) => references.columns.map((column) => row[column] ?? null)),
    );
  }
  return found;
}

type Keys = Awaited<ReturnType<typeof referenced>>;

/** Column → SQL; or why there can be none. A column that is left out takes its default. */
function rowOf(sowing: Sowing, table: Table, keys: Keys, n: number, attempt: number): ReadonlyMap<string, string> | string {
  const row = new Map<string, string>();
  const last = n === rowsPerTable - 1;
  for (const key of table.foreignKeys) {
    const values = keyValues(keys.get(key.name) ?? [], key, table, n);
    if (values === null) return `${key.name} leads to a table that has no rows`;
    for (const [i, column] of key.columns.entries()) row.set(column, literalOf(sowing, values[i] ?? null));
  }
  for (const [place, column] of table.columns.entries()) {
    if (row.has(column.name) || isMade(column)) continue;
    const candidates = candidatesFor(sowing, table, column, n);
    const value = candidates[(attempt * (place + 1)) % Math.max(1, candidates.length)];
    if (attempt === 0 && last && column.nullable) row.set(column.name, "NULL");
    else if (attempt === 0 && n === 0 && column.default !== undefined && !isKey(table, column.name)) continue;
    else if (value !== undefined) row.set(column.name, value);
    else if (!column.nullable && column.default === undefined) return `no value is known for ${column.name} of type ${column.type}`;
  }
  return row;
}

/** Null when the key needs a row that there is not. */
function keyValues(found: readonly (readonly (string | null)[])[], key: ForeignKey, table: Table, n: number) {
  const values = found[n % Math.max(1, found.length)];
  const optional = key.columns.every((name) => table.columns.find((column) => column.name === name)?.nullable);
  if (values === undefined || (optional && n === rowsPerTable - 1)) return optional ? key.columns.map(() => null) : null;
  return values;
}

const isMade = ({ generated, identity, autoIncrement }: Column): boolean =>
  generated !== undefined || identity !== undefined || autoIncrement === true;

function isKey(table: Table, column: string): boolean {
  return [...(table.primaryKey === undefined ? [] : [table.primaryKey]), ...table.uniques].some(({ columns }) => columns.includes(column));
}

/** First the usual value, then what the checks of the table speak of. */
function candidatesFor({ dialect, schema }: Sowing, table: Table, column: Column, n: number): readonly string[] {
  const bare = column.type.replace(/(\[\])+$/, "");
  const type = schema.enums.find((one) => dialect.rules.typeName(one) === bare);
  const listed = type?.values.map((value) => `${dialect.quoteLiteral(value)}${column.type === bare ? "" : `::${bare}`}`) ?? null;
  const usual = valueFor(column, n, listed);
  const name = column.name.toLowerCase();
  const checked = table.checks.filter(({ expression }) => mentions(expression).has(name)).flatMap(({ expression }) => valuesIn(expression));
  const others = [n + 1, n + 2].flatMap((m) => valueFor(column, m, listed) ?? []);
  return usual === null ? checked : checked.length === 0 ? [usual] : [usual, ...checked, ...others];
}

const literalOf = ({ dialect }: Sowing, value: string | null): string => (value === null ? "NULL" : dialect.quoteLiteral(value));

/** What others point to comes before them, as far as there is a first. */
function parentsFirst(tables: readonly Table[]): readonly Table[] {
  const byKey = new Map(tables.map((table) => [keyOf(table), table]));
  const sorted = new Set<Table>();
  const visit = (table: Table, above: ReadonlySet<Table>) => {
    if (sorted.has(table) || above.has(table)) return;
    for (const { references } of table.foreignKeys) {
      const name: QualifiedName =
        references.schema === undefined ? { name: references.table } : { schema: references.schema, name: references.table };
      const target = byKey.get(keyOf(name));
      if (target !== undefined) visit(target, new Set([...above, table]));
    }
    sorted.add(table);
  };
  for (const table of tables) visit(table, new Set());
  return [...sorted];
}
