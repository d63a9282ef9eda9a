import type { AddForeignKey, AlterColumn, Operation } from "../../../core/operation.ts";
import { keyOf, labelOf, type QualifiedName } from "../../../core/schema.ts";
import type { Precheck } from "../../../core/statement.ts";
import { tableOf } from "../compile/piece.ts";
import { isText, parseType } from "../parse-type.ts";
import { quoteLiteral } from "../quote.ts";
import { onTable } from "./going.ts";

/**
 * A foreign key steps aside while the column that it points to gets another type, and comes back. Where its own column stays as it is, because
 * the table is somebody else's, the server refuses that, and what ran before is committed.
 */
export function leftBehind(operations: readonly Operation[]): readonly Precheck[] {
  return operations.flatMap((operation, at) =>
    operation.kind === "addForeignKey" ? pairsOf(operation, operations.slice(0, at)).map((pair) => precheck(operation, at, pair)) : [],
  );
}

interface Pair {
  readonly column: string;
  /** what it must be, to point there */
  readonly type: string;
}

function pairsOf({ foreignKey, ...on }: AddForeignKey, before: readonly Operation[]): readonly Pair[] {
  const { columns, references } = foreignKey;
  const target = { name: references.table, ...(references.schema === undefined ? {} : { schema: references.schema }) };
  return columns.flatMap((column, i) => {
    const retyped = before.findLast((one) => one.kind === "alterColumn" && isOf(one, target, references.columns[i]) && hasOtherType(one));
    const follows = before.some((one) => touches(one, tableOf(on), column));
    return retyped?.kind !== "alterColumn" || follows ? [] : [{ column, type: retyped.to.type }];
  });
}

const isOf = (one: AlterColumn, table: QualifiedName, column: string | undefined): boolean =>
  keyOf(tableOf(one)) === keyOf(table) && one.to.name === column;

/** A text may be longer than the one that it points to. */
const hasOtherType = ({ from, to }: AlterColumn): boolean =>
  from.type !== to.type && !(isText(parseType(from.type)) && isText(parseType(to.type)));

function touches(one: Operation, table: QualifiedName, column: string): boolean {
  if (one.kind === "createTable") return keyOf(one.definition) === keyOf(table);
  if (one.kind === "alterColumn") return isOf(one, table, column);
  if (one.kind === "addColumn") return keyOf(tableOf(one)) === keyOf(table) && one.column.name === column;
  return one.kind === "renameColumn" && keyOf(tableOf(one)) === keyOf(table) && one.to === column;
}

/** Without the width that means nothing. */
const bare = (type: string): string => {
  const { base } = parseType(type);
  return type.toLowerCase().replace(/^\w+(?:\([^)]*\))?/, base);
};

function precheck(operation: AddForeignKey, at: number, { column, type }: Pair): Precheck {
  const table = tableOf(operation);
  const { name, references } = operation.foreignKey;
  const is = "REGEXP_REPLACE(LOWER(COLUMN_TYPE), '[(][^)]*[)]', '')";
  return {
    about: "server",
    operation: at,
    sql: `SELECT COUNT(*) AS \`count\`, MAX(${quoteLiteral(`foreign key ${name} of ${labelOf(table)}`)}) AS \`samples\` FROM information_schema.COLUMNS
WHERE ${onTable(table)} AND COLUMN_NAME = ${quoteLiteral(column)} AND ${is} <> ${quoteLiteral(bare(type))}`,
    code: "dependants",
    message: `${labelOf({ ...references, name: references.table })} gets ${type} where others point to with another type`,
    hint: "give the column that type first, or drop the foreign key: op.execute(sql`ALTER TABLE … DROP FOREIGN KEY …`, { undo: sql`ALTER TABLE … ADD …` })",
    tables: [],
  };
}
