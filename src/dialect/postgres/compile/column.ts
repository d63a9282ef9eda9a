import type { Column, Identity, QualifiedName } from "../../../core/schema.ts";
import { derivedName, quoteLiteral, quoteName, quoteTable } from "../quote.ts";
import { tokensOf } from "../scan.ts";
import { parseType } from "../type.ts";

const serials: Readonly<Record<string, string>> = { smallint: "smallserial", integer: "serial", bigint: "bigserial" };

/** A column as CREATE TABLE and ADD COLUMN take it. */
export function columnSql(column: Column, table: QualifiedName): string {
  const serial = plainSerial(column);
  const parts = [quoteName(column.name), serial ?? column.type];
  if (column.collation !== undefined) parts.push(`COLLATE ${collationSql(column.collation)}`);
  if (column.generated !== undefined) {
    parts.push(`GENERATED ALWAYS AS (${column.generated.expression}) ${column.generated.stored ? "STORED" : "VIRTUAL"}`);
  } else if (column.identity !== undefined) {
    parts.push(identitySql(column.identity));
  } else if (column.autoIncrement && serial === undefined) {
    parts.push(`DEFAULT ${nextval(sequenceOf(column, table))}`);
  } else if (column.default !== undefined && serial === undefined) {
    parts.push(`DEFAULT ${inDefinition(column.default)}`);
  }
  if (!column.nullable) parts.push("NOT NULL");
  return parts.join(" ");
}

/** Where a column is defined, NOT NULL may follow: operators that are words are taken there only in parentheses. */
function inDefinition(expression: string): string {
  const words = tokensOf(expression).flatMap(({ kind, text }) => (kind === "word" ? text.toLowerCase() : []));
  return words.some((word) => wordOperators.has(word)) ? `(${expression})` : expression;
}

const wordOperators = new Set("and at between collate ilike in is isnull like not notnull or overlaps similar".split(" "));

/** `C` and `pg_catalog."de_DE"` alike: a name that is quoted or qualified already stays as it is. */
export function collationSql(collation: string): string {
  return /^"|\."/.test(collation) ? collation : quoteName(collation);
}

function plainSerial(column: Column): string | undefined {
  if (!column.autoIncrement || column.nullable || column.sequence !== undefined) return undefined;
  return serials[column.type];
}

/** The sequence that must be made by a statement of its own, where `serial` does not make it. */
export function ownSequence(column: Column, table: QualifiedName): QualifiedName | undefined {
  return column.autoIncrement && plainSerial(column) === undefined ? sequenceOf(column, table) : undefined;
}

export function sequenceOf(column: Column, table: QualifiedName): QualifiedName {
  const name = column.sequence ?? derivedName(table.name, column.name, "seq");
  return table.schema === undefined ? { name } : { schema: table.schema, name };
}

export const nextval = (sequence: QualifiedName): string => `nextval(${quoteLiteral(quoteTable(sequence))}::regclass)`;

export function createSequence(sequence: QualifiedName, type: string): string {
  const { base } = parseType(type);
  return `CREATE SEQUENCE ${quoteTable(sequence)}${base in serials ? ` AS ${base}` : ""}`;
}

export function ownSequenceBy(sequence: QualifiedName, table: QualifiedName, column: string): string {
  return `ALTER SEQUENCE ${quoteTable(sequence)} OWNED BY ${quoteTable(table)}.${quoteName(column)}`;
}

export function identitySql(identity: Identity): string {
  const options = identity.options === undefined ? "" : ` (${identity.options})`;
  return `GENERATED ${identity.always ? "ALWAYS" : "BY DEFAULT"} AS IDENTITY${options}`;
}

/** What ALTER COLUMN takes to turn one identity into another; an option that is not given any more takes its default. */
export function identityChanges(from: Identity, to: Identity): readonly string[] {
  const changes = from.always === to.always ? [] : [`SET GENERATED ${to.always ? "ALWAYS" : "BY DEFAULT"}`];
  const had = identityOptions(from.options);
  const wanted = identityOptions(to.options);
  for (const [option, reset] of Object.entries(optionDefaults)) {
    const want = wanted.get(option);
    if (want !== had.get(option)) changes.push(`SET ${want ?? reset}`);
  }
  return changes;
}

const optionDefaults: Readonly<Record<string, string>> = {
  INCREMENT: "INCREMENT BY 1",
  START: "START WITH 1",
  MINVALUE: "NO MINVALUE",
  MAXVALUE: "NO MAXVALUE",
  CACHE: "CACHE 1",
  CYCLE: "NO CYCLE",
};

function identityOptions(text: string | undefined): ReadonlyMap<string, string> {
  const found = (text ?? "").matchAll(/\b(INCREMENT|START|MINVALUE|MAXVALUE|CACHE)\s+(?:BY\s+|WITH\s+)?(-?\d+)|(?<!NO\s)\bCYCLE\b/gi);
  return new Map(Array.from(found, (match) => [(match[1] ?? "CYCLE").toUpperCase(), match[0]]));
}
