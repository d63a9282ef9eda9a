import type { Server } from "../../../core/db.ts";
import type { Column } from "../../../core/schema.ts";
import { charactersOf, charactersOfServer, charactersToSay } from "../charsets.ts";
import { normalizeExpression } from "../expressions.ts";
import { literal } from "../scan.ts";
import { baseType, normalizeType } from "../types.ts";
import type { Precise } from "./precise.ts";
import type { TableRows } from "./rows.ts";

type Line = TableRows["columns"][number];

export function columnsOf(rows: TableRows, precise: Precise, server: Server): readonly Column[] {
  const around = charactersOf(collationOnly(rows.table[3]), charactersOfServer(server), server);
  const json = jsonColumns(rows);
  return rows.columns.map((row) => {
    const [, , name = null, said = null, nullable, , extra = null, , charset = null, collation = null, comment] = row;
    const folded = json.has(name ?? "");
    const type = folded ? "json" : normalizeType(said ?? "").type;
    const own = charactersOf(collationOnly(collation), around, server);
    const generated = generatedOf(row, rows, precise, server);
    const value = generated === undefined ? defaultOf(row, rows, precise, server) : undefined;
    const onUpdate = /on update (.*?)(?: INVISIBLE)?$/i.exec(extra ?? "")?.[1];
    return {
      name: name ?? "",
      type,
      ...(nullable === "YES" && { nullable: true as const }),
      ...(value !== undefined && { default: value }),
      ...(generated && { generated }),
      ...(/auto_increment/i.test(extra ?? "") && { autoIncrement: true as const }),
      ...(onUpdate && { onUpdate }),
      ...(!folded && charset && charactersToSay(own, around, server)),
      ...(comment && { comment }),
    };
  });
}

function collationOnly(collation: string | null | undefined): { readonly collation?: string } {
  return collation ? { collation } : {};
}

/** On MariaDB json is a longtext in utf8mb4_bin with a check of its own. */
export function jsonColumns(rows: TableRows): ReadonlySet<string> {
  const checked = new Set(
    rows.checks.filter(([, name, level, clause]) => level === "Column" && clause === `json_valid(\`${name}\`)`).map((row) => row[1]),
  );
  const folded = rows.columns.filter(
    ([, , name, type, , , , , , collation]) => checked.has(name ?? null) && type === "longtext" && collation === "utf8mb4_bin",
  );
  return new Set(folded.map((row) => row[2] ?? ""));
}

function generatedOf(row: Line, rows: TableRows, precise: Precise, server: Server): Column["generated"] {
  const [, , name, , , , extra, expression] = row;
  const stored = /\b(STORED|PERSISTENT) GENERATED\b/i.test(extra ?? "");
  if (!expression || (!stored && !/\bVIRTUAL GENERATED\b/i.test(extra ?? ""))) return undefined;
  const shown = precise.shown(rows.name)?.columns.get(name ?? "")?.generated;
  const names = rows.columns.map((column) => column[2] ?? "");
  return { expression: normalizeExpression(expressionText(expression, server, shown), names), stored };
}

function defaultOf(row: Line, rows: TableRows, precise: Precise, server: Server): string | undefined {
  const [, , name, type, , value, extra] = row;
  if (value === null || value === undefined) return undefined;
  const exact = precise.value(rows.name, name ?? "");
  if (exact !== undefined) return exact;
  if (server.flavor === "mariadb") return value === "NULL" ? undefined : value;
  return mysqlDefault(value, type ?? "", extra ?? "");
}

/** MySQL says a literal's bare value; EXTRA tells an expression from it. */
export function mysqlDefault(value: string, type: string, extra: string): string {
  const base = baseType(type);
  if (/\bDEFAULT_GENERATED\b/.test(extra)) {
    const time = /^(CURRENT_TIMESTAMP|now)(\(\d?\))?$/i.test(value) && (base === "datetime" || base === "timestamp");
    return time ? value : `(${unescaped(value)})`;
  }
  if (bare.has(base)) return value;
  return /binary|blob/.test(base) && /^0x[0-9a-f]*$/i.test(value) ? value : literal(value);
}
const bare = new Set(["tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "float", "double", "bit", "year"]);

/** As the server keeps it: MariaDB's dictionary has no character of four bytes, which its SHOW CREATE has; with MySQL it is the other way round. */
export function expressionText(text: string, server: Server, shown?: string): string {
  return server.flavor === "mysql" ? unescaped(text) : (shown ?? text);
}

/** MySQL prints an expression with its quotes escaped and each byte of a character as one of its own: `_utf8mb4\'Ã¤\'`. */
export function unescaped(text: string): string {
  return text.replace(/\\(['\\])/g, "$1").replace(/[\u00c2-\u00f4][\u0080-\u00bf]+/g, joined);
}

function joined(bytes: string): string {
  try {
    return utf8.decode(Buffer.from(bytes, "latin1"));
  } catch {
    // letters of another character set, whose introducer stands before them
    return bytes;
  }
}
const utf8 = new TextDecoder("utf-8", { fatal: true });
