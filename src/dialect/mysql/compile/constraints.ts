import { usage } from "../../../core/errors.ts";
import type { OnTable, RenameConstraint } from "../../../core/operation.ts";
import type { Check, PrimaryKey } from "../../../core/schema.ts";
import type { CompilersOf } from "../../compiler.ts";
import { quoteName, quoteNames } from "../quote.ts";
import { startCounting, stopCounting } from "./auto-increment.ts";
import { addForeignKey, dropForeignKey, renameForeignKey } from "./foreign-keys.ts";
import { addIndexClause, dropIndexClause, uniqueIndex } from "./indexes.ts";
import { checkIsThere, indexIs, indexIsThere, not } from "./observe.ts";
import { alter, type Clause, type Piece, type Scene, tableOf } from "./piece.ts";

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
  addPrimaryKey: (op, scene) => alter(op, scene, [addKey(op, op.primaryKey), ...startCounting(op, scene)]),
  dropPrimaryKey: (op, scene) => alter(op, scene, [dropKey(op), ...stopCounting(op, scene)]),
  addUnique: (op, scene) => alter(op, scene, [addIndexClause(op, uniqueIndex(op.unique), scene)]),
  dropUnique: (op, scene) => alter(op, scene, [dropIndexClause(op, op.unique)]),
  addForeignKey: (op, scene) => addForeignKey(op, scene),
  dropForeignKey: (op, scene) => dropForeignKey(op, scene),
  addCheck: (op, scene) => alter(op, scene, [addCheck(op, op.check)]),
  dropCheck: (op, scene) => alter(op, scene, [dropCheck(op, op.check.name, scene)]),
  renameConstraint: (op, scene) => renameConstraint(op, scene),
};

export const addKey = (op: OnTable, key: PrimaryKey): Clause => ({
  sql: `ADD ${primaryKeySql(key)}`,
  does: "add",
  what: "key",
  names: [""],
  cost: "rebuild",
  columns: key.columns,
  happened: indexIs(
    tableOf(op),
    "PRIMARY",
    key.columns.map((column) => `${column} A`),
    true,
  ),
});

export const dropKey = (op: OnTable): Clause => ({
  sql: "DROP PRIMARY KEY",
  does: "drop",
  what: "key",
  names: [""],
  cost: "copy",
  happened: not(indexIsThere(tableOf(op), "PRIMARY")),
});

export const addCheck = (op: OnTable, check: Check): Clause => ({
  sql: `ADD ${checkSql(check)}`,
  does: "add",
  what: "check",
  names: [check.name],
  cost: "copy",
  reads: check.expression,
  happened: checkIsThere(tableOf(op), check.name),
});

export const dropCheck = (op: OnTable, name: string, scene: Scene): Clause => ({
  // MySQL knows DROP CHECK from the first release with checks on, MariaDB only DROP CONSTRAINT
  sql: `${scene.context.server.flavor === "mysql" ? "DROP CHECK" : "DROP CONSTRAINT"} ${quoteName(name)}`,
  does: "drop",
  what: "check",
  names: [name],
  cost: "moment",
  happened: not(checkIsThere(tableOf(op), name)),
});

/** There is no such statement: what has the name is made again under the other. */
function renameConstraint(op: RenameConstraint, scene: Scene): readonly Piece[] {
  if (op.check !== undefined) return alter(op, scene, [dropCheck(op, op.from, scene), addCheck(op, { ...op.check, name: op.to })]);
  if (op.foreignKey === undefined) throw withoutDefinition(op);
  return renameForeignKey(op, op.foreignKey, scene);
}

function withoutDefinition(op: RenameConstraint): Error {
  return usage(
    "rename-constraint",
    `${op.table}: constraint ${op.from} can only be named ${op.to} on MySQL and MariaDB when its definition is given.`,
    "a unique constraint is an index there: op.renameIndex; a primary key has no name; for a foreign key or check give its definition",
    { table: op.table, from: op.from, to: op.to },
  );
}

export const primaryKeySql = (key: PrimaryKey): string => `PRIMARY KEY (${quoteNames(key.columns)})`;

export const checkSql = (check: Check): string => `CONSTRAINT ${quoteName(check.name)} CHECK (${check.expression})`;
