import type { AlterColumn, Operation, RenameColumn } from "../../../core/operation.ts";
import { Builder } from "../../../core/operations/builder.ts";
import { keyOf, type QualifiedName, type Table } from "../../../core/schema.ts";
import type { Precheck } from "../../../core/statement.ts";
import type { CompileContext } from "../../dialect.ts";
import { type Before, nameOf, walk } from "../../shared/prechecks/before.ts";
import { inPlaces } from "../../shared/prechecks/places.ts";
import { type Taken, taking } from "../../shared/prechecks/taken.ts";
import { learn } from "../compile/index.ts";
import { readersOf } from "../compile/rename-column.ts";
import { quoteLiteral } from "../quote.ts";
import { written } from "./dependants.ts";
import { listed, onTable } from "./going.ts";
import { columnLabel, words } from "./question.ts";

/**
 * MySQL gives a column no other name as long as a check, a computed column, a default or an index reads it. What the history knows of goes and comes
 * again in the same statement; what somebody else has made is named before anything runs. MariaDB carries the new name there by itself.
 */
export function renamed(operations: readonly Operation[], context: CompileContext): readonly Precheck[] {
  if (context.server.flavor !== "mysql") return [];
  const places = inPlaces(operations, "mysql");
  const until = places.findIndex(({ operation }) => operation.kind === "run" || operation.kind === "execute");
  const { before, note } = walk(words);
  const { take, taken } = taking(before, () => "PRIMARY");
  const found: Precheck[] = [];
  const schema = context.before && new Builder(context.before);
  for (const { operation: op, at } of until < 0 ? places : places.slice(0, until)) {
    const table = op.kind === "renameColumn" ? before.origin(nameOf(op.schema, op.table)) : null;
    if (op.kind === "renameColumn" && table !== null) {
      const column = (name: string): string => before.column(nameOf(op.schema, op.table), name) ?? name;
      found.push(
        precheck(op, at, selects(table, column(op.from), carriedBy(op, schema?.table(nameOf(op.schema, op.table)), column), taken)),
      );
    }
    take(op, at);
    note(op);
    if (schema !== undefined) learn(schema, op, context);
  }
  return found;
}

/** Computed columns that are said anew, as changes of them. */
export function computedAnew(op: RenameColumn, before: Before, context: CompileContext): readonly AlterColumn[] {
  const now = nameOf(op.schema, op.table);
  const origin = before.origin(now);
  if (context.server.flavor !== "mysql" || origin === null) return [];
  const table = context.before?.tables.find((one) => keyOf(one) === keyOf(origin));
  const { generated } = readersOf(table, { from: before.column(now, op.from) ?? op.from, to: op.to });
  return generated.map(({ from, to }) => ({
    kind: "alterColumn",
    table: op.table,
    ...(op.schema !== undefined && { schema: op.schema }),
    from,
    to,
  }));
}

/** By the names that they had before the run. */
interface Carried {
  readonly parts: readonly string[];
  readonly generated: readonly string[];
  readonly defaults: readonly string[];
}

function carriedBy(op: RenameColumn, table: Table | undefined, column: (name: string) => string): Carried {
  const { checks, indexes, generated, defaults } = readersOf(table, op);
  return {
    parts: [...checks, ...indexes].map(({ from }) => from.name),
    generated: generated.map(({ from }) => column(from.name)),
    defaults: defaults.map(({ from }) => column(from.name)),
  };
}

function selects(table: QualifiedName, column: string, { parts, generated, defaults }: Carried, taken: Taken): readonly string[] {
  const isSame = (one: { readonly table: QualifiedName }): boolean => keyOf(one.table) === keyOf(table);
  const namesOf = (some: Taken["columns"]): readonly string[] => some.filter(isSame).map(({ name }) => name);
  const gone = [...parts, ...taken.parts.filter(isSame).map(({ name }) => name)];
  const dropped = namesOf(taken.columns);
  const speaks = `REGEXP ${quoteLiteral(written(column))}`;
  const but = (name: string, names: readonly string[]): string => (names.length === 0 ? "" : ` AND ${name} NOT IN (${listed(names)})`);
  const keys = `EXISTS (SELECT 1 FROM information_schema.KEY_COLUMN_USAGE AS k WHERE k.REFERENCED_TABLE_NAME IS NOT NULL${but("k.CONSTRAINT_NAME", gone)}
AND ((k.TABLE_SCHEMA, k.TABLE_NAME, k.COLUMN_NAME) = (c.TABLE_SCHEMA, c.TABLE_NAME, ${quoteLiteral(column)}) OR (k.REFERENCED_TABLE_SCHEMA, k.REFERENCED_TABLE_NAME, k.REFERENCED_COLUMN_NAME) = (c.TABLE_SCHEMA, c.TABLE_NAME, ${quoteLiteral(column)})))`;
  const ours = generated.length === 0 ? "" : ` AND (COLUMN_NAME NOT IN (${listed(generated)}) OR ${keys})`;
  return [
    `SELECT CONCAT('check ', CONSTRAINT_NAME) AS \`lack\` FROM information_schema.TABLE_CONSTRAINTS JOIN information_schema.CHECK_CONSTRAINTS USING (CONSTRAINT_SCHEMA, CONSTRAINT_NAME)
WHERE ${onTable(table)}${but("CONSTRAINT_NAME", gone)} AND CHECK_CLAUSE ${speaks}`,
    `SELECT CONCAT('computed column ', COLUMN_NAME) FROM information_schema.COLUMNS AS c WHERE ${onTable(table)}${but("COLUMN_NAME", dropped)} AND GENERATION_EXPRESSION ${speaks}${ours}`,
    `SELECT CONCAT('default of ', COLUMN_NAME) FROM information_schema.COLUMNS WHERE ${onTable(table)}${but("COLUMN_NAME", [...dropped, ...defaults])} AND COLUMN_DEFAULT ${speaks} AND EXTRA LIKE '%DEFAULT_GENERATED%'`,
    `SELECT DISTINCT CONCAT('index ', INDEX_NAME) FROM information_schema.STATISTICS WHERE ${onTable(table)}${but("INDEX_NAME", gone)} AND EXPRESSION ${speaks}`,
  ];
}

function precheck(op: RenameColumn, operation: number, questions: readonly string[]): Precheck {
  return {
    about: "server",
    operation,
    sql: `SELECT COUNT(*) AS \`count\`, GROUP_CONCAT(\`lack\` SEPARATOR '; ') AS \`samples\` FROM (\n${questions.join("\nUNION ALL\n")}\n) AS \`lacks\``,
    code: "dependants",
    message: `${columnLabel(nameOf(op.schema, op.table), op.from)} is read by others, and MySQL gives it no other name then`,
    hint: "drop what is named there first, or do it in the revision with op.execute before this change, and make it again after it",
    tables: [],
  };
}
