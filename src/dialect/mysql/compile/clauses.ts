import type { IfExists, OnTable } from "../../../core/operation.ts";
import type { Column } from "../../../core/schema.ts";
import { quoteName } from "../quote.ts";
import { columnIs, columnSql } from "./column.ts";
import { columnIsThere, not } from "./observe.ts";
import { costOfAdding, costOfModifying } from "./online.ts";
import { type Clause, known, type Scene, tableOf } from "./piece.ts";

const reads = (column: Column): { readonly reads: string } => ({
  reads: `${column.generated?.expression ?? ""} ${column.default ?? ""}`,
});

export type Place = "first" | { readonly after: string };
const placeSql = (place: Place): string => (place === "first" ? " FIRST" : ` AFTER ${quoteName(place.after)}`);

export function addColumnClause(op: OnTable, column: Column, scene: Scene, place?: Place): Clause {
  return {
    sql: `ADD COLUMN ${columnSql(column, scene.context.server)}${place === undefined ? "" : placeSql(place)}`,
    does: "add",
    what: "column",
    names: [column.name],
    cost: costOfAdding(column, known(scene, tableOf(op)), place !== undefined, scene.context.server),
    ...(typeof place === "object" && { columns: [place.after] }),
    ...reads(column),
    happened: columnIsThere(tableOf(op), column.name),
  };
}

/** MySQL has no IF EXISTS for parts of a table. */
export const mustAsk = (op: IfExists, { context }: Scene): boolean => op.ifExists === true && context.server.flavor === "mysql";

export function dropColumnClause(op: OnTable, { name, generated }: Column, maybe = ""): Clause {
  return {
    sql: `DROP COLUMN ${maybe}${quoteName(name)}`,
    does: "drop",
    what: "column",
    names: [name],
    cost: generated?.stored === false ? "virtual" : "drop",
    happened: not(columnIsThere(tableOf(op), name)),
  };
}

export function modifyClause(op: OnTable, from: Column, to: Column, scene: Scene): Clause {
  return {
    sql: `MODIFY COLUMN ${columnSql(to, scene.context.server)}`,
    does: "change",
    what: "column",
    names: [to.name],
    cost: costOfModifying(from, to, known(scene, tableOf(op)), scene.context.server),
    ...reads(to),
    happened: columnIs(tableOf(op), from, to),
  };
}
