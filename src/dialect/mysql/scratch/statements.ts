import type { Server } from "../../../core/db.ts";
import type { Check, Column, Index, Table } from "../../../core/schema.ts";
import { charactersOf, charactersOfServer } from "../charsets.ts";
import { demandedKey } from "../demanded-key.ts";
import { quoted, scan } from "../scan.ts";

/** A table that stands in for the real one: all columns may be null, none of them is a key. */
export interface StandIn {
  readonly table: Table;
  /** in full; the others are their type alone */
  readonly columns: ReadonlyMap<string, Column>;
  readonly checks: readonly Check[];
  readonly indexes: readonly Index[];
}

export function createStandIn(standIn: StandIn, place: string, server: Server, temporary = false): string {
  const { table, columns, checks, indexes } = standIn;
  const { charset, collation } = charactersOf(table, charactersOfServer(server), server);
  const parts = [
    ...table.columns.map((column) => columnSql(columns.get(column.name) ?? bare(column))),
    ...checks.map(checkSql),
    ...demandedKey(server),
    ...indexes.map((index) => `INDEX ${quoted(index.name)} ${partsSql(index)}`),
  ];
  const options = charset && collation ? ` DEFAULT CHARACTER SET ${charset} COLLATE ${collation}` : "";
  return `CREATE ${temporary ? "TEMPORARY " : ""}TABLE ${place} (${parts.join(", ")})${options}`;
}

export function modifyColumn(place: string, column: Column): string {
  if (column.generated === undefined) return `ALTER TABLE ${place} MODIFY COLUMN ${columnSql(column)}`;
  // MODIFY can't make a plain column a generated one
  return `ALTER TABLE ${place} DROP COLUMN ${quoted(column.name)}, ADD COLUMN ${columnSql(column)}`;
}

export function addCheck(place: string, check: Check): string {
  return `ALTER TABLE ${place} ADD ${checkSql(check)}`;
}

export function addIndex(place: string, index: Index): string {
  return `ALTER TABLE ${place} ADD INDEX ${quoted(index.name)} ${partsSql(index)}`;
}

function bare(column: Column): Column {
  const { name, type, charset, collation } = column;
  return { name, type, ...(charset && { charset }), ...(collation && { collation }) };
}

function columnSql(column: Column): string {
  const { name, type, charset, collation, generated, default: value, onUpdate } = column;
  const words = [quoted(name), type, charset && `CHARACTER SET ${charset}`, collation && `COLLATE ${collation}`];
  if (generated) words.push(`GENERATED ALWAYS AS (${generated.expression}) ${generated.stored ? "STORED" : "VIRTUAL"}`);
  else words.push("NULL", value && `DEFAULT ${value}`, onUpdate && `ON UPDATE ${onUpdate}`);
  return words.filter(Boolean).join(" ");
}

function checkSql(check: Check): string {
  return `CONSTRAINT ${quoted(check.name)} CHECK (${check.expression})`;
}

function partsSql(index: Index): string {
  const parts = index.columns.map((part) => {
    if (typeof part === "string") return quoted(part);
    const what = part.expression === undefined ? quoted(part.column ?? "") : `(${part.expression})`;
    return what + (part.prefix ? `(${part.prefix})` : "") + (part.order === "desc" ? " DESC" : "");
  });
  return `(${parts.join(", ")})`;
}

/** Other databases' names in front of a point. */
export function requalified(text: string, names: ReadonlyMap<string, string>): string {
  const tokens = scan(text);
  let result = "";
  let copied = 0;
  tokens.forEach((token, at) => {
    if (token.kind !== "name" && token.kind !== "word") return;
    const value = text.slice(token.start, token.end);
    const other = names.get(token.kind === "name" ? token.value : value);
    if (other === undefined || tokens[at + 1]?.text !== "." || tokens[at - 1]?.text === ".") return;
    result += text.slice(copied, token.start) + quoted(other);
    copied = token.end;
  });
  return result + text.slice(copied);
}
