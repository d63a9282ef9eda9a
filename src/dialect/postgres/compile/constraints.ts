import type { OnTable } from "../../../core/operation.ts";
import type { Check, Deferrable, Exclusion, ForeignKey, PrimaryKey, Unique } from "../../../core/schema.ts";
import type { CompilersOf } from "../../compiler.ts";
import { cutName, quoteName, quoteNames, quoteTable } from "../quote.ts";
import { blocksReads, blocksWrites } from "./hazards.ts";
import { alter, clause, isFresh, named, type Piece, pass, plain, type Scene, tableOf } from "./piece.ts";

export const constraintCompilers: CompilersOf<
  | "addPrimaryKey"
  | "dropPrimaryKey"
  | "addUnique"
  | "dropUnique"
  | "addForeignKey"
  | "dropForeignKey"
  | "addCheck"
  | "dropCheck"
  | "addExclusion"
  | "dropExclusion"
  | "renameConstraint",
  Scene,
  Piece
> = {
  addPrimaryKey: (op, scene) => add(op, scene, primaryKeySql(op.primaryKey), names(op.primaryKey), "is read to build the index"),
  dropPrimaryKey: (op) => drop(op, op.primaryKey.name ?? defaultKeyName(op.table), op.primaryKey.columns),
  addUnique: (op, scene) => add(op, scene, uniqueSql(op.unique), names(op.unique), "is read to build the index"),
  dropUnique: (op) => drop(op, op.unique.name, op.unique.columns),
  addForeignKey: (op, scene) =>
    alter(
      op,
      [clause(pass.constraint, `ADD ${foreignKeySql(op.foreignKey)}`, names(op.foreignKey))],
      isFresh(scene, tableOf(op))
        ? []
        : [blocksWrites(`writes to ${op.table} and ${op.foreignKey.references.table} wait while every row of ${op.table} is checked`)],
    ),
  dropForeignKey: (op) => drop(op, op.foreignKey.name, op.foreignKey.columns),
  addCheck: (op, scene) =>
    alter(
      op,
      [clause(pass.constraint, `ADD ${checkSql(op.check)}`, [op.check.name], op.check.expression)],
      isFresh(scene, tableOf(op)) ? [] : [blocksReads(`${op.table} is locked while every row is checked`)],
    ),
  dropCheck: (op) => drop(op, op.check.name, []),
  addExclusion: (op, scene) =>
    alter(
      op,
      [clause(pass.constraint, `ADD ${exclusionSql(op.exclusion)}`, [op.exclusion.name], op.exclusion.expression)],
      isFresh(scene, tableOf(op)) ? [] : [blocksReads(`${op.table} is locked while the index is built`)],
    ),
  dropExclusion: (op) => drop(op, op.exclusion.name, []),
  renameConstraint: (op) => [
    plain(`ALTER TABLE ${quoteTable(tableOf(op))} RENAME CONSTRAINT ${quoteName(op.from)} TO ${quoteName(op.to)}`),
  ],
};

const names = (of: { readonly name?: string; readonly columns: readonly string[] }): readonly string[] =>
  of.name === undefined ? of.columns : [of.name, ...of.columns];

const defaultKeyName = (table: string): string => `${cutName(table, 58)}_pkey`;

function add(op: OnTable, scene: Scene, sql: string, touches: readonly string[], why: string): readonly Piece[] {
  const hazards = isFresh(scene, tableOf(op)) ? [] : [blocksReads(`${op.table} is locked while it ${why}`)];
  return alter(op, [clause(pass.constraint, `ADD ${sql}`, touches)], hazards);
}

function drop(op: OnTable, name: string, columns: readonly string[]): readonly Piece[] {
  return alter(op, [clause(pass.drop, `DROP CONSTRAINT ${quoteName(name)}`, [name, ...columns])]);
}

const constraint = (name: string | undefined): string => (name === undefined ? "" : `CONSTRAINT ${quoteName(name)} `);

function deferrableSql(deferrable: Deferrable | undefined): string {
  if (deferrable === undefined) return "";
  return deferrable === "deferred" ? " DEFERRABLE INITIALLY DEFERRED" : " DEFERRABLE";
}

export const primaryKeySql = (key: PrimaryKey): string => `${constraint(key.name)}PRIMARY KEY (${quoteNames(key.columns)})`;

export const uniqueSql = (unique: Unique): string =>
  `${constraint(unique.name)}UNIQUE ${unique.nullsNotDistinct ? "NULLS NOT DISTINCT " : ""}(${quoteNames(unique.columns)})${deferrableSql(unique.deferrable)}`;

export const checkSql = (check: Check): string => `${constraint(check.name)}CHECK (${check.expression})`;

export const exclusionSql = (exclusion: Exclusion): string =>
  `${constraint(exclusion.name)}EXCLUDE ${exclusion.expression}${deferrableSql(exclusion.deferrable)}`;

export function foreignKeySql(key: ForeignKey): string {
  const { references } = key;
  const parts = [
    `${constraint(key.name)}FOREIGN KEY (${quoteNames(key.columns)})`,
    ` REFERENCES ${quoteTable(named(references.table, references.schema))} (${quoteNames(references.columns)})`,
    key.match === "full" ? " MATCH FULL" : "",
    key.onDelete === undefined ? "" : ` ON DELETE ${key.onDelete}`,
    key.onUpdate === undefined ? "" : ` ON UPDATE ${key.onUpdate}`,
    deferrableSql(key.deferrable),
  ];
  return parts.join("");
}
