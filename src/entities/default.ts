import type { Context } from "./context.ts";
import type { ColumnMetadata } from "./metadata.ts";

const numeric = /^(smallint|integer|bigint|numeric|real|double precision|int|tinyint|mediumint|decimal|float|double|bit|year)(\(|\s|$)/;
const isNumber = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** A column's default as an SQL expression; functions give one, everything else is a value. */
export function defaultOf(column: ColumnMetadata, type: string, context: Context): string | undefined {
  const { default: value } = column;
  if (value === undefined || value === null) return undefined;
  if (typeof value === "function") return context.dataSource.driver.normalizeDefault(column) || undefined;
  if (context.dialect === "postgres") return postgresLiteral(value, type, column);
  const literal = mysqlLiteral(value, type, column);
  // only MariaDB takes a plain literal here
  return context.flavor === "mysql" && /^(json|(tiny|medium|long)?(text|blob)|geometry|point)\b/.test(type) ? `(${literal})` : literal;
}

function postgresLiteral(value: unknown, type: string, column: ColumnMetadata): string {
  const text = Array.isArray(value) && type.endsWith("[]") ? arrayText(value) : textOf(value, column);
  if (type === "boolean" && /^(true|false|t|f|0|1)$/i.test(text)) return /^(true|t|1)$/i.test(text) ? "true" : "false";
  return `'${text.replaceAll("'", "''")}'`;
}

/** `{"a b",c,NULL}`, with everything quoted that could be read as something else */
function arrayText(values: readonly unknown[]): string {
  const members = values.map((value) => {
    if (Array.isArray(value)) return arrayText(value);
    if (value === null || value === undefined) return "NULL";
    const text = typeof value === "object" && !(value instanceof Date) ? JSON.stringify(value) : String(plain(value));
    return /^[^\s{}",\\]+$/.test(text) && text.toUpperCase() !== "NULL" ? text : `"${text.replace(/["\\]/g, "\\$&")}"`;
  });
  return `{${members.join(",")}}`;
}

function mysqlLiteral(value: unknown, type: string, column: ColumnMetadata): string {
  if (typeof value === "boolean" && !/^(json|longtext)/.test(type)) return value ? "1" : "0";
  // as TypeORM rounds it, so that what synchronize has built is no difference; models.ts warns where that changes the value
  const text = typeof value === "number" ? value.toFixed(column.scale ?? 0) : textOf(value, column);
  if (numeric.test(type) && isNumber.test(text)) return text;
  if (/^(tinyint|bit)/.test(type) && /^(true|false)$/i.test(text)) return /^true$/i.test(text) ? "1" : "0";
  // TypeORM escapes nothing: where its literal is one at all, the server reads the backslashes in it. Of an enum it must be one of the values
  const plainly = !/^(enum|set)\(/.test(type) && !text.includes("'") && !/(?:^|[^\\])(?:\\\\)*\\$/.test(text);
  return plainly ? `'${text}'` : `'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}

/** TypeORM writes a number on MySQL with the column's scale, which is none where it is not said. */
export function roundedDefault(column: ColumnMetadata): string | null {
  const { default: value, scale, databaseName } = column;
  if (typeof value !== "number" || Number(value.toFixed(scale ?? 0)) === value) return null;
  return `the default ${value} of ${databaseName} becomes ${value.toFixed(scale ?? 0)}, as TypeORM writes it: give the column a scale, or a text`;
}

function textOf(value: unknown, { type }: ColumnMetadata): string {
  if (Array.isArray(value) && (type === "simple-array" || type === "set")) return value.join(",");
  const simple = plain(value);
  return typeof simple === "object" || (type === "simple-json" && typeof simple !== "string") ? JSON.stringify(simple) : String(simple);
}

function plain(value: unknown): unknown {
  return value instanceof Date ? value.toISOString() : value;
}
