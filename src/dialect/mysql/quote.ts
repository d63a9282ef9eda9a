import type { QualifiedName } from "../../core/schema.ts";
import { literal, quoted } from "./scan.ts";

export const quoteName = quoted;

/** Without a schema the name stands in the connection's database. */
export function quoteTable(name: QualifiedName): string {
  return name.schema === undefined ? quoteName(name.name) : `${quoteName(name.schema)}.${quoteName(name.name)}`;
}

/** Every session has NO_BACKSLASH_ESCAPES off, so a backslash is written twice. */
export const quoteLiteral = literal;

export function quoteNames(names: readonly string[]): string {
  return names.map(quoteName).join(", ");
}

/** The longest identifier has 64 characters. */
export function cutName(name: string, characters = 64): string {
  return [...name].slice(0, characters).join("");
}

/** A database as information_schema names it. */
export function databaseSql(schema: string | undefined): string {
  return schema === undefined ? "DATABASE()" : quoteLiteral(schema);
}
