import type { Kind, Operation } from "../../../core/operation.ts";
import { keyOf, type QualifiedName } from "../../../core/schema.ts";
import type { CompileContext } from "../../dialect.ts";
import { nameOf, walk } from "../../shared/prechecks/before.ts";
import { inPlaces } from "../../shared/prechecks/places.ts";
import { type Taken, taking } from "../../shared/prechecks/taken.ts";
import { hasSuccessor } from "../compile/alter-column.ts";
import { databaseSql, quoteLiteral } from "../quote.ts";
import { words } from "./question.ts";

/** A table of which something goes, as it is named before the run. */
export interface Going {
  readonly table: QualifiedName;
  readonly operation: number;
  /** it goes as a whole */
  whole: boolean;
  /** columns that go */
  readonly gone: Set<string>;
  /** columns whose place another one takes: the indexes that the history knows are made again */
  readonly replaced: Set<string>;
  /** columns of the foreign keys that the list drops */
  readonly keys: Set<string>;
}

/** Up to the first operation of these kinds, steps of the author's own, which may do anything. */
export function goingOf(operations: readonly Operation[], context: CompileContext, ends: readonly Kind[]) {
  const places = inPlaces(operations, context.server.flavor);
  const until = places.findIndex(({ operation }) => ends.includes(operation.kind));
  const { before, note } = walk(words);
  const { take, taken } = taking(before, () => "PRIMARY");
  const found = new Map<string, Going>();
  for (const { operation: op, at } of until < 0 ? places : places.slice(0, until)) {
    if (op.kind === "dropTable" || op.kind === "dropColumn" || op.kind === "alterColumn" || op.kind === "dropForeignKey") {
      const now = nameOf(op.schema, op.table);
      const table = before.origin(now);
      const column = (name: string): string => before.column(now, name) ?? name;
      const going = table === null ? undefined : goingIn(found, table, at);
      if (op.kind === "dropTable" && going !== undefined) going.whole = true;
      if (op.kind === "dropColumn") going?.gone.add(column(op.column.name));
      if (op.kind === "dropForeignKey") going?.keys.add(op.foreignKey.columns.map(column).join(","));
      if (op.kind === "alterColumn" && hasSuccessor(op, isKey(context, now, op.to.name))) going?.replaced.add(column(op.to.name));
    }
    take(op, at);
    note(op);
  }
  const going = [...found.values()].filter(({ whole, gone, replaced }) => whole || gone.size + replaced.size > 0);
  return { going, taken } satisfies { going: readonly Going[]; taken: Taken };
}

function goingIn(found: Map<string, Going>, table: QualifiedName, operation: number): Going {
  const one = found.get(keyOf(table)) ?? {
    table,
    operation,
    whole: false,
    gone: new Set(),
    replaced: new Set(),
    keys: new Set(),
  };
  found.set(keyOf(table), one);
  return one;
}

const isKey = ({ before }: CompileContext, table: QualifiedName, column: string): boolean =>
  before?.tables.some((one) => keyOf(one) === keyOf(table) && one.primaryKey?.columns.includes(column)) ?? false;

export const onTable = ({ schema, name }: QualifiedName): string =>
  `TABLE_SCHEMA = ${databaseSql(schema)} AND TABLE_NAME = ${quoteLiteral(name)}`;

export const listed = (names: Iterable<string>): string => [...names].map(quoteLiteral).join(", ");

/** What SQL of the author's own names he knows of. */
export const unsaid = ({ said }: Taken, name: string): string =>
  said.length === 0 ? "" : ` AND LOCATE(${name}, ${quoteLiteral(said.join(" "))}) = 0`;
