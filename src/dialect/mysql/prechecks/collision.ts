import { partOf } from "../../../core/index-parts.ts";
import type { Operation } from "../../../core/operation.ts";
import { type Column, type IndexColumn, keyOf, labelOf, type Table } from "../../../core/schema.ts";
import type { Precheck } from "../../../core/statement.ts";
import type { CompileContext } from "../../dialect.ts";
import { countedGroups, shown } from "../../shared/prechecks/question.ts";
import { charactersOf, charactersOfServer } from "../charsets.ts";
import { placesByTable } from "../compile/ahead.ts";
import { holdsText } from "../compile/column.ts";
import { quoteName, quoteTable } from "../quote.ts";
import { words } from "./question.ts";

/** What another collation takes for equal, a key or unique index over it does not allow. Only of tables that the history knows. */
export function collisions(operations: readonly Operation[], context: CompileContext): readonly Precheck[] {
  const places = placesByTable(operations);
  return (context.before?.tables ?? []).flatMap((table) => {
    const onIt = (places.get(keyOf(table)) ?? []).map((at) => ({ operation: operations[at] as Operation, at }));
    const first = onIt.find(({ operation }) => operation.kind === "alterColumn" || operation.kind === "alterTable")?.at;
    const changed = onIt.reduce((found, { operation }) => note(found, operation, table, context), new Map<string, string>());
    if (first === undefined || changed.size === 0) return [];
    const kept = keysOf(table).filter((key) => !onIt.some(({ operation }) => drops(operation, key.name)));
    return kept
      .filter(({ columns }) => columns.some((part) => changed.has(nameIn(part))))
      .map((key) => ({ ...question(table, key, changed), operation: first }));
  });
}

/** The collations that columns get which have another. */
function note(found: Map<string, string>, operation: Operation, table: Table, { server }: CompileContext): Map<string, string> {
  const around = charactersOf(operation.kind === "alterTable" ? operation.to : table, charactersOfServer(server), server);
  const had = charactersOf(table, charactersOfServer(server), server);
  const compare = (from: Column, to: Column): void => {
    const [before, after] = [charactersOf(from, had, server).collation, charactersOf(to, around, server).collation];
    if (holdsText(to.type) && before !== after && after !== undefined) found.set(to.name, after);
  };
  if (operation.kind === "alterColumn") compare(operation.from, operation.to);
  if (operation.kind === "alterTable") for (const column of table.columns) compare(column, column);
  return found;
}

interface Key {
  readonly name: string | null;
  readonly columns: readonly IndexColumn[];
}

function keysOf({ primaryKey, indexes }: Table): readonly Key[] {
  const unique = indexes.filter((index) => index.unique && index.columns.every((part) => nameIn(part) !== ""));
  return [...(primaryKey === undefined ? [] : [{ name: null, columns: primaryKey.columns }]), ...unique];
}

function drops(operation: Operation, name: string | null): boolean {
  if (operation.kind === "dropPrimaryKey") return name === null;
  return operation.kind === "dropIndex" && operation.index.name === name;
}

const nameIn = (part: IndexColumn): string => partOf(part).column ?? "";

function question(table: Table, { name, columns }: Key, changed: ReadonlyMap<string, string>): Omit<Precheck, "operation"> {
  const parts = columns.map((part) => {
    const column = `t.${quoteName(nameIn(part))}`;
    const collation = changed.get(nameIn(part));
    const said = collation === undefined ? column : `CONVERT(${column} USING ${collation.split("_")[0]}) COLLATE ${collation}`;
    return words.key(said, typeof part === "string" ? undefined : part);
  });
  const whole = columns.map((part) => `t.${quoteName(nameIn(part))} IS NOT NULL`).join(" AND ");
  const sample = `CONCAT_WS(' / ', ${columns.map((part) => `MIN(t.${quoteName(nameIn(part))})`).join(", ")})`;
  const groups = `SELECT ${shown(words, sample)}, COUNT(*) AS \`rows\` FROM ${quoteTable(table)} AS t WHERE ${whole} GROUP BY ${parts.join(", ")} HAVING COUNT(*) > 1`;
  const collations = [...new Set(columns.flatMap((part) => changed.get(nameIn(part)) ?? []))].join(", ");
  return {
    sql: countedGroups(words, groups),
    code: "collision",
    message: `${labelOf(table)} has rows that are equal to ${collations}, and ${name ?? "the primary key"} allows none`,
    hint: "keep one row of each, or change the others, then run again",
    tables: [{ ...(table.schema !== undefined && { schema: table.schema }), name: table.name, columns: columns.map(nameIn) }],
  };
}
