import type { AlterColumn, Kind, Operation } from "../../../core/operation.ts";
import { keyOf, type QualifiedName } from "../../../core/schema.ts";
import type { CompileContext } from "../../dialect.ts";
import { type Before, nameOf, walk } from "../../shared/prechecks/before.ts";
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
  const { before, note } = walk(words);
  const { take, taken } = taking(before, defaultKeyName);
  const scene: Scene = { goals: new Map(), made: new Set(), again: comesAgain(operations), before, context };
  for (const { operation, at } of until < 0 ? places : places.slice(0, until)) {
    ofRelation(operation, at, scene);
    ofType(operation, at, scene);
    take(operation, at);
    note(operation);
  }
  const found = [...scene.goals.values()].filter(
    ({ whole, gone, anew, retyped, uncounted }) => whole || gone.size + anew.size + retyped.size + uncounted.size > 0,
  );
  return { relations: found.filter(({ of }) => of === "relation"), types: found.filter(({ of }) => of === "type"), taken };
}

/** Grows while the list is walked. */
interface Scene {
  readonly goals: Map<string, Goal>;
  /** views and types that the list makes */
  readonly made: Set<string>;
  /** columns that go and come again */
  readonly again: ReadonlySet<string>;
  readonly before: Before;
  readonly context: CompileContext;
}

function goal({ goals }: Scene, of: Goal["of"], name: QualifiedName, operation: number): Goal {
  const key = `${of} ${keyOf(name)}`;
  const none = { whole: false, gone: new Set<string>(), anew: new Set<string>(), retyped: new Set<string>(), uncounted: new Set<string>() };
  const found = goals.get(key) ?? { of, name, operation, ...none };
  goals.set(key, found);
  return found;
}

function ofRelation(op: Plain, at: number, scene: Scene): void {
  if (op.kind === "createView") scene.made.add(keyOf(nameOf(op.schema, op.view)));
  if (op.kind === "dropView" || op.kind === "alterView") {
    const stays = op.kind === "alterView" && op.from.definition === op.to.definition;
    const name = nameOf(op.schema, op.view);
    if (!stays && !scene.made.has(keyOf(name))) goal(scene, "relation", name, at).whole = true;
  }
  if (op.kind === "dropTable" || op.kind === "dropColumn" || op.kind === "alterColumn") {
    const now = nameOf(op.schema, op.table);
    const table = scene.before.origin(now);
    if (table === null) return;
    const its = (): Goal => goal(scene, "relation", table, at);
    const column = (name: string): string => scene.before.column(now, name) ?? name;
    if (op.kind === "dropTable") its().whole = true;
    else if (op.kind === "dropColumn") its()[scene.again.has(keptKey(op)) ? "anew" : "gone"].add(column(op.column.name));
    else for (const what of changesOf(op, scene.context)) its()[what].add(column(op.to.name));
  }
}

function changesOf(op: AlterColumn, context: CompileContext): readonly ("anew" | "retyped" | "uncounted")[] {
  const counting = countingOf(op.from);
  return [
    ...(isMadeAnew(op, context) ? (["anew"] as const) : isRetyped(op) ? (["retyped"] as const) : []),
    ...(counting !== "none" && counting !== countingOf(op.to) ? (["uncounted"] as const) : []),
  ];
}

function ofType(op: Plain, at: number, scene: Scene): void {
  if (op.kind === "createEnum") scene.made.add(keyOf(op.definition));
  if (op.kind === "dropEnum" && !scene.made.has(keyOf(op.definition))) goal(scene, "type", op.definition, at).whole = true;
  if (op.kind !== "alterEnum" || scene.made.has(keyOf(nameOf(op.schema, op.name))) || keepsOrder(op.from, op.to)) return;
  goal(scene, "type", nameOf(op.schema, op.name), at).whole = true;
  for (const use of op.columns) {
    const now = nameOf(use.schema, use.table);
    const table = scene.before.origin(now);
    if (table !== null) goal(scene, "relation", table, at).retyped.add(scene.before.column(now, use.column) ?? use.column);
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
