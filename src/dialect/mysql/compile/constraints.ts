import { usage } from "../../../core/errors.ts";
import type { OnTable, RenameConstraint } from "../../../core/operation.ts";
import type { Check, ForeignKey, PrimaryKey, Unique } from "../../../core/schema.ts";
import type { CompilersOf } from "../../compiler.ts";
import { quoteName, quoteNames, quoteTable } from "../quote.ts";
import { onlyPostgres } from "./elsewhere.ts";
import { blocksWrites } from "./hazards.ts";
import { addIndexClause, dropIndexClause } from "./indexes.ts";
import { checkIsThere, foreignKeyIsThere, indexIs, indexIsThere, not } from "./observe.ts";
import { alter, type Clause, definition, isFresh, named, type Piece, type Scene, tableOf } from "./piece.ts";

export const constraintCompilers: CompilersOf<
  | "addPrimaryKey"
  | "dropPrimaryKey"
  | "addUnique"
  | "dropUnique"
  | "addForeignKey"
  | "dropForeignKey"
  | "addCheck"
  | "dropCheck"
  | "renameConstraint",
  Scene,
  Piece
> = {
  addPrimaryKey: (op, scene) => alter(op, [addKey(op, op.primaryKey)], copied(op, scene)),
  dropPrimaryKey: (op, scene) => alter(op, [dropKey(op)], copied(op, scene)),
  addUnique: (op, scene) => alter(op, [addIndexClause(op, uniqueIndex(op.unique), scene.context.server)]),
  dropUnique: (op) => alter(op, [dropIndexClause(op, op.unique.name)]),
  addForeignKey: (op, scene) => alter(op, [addForeignKey(op, op.foreignKey)], copied(op, scene)),
  dropForeignKey: (op) => alter(op, [dropForeignKey(op, op.foreignKey.name)]),
  addCheck: (op, scene) => alter(op, [addCheck(op, op.check)], copied(op, scene)),
  dropCheck: (op, scene) => alter(op, [dropCheck(op, op.check.name, scene)]),
  renameConstraint: (op, scene) => renameConstraint(op, scene),
};

const copied = (op: OnTable, scene: Scene) =>
  isFresh(scene, tableOf(op)) ? [] : [blocksWrites(`writes to ${op.table} wait while it is copied`)];

const addKey = (op: OnTable, key: PrimaryKey): Clause => ({
  sql: `ADD ${primaryKeySql(key)}`,
  does: "add",
  what: "key",
  names: [""],
  columns: key.columns,
  happened: indexIs(
    tableOf(op),
    "PRIMARY",
    key.columns.map((column) => `${column} A`),
    true,
  ),
});

const dropKey = (op: OnTable): Clause => ({
  sql: "DROP PRIMARY KEY",
  does: "drop",
  what: "key",
  names: [""],
  happened: not(indexIsThere(tableOf(op), "PRIMARY")),
});

const addForeignKey = (op: OnTable, key: ForeignKey): Clause => ({
  sql: `ADD ${foreignKeySql(key)}`,
  does: "add",
  what: "foreign key",
  names: [key.name],
  columns: [...key.columns, ...(key.references.table === op.table ? key.references.columns : [])],
  happened: foreignKeyIsThere(tableOf(op), key.name),
});

const dropForeignKey = (op: OnTable, name: string): Clause => ({
  sql: `DROP FOREIGN KEY ${quoteName(name)}`,
  does: "drop",
  what: "foreign key",
  names: [name],
  happened: not(foreignKeyIsThere(tableOf(op), name)),
});

const addCheck = (op: OnTable, check: Check): Clause => ({
  sql: `ADD ${checkSql(check)}`,
  does: "add",
  what: "check",
  names: [check.name],
  reads: check.expression,
  happened: checkIsThere(tableOf(op), check.name),
});

const dropCheck = (op: OnTable, name: string, scene: Scene): Clause => ({
  // MySQL knows DROP CHECK from the first release with checks on, MariaDB only DROP CONSTRAINT
  sql: `${scene.context.server.flavor === "mysql" ? "DROP CHECK" : "DROP CONSTRAINT"} ${quoteName(name)}`,
  does: "drop",
  what: "check",
  names: [name],
  happened: not(checkIsThere(tableOf(op), name)),
});

/** There is no such statement: what has the name is made again under the other. */
function renameConstraint(op: RenameConstraint, scene: Scene): readonly Piece[] {
  if (op.check !== undefined)
    return alter(op, [dropCheck(op, op.from, scene), addCheck(op, { ...op.check, name: op.to })], copied(op, scene));
  if (op.foreignKey === undefined) throw withoutDefinition(op);
  const again = addForeignKey(op, { ...op.foreignKey, name: op.to });
  const sql = `ALTER TABLE ${quoteTable(tableOf(op))}\n  ${dropForeignKey(op, op.from).sql},\n  ${again.sql}`;
  // the rows were held to it all the time: not reading them again makes it the matter of a moment
  const unread = scene.context.server.flavor === "mariadb" ? `SET STATEMENT foreign_key_checks = 0 FOR ${sql}` : sql;
  return [definition(unread, again.happened ?? null)];
}

function withoutDefinition(op: RenameConstraint): Error {
  return usage(
    "rename-constraint",
    `${op.table}: constraint ${op.from} can only be named ${op.to} on MySQL and MariaDB when its definition is given.`,
    "a unique constraint is an index there: op.renameIndex; a primary key has no name; for a foreign key or check give its definition",
    { table: op.table, from: op.from, to: op.to },
  );
}

export function uniqueIndex(unique: Unique) {
  if (unique.deferrable !== undefined) throw onlyPostgres(`unique constraint ${unique.name} is DEFERRABLE`);
  if (unique.nullsNotDistinct) throw onlyPostgres(`unique constraint ${unique.name} has NULLS NOT DISTINCT`);
  return { name: unique.name, columns: unique.columns, unique: true as const };
}

export const primaryKeySql = (key: PrimaryKey): string => `PRIMARY KEY (${quoteNames(key.columns)})`;

export const checkSql = (check: Check): string => `CONSTRAINT ${quoteName(check.name)} CHECK (${check.expression})`;

export function foreignKeySql(key: ForeignKey): string {
  if (key.deferrable !== undefined) throw onlyPostgres(`foreign key ${key.name} is DEFERRABLE`);
  if (key.match !== undefined) throw onlyPostgres(`foreign key ${key.name} has MATCH FULL`);
  const { references } = key;
  return [
    `CONSTRAINT ${quoteName(key.name)} FOREIGN KEY (${quoteNames(key.columns)})`,
    ` REFERENCES ${quoteTable(named(references.table, references.schema))} (${quoteNames(references.columns)})`,
    key.onDelete === undefined ? "" : ` ON DELETE ${key.onDelete}`,
    key.onUpdate === undefined ? "" : ` ON UPDATE ${key.onUpdate}`,
  ].join("");
}
