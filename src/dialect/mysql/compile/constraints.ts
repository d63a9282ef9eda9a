import { usage } from "../../../core/errors.ts";
import type { DropForeignKey, OnTable, RenameConstraint } from "../../../core/operation.ts";
import { type Check, type ForeignKey, keyOf, type PrimaryKey, type QualifiedName } from "../../../core/schema.ts";
import type { CompilersOf } from "../../compiler.ts";
import { quoteLiteral, quoteName, quoteNames, quoteTable } from "../quote.ts";
import { onlyPostgres } from "./elsewhere.ts";
import { blocksWrites } from "./hazards.ts";
import { addIndexClause, dropIndexClause, leads, plainColumns, uniqueIndex } from "./indexes.ts";
import { checkIsThere, foreignKeyIsThere, indexIs, indexIsThere, not } from "./observe.ts";
import { alter, type Clause, definition, isFresh, known, named, onRows, type Piece, type Scene, tableOf } from "./piece.ts";

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
  dropForeignKey: (op, scene) => [...alter(op, [dropForeignKey(op, op.foreignKey.name)]), ...dropOwnIndex(op, scene)],
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

/**
 * The server made an index for the foreign key and leaves it. It goes too, unless its column goes, another foreign key stands on it or
 * comes in its place, or the index is one that somebody wanted. Whether it is there at all only the server knows.
 */
function dropOwnIndex(op: DropForeignKey, scene: Scene): readonly Piece[] {
  const { name, columns } = op.foreignKey;
  const table = known(scene, tableOf(op));
  const here = scene.rest.filter((one) => "table" in one && keyOf(tableOf(one)) === keyOf(tableOf(op)));
  const settled = here.some(
    (one) =>
      one.kind === "dropTable" ||
      (one.kind === "dropColumn" && columns.includes(one.column.name)) ||
      (one.kind === "addForeignKey" && leads(one.foreignKey.columns, columns)),
  );
  const needed = table?.foreignKeys.some((key) => key.name !== name && leads(columns, key.columns));
  const another = [...(table?.indexes.map(plainColumns) ?? []), table?.primaryKey?.columns ?? []].some((index) => leads(index, columns));
  if (settled || needed || another) return [];
  return dropIfThere(tableOf(op), name, columns);
}

function dropIfThere(table: QualifiedName, name: string, columns: readonly string[]): readonly Piece[] {
  const shape = columns.map((column) => `${column} A`);
  const sql = `ALTER TABLE ${quoteTable(table)} DROP INDEX ${quoteName(name)}`;
  const prepare = [
    `SET @limbeck_index = IF(${indexIs(table, name, shape, false)}, ${quoteLiteral(sql)}, 'DO 0')`,
    "PREPARE limbeck_index FROM @limbeck_index",
  ];
  const gone = not(indexIs(table, name, shape, false));
  const probe = { sql: `SELECT CASE WHEN ${gone} THEN 'done' ELSE 'half' END AS \`state\``, repair: prepare };
  // what is prepared is the session's: a later run prepares it again
  return [
    ...prepare.map((one) => onRows(one)),
    { ...definition("EXECUTE limbeck_index", null), probe },
    onRows("DEALLOCATE PREPARE limbeck_index"),
  ];
}

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

export const primaryKeySql = (key: PrimaryKey): string => `PRIMARY KEY (${quoteNames(key.columns)})`;

export const checkSql = (check: Check): string => `CONSTRAINT ${quoteName(check.name)} CHECK (${check.expression})`;

export function foreignKeySql(key: ForeignKey): string {
  if (key.deferrable !== undefined) throw onlyPostgres(`foreign key ${key.name} is DEFERRABLE`);
  if (key.match !== undefined) throw onlyPostgres(`foreign key ${key.name} has MATCH FULL`);
  const { references } = key;
  return [
    `CONSTRAINT ${quoteName(key.name)} FOREIGN KEY (${quoteNames(key.columns)})`,
    ` REFERENCES ${quoteTable(named(references.table, references.schema))} (${quoteNames(references.columns)})`,
    ` ON DELETE ${key.onDelete ?? "NO ACTION"}`,
    ` ON UPDATE ${key.onUpdate ?? "NO ACTION"}`,
  ].join("");
}
