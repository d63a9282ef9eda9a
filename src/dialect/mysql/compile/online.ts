import { atLeast, type Server } from "../../../core/db.ts";
import { keyColumns, partOf } from "../../../core/index-parts.ts";
import type { Action, Column, Index, Table } from "../../../core/schema.ts";
import { charactersOf, charactersOfServer } from "../charsets.ts";
import { parseType, valuesOf } from "../parse-type.ts";
import { scan } from "../scan.ts";
import { baseType } from "../types.ts";
import { defaultSql, holdsText } from "./column.ts";
import type { Clause, Cost } from "./piece.ts";

/** What a statement as a whole means to the others: nothing, a table that is written anew beside them, or a wait. */
export type Effect = "none" | "rewrite" | "wait";

/** Of these clauses as one statement. Measured on MariaDB 10.11 and 11.8, and on MySQL 9.7. */
export function effectOf(clauses: readonly Clause[], table: Table | undefined, server: Server): Effect {
  const effect = effectInPlace(clauses, table, server);
  const counts = clauses.some(({ cost }) => cost === "count");
  return effect === "wait" && !counts && copiesBeside(table, server) ? "rewrite" : effect;
}

/** From 11.2 on MariaDB copies a table beside its writers, too, unless a foreign key of it changes its rows without their knowing. */
export function copiesBeside(table: Table | undefined, server: Server): boolean {
  if (server.flavor !== "mariadb" || !atLeast(server, 11, 2) || table === undefined) return false;
  const passive = (action: Action | undefined): boolean => action === undefined || action === "RESTRICT";
  return table.foreignKeys.every(({ onDelete, onUpdate }) => passive(onDelete) && passive(onUpdate));
}

/** Without a copy of the table beside its writers. */
export function effectInPlace(clauses: readonly Clause[], table: Table | undefined, server: Server): Effect {
  // a key that takes another one's place needs no copy
  const swaps = clauses.some(({ what, does }) => what === "key" && does === "add");
  const costs = new Set(clauses.map(({ what, does, cost }) => (swaps && what === "key" && does === "drop" ? "rebuild" : cost)));
  const has = (...some: readonly Cost[]): boolean => some.some((cost) => costs.has(cost));
  if (has("copy", "count")) return "wait";
  if (has("virtual") && costs.size > 1) return "wait";
  if (table !== undefined && losesKey(clauses, table)) return "wait";
  if (table !== undefined && hasHashed(table, server)) return "wait";
  const is = traitsOf(table);
  const narrows = clauses.some(({ cost, names }) => cost === "drop" && is.indexed(...names));
  const rebuilt = has("rebuild", "required") || narrows || (has("add", "drop") && has("index"));
  const waits = waitsFor(is, rebuilt, narrows, has, server);
  return waits ? "wait" : rebuilt ? "rewrite" : "none";
}

/** Without a primary key InnoDB takes the first unique index that has no NULL for one. */
function losesKey(clauses: readonly Clause[], table: Table): boolean {
  if (table.primaryKey !== undefined || clauses.some(({ what, does }) => what === "key" && does === "add")) return false;
  const required = new Set(table.columns.filter(({ nullable }) => !nullable).map(({ name }) => name));
  const keys = table.indexes.filter((index) => index.unique && keyColumns(index).every((name) => required.has(name)));
  const touched = (name: string): boolean =>
    clauses.some(({ names, does, cost }) => names.includes(name) && (does === "drop" || cost !== "moment"));
  return keys.some((index) => touched(index.name) || keyColumns(index).some(touched));
}

type Has = (...some: readonly Cost[]) => boolean;

function waitsFor(is: Traits, rebuilt: boolean, narrows: boolean, has: Has, { flavor }: Server): boolean {
  // computed columns are in nobody's way there; beside indexes of words or places no column comes or goes in a moment
  if (flavor === "mysql") return (is.fulltext || is.spatial) && (rebuilt || has("add", "drop"));
  if (is.fulltext || is.indexed(...is.virtual)) return rebuilt || has("add", "drop");
  if (is.spatial) return rebuilt;
  if (is.stored && has("required")) return true;
  return is.virtual.length > 0 && (narrows || (has("drop") && has("add", "index", "rebuild", "required")));
}

type Traits = ReturnType<typeof traitsOf>;
type Shape = Pick<Table, "columns" | "indexes" | "primaryKey" | "foreignKeys">;

function traitsOf({ columns, indexes, primaryKey, foreignKeys }: Shape = { columns: [], indexes: [], foreignKeys: [] }) {
  const computed = columns.filter(({ generated }) => generated !== undefined);
  const indexed = new Set([...(primaryKey?.columns ?? []), ...indexes.flatMap(keyColumns), ...foreignKeys.flatMap((key) => key.columns)]);
  return {
    fulltext: indexes.some(({ kind }) => kind === "fulltext"),
    spatial: indexes.some(({ kind }) => kind === "spatial"),
    virtual: computed.filter(({ generated }) => !generated?.stored).map(({ name }) => name),
    stored: computed.some(({ generated }) => generated?.stored),
    indexed: (...names: readonly string[]): boolean => names.some((name) => indexed.has(name)),
  };
}

/** Only InnoDB changes a table beside its writers. */
export function isInnoDb(table: Table, server: Server): boolean {
  return (table.engine ?? server.engine ?? "InnoDB").toLowerCase() === "innodb";
}

export function costOfAdding(column: Column, table: Table | undefined, placed: boolean, server: Server): Cost {
  const { generated } = column;
  if (column.autoIncrement || column.identity) return "count";
  if (generated?.stored) return "copy";
  const virtual = table?.columns.some((one) => one.generated?.stored === false);
  if (isComputedByRow(column, table, server) || (placed && virtual)) return "copy";
  return generated === undefined ? "add" : "virtual";
}

/** A default that reads other columns; on MySQL any that is an expression, as a text's is. */
function isComputedByRow(column: Column, table: Table | undefined, server: Server): boolean {
  const value = defaultSql(column, server) ?? "";
  if (!value.startsWith("(")) return false;
  if (server.flavor === "mysql") return true;
  const others = new Set(table?.columns.map(({ name }) => name.toLowerCase()));
  const tokens = scan(value);
  return tokens.some(({ kind, value: word }, at) =>
    kind === "name" || kind === "word" ? tokens[at + 1]?.text !== "(" && others.has(word.toLowerCase()) : false,
  );
}

export const isIndexed = (table: Table | undefined, name: string): boolean => table === undefined || traitsOf(table).indexed(name);

/** What MODIFY costs. Unknown is what the table's own characters are: then they are the server's. */
export function costOfModifying(from: Column, to: Column, table: Table | undefined, server: Server): Cost {
  const indexed = isIndexed(table, to.name);
  const inFulltext = table?.indexes.some((index) => index.kind === "fulltext" && keyColumns(index).includes(to.name)) ?? false;
  if (from.generated !== undefined || to.generated !== undefined) return costOfComputed(from, to, indexed);
  if (to.autoIncrement && !from.autoIncrement) return "count";
  if (from.autoIncrement && !to.autoIncrement && server.flavor === "mysql") return "copy";
  const [before, after] = [charactersIn(from, table, server), charactersIn(to, table, server)];
  if (recodes(to, before.charset, after.charset, indexed, server)) return "copy";
  if (!fitsWithoutCopy(from, to, before.charset, after.charset, server)) return "copy";
  const sorted = holdsText(to.type) && before.collation !== after.collation;
  if (sorted && (inFulltext || copiesSorted(baseType(to.type), indexed, server))) return "copy";
  if (from.nullable !== to.nullable) return to.nullable ? "rebuild" : "required";
  return sorted && indexed ? "index" : "moment";
}

/** For another collation MariaDB copies lists, and a text with an index on its beginning; MySQL everything but lists that has an index. */
function copiesSorted(type: string, isIndexed: boolean, { flavor }: Server): boolean {
  const listed = type === "enum" || type === "set";
  return flavor === "mysql" ? isIndexed && !listed : listed || (isIndexed && type.endsWith("text"));
}

/** MODIFY of a computed column that is stored or indexed copies the table, whatever it changes. */
function costOfComputed(from: Column, to: Column, isIndexed: boolean): Cost {
  const virtual = from.generated?.stored === false && to.generated?.stored === false;
  return virtual && !isIndexed && from.type === to.type && from.generated?.expression === to.generated?.expression ? "moment" : "copy";
}

function charactersIn(column: Column, table: Table | undefined, server: Server) {
  const around = charactersOf(table ?? {}, charactersOfServer(server), server);
  return charactersOf(column, around, server);
}

/** Are the values written anew in other characters? What has three bytes at most is the same in four. */
function recodes(to: Column, had: string | undefined, has: string | undefined, isIndexed: boolean, { flavor }: Server): boolean {
  if (!holdsText(to.type) || had === has) return false;
  const listed = /^(?:enum|set)$/.test(baseType(to.type));
  return had !== "utf8mb3" || has !== "utf8mb4" || (flavor === "mysql" ? isIndexed : listed);
}

function fitsWithoutCopy(from: Column, to: Column, had: string | undefined, has: string | undefined, server: Server): boolean {
  const [before, after] = [parseType(from.type), parseType(to.type)];
  if (before.base !== after.base) return false;
  if (after.base === "varchar" || after.base === "varbinary") {
    const bytes = (charset: string | undefined): number => (after.base === "varchar" ? bytesOf(charset) : 1);
    return grows((before.args[0] ?? 0) * bytes(had), (after.args[0] ?? 0) * bytes(has), server);
  }
  if (from.type === to.type) return true;
  if (after.base === "tinyint") return before.unsigned === after.unsigned && !/zerofill/.test(from.type + to.type);
  return (after.base === "enum" || after.base === "set") && appends(from.type, to.type, after.base);
}

/** A length of up to 255 bytes is kept in one byte; MariaDB reads it so as long as no value can be longer than 127. */
function grows(had: number, has: number, server: Server): boolean {
  const unseen = server.flavor === "mariadb" && atLeast(server, 10, 4) ? had <= 127 : false;
  return had <= has && (has <= 255 || had > 255 || unseen);
}

/** InnoDB takes no more of a column into an index. */
export const longestPart = 3072;

/** MariaDB keeps what is unique and too long for an index in a hidden column, and copies the table whenever it changes. */
export function isHashed(index: Index, table: Table, server: Server): boolean {
  if (!index.unique || index.kind !== undefined || server.flavor === "mysql") return false;
  const sizes = index.columns.map((part) => {
    const said = partOf(part);
    const column = table.columns.find(({ name }) => name === said.column);
    return said.prefix !== undefined || column === undefined ? 0 : bytesIn(column, table, server);
  });
  return sizes.reduce((sum, size) => sum + size, 0) > longestPart;
}

export const hasHashed = (table: Table, server: Server): boolean => table.indexes.some((index) => isHashed(index, table, server));

/** The most that a text's value may have; what is short by nature is left out. */
function bytesIn(column: Column, table: Table, server: Server): number {
  const { base, args } = parseType(column.type);
  if (/text$|blob$/.test(base)) return Number.POSITIVE_INFINITY;
  return (args[0] ?? 0) * bytesEach(column, table, server);
}

/** Bytes of a character of char and varchar, or of varbinary; 0: of another type. */
export function bytesEach(column: Column, table: Table, server: Server): number {
  const { base } = parseType(column.type);
  return /^(?:var)?char$/.test(base) ? bytesOf(charactersIn(column, table, server).charset) : base === "varbinary" ? 1 : 0;
}

const wide = new Set(["utf8mb4", "utf16", "utf16le", "utf32", "gb18030"]);
const narrow = new Set(["ucs2", "big5", "cp932", "euckr", "gb2312", "gbk", "sjis"]);
const three = new Set(["utf8mb3", "ujis", "eucjpms"]);

function bytesOf(charset: string | undefined): number {
  if (charset === undefined || wide.has(charset)) return 4;
  return three.has(charset) ? 3 : narrow.has(charset) ? 2 : 1;
}

/** Values come after those that are there, and each row keeps its size. */
function appends(had: string, has: string, base: "enum" | "set"): boolean {
  const [before, after] = [valuesOf(had), valuesOf(has)];
  const steps = base === "enum" ? [255] : [8, 16, 24, 32];
  const inPlace = before.every((value, i) => after[i] === value);
  return inPlace && steps.every((step) => before.length <= step === after.length <= step);
}
