import type { Server } from "../../../core/db.ts";
import type { AddForeignKey, DropForeignKey, Online, OnTable, RenameConstraint } from "../../../core/operation.ts";
import { type Action, type ForeignKey, labelOf, type QualifiedName } from "../../../core/schema.ts";
import { quoteLiteral, quoteName, quoteNames, quoteTable } from "../quote.ts";
import { laterOn } from "./ahead.ts";
import { dropIfThere, leads, plainColumns } from "./carrier.ts";
import { onlyPostgres } from "./elsewhere.ts";
import { waiting } from "./hazards.ts";
import { foreignKeyIsThere, not } from "./observe.ts";
import { copiesBeside, hasHashed, isInnoDb } from "./online.ts";
import { alter, type Clause, definition, isFresh, known, named, onRows, type Piece, type Scene, tableOf } from "./piece.ts";

export function addForeignKey(op: AddForeignKey, scene: Scene): readonly Piece[] {
  const { foreignKey } = op;
  const target = named(foreignKey.references.table, foreignKey.references.schema);
  // without checks a table that is missing would be no error
  const beside = mayBeside(op, scene) && known(scene, target) !== undefined;
  if (!beside) return alter(op, scene, [addClause(op, foreignKey, scene)]);
  const { sql, happened = null } = addClause(op, foreignKey, scene);
  const held = `ALTER TABLE ${quoteTable(tableOf(op))}\n  ${sql},\n  LOCK = NONE`;
  return [{ ...definition(unchecked(held), happened), patient: true }, ...refuseOrphans(op, target)];
}

export function dropForeignKey(op: DropForeignKey, scene: Scene): readonly Piece[] {
  return [...alter(op, scene, [dropClause(op, op.foreignKey.name)]), ...dropOwnIndex(op, scene)];
}

/** The rows were held to it all the time: not reading them again makes it the matter of a moment. */
export function renameForeignKey(op: RenameConstraint, foreignKey: ForeignKey, scene: Scene): readonly Piece[] {
  const again = addClause(op, { ...foreignKey, name: op.to }, scene);
  const clauses = [dropClause(op, op.from), again];
  if (scene.context.server.flavor === "mysql") return alter(op, scene, clauses);
  const lock = mayBeside(op, scene) ? ",\n  LOCK = NONE" : "";
  const sql = `ALTER TABLE ${quoteTable(tableOf(op))}\n  ${clauses.map((one) => one.sql).join(",\n  ")}${lock}`;
  const table = known(scene, tableOf(op));
  const { server } = scene.context;
  const copies = table !== undefined && !isFresh(scene, tableOf(op)) && hasHashed(table, server) && !copiesBeside(table, server);
  return [definition(unchecked(sql), again.happened ?? null, copies ? [waiting(labelOf(table))] : [])];
}

/** MySQL has no way to say it for one statement alone: there the table is copied. */
function mayBeside(op: OnTable & Online, scene: Scene): boolean {
  const { server, online } = scene.context;
  const table = known(scene, tableOf(op));
  const others = online !== false && op.online !== false && !isFresh(scene, tableOf(op));
  const isPossible = table !== undefined && isInnoDb(table, server) && (!hasHashed(table, server) || copiesBeside(table, server));
  return server.flavor === "mariadb" && others && isPossible;
}

const unchecked = (sql: string): string => `SET STATEMENT foreign_key_checks = 0 FOR ${sql}`;

/** New rows are held to the key from now on; the old ones are looked at while others read and write. */
function refuseOrphans(op: AddForeignKey, target: QualifiedName): readonly Piece[] {
  const { columns, references, name } = op.foreignKey;
  const own = columns.map((column) => `t.${quoteName(column)}`);
  const whole = own.map((column) => `${column} IS NOT NULL`).join(" AND ");
  const pairs = own.map((column, i) => `r.${quoteName(references.columns[i] ?? "")} = ${column}`).join(" AND ");
  const orphans = `SELECT 1 FROM ${quoteTable(tableOf(op))} AS t WHERE ${whole} AND NOT EXISTS (SELECT 1 FROM ${quoteTable(target)} AS r WHERE ${pairs})`;
  const said = `rows of ${labelOf(tableOf(op))} point to none of ${labelOf(target)}: change them, then go on (${name})`;
  // the server repeats the name of a column that is not there
  const complaint = `SELECT ${quoteName(said)}`;
  return [
    onRows(`SET @limbeck_orphans = IF(EXISTS (${orphans}), ${quoteLiteral(complaint)}, 'DO 0')`),
    onRows("PREPARE limbeck_orphans FROM @limbeck_orphans"),
    onRows("EXECUTE limbeck_orphans"),
    onRows("DEALLOCATE PREPARE limbeck_orphans"),
  ];
}

const addClause = (op: OnTable, key: ForeignKey, { context }: Scene): Clause => ({
  sql: `ADD ${foreignKeySql(key, tableOf(op), context.server)}`,
  does: "add",
  what: "foreign key",
  names: [key.name],
  cost: "copy",
  columns: [...key.columns, ...(pointsToItself(op, key) ? key.references.columns : [])],
  self: pointsToItself(op, key),
  happened: foreignKeyIsThere(tableOf(op), key.name),
});

const pointsToItself = (op: OnTable, { references }: ForeignKey): boolean =>
  references.table === op.table && references.schema === op.schema;

const dropClause = (op: OnTable, name: string): Clause => ({
  sql: `DROP FOREIGN KEY ${quoteName(name)}`,
  does: "drop",
  what: "foreign key",
  names: [name],
  cost: "moment",
  happened: not(foreignKeyIsThere(tableOf(op), name)),
});

/**
 * The server made an index for the foreign key and leaves it. It goes too, unless its only column goes, another foreign key stands on it or
 * comes in its place, or the index is one that somebody wanted. Whether it is there at all only the server knows.
 */
function dropOwnIndex(op: DropForeignKey, scene: Scene): readonly Piece[] {
  const { name, columns } = op.foreignKey;
  const table = known(scene, tableOf(op));
  const settled = laterOn(op, scene).some(
    (one) =>
      one.kind === "dropTable" ||
      (one.kind === "dropColumn" && columns.length === 1 && columns[0] === one.column.name) ||
      (one.kind === "addForeignKey" && leads(one.foreignKey.columns, columns)),
  );
  const needed = table?.foreignKeys.some((key) => key.name !== name && leads(columns, key.columns));
  const another = [...(table?.indexes.map(plainColumns) ?? []), table?.primaryKey?.columns ?? []].some((index) => leads(index, columns));
  if (settled || needed || another) return [];
  return dropIfThere(tableOf(op), name, columns);
}

export function foreignKeySql(key: ForeignKey, on: QualifiedName, { flavor, defaultSchema }: Server): string {
  if (key.deferrable !== undefined) throw onlyPostgres(`foreign key ${key.name} is DEFERRABLE`);
  if (key.match !== undefined) throw onlyPostgres(`foreign key ${key.name} has MATCH FULL`);
  const { references } = key;
  // a name alone is looked for in the database of the table, not in that of the session
  const schema = references.schema ?? (on.schema === undefined || defaultSchema === "" ? undefined : defaultSchema);
  return [
    `CONSTRAINT ${quoteName(key.name)} FOREIGN KEY (${quoteNames(key.columns)})`,
    ` REFERENCES ${quoteTable(named(references.table, schema))} (${quoteNames(references.columns)})`,
    actionSql("DELETE", key.onDelete, flavor),
    actionSql("UPDATE", key.onUpdate, flavor),
  ].join("");
}

/** What MariaDB means where nothing is said is RESTRICT; where that is said and the table is not copied, it writes NO ACTION down. */
function actionSql(event: "DELETE" | "UPDATE", action: Action | undefined, flavor: Server["flavor"]): string {
  return action === "RESTRICT" && flavor === "mariadb" ? "" : ` ON ${event} ${action ?? "NO ACTION"}`;
}
