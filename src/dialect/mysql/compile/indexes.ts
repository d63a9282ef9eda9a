import type { Server } from "../../../core/db.ts";
import { usage } from "../../../core/errors.ts";
import { indexExpressions, keyColumns, partOf } from "../../../core/index-parts.ts";
import type { DropIndex, OnTable } from "../../../core/operation.ts";
import type { ForeignKey, Index, IndexColumn, Table, Unique } from "../../../core/schema.ts";
import type { CompilersOf } from "../../compiler.ts";
import { ifExists } from "../../shared/sql.ts";
import { parseType } from "../parse-type.ts";
import { quoteLiteral, quoteName } from "../quote.ts";
import { nextOn } from "./ahead.ts";
import { ifThere, leads, plainColumns, takesOver } from "./carrier.ts";
import { mustAsk } from "./clauses.ts";
import { onlyPostgres } from "./elsewhere.ts";
import { indexIs, indexIsThere, not } from "./observe.ts";
import { bytesEach, isHashed, isInnoDb, longestPart } from "./online.ts";
import { alter, type Clause, type Cost, known, type Piece, type Scene, tableOf } from "./piece.ts";

export const indexCompilers: CompilersOf<"addIndex" | "dropIndex" | "renameIndex", Scene, Piece> = {
  addIndex: (op, scene) => [...alter(op, scene, [addIndexClause(op, op.index, scene)]), ...takesOver(op, op.index, scene)],
  dropIndex: (op, scene) => dropIndex(op, scene),
  renameIndex: (op, scene) =>
    alter(op, scene, [
      {
        sql: `RENAME INDEX ${quoteName(op.from)} TO ${quoteName(op.to)}`,
        does: "rename",
        what: "index",
        names: [op.from, op.to],
        cost: "moment",
        happened: indexIsThere(tableOf(op), op.to),
      },
    ]),
};

function dropIndex(op: DropIndex, scene: Scene): readonly Piece[] {
  const clauses = carried(op, scene);
  if (!mustAsk(op, scene)) return alter(op, scene, [dropIndexClause(op, op.index, ifExists(op)), ...clauses]);
  const table = tableOf(op);
  return [...alter(op, scene, clauses), ...ifThere(table, dropIndexClause(op, op.index).sql, indexIsThere(table, op.index.name))];
}

/** A foreign key that stood on the index must stand on another: on one of its own, as the server would have made it. */
function carried(op: DropIndex, scene: Scene): readonly Clause[] {
  const table = known(scene, tableOf(op));
  if (table === undefined) return [];
  const { foreignKeys, primaryKey } = table;
  const indexes = [...table.indexes.filter(({ name }) => name !== op.index.name), ...madeNext(op, scene)];
  const stands = (key: ForeignKey): boolean =>
    leads(primaryKey?.columns ?? [], key.columns) ||
    indexes.some((index) => index.kind === undefined && leads(plainColumns(index), key.columns));
  const losing = foreignKeys.filter((key) => leads(plainColumns(op.index), key.columns) && !stands(key) && !dropsNext(key, op, scene));
  const first = losing.filter((key, i) => !losing.slice(0, i).some((other) => leads(other.columns, key.columns)));
  return first.map((key) => addIndexClause(op, { name: key.name, columns: key.columns }, scene));
}

/** The indexes that become part of the same statement. */
const madeNext = (op: OnTable, scene: Scene): readonly Index[] =>
  nextOn(op, scene).flatMap((one) => (one.kind === "addIndex" ? [one.index] : one.kind === "addUnique" ? [uniqueIndex(one.unique)] : []));

const dropsNext = (key: ForeignKey, op: OnTable, scene: Scene): boolean =>
  nextOn(op, scene).some((one) => one.kind === "dropForeignKey" && one.foreignKey.name === key.name);

export function addIndexClause(on: OnTable, wanted: Index, scene: Scene): Clause {
  const table = known(scene, tableOf(on));
  const index = table === undefined ? wanted : withinLimit(wanted, table, scene.context.server);
  const shapes = index.columns.map(shapeOf);
  return {
    sql: `ADD ${indexSql(index, scene.context.server)}`,
    does: "add",
    what: "index",
    names: [index.name],
    cost: costOfIndex(index, table, scene.context.server),
    columns: keyColumns(index),
    reads: indexExpressions(index).join(" "),
    ...(index.kind === "fulltext" && scene.context.server.flavor === "mysql" && { single: true }),
    happened:
      index.kind === undefined
        ? indexIs(tableOf(on), index.name, shapes, index.unique === true, index.comment)
        : indexIsThere(tableOf(on), index.name, `INDEX_TYPE = ${quoteLiteral(index.kind.toUpperCase())}`),
  };
}

const reckons = (index: Pick<Index, "columns">): boolean => indexExpressions(index).length > 0;

/** An expression is a column that the server computes and hides: it comes with its index, and writes wait; it goes in a moment. */
function costOfIndex(index: Index, table: Table | undefined, server: Server): Cost {
  if (index.kind !== undefined || reckons(index)) return "copy";
  return table !== undefined && isHashed(index, table, server) ? "copy" : "index";
}

export function dropIndexClause(on: OnTable, index: Pick<Index, "name" | "columns">, maybe = ""): Clause {
  const { name } = index;
  return {
    sql: `DROP INDEX ${maybe}${quoteName(name)}`,
    does: "drop",
    what: "index",
    names: [name],
    cost: reckons(index) ? "virtual" : "index",
    happened: not(indexIsThere(tableOf(on), name)),
  };
}

/** What is not unique the server would cut by itself, and say so in a note. */
export function withinLimit(index: Index, table: Table, server: Server): Index {
  if (index.unique || index.kind !== undefined || !isInnoDb(table, server)) return index;
  return { ...index, columns: index.columns.map((part) => cutPart(part, table, server)) };
}

function cutPart(part: IndexColumn, table: Table, server: Server): IndexColumn {
  const said = partOf(part);
  const column = table.columns.find(({ name }) => name === said.column);
  if (column === undefined || said.prefix !== undefined) return part;
  const each = bytesEach(column, table, server);
  return (parseType(column.type).args[0] ?? 0) * each > longestPart ? { ...said, prefix: Math.floor(longestPart / each) } : part;
}

/** An index within CREATE TABLE, and after ADD. */
export function indexSql(index: Index, server: Server): string {
  refuseForeign(index);
  const kind = index.kind === undefined ? (index.unique ? "UNIQUE " : "") : `${index.kind.toUpperCase()} `;
  return [
    `${kind}INDEX ${quoteName(index.name)}`,
    index.method === undefined ? "" : ` USING ${index.method.toUpperCase()}`,
    ` (${index.columns.map((part) => partSql(part, index, server)).join(", ")})`,
    index.parser === undefined ? "" : ` WITH PARSER ${quoteName(index.parser)}`,
    index.comment === undefined ? "" : ` COMMENT ${quoteLiteral(index.comment)}`,
  ].join("");
}

/** Without these an index would be another one. */
function refuseForeign(index: Index): void {
  if (index.where !== undefined) throw onlyPostgres(`index ${index.name} has a WHERE`);
  if (index.nullsNotDistinct) throw onlyPostgres(`index ${index.name} has NULLS NOT DISTINCT`);
  if (index.include !== undefined && index.include.length > 0) throw onlyPostgres(`index ${index.name} has an INCLUDE`);
  if (index.options !== undefined) throw onlyPostgres(`index ${index.name} has options`);
}

function partSql(part: IndexColumn, index: Index, server: Server): string {
  if (typeof part === "string") return quoteName(part);
  const order = part.order === "desc" ? " DESC" : "";
  if (part.expression !== undefined) {
    if (server.flavor === "mariadb") throw noExpressions(index);
    return `(${part.expression})${order}`;
  }
  return `${quoteName(part.column ?? "")}${part.prefix === undefined ? "" : `(${part.prefix})`}${order}`;
}

function noExpressions(index: Index): Error {
  return usage(
    "expression-index",
    `index ${index.name} is on an expression, which MariaDB does not have.`,
    "add a generated column with the expression, and index the column",
    { index: index.name },
  );
}

/** As information_schema shows it. */
function shapeOf(part: IndexColumn): string {
  if (typeof part === "string") return `${part} A`;
  return `${part.column ?? "?"} ${part.prefix ?? ""}${part.order === "desc" ? "D" : "A"}`;
}

/** A unique constraint is a unique index. */
export function uniqueIndex(unique: Unique): Index {
  if (unique.deferrable !== undefined) throw onlyPostgres(`unique constraint ${unique.name} is DEFERRABLE`);
  if (unique.nullsNotDistinct) throw onlyPostgres(`unique constraint ${unique.name} has NULLS NOT DISTINCT`);
  return { name: unique.name, columns: unique.columns, unique: true };
}
