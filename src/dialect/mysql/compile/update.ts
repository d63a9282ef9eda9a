import type { OnTable } from "../../../core/operation.ts";
import { quoteName, quoteTable } from "../quote.ts";
import { known, onRows, type PlainPiece, type Scene, tableOf } from "./piece.ts";

/** Nobody changed the rows that a migration touches: a column that notes the time of a change (ON UPDATE) keeps its value, where it is known of. */
export function update(op: OnTable, scene: Scene, column: string, value: string, where?: string): PlainPiece {
  const clocks = known(scene, tableOf(op))?.columns.filter((one) => one.onUpdate !== undefined && one.name !== column) ?? [];
  const set = [`${quoteName(column)} = ${value}`, ...clocks.map(({ name }) => `${quoteName(name)} = ${quoteName(name)}`)];
  return onRows(`UPDATE ${quoteTable(tableOf(op))} SET ${set.join(", ")}${where === undefined ? "" : ` WHERE ${where}`}`);
}
