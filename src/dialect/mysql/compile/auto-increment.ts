import type { AddPrimaryKey, AlterColumn, DropPrimaryKey, OnTable, Operation } from "../../../core/operation.ts";
import { type Column, keyOf } from "../../../core/schema.ts";
import { sameBut } from "../../shared/columns.ts";
import { laterOn, nextOn } from "./ahead.ts";
import { modifyClause } from "./clauses.ts";
import { type Clause, known, type Scene, tableOf } from "./piece.ts";

/** AUTO_INCREMENT stands on a key at every moment: it goes in the statement in which the key goes, and comes in the one in which it comes. */

const without = ({ autoIncrement: _, identity: __, ...column }: Column): Column => column;

/** What a change of the column has left to do itself. */
export function besidesCounting(op: AlterColumn, scene: Scene): AlterColumn {
  if (scene.uncounted.has(keyIn(op, op.to.name))) return { ...op, from: without(op.from) };
  const comes = op.to.autoIncrement && !op.from.autoIncrement;
  return comes && keyOfTheRest(op, scene) !== undefined ? { ...op, to: without(op.to) } : op;
}

export function changesNothing({ from, to, using, fill }: AlterColumn): boolean {
  return sameBut(from, to) && using === undefined && fill === undefined;
}

/** Notes the column for the key that comes. */
export function noteCounting(op: AlterColumn, scene: Scene): void {
  const comes = op.to.autoIncrement && !op.from.autoIncrement;
  if (comes && keyOfTheRest(op, scene) !== undefined) scene.counting.set(keyOf(tableOf(op)), op.to);
}

/** With the key that goes: what of its column a later operation takes away. */
export function stopCounting(op: DropPrimaryKey, scene: Scene): readonly Clause[] {
  const later = laterOn(op, scene).find((one): one is AlterColumn => isStop(one, op));
  if (later === undefined || (!sameBut(later.from, later.to, "autoIncrement") && !isParted(op, later, scene))) return [];
  const column = known(scene, tableOf(op))?.columns.find(({ name }) => name === later.to.name) ?? later.from;
  scene.uncounted.add(keyIn(op, column.name));
  return [modifyClause(op, column, without(column), scene)];
}

/** With the key that comes. */
export function startCounting(op: AddPrimaryKey, scene: Scene): readonly Clause[] {
  const table = keyOf(tableOf(op));
  const column = scene.counting.get(table);
  scene.counting.delete(table);
  return column === undefined ? [] : [modifyClause(op, without(column), column, scene)];
}

const keyIn = (op: OnTable, column: string): string => `${keyOf(tableOf(op))}\u0000${column}`;

function isStop(one: Operation, op: DropPrimaryKey): one is AlterColumn {
  if (one.kind !== "alterColumn" || !op.primaryKey.columns.includes(one.to.name)) return false;
  return one.from.autoIncrement === true && one.to.autoIncrement === undefined && one.to.generated === undefined;
}

/** A statement ends at a column that is renamed, and at any other table. */
function isParted(op: OnTable, later: Operation, scene: Scene): boolean {
  const next = nextOn(op, scene);
  const end = next.indexOf(later);
  return end < 0 || next.slice(0, end).some(({ kind }) => kind === "renameColumn");
}

function keyOfTheRest(op: AlterColumn, scene: Scene): AddPrimaryKey | undefined {
  return laterOn(op, scene).find((one): one is AddPrimaryKey => one.kind === "addPrimaryKey" && one.primaryKey.columns[0] === op.to.name);
}
