import type { OnTable } from "../../../core/operation.ts";
import type { Column } from "../../../core/schema.ts";
import { quoteName } from "../quote.ts";
import { columnIs, columnSql } from "./column.ts";
import { columnIsThere, not } from "./observe.ts";
import { type Clause, type Scene, tableOf } from "./piece.ts";

const reads = (column: Column): { readonly reads: string } => ({
  reads: `${column.generated?.expression ?? ""} ${column.default ?? ""}`,
});

export function addColumnClause(op: OnTable, column: Column, scene: Scene, place: string = ""): Clause {
  return {
    sql: `ADD COLUMN ${columnSql(column, scene.context.server)}${place}`,
    does: "add",
    what: "column",
    names: [column.name],
    ...reads(column),
    happened: columnIsThere(tableOf(op), column.name),
  };
}

export function dropColumnClause(op: OnTable, name: string): Clause {
  return {
    sql: `DROP COLUMN ${quoteName(name)}`,
    does: "drop",
    what: "column",
    names: [name],
    happened: not(columnIsThere(tableOf(op), name)),
  };
}

export function modifyClause(op: OnTable, from: Column, to: Column, scene: Scene): Clause {
  return {
    sql: `MODIFY COLUMN ${columnSql(to, scene.context.server)}`,
    does: "change",
    what: "column",
    names: [to.name],
    ...reads(to),
    happened: columnIs(tableOf(op), from, to),
  };
}
