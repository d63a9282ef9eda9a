import type { Hazard } from "../../../core/hazard.ts";
import type { AddCheck, AddForeignKey, AddPrimaryKey, AddUnique, OnTable } from "../../../core/operation.ts";
import type { Check, Deferrable, Exclusion, ForeignKey, Index, PrimaryKey, Unique } from "../../../core/schema.ts";
import type { CompilersOf } from "../../compiler.ts";
import { cutName, quoteName, quoteNames, quoteTable } from "../quote.ts";
import { blocksReads, blocksWrites } from "./hazards.ts";
import { announceAndValidate, buildIndex, isOnline, proofOfNotNull } from "./online.ts";
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
  addPrimaryKey: (op, scene) => addPrimaryKey(op, scene),
  dropPrimaryKey: (op) => drop(op, op.primaryKey.name ?? defaultKeyName(op.table), op.primaryKey.columns),
  addUnique: (op, scene) => addUnique(op, scene),
  dropUnique: (op) => drop(op, op.unique.name, op.unique.columns),
  addForeignKey: (op, scene) => addForeignKey(op, scene),
  dropForeignKey: (op) => drop(op, op.foreignKey.name, op.foreignKey.columns),
  addCheck: (op, scene) => addCheck(op, scene),
  dropCheck: (op) => drop(op, op.check.name, []),
  addExclusion: (op, scene) =>
    alter(
      op,
      [clause(pass.constraint, `ADD ${exclusionSql(op.exclusion)}`, [op.exclusion.name], op.exclusion.expression)],
      locks(scene, op, "the index is built"),
    ),
  dropExclusion: (op) => drop(op, op.exclusion.name, []),
  renameConstraint: (op) => [
    plain(`ALTER TABLE ${quoteTable(tableOf(op))} RENAME CONSTRAINT ${quoteName(op.from)} TO ${quoteName(op.to)}`),
  ],
};

const names = (of: { readonly name?: string; readonly columns: readonly string[] }): readonly string[] =>
  of.name === undefined ? of.columns : [of.name, ...of.columns];

export const defaultKeyName = (table: string): string => `${cutName(table, 58)}_pkey`;

const locks = (scene: Scene, op: OnTable, until: string): readonly Hazard[] =>
  isFresh(scene, tableOf(op)) ? [] : [blocksReads(`${op.table} is locked while ${until}`)];

/** The index is built beside everybody's work and then becomes the constraint's, in a moment. */
function addUnique(op: AddUnique, scene: Scene): readonly Piece[] {
  const { name, columns, nullsNotDistinct, deferrable } = op.unique;
  const touched = names(op.unique);
  if (!isOnline(scene, op)) {
    return alter(op, [clause(pass.constraint, `ADD ${uniqueSql(op.unique)}`, touched)], locks(scene, op, "it is read to build the index"));
  }
  const index: Index = { name, columns, unique: true, ...(nullsNotDistinct ? { nullsNotDistinct } : {}) };
  const sql = `ADD ${constraint(name)}UNIQUE USING INDEX ${quoteName(name)}${deferrableSql(deferrable)}`;
  return [buildIndex(index, tableOf(op)), ...alter(op, [clause(pass.constraint, sql, touched)])];
}

function addPrimaryKey(op: AddPrimaryKey, scene: Scene): readonly Piece[] {
  const { name = defaultKeyName(op.table), columns } = op.primaryKey;
  const touched = names(op.primaryKey);
  if (!isOnline(scene, op)) {
    const sql = `ADD ${primaryKeySql(op.primaryKey)}`;
    return alter(op, [clause(pass.constraint, sql, touched)], locks(scene, op, "it is read to build the index"));
  }
  const { announce, check, forget } = proofOfNotNull(op, "limbeck_primary_key_not_null", columns);
  return [
    ...announce,
    check,
    buildIndex({ name, columns, unique: true }, tableOf(op)),
    ...alter(op, [clause(pass.constraint, `ADD ${constraint(name)}PRIMARY KEY USING INDEX ${quoteName(name)}`, [name, ...columns])]),
    ...forget,
  ];
}

function addForeignKey(op: AddForeignKey, scene: Scene): readonly Piece[] {
  const { foreignKey: key, table } = op;
  const announce = clause(pass.constraint, `ADD ${foreignKeySql(key)}`, names(key));
  if (isOnline(scene, op)) return [announceAndValidate(op, key.name, announce)];
  const hazards = isFresh(scene, tableOf(op))
    ? []
    : [blocksWrites(`writes to ${table} and ${key.references.table} wait while every row of ${table} is checked`)];
  return alter(op, [announce], hazards);
}

function addCheck(op: AddCheck, scene: Scene): readonly Piece[] {
  const announce = clause(pass.constraint, `ADD ${checkSql(op.check)}`, [op.check.name], op.check.expression);
  if (isOnline(scene, op)) return [announceAndValidate(op, op.check.name, announce)];
  return alter(op, [announce], locks(scene, op, "every row is checked"));
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
