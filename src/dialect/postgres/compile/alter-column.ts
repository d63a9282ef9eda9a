import { atLeast, type Server } from "../../../core/db.ts";
import type { AlterColumn } from "../../../core/operation.ts";
import type { Column } from "../../../core/schema.ts";
import { sameBut } from "../../shared/columns.ts";
import { quoteName, quoteTable } from "../quote.ts";
import { changeType, isRecast } from "./change-type.ts";
import { columnSql, identityChanges } from "./column.ts";
import { changeCounting, countingOf } from "./counting.ts";
import { fillNulls } from "./fill.ts";
import { blocksReads, dataLoss, rewrite } from "./hazards.ts";
import { keptOfColumn } from "./kept/column.ts";
import { keeping } from "./kept/memory.ts";
import { forget, remember } from "./metadata.ts";
import { isOnline, notNullBeside } from "./online.ts";
import { ownName } from "./own-names.ts";
import { alter, type Clause, clause, isFresh, type Piece, pass, plain, type Scene, tableOf } from "./piece.ts";
import { commentOnColumn, generatedRow } from "./tables.ts";

export function alterColumn(op: AlterColumn, scene: Scene): readonly Piece[] {
  return [...changeDefinition(op, scene), ...rememberExpression(op, scene)];
}

function changeDefinition(op: AlterColumn, scene: Scene): readonly Piece[] {
  const { from, to } = op;
  if (from.generated === undefined && to.generated === undefined) return changeInPlace(op, scene);
  if (from.generated === undefined || to.generated === undefined) {
    return to.generated === undefined ? keepComputed(op, scene) : recreate(op, scene);
  }
  if (from.generated.stored !== to.generated.stored) return recreate(op, scene);
  if (from.generated.expression === to.generated.expression) return changeInPlace(op, scene);
  return setsExpressionInPlace(op, scene.context.server) ? [...setExpression(op, scene), ...comment(op)] : recreate(op, scene);
}

export const setsExpressionInPlace = ({ from, to }: AlterColumn, server: Server): boolean =>
  atLeast(server, 17) && sameBut(from, to, "generated", "comment");

/** By itself: beside other changes PostgreSQL 18 loses sight of the column's NOT NULL (cache lookup failed for constraint). */
function setExpression(op: AlterColumn, scene: Scene): readonly Piece[] {
  const { name, generated } = op.to;
  if (generated === undefined) return [];
  const hazards = generated.stored && !isFresh(scene, tableOf(op)) ? [rewrite(`every row of ${op.table} is written anew for ${name}`)] : [];
  return [
    plain(`ALTER TABLE ${quoteTable(tableOf(op))} ALTER COLUMN ${quoteName(name)} SET EXPRESSION AS (${generated.expression})`, {
      hazards,
    }),
  ];
}

/** Values that are computed from now on need not be kept; everything else that the column had is. */
function recreate(op: AlterColumn, scene: Scene): readonly Piece[] {
  const { from, to } = op;
  const hazards = [
    ...(from.generated === undefined ? [dataLoss(`the values of ${op.table}.${to.name} are replaced by computed ones`)] : []),
    ...(to.generated?.stored && !isFresh(scene, tableOf(op)) ? [rewrite(`every row of ${op.table} is written anew for ${to.name}`)] : []),
  ];
  const clauses = [
    clause(pass.drop, `DROP COLUMN ${quoteName(to.name)}`, [to.name]),
    clause(pass.add, `ADD COLUMN ${columnSql(to, tableOf(op))}`, [to.name], to.generated?.expression),
  ];
  const { comment: _, ...uncommented } = from;
  return [...kept(op, alter(op, clauses, hazards), scene), ...comment({ ...op, from: uncommented })];
}

function kept(op: AlterColumn, pieces: readonly Piece[], scene: Scene): readonly Piece[] {
  const table = tableOf(op);
  if (isFresh(scene, table)) return pieces;
  const uncommented = op.from.comment === undefined && op.to.comment === undefined;
  return keeping(scene, keptOfColumn(table, op.to.name, uncommented), pieces);
}

/** A generated column becomes a plain one: its rows keep what was computed. */
function keepComputed(op: AlterColumn, scene: Scene): readonly Piece[] {
  const { generated, ...plainBefore } = op.from;
  const name = quoteName(op.to.name);
  if (generated?.stored !== false) {
    const drop = clause(pass.drop, `ALTER COLUMN ${name} DROP EXPRESSION`, [op.to.name]);
    return [...alter(op, [drop]), ...changeInPlace({ ...op, from: plainBefore }, scene)];
  }
  // a virtual column has no values to keep: they are computed once more, into a column beside it
  const beside = ownName("new", op.to.name);
  const bare: Column = { name: beside, type: op.to.type, nullable: true };
  const value = op.using ?? name;
  const swapped = [
    ...alter(op, [clause(pass.add, `ADD COLUMN ${columnSql(bare, tableOf(op))}`, [beside])]),
    plain(`UPDATE ${quoteTable(tableOf(op))} SET ${quoteName(beside)} = ${value}`),
    plain("SET CONSTRAINTS ALL IMMEDIATE"),
    ...alter(op, [clause(pass.drop, `DROP COLUMN ${name}`, [op.to.name])]),
    plain(`ALTER TABLE ${quoteTable(tableOf(op))} RENAME COLUMN ${quoteName(beside)} TO ${name}`),
  ];
  return [...kept(op, swapped, scene), ...changeInPlace({ ...op, from: { ...bare, name: op.to.name } }, scene)];
}

function changeInPlace(op: AlterColumn, scene: Scene): readonly Piece[] {
  const { from, to, fill } = op;
  const tightens = from.nullable === true && !to.nullable;
  const type = changeType(op, scene);
  const loosened = [...loosen(op), ...type.clauses];
  const rest = [...changeCounting(op), ...comment(op)];
  if (!tightens) return [...alter(op, [...loosened, ...settle(op)], type.hazards), ...rest];
  if (isOnline(scene, op)) {
    return [...alter(op, [...loosened, ...settle(op)], type.hazards), ...notNullBeside(op, to.name, fill, scene), ...rest];
  }
  const settled = [setNotNull(op), ...settle(op)];
  const hazards = isFresh(scene, tableOf(op))
    ? []
    : [blocksReads(`${op.table} is locked while every row is checked for NULL in ${to.name}`)];
  if (fill === undefined) return [...alter(op, [...loosened, ...settled], [...type.hazards, ...hazards]), ...rest];
  // a fill is a value of the new type
  if (type.clauses.length === 0) return [...fillNulls(op, to.name, fill), ...alter(op, [...loosened, ...settled], hazards), ...rest];
  return [...alter(op, loosened, type.hazards), ...fillNulls(op, to.name, fill), ...alter(op, settled, hazards), ...rest];
}

const setNotNull = (op: AlterColumn): Clause => clause(pass.attribute, `ALTER COLUMN ${quoteName(op.to.name)} SET NOT NULL`, [op.to.name]);

/** What must be out of the way before the type changes. */
function loosen(op: AlterColumn): readonly Clause[] {
  const { from, to } = op;
  const column = `ALTER COLUMN ${quoteName(to.name)}`;
  const counted = countingOf(from);
  const clauses: string[] = [];
  if (counted === "identity" && countingOf(to) === "none") clauses.push("DROP IDENTITY");
  if (dropsDefault(op)) clauses.push("DROP DEFAULT");
  if (to.nullable && !from.nullable) clauses.push("DROP NOT NULL");
  return clauses.map((one) => clause(pass.drop, `${column} ${one}`, [to.name]));
}

function dropsDefault({ from, to }: AlterColumn): boolean {
  if (from.autoIncrement) return countingOf(to) === "none";
  return from.default !== undefined && (to.default === undefined || countingOf(to) !== "none" || isRecast(from, to));
}

/** What comes once the type is the new one. */
function settle(op: AlterColumn): readonly Clause[] {
  const { from, to } = op;
  const column = `ALTER COLUMN ${quoteName(to.name)}`;
  const clauses: string[] = [];
  if (to.default !== undefined && countingOf(to) === "none" && (to.default !== from.default || dropsDefault(op))) {
    clauses.push(`SET DEFAULT ${to.default}`);
  }
  if (from.identity !== undefined && to.identity !== undefined) {
    const changes = identityChanges(from.identity, to.identity);
    if (changes.length > 0) clauses.push(changes.join(" "));
  }
  return clauses.map((one) => clause(pass.attribute, `${column} ${one}`, [to.name]));
}

function comment(op: AlterColumn): readonly Piece[] {
  return op.from.comment === op.to.comment ? [] : [commentOnColumn(tableOf(op), op.to.name, op.to.comment)];
}

function rememberExpression(op: AlterColumn, scene: Scene): readonly Piece[] {
  const row = generatedRow(tableOf(op), op.to.name);
  if (op.from.generated?.expression === op.to.generated?.expression) return [];
  return op.to.generated === undefined ? forget(scene, row) : remember(scene, row, op.to.generated.expression);
}
