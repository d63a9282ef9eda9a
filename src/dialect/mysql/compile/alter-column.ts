import { usage } from "../../../core/errors.ts";
import type { Hazard } from "../../../core/hazard.ts";
import type { AlterColumn } from "../../../core/operation.ts";
import type { Column } from "../../../core/schema.ts";
import { cutName, quoteName } from "../quote.ts";
import { addColumnClause, dropColumnClause, modifyClause } from "./clauses.ts";
import { columnIs, columnSql } from "./column.ts";
import { fitsInPlace, isLossy, rounded } from "./convert.ts";
import { blocksWrites, dataLoss, lossyCast } from "./hazards.ts";
import { forget, remember } from "./metadata.ts";
import { columnIsThere, not } from "./observe.ts";
import { alter, type Clause, isFresh, known, type Piece, type Scene, tableOf } from "./piece.ts";
import { generatedRow } from "./tables.ts";
import { update } from "./update.ts";

export function alterColumn(op: AlterColumn, scene: Scene): readonly Piece[] {
  return [...changeDefinition(op, scene), ...rememberExpression(op, scene)];
}

function changeDefinition(op: AlterColumn, scene: Scene): readonly Piece[] {
  const { from, to } = op;
  if (to.generated === undefined) return from.generated?.stored === false ? keepComputed(op, scene) : changeInPlace(op, scene);
  const loss = from.generated === undefined ? [dataLoss(`the values of ${op.table}.${to.name} are replaced by computed ones`)] : [];
  // only a stored column may take the place of one that has values
  const remade = !to.generated.stored || from.generated?.stored === false;
  return alter(op, remade ? recreate(op, scene) : [modifyClause(op, from, to, scene)], [...loss, ...copied(op, scene)]);
}

/** In its old place, as far as that is known; what stands on the column (indexes, constraints) is the differ's to make again. */
function recreate(op: AlterColumn, scene: Scene): readonly Clause[] {
  const { from, to } = op;
  const again = addColumnClause(op, to, scene, placeOf(op, scene));
  return [dropColumnClause(op, to.name), { ...again, happened: columnIs(tableOf(op), from, to) }];
}

function placeOf(op: AlterColumn, scene: Scene): string {
  const columns = known(scene, tableOf(op))?.columns ?? [];
  const at = columns.findIndex(({ name }) => name === op.to.name);
  const before = columns[at - 1];
  if (at < 0) return "";
  return before === undefined ? " FIRST" : after(before.name);
}

const after = (name: string): string => ` AFTER ${quoteName(name)}`;
const besideOf = (name: string): string => `${cutName(name, 64 - "_limbeck_new".length)}_limbeck_new`;

/** A virtual column has no values to keep: they are computed once more, into a column beside it that takes its place. */
function keepComputed(op: AlterColumn, scene: Scene): readonly Piece[] {
  const { to, fill } = op;
  const beside: Column = { ...bare(to), name: besideOf(to.name) };
  const value = op.using ?? quoteName(to.name);
  const swap: Clause = {
    sql: `CHANGE COLUMN ${quoteName(beside.name)} ${columnSql(to, scene.context.server)}`,
    does: "rename",
    what: "column",
    names: [beside.name, to.name],
    happened: not(columnIsThere(tableOf(op), beside.name)),
  };
  return [
    ...alter(op, [addColumnClause(op, beside, scene, after(to.name))]),
    update(op, scene, beside.name, fill === undefined ? value : `COALESCE(${value}, ${fill})`),
    // the new name tells of the swap: the old one is there before and after
    ...alter(op, [{ ...dropColumnClause(op, to.name), happened: not(columnIsThere(tableOf(op), beside.name)) }, swap], copied(op, scene)),
  ];
}

/** A column of that type that takes any value. */
function bare({ name, type, charset, collation }: Column): Column {
  return { name, type, nullable: true, ...(charset === undefined ? {} : { charset }), ...(collation === undefined ? {} : { collation }) };
}

function changeInPlace(op: AlterColumn, scene: Scene): readonly Piece[] {
  const { from, to, using, fill } = op;
  if (using !== undefined && !fitsInPlace(from, to)) return convertBeside(op, using, scene);
  const name = quoteName(to.name);
  const fills = fill !== undefined && from.nullable === true && !to.nullable;
  const converted = using === undefined ? rounding(op, scene) : [update(op, scene, to.name, using)];
  const hazards = changeHazards(op, scene);
  const filled = fills ? [update(op, scene, to.name, fill, `${name} IS NULL`)] : [];
  if (!fills || from.type === to.type) return [...converted, ...filled, ...alter(op, [modifyClause(op, from, to, scene)], hazards)];
  // a fill is a value of the new type
  const loose = bare(to);
  return [
    ...converted,
    ...alter(op, [modifyClause(op, from, loose, scene)], hazards),
    ...filled,
    ...alter(op, [modifyClause(op, loose, to, scene)]),
  ];
}

function changeHazards(op: AlterColumn, scene: Scene): readonly Hazard[] {
  const { from, to, using } = op;
  const lossy = using === undefined && !isFresh(scene, tableOf(op)) && isLossy(from, to);
  return [
    ...(from.type === to.type && from.autoIncrement === to.autoIncrement ? [] : copied(op, scene)),
    ...(lossy ? [lossyCast(`values of ${op.table}.${to.name} are rounded or cut to be ${to.type}`)] : []),
  ];
}

/** What MODIFY would round with no more than a note is rounded before: a note then always means something else. */
function rounding(op: AlterColumn, scene: Scene): readonly Piece[] {
  const name = quoteName(op.to.name);
  const value = isFresh(scene, tableOf(op)) ? undefined : rounded(name, op.from, op.to);
  return value === undefined ? [] : [update(op, scene, op.to.name, value, `${name} <> ${value}`)];
}

/**
 * The values are computed into a column beside, and come back when the column has its new type: so it keeps its place and every index
 * and constraint that stands on it.
 */
function convertBeside(op: AlterColumn, using: string, scene: Scene): readonly Piece[] {
  const { from, to, fill } = op;
  if (known(scene, tableOf(op))?.primaryKey?.columns.includes(to.name)) throw inKey(op);
  const beside: Column = { ...bare(to), name: besideOf(to.name) };
  const emptied = bare(from);
  const retyped = bare(to);
  return [
    ...alter(op, [modifyClause(op, from, emptied, scene), addColumnClause(op, beside, scene, after(to.name))]),
    update(op, scene, beside.name, fill === undefined ? using : `COALESCE(${using}, ${fill})`),
    update(op, scene, to.name, "NULL"),
    ...alter(op, [modifyClause(op, emptied, retyped, scene)], copied(op, scene)),
    update(op, scene, to.name, quoteName(beside.name)),
    ...alter(op, [modifyClause(op, retyped, to, scene), dropColumnClause(op, beside.name)], copied(op, scene)),
  ];
}

function inKey(op: AlterColumn): Error {
  return usage(
    "using-in-key",
    `${op.table}.${op.to.name} is in the primary key: its values can't be converted from ${op.from.type} to ${op.to.type} by an expression while it is.`,
    "in the revision: op.dropPrimaryKey before it, and op.addPrimaryKey after it",
    { table: op.table, column: op.to.name },
  );
}

function copied(op: AlterColumn, scene: Scene): readonly Hazard[] {
  return isFresh(scene, tableOf(op)) ? [] : [blocksWrites(`writes to ${op.table} wait while it is copied for ${op.to.name}`)];
}

function rememberExpression(op: AlterColumn, scene: Scene): readonly Piece[] {
  const row = generatedRow(tableOf(op), op.to.name);
  if (op.from.generated?.expression === op.to.generated?.expression) return [];
  return op.to.generated === undefined ? forget(scene, row) : remember(scene, row, op.to.generated.expression);
}
