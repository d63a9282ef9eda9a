import type { Hazard } from "../../../core/hazard.ts";
import { keyColumns } from "../../../core/index-parts.ts";
import type { AlterColumn } from "../../../core/operation.ts";
import type { Column } from "../../../core/schema.ts";
import { cutName, quoteName } from "../quote.ts";
import { besidesCounting, changesNothing, noteCounting } from "./auto-increment.ts";
import { addColumnClause, dropColumnClause, modifyClause, type Place } from "./clauses.ts";
import { columnIs, columnSql } from "./column.ts";
import { addKey, dropKey } from "./constraints.ts";
import { fitsInPlace, isLossy, needsText, rounded } from "./convert.ts";
import { dataLoss, lossyCast } from "./hazards.ts";
import { addIndexClause, dropIndexClause } from "./indexes.ts";
import { forget, remember } from "./metadata.ts";
import { columnIsThere, not } from "./observe.ts";
import { alter, type Clause, isFresh, known, type Piece, type Scene, tableOf } from "./piece.ts";
import { generatedRow } from "./tables.ts";
import { update } from "./update.ts";

export function alterColumn(op: AlterColumn, scene: Scene): readonly Piece[] {
  const rest = besidesCounting(op, scene);
  noteCounting(op, scene);
  return [...(changesNothing(rest) ? [] : changeDefinition(rest, scene)), ...rememberExpression(op, scene)];
}

function changeDefinition(op: AlterColumn, scene: Scene): readonly Piece[] {
  const { from, to } = op;
  if (to.generated === undefined) return from.generated?.stored === false ? keepComputed(op, scene) : changeInPlace(op, scene);
  const loss = from.generated === undefined ? [dataLoss(`the values of ${op.table}.${to.name} are replaced by computed ones`)] : [];
  // only a stored column may take the place of one that has values
  const remade = !to.generated.stored || from.generated?.stored === false;
  return alter(op, scene, remade ? recreate(op, scene) : [modifyClause(op, from, to, scene)], loss);
}

/** In its old place, as far as that is known; what stands on the column (indexes, constraints) is the differ's to make again. */
function recreate(op: AlterColumn, scene: Scene): readonly Clause[] {
  const { from, to } = op;
  const again = addColumnClause(op, to, scene, placeOf(op, scene));
  return [dropColumnClause(op, from), { ...again, happened: columnIs(tableOf(op), from, to) }];
}

function placeOf(op: AlterColumn, scene: Scene): Place | undefined {
  const columns = known(scene, tableOf(op))?.columns ?? [];
  const at = columns.findIndex(({ name }) => name === op.to.name);
  const before = columns[at - 1];
  if (at < 0) return undefined;
  return before === undefined ? "first" : { after: before.name };
}

const besideOf = (name: string): string => `${cutName(name, 64 - "_limbeck_new".length)}_limbeck_new`;

/** A virtual column has no values to keep: they are computed once more, into a column beside it that takes its place. */
function keepComputed(op: AlterColumn, scene: Scene): readonly Piece[] {
  const { to, fill } = op;
  const beside: Column = { ...bare(to), name: besideOf(to.name) };
  const value = op.using ?? quoteName(to.name);
  return [
    ...alter(op, scene, [addColumnClause(op, beside, scene, { after: to.name })]),
    update(op, scene, beside.name, fill === undefined ? value : `COALESCE(${value}, ${fill})`),
    ...alter(op, scene, around(op, scene, takePlace(op, beside, scene))),
  ];
}

/** Indexes lose a column whose place another one takes: those that the history knows are made again with the new one, at the same blow. */
function around(op: AlterColumn, scene: Scene, clauses: readonly Clause[]): readonly Clause[] {
  const on = (known(scene, tableOf(op))?.indexes ?? []).filter((index) => keyColumns(index).includes(op.to.name));
  return [...on.map((index) => dropIndexClause(op, index)), ...clauses, ...on.map((index) => addIndexClause(op, index, scene))];
}

/** The column goes, and the one beside it has its name. */
function takePlace(op: AlterColumn, beside: Column, scene: Scene): readonly Clause[] {
  // the new name tells of the swap: the old one is there before and after
  const happened = not(columnIsThere(tableOf(op), beside.name));
  const swap: Clause = {
    sql: `CHANGE COLUMN ${quoteName(beside.name)} ${columnSql(op.to, scene.context.server)}`,
    does: "rename",
    what: "column",
    names: [beside.name, op.to.name],
    cost: "copy",
    happened,
  };
  return [{ ...dropColumnClause(op, op.from), happened }, swap];
}

/** A column of that type that takes any value. */
function bare({ name, type, charset, collation }: Column): Column {
  return { name, type, nullable: true, ...(charset === undefined ? {} : { charset }), ...(collation === undefined ? {} : { collation }) };
}

/** Does another column take its place? What stands on it loses it then, but for what the history knows. */
export function hasSuccessor({ from, to, using }: AlterColumn, isKey: boolean): boolean {
  if (to.generated !== undefined) return false;
  return from.generated?.stored === false || (isKey && using !== undefined && !fitsInPlace(from, to));
}

function changeInPlace(op: AlterColumn, scene: Scene): readonly Piece[] {
  const { from, to, using, fill } = op;
  if (using !== undefined && !fitsInPlace(from, to)) return convertBeside(op, using, scene);
  const name = quoteName(to.name);
  const fills = fill !== undefined && from.nullable === true && !to.nullable;
  const converted = using === undefined ? rounding(op, scene) : [update(op, scene, to.name, using)];
  const hazards = changeHazards(op, scene);
  const filled = fills ? [update(op, scene, to.name, fill, `${name} IS NULL`)] : [];
  if (!fills || from.type === to.type) return [...converted, ...filled, ...alter(op, scene, [modifyClause(op, from, to, scene)], hazards)];
  // a fill is a value of the new type
  const loose = bare(to);
  return [
    ...converted,
    ...alter(op, scene, [modifyClause(op, from, loose, scene)], hazards),
    ...filled,
    ...alter(op, scene, [modifyClause(op, loose, to, scene)]),
  ];
}

function changeHazards(op: AlterColumn, scene: Scene): readonly Hazard[] {
  const { from, to, using } = op;
  const lossy = using === undefined && !isFresh(scene, tableOf(op)) && isLossy(from, to);
  return lossy ? [lossyCast(`values of ${op.table}.${to.name} are rounded or cut to be ${to.type}`)] : [];
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
  const value = fill === undefined ? using : `COALESCE(${using}, ${fill})`;
  if (known(scene, tableOf(op))?.primaryKey?.columns.includes(to.name)) return convertKey(op, value, scene);
  const beside: Column = { ...bare(to), name: besideOf(to.name) };
  const emptied = bare(from);
  const retyped = bare(to);
  // no value is left to convert, and yet the server wants to know how it would
  const step: Column = { name: to.name, type: "varchar(36)", nullable: true };
  const stages = needsText(from, to) ? [emptied, step, retyped] : [emptied, retyped];
  return [
    ...alter(op, scene, [modifyClause(op, from, emptied, scene), addColumnClause(op, beside, scene)]),
    update(op, scene, beside.name, value),
    update(op, scene, to.name, "NULL"),
    ...stages.slice(1).flatMap((stage, i) => alter(op, scene, [modifyClause(op, stages[i] ?? emptied, stage, scene)])),
    update(op, scene, to.name, quoteName(beside.name)),
    ...alter(op, scene, [modifyClause(op, retyped, to, scene), dropColumnClause(op, beside)]),
  ];
}

/** A key's column is never empty: the one beside takes its place, in the key and in every index, at one blow. */
function convertKey(op: AlterColumn, value: string, scene: Scene): readonly Piece[] {
  const { to } = op;
  const table = known(scene, tableOf(op));
  const beside: Column = { ...bare(to), name: besideOf(to.name) };
  return [
    ...alter(op, scene, [addColumnClause(op, beside, scene, { after: to.name })]),
    update(op, scene, beside.name, value),
    ...alter(
      op,
      scene,
      around(op, scene, [
        dropKey(op),
        ...takePlace(op, beside, scene),
        ...(table?.primaryKey === undefined ? [] : [addKey(op, table.primaryKey)]),
      ]),
    ),
  ];
}

function rememberExpression(op: AlterColumn, scene: Scene): readonly Piece[] {
  const row = generatedRow(tableOf(op), op.to.name);
  if (op.from.generated?.expression === op.to.generated?.expression) return [];
  return op.to.generated === undefined ? forget(scene, row) : remember(scene, row, op.to.generated.expression);
}
