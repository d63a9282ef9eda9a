import type { Hazard } from "../../../core/hazard.ts";
import type { AddCheck, AddExclusion, AddForeignKey, AddPrimaryKey, AddUnique, OnTable, Operation } from "../../../core/operation.ts";
import {
  type Check,
  type Deferrable,
  type Exclusion,
  type ForeignKey,
  type Index,
  keyOf,
  type PrimaryKey,
  type Unique,
} from "../../../core/schema.ts";
import type { CompilersOf } from "../../compiler.ts";
import { inPlaces } from "../../shared/prechecks/places.ts";
import { cutName, quoteName, quoteNames, quoteTable } from "../quote.ts";
import { blocksReads, blocksWrites } from "./hazards.ts";
import { keptOfConstraint } from "./kept/constraint.ts";
import { giveBack, remember } from "./kept/memory.ts";
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
  addPrimaryKey: (op, scene) => [...addPrimaryKey(op, scene), ...asItWas(op, scene)],
  dropPrimaryKey: (op, scene) => drop(op, op.primaryKey.columns, scene),
  addUnique: (op, scene) => [...addUnique(op, scene), ...asItWas(op, scene)],
  dropUnique: (op, scene) => drop(op, op.unique.columns, scene),
  addForeignKey: (op, scene) => [...addForeignKey(op, scene), ...asItWas(op, scene)],
  dropForeignKey: (op, scene) => drop(op, op.foreignKey.columns, scene),
  addCheck: (op, scene) => [...addCheck(op, scene), ...asItWas(op, scene)],
  dropCheck: (op, scene) => drop(op, [], scene),
  addExclusion: (op, scene) => [...addExclusion(op, scene), ...asItWas(op, scene)],
  dropExclusion: (op, scene) => drop(op, [], scene),
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

function addExclusion(op: AddExclusion, scene: Scene): readonly Piece[] {
  const { name, expression } = op.exclusion;
  const add = clause(pass.constraint, `ADD ${exclusionSql(op.exclusion)}`, [name], expression);
  return alter(op, [add], locks(scene, op, "the index is built"));
}

function drop(op: Constrained, columns: readonly string[], scene: Scene): readonly Piece[] {
  const name = nameOf(op);
  const gone = alter(op, [clause(pass.drop, `DROP CONSTRAINT ${quoteName(name)}`, [name, ...columns])]);
  if (!scene.constrainedAgain.has(constraintKey(op)) || isFresh(scene, tableOf(op))) return gone;
  const ahead = { table: quoteTable(tableOf(op)), names: [name] };
  return [remember(scene, constraintKey(op), keptOfConstraint(tableOf(op), name), { ahead }), ...gone];
}

const asItWas = (op: Constrained, scene: Scene): readonly Piece[] =>
  giveBack(scene, constraintKey(op), { waits: { table: quoteTable(tableOf(op)), names: [nameOf(op)] } });

type Constrained = Extract<Operation, { kind: `${"add" | "drop"}${"PrimaryKey" | "Unique" | "ForeignKey" | "Check" | "Exclusion"}` }>;

function nameOf(op: Constrained): string {
  if ("primaryKey" in op) return op.primaryKey.name ?? defaultKeyName(op.table);
  if ("unique" in op) return op.unique.name;
  if ("foreignKey" in op) return op.foreignKey.name;
  return "check" in op ? op.check.name : op.exclusion.name;
}

const constraintKey = (op: Constrained): string => `constraint ${keyOf(tableOf(op))}\u0000${nameOf(op)}`;

/** Constraints that go and come again under their names, be it with another meaning: what people said of them is said again. */
export function constrainedAgain(operations: readonly Operation[]): ReadonlySet<string> {
  const gone = new Set<string>();
  const again = new Set<string>();
  for (const { operation } of inPlaces(operations, "postgres")) {
    if (!isConstrained(operation)) continue;
    const key = constraintKey(operation);
    if (operation.kind.startsWith("drop")) gone.add(key);
    else if (gone.has(key)) again.add(key);
  }
  return again;
}

const isConstrained = (op: Operation): op is Constrained => op.kind !== "renameConstraint" && op.kind in constraintCompilers;

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
