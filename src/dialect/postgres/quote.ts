import type { QualifiedName } from "../../core/schema.ts";

export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Without a schema the name stands in the connection's default schema, whichever that is. */
export function quoteTable(name: QualifiedName): string {
  return name.schema === undefined ? quoteName(name.name) : `${quoteName(name.schema)}.${quoteName(name.name)}`;
}

/** Every session has standard_conforming_strings on, so a backslash is a character like any other. */
export function quoteLiteral(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

export function quoteNames(names: readonly string[]): string {
  return names.map(quoteName).join(", ");
}

/** A DO block; its dollar tag is one that the body does not hold. */
export function doBlock(body: string): string {
  let tag = "$do$";
  for (let i = 1; body.includes(tag); i++) tag = `$do${i}$`;
  return `DO ${tag}\n${body}\n${tag}`;
}

/** The longest identifier PostgreSQL keeps is 63 bytes; a longer one is cut between characters. */
export function cutName(name: string, bytes = 63): string {
  // no character is more than three bytes for each of its units
  if (name.length * 3 <= bytes) return name;
  const text = Buffer.from(name, "utf8");
  if (text.length <= bytes) return name;
  let end = bytes;
  while (end > 0 && ((text[end] ?? 0) & 0xc0) === 0x80) end--;
  return text.subarray(0, end).toString("utf8");
}

/** The name that PostgreSQL derives for what it makes itself: `exams_id_seq`. The longer part is cut until all fits. */
export function derivedName(table: string, column: string, label: string): string {
  const room = 63 - Buffer.byteLength(label) - 2;
  let first = Buffer.byteLength(table);
  let second = Buffer.byteLength(column);
  while (first + second > room) {
    if (first > second) first--;
    else second--;
  }
  return `${cutName(table, first)}_${cutName(column, second)}_${label}`;
}
