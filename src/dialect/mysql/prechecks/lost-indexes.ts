import type { Operation } from "../../../core/operation.ts";
import { keyOf, labelOf, type QualifiedName } from "../../../core/schema.ts";
import type { Precheck } from "../../../core/statement.ts";
import type { CompileContext } from "../../dialect.ts";
import type { Taken } from "../../shared/prechecks/taken.ts";
import { type Going, goingOf, listed, onTable, unsaid } from "./going.ts";

/**
 * With a column the server takes it out of every index, without a word, and the index with it when nothing is left. What the list does
 * not drop, nor the author's own SQL names, nobody has decided to lose.
 */
export function lostIndexes(operations: readonly Operation[], context: CompileContext): readonly Precheck[] {
  const { going, taken } = goingOf(operations, context, ["run"]);
  return going
    .filter(({ whole }) => !whole)
    .map((one) => ({
      about: "server",
      operation: one.operation,
      sql: question(one, taken, context),
      code: "unmanaged",
      message: `with ${[...one.gone, ...one.replaced].map((column) => `${labelOf(one.table)}.${column}`).join(" and ")} indexes would go, or get narrower, that no revision knows`,
      hint: "where it may go, drop it by name before the column: op.execute(sql`ALTER TABLE … DROP INDEX …`, { undo: sql`ALTER TABLE … ADD INDEX …` }); where it is still wanted, make it anew without the column",
      tables: [],
    }));
}

/**
 * Of one view, by constants: MariaDB opens every table else. MySQL knows a view's column in HAVING by the name that it has here. The index that
 * the server made for a foreign key goes with that one.
 */
function question({ table, gone, replaced, keys }: Going, taken: Taken, { before }: CompileContext): string {
  const isSame = (one: QualifiedName): boolean => keyOf(one) === keyOf(table);
  const dropped = taken.parts.filter((part) => isSame(part.table)).map(({ name }) => name);
  const known = ["PRIMARY", ...(before?.tables.find(isSame)?.indexes.map(({ name }) => name) ?? [])];
  const has = (columns: ReadonlySet<string>): string => (columns.size === 0 ? "FALSE" : `SUM(COLUMN_NAME IN (${listed(columns)})) > 0`);
  const ofKey = `MAX(NON_UNIQUE) = 1 AND GROUP_CONCAT(COLUMN_NAME ORDER BY SEQ_IN_INDEX) IN (${listed(keys)})`;
  return `SELECT COUNT(*) AS \`count\`, GROUP_CONCAT(\`lack\` SEPARATOR '; ') AS \`samples\` FROM (
  SELECT INDEX_NAME AS \`name\`, CONCAT(IF(MAX(NON_UNIQUE) = 0, 'unique ', ''), IF(MAX(INDEX_TYPE) IN ('FULLTEXT', 'SPATIAL'), CONCAT(LOWER(MAX(INDEX_TYPE)), ' '), ''), 'index ', INDEX_NAME, ' (',
    GROUP_CONCAT(CONCAT(COALESCE(COLUMN_NAME, '…'), IF(SUB_PART IS NULL, '', CONCAT('(', SUB_PART, ')')), IF(COLLATION = 'D', ' DESC', '')) ORDER BY SEQ_IN_INDEX SEPARATOR ', '), ')') AS \`lack\`
  FROM information_schema.STATISTICS WHERE ${onTable(table)}${dropped.length === 0 ? "" : ` AND INDEX_NAME NOT IN (${listed(dropped)})`}${unsaid(taken, "INDEX_NAME")}
  GROUP BY INDEX_NAME HAVING (${has(gone)} OR ${has(replaced)} AND \`name\` NOT IN (${listed(known)}))${keys.size === 0 ? "" : ` AND NOT (${ofKey})`}
) AS \`lacks\``;
}
