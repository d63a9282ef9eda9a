import type { Server } from "../../core/db.ts";
import { partOf } from "../../core/index-parts.ts";
import type { Column, Index, IndexColumn, Schema, Table } from "../../core/schema.ts";
import { keyOf } from "../../core/schema.ts";
import { normalizeExpression } from "./expressions.ts";
import { literal } from "./scan.ts";

/** What the server makes of `wanted` without having to be asked, seen beside what is there. */
export function settle(wanted: Schema, had: Schema, server: Server): Schema {
  const before = new Map(had.tables.map((table) => [keyOf(table), table]));
  return {
    ...wanted,
    tables: wanted.tables.map((table) => {
      const there = before.get(keyOf(table));
      return there === undefined ? table : settleTable(table, there, server);
    }),
  };
}

function settleTable(table: Table, there: Table, server: Server): Table {
  const columns = new Map(there.columns.map((column) => [column.name, column]));
  const indexes = new Map(there.indexes.map((index) => [index.name, index]));
  const names = table.columns.map(({ name }) => name);
  const silent = table.charset === undefined && table.collation === undefined;
  const { engine, ...rest } = table;
  // models that don't say it don't ask for the server's default either
  const stays = engine === undefined || (there.engine ?? server.engine)?.toLowerCase() === engine.toLowerCase();
  return {
    ...rest,
    columns: table.columns.map((column) => settleColumn(withTextOf(columns.get(column.name), column, names), columns.get(column.name))),
    indexes: table.indexes.map((index) => settleIndex(index, indexes.get(index.name))),
    ...commentAsKept(table, there),
    ...(stays ? there.engine && { engine: there.engine } : { engine }),
    ...(silent && there.charset && { charset: there.charset }),
    ...(silent && there.collation && { collation: there.collation }),
  };
}

/** What is computed alike is in the server's words, whatever the author's are. */
function withTextOf(there: Column | undefined, said: Column, names: readonly string[]): Column {
  if (there?.generated === undefined || said.generated === undefined) return said;
  const [one, other] = [there.generated.expression, said.generated.expression].map((text) => normalizeExpression(text, names));
  return one === other || one === shownAs(other ?? "")
    ? { ...said, generated: { ...said.generated, expression: there.generated.expression } }
    : said;
}

/** Only a column that is the same in all else: a change writes the whole column, and must not write question marks. */
function settleColumn(said: Column, there: Column | undefined): Column {
  if (there === undefined) return said;
  const column = withWidthOf(there, said);
  const settled = {
    ...column,
    type: asKept(column.type, there.type),
    ...commentAsKept(column, there),
    ...(column.default && there.default && { default: asKept(column.default, there.default) }),
  };
  return alike(settled, there) ? there : column;
}

/** `tinyint(1)` holds what tinyint holds: a boolean column of either kind stays as it was made. */
function withWidthOf(there: Column, said: Column): Column {
  const [one, other] = [there.type, said.type].map((type) => type.replace(/^tinyint\(1\)$/, "tinyint"));
  return one === "tinyint" && other === "tinyint" ? { ...said, type: there.type } : said;
}

function settleIndex(index: Index, there: Index | undefined): Index {
  if (there === undefined) return index;
  const columns = index.columns.map((part, at) => settlePart(part, there.columns[at]));
  const settled = { ...index, columns, ...commentAsKept(index, there) };
  return alike(settled, there) ? there : { ...index, columns };
}

function alike<T extends object>(a: T, b: T): boolean {
  const spelled = (value: T): string => JSON.stringify(Object.entries(value).sort(([x], [y]) => (x < y ? -1 : 1)));
  return spelled(a) === spelled(b);
}

/** A key part that is too long for InnoDB is cut to a prefix of as many characters as fit into 3,072 bytes. */
function settlePart(part: IndexColumn, there: IndexColumn | undefined): IndexColumn {
  if (there === undefined || typeof there === "string" || there.prefix === undefined) return part;
  const said = partOf(part);
  const cut = [768, 1024, 1536, 3072].includes(there.prefix) && said.prefix === undefined;
  return cut && said.column === there.column && said.order === there.order ? there : part;
}

function commentAsKept<T extends { readonly comment?: string }>(wanted: T, there: T): { readonly comment?: string } {
  if (wanted.comment === undefined || there.comment === undefined) return {};
  return { comment: asKept(wanted.comment, there.comment) };
}

/** The dictionary shows a character of four bytes, or a byte that is none, as a question mark: what is there may then be what is wanted. */
function asKept(wanted: string, there: string): string {
  return wanted !== there && shownAs(wanted) === there ? there : wanted;
}

export function shownAs(text: string): string {
  const bytes = /^x'((?:[0-9a-f]{2})*)'$/.exec(text)?.[1];
  if (bytes === undefined) return text.replace(/[\u{10000}-\u{10ffff}]/gu, "?");
  const shown = Buffer.from(bytes, "hex").map((byte) => (byte < 0x80 ? byte : 0x3f));
  const plain = shown.every((byte) => byte >= 0x20 && byte < 0x7f);
  return plain ? literal(Buffer.from(shown).toString("latin1")) : `x'${Buffer.from(shown).toString("hex")}'`;
}
