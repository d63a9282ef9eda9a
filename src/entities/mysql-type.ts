import type { Context } from "./context.ts";
import type { ColumnMetadata } from "./metadata.ts";

const integers: Readonly<Record<string, number>> = { tinyint: 3, smallint: 5, mediumint: 8, int: 10, bigint: 20 };
const approximate = new Set(["float", "double"]);
const moments = new Set(["datetime", "timestamp", "time"]);
const sized = new Set(["char", "varchar", "binary", "varbinary", "bit", "vector"]);
const single = new Set(["char", "binary", "bit"]);

/** The type as information_schema's COLUMN_TYPE prints it, without the widths that mean nothing. */
export function mysqlType(column: ColumnMetadata, { dataSource: { driver } }: Context): string {
  const word = synonym(driver.normalizeType(column).toLowerCase());
  const { precision, scale } = column;
  if (word === "enum" || word === "set") return `${word}(${(column.enum ?? []).map(member).join(",")})`;
  if (sized.has(word)) {
    // to TypeORM a uuid on MySQL is a varchar like any other; up to 0.3 the length of bit may be called its width
    const length = driver.getColumnLength(column) || driver.getColumnLength({ ...column, type: word }) || column.width;
    if (length) return `${word}(${length})`;
    return single.has(word) ? `${word}(1)` : word;
  }
  if (moments.has(word)) return precision ? `${word}(${precision})` : word;
  const sign = column.zerofill ? " unsigned zerofill" : column.unsigned ? " unsigned" : "";
  if (word === "decimal") return `decimal(${precision ?? 10},${scale ?? 0})${sign}`;
  if (approximate.has(word)) {
    const both = precision !== undefined && precision !== null && scale !== undefined && scale !== null;
    return `${word}${both ? `(${precision},${scale})` : ""}${sign}`;
  }
  const digits = integers[word];
  if (digits === undefined) return word;
  if (column.zerofill) return `${word}(${column.width ?? digits})${sign}`;
  return word === "tinyint" && column.width === 1 && sign === "" ? "tinyint(1)" : `${word}${sign}`;
}

function synonym(word: string): string {
  return word === "integer" ? "int" : word;
}

/** TypeORM leaves a backslash alone, and the server would take it for the beginning of something else. */
function member(value: unknown): string {
  return `'${String(value).replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}
