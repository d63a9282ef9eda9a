import type { Server } from "../../../core/db.ts";
import type { AlterTable, CreateTable, DropTable, MoveTable, OnTable, RenameTable } from "../../../core/operation.ts";
import type { Column, QualifiedName, Table } from "../../../core/schema.ts";
import type { CompilersOf } from "../../compiler.ts";
import { ifExists } from "../../shared/sql.ts";
import { quoteLiteral, quoteTable } from "../quote.ts";
import { modifyClause } from "./clauses.ts";
import { columnSql, holdsText } from "./column.ts";
import { checkSql, primaryKeySql } from "./constraints.ts";
import { onlyPostgres } from "./elsewhere.ts";
import { foreignKeySql } from "./foreign-keys.ts";
import { dataLoss, waiting } from "./hazards.ts";
import { indexSql, uniqueIndex, withinLimit } from "./indexes.ts";
import { forget, type Remembered, remember, renameRemembered } from "./metadata.ts";
import { exactly, not, tableHas, tableIsNamed, tableIsThere } from "./observe.ts";
import { alter, type Clause, type Cost, definition, isFresh, known, named, type Piece, type Scene, tableOf } from "./piece.ts";

export const tableCompilers: CompilersOf<"createTable" | "dropTable" | "renameTable" | "moveTable" | "alterTable", Scene, Piece> = {
  createTable: (op, scene) => createTable(op, scene),
  dropTable: (op, scene) => dropTable(op, scene),
  renameTable: (op, scene) => renameTable(op, scene),
  moveTable: (op, scene) => moveTable(op, scene),
  alterTable: (op, scene) => alterTable(op, scene),
};

function createTable(op: CreateTable, scene: Scene): readonly Piece[] {
  const { definition: made } = op;
  const table = tableOf(op);
  const server = scene.context.server;
  const [exclusion] = made.exclusions;
  if (exclusion !== undefined) throw onlyPostgres(`exclusion constraint ${exclusion.name}`);
  const lines = [
    ...made.columns.map((column) => columnSql(column, server)),
    ...(made.primaryKey === undefined ? [] : [primaryKeySql(made.primaryKey)]),
    ...[...made.uniques.map(uniqueIndex), ...made.indexes].map((index) => indexSql(withinLimit(index, made, server), server)),
    ...made.checks.map(checkSql),
    ...made.foreignKeys.map((key) => foreignKeySql(key, table, server)),
  ];
  const sql = `CREATE TABLE ${quoteTable(table)} (\n  ${lines.join(",\n  ")}\n)${createOptions(made)}`;
  return [
    definition(sql, tableIsThere(table)),
    ...made.columns.flatMap(({ name, generated }) =>
      generated === undefined ? [] : remember(scene, generatedRow(table, name), generated.expression),
    ),
  ];
}

function createOptions({ engine, charset, collation, comment }: Table): string {
  return [
    ...(engine === undefined ? [] : [` ENGINE = ${engine}`]),
    ...(charset === undefined ? [] : [` DEFAULT CHARACTER SET ${charset}`]),
    ...(collation === undefined ? [] : [` COLLATE ${collation}`]),
    ...(comment === undefined ? [] : [` COMMENT = ${quoteLiteral(comment)}`]),
  ].join("");
}

function dropTable(op: DropTable, scene: Scene): readonly Piece[] {
  const table = tableOf(op);
  return [
    definition(`DROP TABLE ${ifExists(op)}${quoteTable(table)}`, not(tableIsThere(table)), [dataLoss(`every row of ${op.table} is lost`)]),
    ...op.definition.columns.flatMap(({ name, generated }) => (generated === undefined ? [] : forget(scene, generatedRow(table, name)))),
  ];
}

function renameTable(op: RenameTable, scene: Scene): readonly Piece[] {
  const to = named(op.to, op.schema);
  return [
    definition(`RENAME TABLE ${quoteTable(named(op.from, op.schema))} TO ${quoteTable(to)}`, tableIsNamed(to)),
    ...renameRemembered(scene, { ...inSchema(op.schema), table: op.from }, { table: op.to }),
  ];
}

/** No name is the connection's database. */
function moveTable(op: MoveTable, scene: Scene): readonly Piece[] {
  const to = named(op.table, op.to);
  return [
    definition(`RENAME TABLE ${quoteTable(named(op.table, op.from))} TO ${quoteTable(to)}`, tableIsNamed(to)),
    ...renameRemembered(scene, { ...inSchema(op.from), table: op.table }, { schema: op.to }),
  ];
}

const inSchema = (schema: string | undefined): { readonly schema?: string } => (schema === undefined ? {} : { schema });

function alterTable(op: AlterTable, scene: Scene): readonly Piece[] {
  const { from, to } = op;
  const table = tableOf(op);
  const clauses: Clause[] = [];
  const option = (sql: string, cost: Cost, happened: string): void => {
    clauses.push({ sql, does: "change", what: "options", names: [""], cost, happened: tableHas(table, happened) });
  };
  const engine = to.engine ?? scene.context.server.engine ?? "InnoDB";
  if (from.engine !== to.engine) option(`ENGINE = ${engine}`, "copy", `ENGINE = ${quoteLiteral(engine)}`);
  if (from.comment !== to.comment) {
    option(`COMMENT = ${quoteLiteral(to.comment ?? "")}`, "moment", exactly("TABLE_COMMENT", to.comment ?? ""));
  }
  return [...alter(op, scene, clauses), ...convert(op, scene)];
}

/** Columns that say nothing of their own follow the table. */
function convert(op: AlterTable, scene: Scene): readonly Piece[] {
  const { from, to } = op;
  if (from.charset === to.charset && from.collation === to.collation) return [];
  const server = scene.context.server;
  const collation = to.collation ?? (to.charset === undefined ? server.collation : undefined);
  const charset = to.charset ?? collation?.split("_")[0] ?? server.charset ?? "utf8mb4";
  const happened =
    collation === undefined ? `TABLE_COLLATION LIKE ${quoteLiteral(`${charset}\\_%`)}` : `TABLE_COLLATION = ${quoteLiteral(collation)}`;
  const there = known(scene, tableOf(op));
  if (there !== undefined) {
    const words = { charset, ...(collation === undefined ? {} : { collation }) };
    return alter(op, scene, [defaultCharacters(op, words, happened, server), ...followers(op, there, words, scene)]);
  }
  const sql = `ALTER TABLE ${quoteTable(tableOf(op))} CONVERT TO CHARACTER SET ${charset}${collation === undefined ? "" : ` COLLATE ${collation}`}`;
  const hazards = isFresh(scene, tableOf(op)) ? [] : [waiting(op.table)];
  return [definition(sql, tableHas(tableOf(op), happened), hazards)];
}

type Words = Required<Pick<Column, "charset">> & Pick<Column, "collation">;

const defaultCharacters = (op: OnTable, { charset, collation }: Words, happened: string, { flavor }: Server): Clause => ({
  sql: `DEFAULT CHARACTER SET ${charset}${collation === undefined ? "" : ` COLLATE ${collation}`}`,
  does: "change",
  what: "options",
  names: ["characters"],
  cost: flavor === "mysql" ? "rebuild" : "moment",
  happened: tableHas(tableOf(op), happened),
});

/**
 * CONVERT TO would take the columns with characters of their own along, and make larger texts of small ones. MySQL gives a column that says
 * nothing the new default, and notes of one that says it that it did; MariaDB gives it the old one.
 */
function followers(op: OnTable, table: Table, words: Words, scene: Scene): readonly Clause[] {
  const own = ({ type, charset, collation }: Column): boolean => !holdsText(type) || charset !== undefined || collation !== undefined;
  const { server } = scene.context;
  return table.columns
    .filter((column) => !own(column))
    .map((column) => {
      const clause = modifyClause(op, column, { ...column, ...words }, scene);
      return server.flavor === "mysql" ? { ...clause, sql: `MODIFY COLUMN ${columnSql(column, server)}` } : clause;
    });
}

export const generatedRow = (table: QualifiedName, column: string): Remembered => ({
  type: "GENERATED_COLUMN",
  ...(table.schema === undefined ? {} : { schema: table.schema }),
  table: table.name,
  name: column,
});
