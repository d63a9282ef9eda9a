import type { Server } from "../../../core/db.ts";
import type { Operation } from "../../../core/operation.ts";
import { keyOf, labelOf, type QualifiedName } from "../../../core/schema.ts";
import type { Precheck } from "../../../core/statement.ts";
import type { CompileContext } from "../../dialect.ts";
import type { Taken } from "../../shared/prechecks/taken.ts";
import { databaseSql, quoteLiteral, quoteName } from "../quote.ts";
import { type Going, goingOf, listed, onTable } from "./going.ts";
import { type Missing, missingAfter } from "./missing.ts";

/**
 * What stands on a table or column that goes. Keys, checks and computed columns of which nobody has told us: the server refuses the statement,
 * with what ran before it committed. Views and triggers: the server says nothing, and from then on they fail, a trigger with every row that
 * is written. So they are named before anything runs. What the list itself takes away or makes anew is in nobody's way.
 */
export function dependants(operations: readonly Operation[], context: CompileContext): readonly Precheck[] {
  const { going, taken } = goingOf(operations, context, ["run", "execute"]);
  const missing = missingAfter(operations, context);
  const leaving = going.filter(({ whole, gone }) => whole || gone.size > 0);
  const asked: readonly (readonly [number, string, readonly string[]])[] = [
    // all of a database at once: each question of these goes through all of its views, or tables
    ...byDatabase(missing).map((some) => [some[0]?.operation ?? 0, called(some), [views(some, taken)]] as const),
    ...byDatabase(leaving).map((some) => [some[0]?.operation ?? 0, called(some), [keysTo(some, taken)]] as const),
    ...missing
      .filter(({ itself, columns }) => !itself && columns.size > 0)
      .map((one) => [one.operation, labelOf(one.table), [triggers(one)]] as const),
    ...leaving.filter(({ whole }) => !whole).map((one) => [one.operation, labelOf(one.table), inTable(one, taken, context)] as const),
  ];
  return asked.map(([operation, label, selects]) => ({
    about: "server",
    operation,
    sql: `SELECT COUNT(*) AS \`count\`, GROUP_CONCAT(\`lack\` SEPARATOR '; ') AS \`samples\` FROM (\n${selects.join("\nUNION ALL\n")}\n) AS \`lacks\``,
    code: "dependants",
    message: `others stand on ${label}, and would fail`,
    hint: "drop or change what is named there first, or do it in the revision with op.execute before this change, and make it again after it",
    tables: [],
  }));
}

interface OnTable {
  readonly table: QualifiedName;
}

export function byDatabase<T extends OnTable>(list: readonly T[]): readonly (readonly T[])[] {
  const found = new Map<string | undefined, T[]>();
  for (const one of list) found.set(one.table.schema, [...(found.get(one.table.schema) ?? []), one]);
  return [...found.values()];
}

const called = ([first, ...others]: readonly OnTable[]): string =>
  first !== undefined && others.length === 0 ? labelOf(first.table) : "what goes or gets another name";

/** A name in a text that the server has written, for a regular expression. */
export const written = (name: string): string => quoteName(name).replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const anyName = "`(?:[^`]|``)+`";
const bare = (name: string): string => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** The server keeps the text of a view with every column's table before it, by its name or by its alias. */
function speaksOfColumns({ table, columns }: Missing): string {
  const from = tableIn(table.schema, [table.name]);
  const names = `(?:${[...columns].map(written).join("|")})`;
  return [`${from}\\.${names}`, `(${anyName})\\.${names}.*${from} \\1`, `${from} (${anyName}).*\\2\\.${names}`].join("|");
}

const tableIn = (schema: string | undefined, names: readonly string[]): string =>
  `${schema === undefined ? anyName : written(schema)}\\.(?:${names.map(written).join("|")})`;

/** Views of the database that the tables are in. */
function views(missing: readonly Missing[], { relations }: Taken): string {
  const schema = missing[0]?.table.schema;
  const spared = relations.filter((one) => one.schema === schema).map(({ name }) => name);
  const notSpared = spared.length === 0 ? "" : ` AND TABLE_NAME NOT IN (${listed(spared)})`;
  const gone = missing.filter(({ itself }) => itself).map(({ table }) => table.name);
  const texts = [...(gone.length === 0 ? [] : [tableIn(schema, gone)]), ...missing.filter(({ itself }) => !itself).map(speaksOfColumns)];
  return `SELECT CONCAT('view ', TABLE_NAME) AS \`lack\` FROM information_schema.VIEWS WHERE TABLE_SCHEMA = ${databaseSql(schema)}${notSpared}
AND (${texts.map((text) => `VIEW_DEFINITION REGEXP ${quoteLiteral(`(?s)${text}`)}`).join(" OR ")})`;
}

const triggers = ({ table, columns }: Missing): string =>
  `SELECT CONCAT('trigger ', TRIGGER_NAME) AS \`lack\` FROM information_schema.TRIGGERS WHERE EVENT_OBJECT_SCHEMA = ${databaseSql(table.schema)} AND EVENT_OBJECT_TABLE = ${quoteLiteral(table.name)}
AND ACTION_STATEMENT REGEXP ${quoteLiteral(`(?i)\\b(?:new|old)\\s*\\.\\s*(?:${[...columns].map((one) => `${written(one)}|${bare(one)}(?![\\w$])`).join("|")})`)}`;

/** Foreign keys of other tables in the same database: all of the server's would have to be opened. */
function keysTo(going: readonly Going[], taken: Taken): string {
  const schema = going[0]?.table.schema;
  const here = (one: QualifiedName): boolean => one.schema === schema;
  const goes = going.filter(({ whole }) => whole).map(({ table }) => table.name);
  const loses = going.flatMap(({ whole, table, gone }) =>
    whole ? [] : [...gone].map((name) => `(${quoteLiteral(table.name)}, ${quoteLiteral(name)})`),
  );
  const leaving = taken.relations.filter(here).map(({ name }) => name);
  const dropped = taken.parts
    .filter(({ table }) => here(table))
    .map(({ table, name }) => `(${quoteLiteral(table.name)}, ${quoteLiteral(name)})`);
  const points = [
    ...(goes.length === 0 ? [] : [`REFERENCED_TABLE_NAME IN (${listed(goes)})`]),
    ...(loses.length === 0 ? [] : [`(REFERENCED_TABLE_NAME, REFERENCED_COLUMN_NAME) IN (${loses.join(", ")})`]),
  ];
  const except = [
    ...(leaving.length === 0 ? [] : [` AND TABLE_NAME NOT IN (${listed(leaving)})`]),
    ...(dropped.length === 0 ? [] : [` AND (TABLE_NAME, CONSTRAINT_NAME) NOT IN (${dropped.join(", ")})`]),
  ];
  return `SELECT CONCAT('foreign key ', CONSTRAINT_NAME, ' of ', TABLE_NAME) AS \`lack\` FROM information_schema.KEY_COLUMN_USAGE
WHERE TABLE_SCHEMA = ${databaseSql(schema)} AND REFERENCED_TABLE_SCHEMA = ${databaseSql(schema)} AND (${points.join(" OR ")})${except.join("")} GROUP BY TABLE_NAME, CONSTRAINT_NAME`;
}

/** Foreign keys, checks and computed columns of the table itself. */
function inTable({ table, gone }: Going, taken: Taken, { server }: CompileContext): readonly string[] {
  const isSame = (one: { readonly table: QualifiedName }): boolean => keyOf(one.table) === keyOf(table);
  const dropped = taken.parts.filter(isSame).map(({ name }) => name);
  const notDropped = dropped.length === 0 ? "" : ` AND CONSTRAINT_NAME NOT IN (${listed(dropped)})`;
  const computed = [...gone, ...[...taken.columns, ...taken.computed].filter(isSame).map(({ name }) => name)];
  const speaks = quoteLiteral([...gone].map(written).join("|"));
  return [
    `SELECT CONCAT('foreign key ', CONSTRAINT_NAME) AS \`lack\` FROM information_schema.KEY_COLUMN_USAGE WHERE ${onTable(table)} AND COLUMN_NAME IN (${listed(gone)}) AND REFERENCED_TABLE_NAME IS NOT NULL${notDropped} GROUP BY CONSTRAINT_NAME`,
    `SELECT CONCAT('computed column ', COLUMN_NAME) FROM information_schema.COLUMNS WHERE ${onTable(table)} AND COLUMN_NAME NOT IN (${listed(computed)}) AND GENERATION_EXPRESSION REGEXP ${speaks}`,
    `SELECT CONCAT('default of ', COLUMN_NAME) FROM information_schema.COLUMNS WHERE ${onTable(table)} AND COLUMN_NAME NOT IN (${listed(computed)}) AND COLUMN_DEFAULT REGEXP ${speaks} AND ${isReckoned(server)}`,
    ...(server.flavor === "mysql"
      ? onlyMysqls(table, speaks, notDropped)
      : [
          `SELECT CONCAT('check ', CONSTRAINT_NAME) FROM information_schema.CHECK_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = ${databaseSql(table.schema)} AND TABLE_NAME = ${quoteLiteral(table.name)} AND CHECK_CLAUSE REGEXP ${speaks}
AND (LEVEL = 'Table'${notDropped} OR LEVEL = 'Column' AND CONSTRAINT_NAME NOT IN (${listed(computed)}))`,
        ]),
  ];
}

/** A default that is no plain text. */
const isReckoned = ({ flavor }: Server): string =>
  flavor === "mysql" ? "EXTRA LIKE '%DEFAULT_GENERATED%'" : `COLUMN_DEFAULT NOT REGEXP ${quoteLiteral("^'(?:[^']|'')*'$")}`;

/** MySQL says elsewhere which table a check is of, and lets one that speaks of nothing else go with the column. It has indexes on expressions. */
const onlyMysqls = (table: QualifiedName, speaks: string, notDropped: string): readonly string[] => [
  `SELECT CONCAT('check ', CONSTRAINT_NAME) FROM information_schema.TABLE_CONSTRAINTS JOIN information_schema.CHECK_CONSTRAINTS USING (CONSTRAINT_SCHEMA, CONSTRAINT_NAME)
WHERE ${onTable(table)}${notDropped} AND CHECK_CLAUSE REGEXP ${speaks} AND REGEXP_REPLACE(CHECK_CLAUSE, ${speaks}, '') LIKE '%\`%'`,
  `SELECT DISTINCT CONCAT('index ', INDEX_NAME) FROM information_schema.STATISTICS WHERE ${onTable(table)}${notDropped.replace("CONSTRAINT_NAME", "INDEX_NAME")} AND EXPRESSION REGEXP ${speaks}`,
];
