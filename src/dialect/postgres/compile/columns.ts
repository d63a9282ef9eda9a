import type { AddColumn, DropColumn, Operation } from "../../../core/operation.ts";
import { type Column, keyOf } from "../../../core/schema.ts";
import type { CompilersOf } from "../../compiler.ts";
import { inPlaces } from "../../shared/prechecks/places.ts";
import { ifExists, isLiteral } from "../../shared/sql.ts";
import { quoteName, quoteTable } from "../quote.ts";
import { alterColumn } from "./alter-column.ts";
import { columnSql, createSequence, nextval, ownSequence, ownSequenceBy, sequenceOf } from "./column.ts";
import { fillNulls } from "./fill.ts";
import { dataLoss, rewrite } from "./hazards.ts";
import { keptOfColumn } from "./kept/column.ts";
import { giveBack, remember as keep } from "./kept/memory.ts";
import { forget, remember, renameRemembered } from "./metadata.ts";
import { fillBeside, isOnline, notNullBeside } from "./online.ts";
import { alter, clause, isFresh, type Piece, pass, plain, type Scene, tableOf } from "./piece.ts";
import { followColumn } from "./sequence-names.ts";
import { commentOnColumn, generatedRow } from "./tables.ts";
import { isVolatile } from "./volatile.ts";

export const columnCompilers: CompilersOf<"addColumn" | "dropColumn" | "renameColumn" | "alterColumn", Scene, Piece> = {
  addColumn: (op, scene) => addColumn(op, scene),
  dropColumn: (op, scene) => dropColumn(op, scene),
  renameColumn: (op, scene) => [
    plain(`ALTER TABLE ${quoteTable(tableOf(op))} RENAME COLUMN ${quoteName(op.from)} TO ${quoteName(op.to)}`),
    followColumn(tableOf(op), op.from, op.to),
    ...renameRemembered(scene, "name", { table: op.table, name: op.from }, op.schema, op.to),
  ],
  alterColumn: (op, scene) => alterColumn(op, scene),
};

function addColumn(op: AddColumn, scene: Scene): readonly Piece[] {
  const { column } = op;
  const table = tableOf(op);
  const beside = isOnline(scene, op) && perRow(op) !== undefined;
  const sequence = beside && column.autoIncrement ? sequenceOf(column, table) : ownSequence(column, table);
  const owned = sequence === undefined ? [] : [plain(ownSequenceBy(sequence, table, column.name))];
  return [
    ...(sequence === undefined ? [] : [plain(createSequence(sequence, column.type))]),
    ...(beside ? addBeside(op, owned, scene) : [...addFilled(op, scene), ...owned]),
    ...giveBack(scene, keptKey(op)),
    ...(column.comment === undefined ? [] : [commentOnColumn(table, column.name, column.comment)]),
    ...(column.generated === undefined || scene.computedAgain.has(computedKey(op))
      ? []
      : remember(scene, generatedRow(table, column.name), column.generated.expression)),
  ];
}

/** Generated columns that go and come again with the same expression: what TypeORM remembers is its author's spelling of it, and stays. */
export const computedAgain = (operations: readonly Operation[]): ReadonlySet<string> => goesAndComes(operations, computedKey);

/** Likewise with any expression, perhaps because a type changes that they are computed from. */
export const comesAgain = (operations: readonly Operation[]): ReadonlySet<string> => goesAndComes(operations, keptKey);

function goesAndComes(operations: readonly Operation[], keyIn: (op: AddColumn | DropColumn) => string): ReadonlySet<string> {
  const places = inPlaces(operations, "postgres").map(({ operation }) => operation);
  const keys = (kind: "dropColumn" | "addColumn"): readonly string[] =>
    places.flatMap((operation) => (operation.kind === kind && operation.column.generated !== undefined ? keyIn(operation) : []));
  const dropped = new Set(keys("dropColumn"));
  return new Set(keys("addColumn").filter((key) => dropped.has(key)));
}

export const keptKey = (op: AddColumn | DropColumn): string => `column ${keyOf(tableOf(op))}\u0000${op.column.name}`;

const computedKey = (op: AddColumn | DropColumn): string =>
  [keyOf(tableOf(op)), op.column.name, op.column.generated?.expression].join("\u0000");

/** The value of the rows that are there, where each of them must be written for it. */
function perRow({ column, fill, ...op }: AddColumn): string | undefined {
  if (column.generated !== undefined || column.identity !== undefined) return undefined;
  if (column.autoIncrement) return nextval(sequenceOf(column, tableOf(op)));
  const value = fill ?? (isVolatile(column.default) ? column.default : undefined);
  return value === undefined || isLiteral(value) || (value === column.default && !isVolatile(value)) ? undefined : value;
}

/** The column is there in a moment and has its default for new rows; the old ones are filled in batches. */
function addBeside(op: AddColumn, owned: readonly Piece[], scene: Scene): readonly Piece[] {
  const { autoIncrement, default: given, ...bare } = op.column;
  const { name } = bare;
  const value = perRow(op) ?? "NULL";
  const wanted = autoIncrement ? value : given;
  return [
    ...add(op, { ...bare, nullable: true }, scene),
    ...(wanted === undefined ? [] : alter(op, [clause(pass.attribute, `ALTER COLUMN ${quoteName(name)} SET DEFAULT ${wanted}`, [name])])),
    ...owned,
    ...(bare.nullable ? fillBeside(op, name, value, scene) : notNullBeside(op, name, value, scene)),
  ];
}

/** A literal is set as a default for the moment, which costs nothing; anything else is computed for each row. */
function addFilled(op: AddColumn, scene: Scene): readonly Piece[] {
  const { column, fill } = op;
  const computed = column.generated ?? column.identity ?? column.autoIncrement;
  if (fill === undefined || computed !== undefined || fill === column.default) return add(op, column, scene);
  const name = quoteName(column.name);
  const { default: wanted, ...bare } = column;
  const setDefault = wanted === undefined ? [] : [clause(pass.attribute, `ALTER COLUMN ${name} SET DEFAULT ${wanted}`, [column.name])];
  if (isLiteral(fill)) {
    const change = wanted === undefined ? [clause(pass.drop, `ALTER COLUMN ${name} DROP DEFAULT`, [column.name])] : setDefault;
    return [...add(op, { ...bare, default: fill }, scene), ...alter(op, change)];
  }
  const setNotNull = column.nullable ? [] : [clause(pass.attribute, `ALTER COLUMN ${name} SET NOT NULL`, [column.name])];
  return [
    ...add(op, { ...bare, nullable: true }, scene),
    ...fillNulls(op, column.name, fill),
    ...alter(op, [...setNotNull, ...setDefault]),
  ];
}

function add(op: AddColumn, column: Column, scene: Scene): readonly Piece[] {
  const rewrites = column.identity ?? column.autoIncrement ?? column.generated?.stored ?? isVolatile(column.default);
  const hazards = rewrites && !isFresh(scene, tableOf(op)) ? [rewrite(`every row of ${op.table} is written anew for ${column.name}`)] : [];
  return alter(
    op,
    [clause(pass.add, `ADD COLUMN ${columnSql(column, tableOf(op))}`, [column.name], column.generated?.expression)],
    hazards,
  );
}

function dropColumn(op: DropColumn, scene: Scene): readonly Piece[] {
  const { column } = op;
  const hazards = column.generated === undefined ? [dataLoss(`the values of ${op.table}.${column.name} are lost`)] : [];
  const again = scene.comesAgain.has(keptKey(op)) && !isFresh(scene, tableOf(op));
  return [
    ...(again ? [keep(scene, keptKey(op), keptOfColumn(tableOf(op), column.name, column.comment === undefined))] : []),
    ...alter(op, [clause(pass.drop, `DROP COLUMN ${ifExists(op)}${quoteName(column.name)}`, [column.name])], hazards),
    ...(column.generated === undefined || scene.computedAgain.has(computedKey(op))
      ? []
      : forget(scene, generatedRow(tableOf(op), column.name))),
  ];
}
