import type { AddColumn, DropColumn } from "../../../core/operation.ts";
import type { Column } from "../../../core/schema.ts";
import type { CompilersOf } from "../../compiler.ts";
import { ifExists } from "../../shared/sql.ts";
import { alterColumn } from "./alter-column.ts";
import { ifThere } from "./carrier.ts";
import { addColumnClause, dropColumnClause, modifyClause, mustAsk } from "./clauses.ts";
import { isConstant, isDrawn } from "./column.ts";
import { dataLoss } from "./hazards.ts";
import { forget, remember } from "./metadata.ts";
import { columnIsThere } from "./observe.ts";
import { alter, isFresh, type Piece, type Scene, tableOf } from "./piece.ts";
import { renameColumn } from "./rename-column.ts";
import { generatedRow } from "./tables.ts";
import { update } from "./update.ts";

export const columnCompilers: CompilersOf<"addColumn" | "dropColumn" | "renameColumn" | "alterColumn", Scene, Piece> = {
  addColumn: (op, scene) => addColumn(op, scene),
  dropColumn: (op, scene) => dropColumn(op, scene),
  renameColumn: (op, scene) => renameColumn(op, scene),
  alterColumn: (op, scene) => alterColumn(op, scene),
};

function addColumn(op: AddColumn, scene: Scene): readonly Piece[] {
  const { column } = op;
  const { generated } = column;
  const computed = generated ?? column.identity ?? column.autoIncrement;
  const fill = computed === undefined ? (op.fill ?? ownValueEach(op, scene)) : undefined;
  if (fill !== undefined && (fill !== column.default || !isConstant(fill))) return addFilled(op, fill, scene);
  return [
    ...alter(op, scene, [addColumnClause(op, column, scene)]),
    ...(generated === undefined ? [] : remember(scene, generatedRow(tableOf(op), column.name), generated.expression)),
  ];
}

/**
 * MariaDB computes a default once for all rows that are there, where the change is instant: `rand()` is then one value. MySQL adds no column
 * with such a default at all, not even to an empty table.
 */
function ownValueEach(op: AddColumn, scene: Scene): string | undefined {
  const { default: value } = op.column;
  if (value === undefined || !isDrawn(value)) return undefined;
  return isFresh(scene, tableOf(op)) && scene.context.server.flavor === "mariadb" ? undefined : value;
}

/** A constant is the default for a moment, which costs nothing; anything else is computed row by row. */
function addFilled(op: AddColumn, fill: string, scene: Scene): readonly Piece[] {
  const { column } = op;
  const { default: _, onUpdate: __, ...bare } = column;
  const first: Column = isConstant(fill) ? { ...bare, default: fill } : { ...bare, nullable: true };
  const finished = JSON.stringify(first) === JSON.stringify(column);
  return [
    ...alter(op, scene, [addColumnClause(op, first, scene)]),
    ...(isConstant(fill) ? [] : [update(op, scene, column.name, fill)]),
    ...(finished ? [] : alter(op, scene, [modifyClause(op, first, column, scene)])),
  ];
}

function dropColumn(op: DropColumn, scene: Scene): readonly Piece[] {
  const { name, generated } = op.column;
  const hazards = generated !== undefined || isFresh(scene, tableOf(op)) ? [] : [dataLoss(`the values of ${op.table}.${name} are lost`)];
  const table = tableOf(op);
  return [
    ...(mustAsk(op, scene)
      ? ifThere(table, dropColumnClause(op, op.column).sql, columnIsThere(table, name), hazards)
      : alter(op, scene, [dropColumnClause(op, op.column, ifExists(op))], hazards)),
    ...(generated === undefined ? [] : forget(scene, generatedRow(tableOf(op), name))),
  ];
}
