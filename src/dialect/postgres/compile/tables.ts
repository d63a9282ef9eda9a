import type { AlterTable, CreateTable, DropTable } from "../../../core/operation.ts";
import { keyOf, type QualifiedName, type Table, type Unique } from "../../../core/schema.ts";
import type { CompilersOf } from "../../compiler.ts";
import { ifExists } from "../../shared/sql.ts";
import { quoteLiteral, quoteName, quoteTable } from "../quote.ts";
import { columnSql, createSequence, ownSequence, ownSequenceBy } from "./column.ts";
import { checkSql, exclusionSql, foreignKeySql, primaryKeySql, uniqueSql } from "./constraints.ts";
import { blocksWrites, dataLoss } from "./hazards.ts";
import { indexComment, indexSql } from "./index-sql.ts";
import { forget, remember, renameRemembered } from "./metadata.ts";
import { isFresh, named, type Piece, plain, type Scene, tableOf } from "./piece.ts";
import { followTable } from "./sequence-names.ts";

export const tableCompilers: CompilersOf<"createTable" | "dropTable" | "renameTable" | "moveTable" | "alterTable", Scene, Piece> = {
  createTable: (op, scene) => createTable(op, scene),
  dropTable: (op, scene) => dropTable(op, scene),
  renameTable: (op, scene) => [
    plain(`ALTER TABLE ${quoteTable(named(op.from, op.schema))} RENAME TO ${quoteName(op.to)}`),
    followTable(op.from, named(op.to, op.schema)),
    ...renameRemembered(scene, "table", { table: op.from }, op.schema, op.to),
  ],
  moveTable: (op, scene) => [
    plain(`ALTER TABLE ${quoteTable(named(op.table, op.from))} SET SCHEMA ${quoteName(op.to ?? scene.context.server.defaultSchema)}`),
    ...renameRemembered(scene, "schema", { table: op.table }, op.from, op.to),
  ],
  alterTable: (op) => alterTable(op),
};

function createTable(op: CreateTable, scene: Scene): readonly Piece[] {
  const { definition } = op;
  const table = tableOf(op);
  const { first, repeated } = uniquesOf(definition);
  const lines = [
    ...definition.columns.map((column) => columnSql(column, table)),
    ...(definition.primaryKey === undefined ? [] : [primaryKeySql(definition.primaryKey)]),
    ...first.map(uniqueSql),
    ...definition.checks.map(checkSql),
    ...definition.exclusions.map(exclusionSql),
    ...definition.foreignKeys.map(foreignKeySql),
  ];
  const sequences = definition.columns.flatMap((column) => {
    const sequence = ownSequence(column, table);
    return sequence === undefined ? [] : [{ sequence, column }];
  });
  const others = definition.foreignKeys.map((key) => named(key.references.table, key.references.schema));
  const busy = others.filter((other) => keyOf(other) !== keyOf(table) && !isFresh(scene, other));
  return [
    ...sequences.map(({ sequence, column }) => plain(createSequence(sequence, column.type))),
    plain(`CREATE TABLE ${quoteTable(table)} (\n  ${lines.join(",\n  ")}\n)`, {
      hazards: busy.map((other) => blocksWrites(`writes to ${other.name} wait for a moment while its foreign key is made`)),
    }),
    ...repeated.map((unique) => plain(`ALTER TABLE ${quoteTable(table)} ADD ${uniqueSql(unique)}`)),
    ...sequences.map(({ sequence, column }) => plain(ownSequenceBy(sequence, table, column.name))),
    ...definition.indexes.flatMap((index) => [plain(indexSql(index, table)), ...indexComment(index, table)]),
    ...(definition.comment === undefined ? [] : [plain(commentOnTable(table, definition.comment))]),
    ...definition.columns.flatMap((column) => (column.comment === undefined ? [] : [commentOnColumn(table, column.name, column.comment)])),
    ...definition.columns.flatMap((column) =>
      column.generated === undefined ? [] : remember(scene, generatedRow(table, column.name), column.generated.expression),
    ),
  ];
}

/** Within one CREATE TABLE the server takes two keys over the same columns for one, and leaves out the second without a word. */
function uniquesOf({ primaryKey, uniques }: Table): { readonly first: readonly Unique[]; readonly repeated: readonly Unique[] } {
  const seen = new Set(primaryKey === undefined ? [] : [JSON.stringify(primaryKey.columns)]);
  const first = uniques.filter(({ columns }) => {
    const key = JSON.stringify(columns);
    return !seen.has(key) && seen.add(key);
  });
  return { first, repeated: uniques.filter((unique) => !first.includes(unique)) };
}

function dropTable(op: DropTable, scene: Scene): readonly Piece[] {
  const table = tableOf(op);
  return [
    plain(`DROP TABLE ${ifExists(op)}${quoteTable(table)}`, { hazards: [dataLoss(`every row of ${op.table} is lost`)] }),
    ...op.definition.columns.flatMap((column) => (column.generated === undefined ? [] : forget(scene, generatedRow(table, column.name)))),
  ];
}

function alterTable(op: AlterTable): readonly Piece[] {
  return op.from.comment === op.to.comment ? [] : [plain(commentOnTable(tableOf(op), op.to.comment))];
}

const commentOnTable = (table: QualifiedName, comment: string | undefined): string =>
  `COMMENT ON TABLE ${quoteTable(table)} IS ${commentSql(comment)}`;

/** An empty comment is none to PostgreSQL. */
export const commentSql = (comment: string | undefined): string => (comment === undefined ? "NULL" : quoteLiteral(comment));

export function commentOnColumn(table: QualifiedName, column: string, comment: string | undefined): Piece {
  return plain(`COMMENT ON COLUMN ${quoteTable(table)}.${quoteName(column)} IS ${commentSql(comment)}`, {
    waits: { table: quoteTable(table), names: [column] },
  });
}

export const generatedRow = (table: QualifiedName, column: string) => ({
  type: "GENERATED_COLUMN" as const,
  ...(table.schema === undefined ? {} : { schema: table.schema }),
  table: table.name,
  name: column,
});
