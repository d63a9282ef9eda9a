import type { Server } from "../../../core/db.ts";
import { usage } from "../../../core/errors.ts";
import type { AddIndex, OnTable } from "../../../core/operation.ts";
import type { Index, IndexColumn } from "../../../core/schema.ts";
import type { CompilersOf } from "../../compiler.ts";
import { quoteLiteral, quoteName } from "../quote.ts";
import { onlyPostgres } from "./elsewhere.ts";
import { blocksWrites } from "./hazards.ts";
import { indexIs, indexIsThere, not } from "./observe.ts";
import { alter, type Clause, isFresh, type Piece, type Scene, tableOf } from "./piece.ts";

export const indexCompilers: CompilersOf<"addIndex" | "dropIndex" | "renameIndex", Scene, Piece> = {
  addIndex: (op, scene) => addIndex(op, scene),
  dropIndex: (op) => alter(op, [dropIndexClause(op, op.index.name)]),
  renameIndex: (op) =>
    alter(op, [
      {
        sql: `RENAME INDEX ${quoteName(op.from)} TO ${quoteName(op.to)}`,
        does: "rename",
        what: "index",
        names: [op.from, op.to],
        happened: indexIsThere(tableOf(op), op.to),
      },
    ]),
};

function addIndex(op: AddIndex, scene: Scene): readonly Piece[] {
  const blocks = op.index.kind !== undefined && !isFresh(scene, tableOf(op));
  const hazards = blocks ? [blocksWrites(`writes to ${op.table} wait while ${op.index.name} is built`)] : [];
  return alter(op, [addIndexClause(op, op.index, scene.context.server)], hazards);
}

export function addIndexClause(on: OnTable, index: Index, server: Server): Clause {
  const shapes = index.columns.map(shapeOf);
  return {
    sql: `ADD ${indexSql(index, server)}`,
    does: "add",
    what: "index",
    names: [index.name],
    columns: columnsOf(index),
    reads: index.columns.map((part) => (typeof part === "string" ? "" : (part.expression ?? ""))).join(" "),
    happened:
      index.kind === undefined
        ? indexIs(tableOf(on), index.name, shapes, index.unique === true, index.comment)
        : indexIsThere(tableOf(on), index.name, `INDEX_TYPE = ${quoteLiteral(index.kind.toUpperCase())}`),
  };
}

export function dropIndexClause(on: OnTable, name: string): Clause {
  return {
    sql: `DROP INDEX ${quoteName(name)}`,
    does: "drop",
    what: "index",
    names: [name],
    happened: not(indexIsThere(tableOf(on), name)),
  };
}

const columnsOf = (index: Index): readonly string[] =>
  index.columns.flatMap((part) => (typeof part === "string" ? [part] : part.column === undefined ? [] : [part.column]));

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
