import type { AlterColumn, Kind, Operation } from "../../../core/operation.ts";
import { keyOf, type QualifiedName } from "../../../core/schema.ts";
import type { CompileContext } from "../../dialect.ts";
import { nameOf, walk } from "../../shared/prechecks/before.ts";
import { inPlaces, type Plain } from "../../shared/prechecks/places.ts";
import { type Taken, taking } from "../../shared/prechecks/taken.ts";
import { setsExpressionInPlace } from "../compile/alter-column.ts";
import { comesAgain, keptKey } from "../compile/columns.ts";
import { defaultKeyName } from "../compile/constraints.ts";
import { countingOf } from "../compile/counting.ts";
import { keepsOrder } from "../compile/enums.ts";
import { words } from "./words.ts";

/** What goes, or takes another type, of one relation or type that is there before the run. */
export interface Goal {
  readonly of: "relation" | "type";
  readonly name: QualifiedName;
  readonly operation: number;
  whole: boolean;
  /** columns that go */
  readonly gone: Set<string>;
  /** columns that go and come again */
  readonly anew: Set<string>;
  readonly retyped: Set<string>;
  /** columns that stay, and count no longer as they did: with them goes their sequence */
  readonly uncounted: Set<string>;
}

export interface Goals {
  readonly relations: readonly Goal[];
  readonly types: readonly Goal[];
  readonly taken: Taken;
}

/** Of the operations up to the first one of these kinds, steps of the author's own, which may do anything. */
export function goalsOf(operations: readonly Operation[], context: CompileContext, ends: readonly Kind[]): Goals {
  const places = inPlaces(operations, context.server.flavor);
  const until = places.findIndex(({ operation }) => ends.includes(operation.kind));
  const again = comesAgain(operations);
  const goals = new Map<string, Goal>();
  const { before, note } = walk(words);
  const { take, taken } = taking(before, defaultKeyName);
  const made = new Set<string>();
  const goal = (of: Goal["of"], name: QualifiedName, operation: number): Goal => {
    const key = `${of} ${keyOf(name)}`;
    const found = goals.get(key) ?? {
      of,
      name,
      operation,
      whole: false,
      gone: new Set(),
      anew: new Set(),
      retyped: new Set(),
      uncounted: new Set(),
    };
    goals.set(key, found);
    return found;
  };
  for (const { operation: op, at } of until < 0 ? places : places.slice(0, until)) {
    if (op.kind === "createView") made.add(keyOf(nameOf(op.schema, op.view)));
    if (op.kind === "createEnum") made.add(keyOf(op.definition));
    if ((op.kind === "dropView" || op.kind === "alterView") && !made.has(keyOf(nameOf(op.schema, op.view)))) {
      if (op.kind === "dropView" || op.from.definition !== op.to.definition) goal("relation", nameOf(op.schema, op.view), at).whole = true;
    }
    if (op.kind === "dropEnum" && !made.has(keyOf(op.definition))) goal("type", op.definition, at).whole = true;
    if (op.kind === "alterEnum" && !made.has(keyOf(nameOf(op.schema, op.name))) && !keepsOrder(op.from, op.to)) {
      goal("type", nameOf(op.schema, op.name), at).whole = true;
      for (const use of op.columns) {
        const table = before.origin(nameOf(use.schema, use.table));
        if (table !== null) goal("relation", table, at).retyped.add(columnBefore(nameOf(use.schema, use.table), use.column));
      }
    }
    if (op.kind === "dropTable" || op.kind === "dropColumn" || op.kind === "alterColumn") {
      const table = before.origin(nameOf(op.schema, op.table));
      if (table !== null) ofTable(op, table, at);
    }
    take(op, at);
    note(op);
  }
  const found = [...goals.values()].filter(
    ({ whole, gone, anew, retyped, uncounted }) => whole || gone.size + anew.size + retyped.size + uncounted.size > 0,
  );
  return { relations: found.filter(({ of }) => of === "relation"), types: found.filter(({ of }) => of === "type"), taken };

  function columnBefore(table: QualifiedName, name: string): string {
    return before.column(table, name) ?? name;
  }

  function ofTable(op: Extract<Plain, { kind: "dropTable" | "dropColumn" | "alterColumn" }>, table: QualifiedName, at: number): void {
    if (op.kind === "dropTable") goal("relation", table, at).whole = true;
    else if (op.kind === "dropColumn") {
      goal("relation", table, at)[again.has(keptKey(op)) ? "anew" : "gone"].add(columnBefore(nameOf(op.schema, op.table), op.column.name));
    } else if (isMadeAnew(op, context)) goal("relation", table, at).anew.add(columnBefore(nameOf(op.schema, op.table), op.to.name));
    else if (isRetyped(op)) goal("relation", table, at).retyped.add(columnBefore(nameOf(op.schema, op.table), op.to.name));
    if (op.kind === "alterColumn" && countingOf(op.from) !== "none" && countingOf(op.from) !== countingOf(op.to)) {
      goal("relation", table, at).uncounted.add(columnBefore(nameOf(op.schema, op.table), op.to.name));
    }
  }
}

const isRetyped = ({ from, to, using }: AlterColumn): boolean =>
  from.type !== to.type || from.collation !== to.collation || using !== undefined;

/** A computed column goes and comes again, unless it becomes a plain one or the server can change its expression. */
function isMadeAnew(op: AlterColumn, context: CompileContext): boolean {
  const { from, to } = op;
  if (to.generated === undefined) return from.generated?.stored === false;
  if (from.generated?.stored !== to.generated.stored) return true;
  return from.generated.expression !== to.generated.expression && !setsExpressionInPlace(op, context.server);
}
