import { atLeast } from "../../../core/db.ts";
import type { Operation } from "../../../core/operation.ts";
import { keyOf, labelOf, type QualifiedName } from "../../../core/schema.ts";
import type { Precheck } from "../../../core/statement.ts";
import type { CompileContext } from "../../dialect.ts";
import { nameOf, walk } from "../../shared/prechecks/before.ts";
import { inPlaces, type Plain } from "../../shared/prechecks/places.ts";
import { databaseSql } from "../quote.ts";
import { byDatabase } from "./dependants.ts";
import { listed } from "./going.ts";
import { words } from "./question.ts";

interface Changed {
  readonly table: QualifiedName;
  readonly operation: number;
}

/**
 * Servers before 8.4 let a foreign key point to columns that are no unique key. Where such a one has stayed, a later server refuses every change of the
 * table that it points to, and what ran before is committed.
 */
export function looseKeys(operations: readonly Operation[], { server }: CompileContext): readonly Precheck[] {
  if (server.flavor !== "mysql" || !atLeast(server, 8, 4)) return [];
  const places = inPlaces(operations, "mysql");
  const until = places.findIndex(({ operation }) => operation.kind === "run" || operation.kind === "execute");
  const { before, note } = walk(words);
  const changed = new Map<string, Changed>();
  const mended = new Set<string>();
  const dropped: string[] = [];
  for (const { operation: op, at } of until < 0 ? places : places.slice(0, until)) {
    if (op.kind === "dropForeignKey") dropped.push(op.foreignKey.name);
    if (op.kind === "dropTable") dropped.push(...op.definition.foreignKeys.map(({ name }) => name));
    const now = tableChangedBy(op);
    const table = now === undefined ? null : before.origin(now);
    if (table !== null) {
      if (makesUnique(op)) mended.add(keyOf(table));
      if (!changed.has(keyOf(table))) changed.set(keyOf(table), { table, operation: at });
    }
    note(op);
  }
  const asked = [...changed].filter(([key]) => !mended.has(key)).map(([, one]) => one);
  return byDatabase(asked).map((some) => precheck(some, dropped));
}

function tableChangedBy(op: Plain): QualifiedName | undefined {
  if (op.kind === "renameTable") return nameOf(op.schema, op.from);
  if (op.kind === "moveTable") return nameOf(op.from, op.table);
  if (!("table" in op) || op.kind === "createTable" || op.kind === "dropTable" || op.kind === "backfill") return undefined;
  return nameOf(op.schema, op.table);
}

const makesUnique = (op: Plain): boolean =>
  op.kind === "addUnique" || op.kind === "addPrimaryKey" || (op.kind === "addIndex" && op.index.unique === true);

/** All of a database at once: each question of these goes through the whole dictionary. */
function precheck(some: readonly Changed[], dropped: readonly string[]): Precheck {
  const [first, ...others] = some;
  const schema = first?.table.schema;
  const names = listed(some.map(({ table }) => table.name));
  const kept = dropped.length === 0 ? "" : ` AND CONSTRAINT_NAME NOT IN (${listed(dropped)})`;
  return {
    about: "server",
    operation: first?.operation ?? 0,
    sql: `SELECT COUNT(*) AS \`count\`, GROUP_CONCAT(CONCAT(\`name\`, ' to ', \`table\`, ' (', \`columns\`, ')') SEPARATOR '; ') AS \`samples\` FROM (
  SELECT CONCAT(TABLE_NAME, '.', CONSTRAINT_NAME) AS \`name\`, REFERENCED_TABLE_NAME AS \`table\`,
    GROUP_CONCAT(REFERENCED_COLUMN_NAME ORDER BY ORDINAL_POSITION) AS \`columns\`
  FROM information_schema.KEY_COLUMN_USAGE
  WHERE REFERENCED_TABLE_SCHEMA = ${databaseSql(schema)} AND REFERENCED_TABLE_NAME IN (${names})${kept}
  GROUP BY TABLE_SCHEMA, TABLE_NAME, CONSTRAINT_NAME, REFERENCED_TABLE_NAME
) AS \`keys\` WHERE @@restrict_fk_on_non_standard_key = 1 AND (\`table\`, \`columns\`) NOT IN (
  SELECT TABLE_NAME, GROUP_CONCAT(IF(SUB_PART IS NULL, COALESCE(COLUMN_NAME, ''), '') ORDER BY SEQ_IN_INDEX)
  FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = ${databaseSql(schema)} AND TABLE_NAME IN (${names}) AND NON_UNIQUE = 0
  GROUP BY TABLE_NAME, INDEX_NAME
)`,
    code: "dependants",
    message: `the server changes nothing of ${first !== undefined && others.length === 0 ? labelOf(first.table) : "these tables"} as long as a foreign key points to columns there that are no unique key`,
    hint: "make these columns a unique key, or let an administrator run: SET GLOBAL restrict_fk_on_non_standard_key = OFF",
    tables: [],
  };
}
