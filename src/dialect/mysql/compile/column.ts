import type { Server } from "../../../core/db.ts";
import type { Column, QualifiedName } from "../../../core/schema.ts";
import { normalizeDefault } from "../defaults.ts";
import { databaseSql, quoteLiteral, quoteName } from "../quote.ts";
import { literal, scan, withoutOuterParentheses } from "../scan.ts";
import { shownAs } from "../settle.ts";
import { baseType, normalizeType } from "../types.ts";
import { columnIsThere } from "./observe.ts";

/** A column as CREATE TABLE, ADD COLUMN and MODIFY COLUMN take it: all of it, because MODIFY forgets what is not said. */
export function columnSql(column: Column, server: Server): string {
  const parts = [quoteName(column.name), column.type];
  if (column.charset !== undefined) parts.push(`CHARACTER SET ${column.charset}`);
  if (column.collation !== undefined) parts.push(`COLLATE ${column.collation}`);
  if (column.generated !== undefined) {
    parts.push(`GENERATED ALWAYS AS (${column.generated.expression}) ${column.generated.stored ? "STORED" : "VIRTUAL"}`);
    // MariaDB knows no NOT NULL here
    if (!column.nullable && server.flavor === "mysql") parts.push("NOT NULL");
  } else {
    // a timestamp that says neither takes what the server's settings say
    parts.push(column.nullable ? "NULL" : "NOT NULL");
    const value = defaultSql(column, server);
    if (value !== undefined) parts.push(`DEFAULT ${value}`);
    if (column.onUpdate !== undefined) parts.push(`ON UPDATE ${column.onUpdate}`);
    if (column.autoIncrement ?? column.identity) parts.push("AUTO_INCREMENT");
  }
  if (column.comment !== undefined) parts.push(`COMMENT ${quoteLiteral(column.comment)}`);
  return parts.join(" ");
}

/** A literal or the current time as it is, anything else in parentheses. */
export function defaultSql(column: Column, server: Server): string | undefined {
  if (column.default === undefined || column.autoIncrement || column.identity) return undefined;
  const spelled = normalizeDefault(column.default, normalizeType(column.type).type, server.flavor);
  if (spelled === undefined || !spelled.startsWith("(")) return spelled;
  const given = column.default.trim();
  const tokens = scan(given);
  return tokens[0]?.text === "(" && withoutOuterParentheses(tokens).length < tokens.length ? given : `(${given})`;
}

/** Is the value the same for every row? */
export function isConstant(expression: string): boolean {
  const tokens = withoutOuterParentheses(scan(expression));
  const signed = tokens.length === 2 && (tokens[0]?.text === "-" || tokens[0]?.text === "+") && tokens[1]?.kind === "number";
  const [first] = tokens;
  if (signed || first === undefined) return signed;
  return tokens.length === 1 && (["string", "number", "bytes"].includes(first.kind) || ["true", "false", "null"].includes(first.text));
}

/** Is the value another one each time that it is asked for? */
export const isDrawn = (expression: string): boolean =>
  /\b(?:rand|uuid\w*|sys_guid|random_bytes|nextval|sysdate|(?:current_|session_|system_)?user)\s*\(/i.test(expression);

/** What the server's tables say once a column is as `to` and not as `from`: every attribute in which they differ. */
export function columnIs(table: QualifiedName, from: Column | undefined, to: Column): string {
  const conditions: string[] = [];
  const differ = (field: keyof Column): boolean => JSON.stringify(from?.[field]) !== JSON.stringify(to[field]);
  if (differ("type"))
    conditions.push(
      `CAST(COLUMN_TYPE AS BINARY) IN (${spellingsOf(to.type)
        .flatMap((type) => [type, shownAs(type)])
        .map(binary)
        .join(", ")})`,
    );
  if (to.generated === undefined && differ("nullable")) conditions.push(`IS_NULLABLE = '${to.nullable ? "YES" : "NO"}'`);
  if (to.generated === undefined && from !== undefined && differ("default")) conditions.push(defaultIs(to));
  if (differ("autoIncrement")) conditions.push(has("auto_increment", to.autoIncrement !== undefined));
  if (from !== undefined && differ("onUpdate")) conditions.push(has("on update", to.onUpdate !== undefined));
  if (differ("generated")) conditions.push(generatedIs(to));
  if (differ("charset") && to.charset !== undefined) conditions.push(`CHARACTER_SET_NAME = ${quoteLiteral(to.charset)}`);
  if (differ("collation") && to.collation !== undefined) conditions.push(`COLLATION_NAME = ${quoteLiteral(to.collation)}`);
  if (differ("comment"))
    conditions.push(`CAST(COLUMN_COMMENT AS BINARY) IN (${[to.comment ?? "", shownAs(to.comment ?? "")].map(binary).join(", ")})`);
  const there = columnIsThere(table, to.name, ...conditions);
  if (from !== undefined && baseType(from.type) === "json" && differ("type"))
    return `(${there} /*M! AND NOT ${jsonChecked(table, to.name)} */)`;
  if (baseType(to.type) !== "json" || !differ("type")) return there;
  return `(${there} AND (/*M! ${jsonChecked(table, to.name)} OR */ ${columnIsThere(table, to.name, "DATA_TYPE = 'json'")}))`;
}

/** MariaDB's json is a text with a check of the column's name; to MySQL, whose json is a type and whose checks name no table, it is a comment. */
const jsonChecked = (table: QualifiedName, column: string): string =>
  `EXISTS (SELECT 1 FROM information_schema.CHECK_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = ${databaseSql(table.schema)} AND ` +
  `TABLE_NAME = ${quoteLiteral(table.name)} AND CONSTRAINT_NAME = ${quoteLiteral(column)} AND CHECK_CLAUSE LIKE 'json_valid(%')`;

const binary = (text: string): string => `CAST(${quoteLiteral(text)} AS BINARY)`;
const has = (word: string, wanted: boolean): string => `EXTRA ${wanted ? "" : "NOT "}LIKE '%${word}%'`;

function generatedIs({ generated }: Column): string {
  if (generated === undefined) return "COALESCE(GENERATION_EXPRESSION, '') = ''";
  const bare = (text: string): string => text.replace(/[\s`()]/g, "").toLowerCase();
  const stripped = ["'`'", "' '", "'('", "')'"].reduce(
    (text, sign) => `REPLACE(${text}, ${sign}, '')`,
    "CONVERT(GENERATION_EXPRESSION USING utf8mb4)",
  );
  return `EXTRA LIKE '${generated.stored ? "%STORED%" : "%VIRTUAL%"}' AND LOWER(${stripped}) IN (${quoteLiteral(bare(generated.expression))}, ${quoteLiteral(bare(shownAs(generated.expression)))})`;
}

/** MariaDB has the literal, MySQL its value. */
function defaultIs(column: Column): string {
  if (column.default === undefined) return "COALESCE(COLUMN_DEFAULT, 'NULL') = 'NULL'";
  const tokens = withoutOuterParentheses(scan(column.default));
  const [first] = tokens;
  const value = tokens.length === 1 && first !== undefined ? first.value : column.default.replace(/^\((.*)\)$/s, "$1");
  const bare = (text: string): string => text.replace(/[`()]/g, "").toLowerCase();
  const stripped = "REPLACE(REPLACE(REPLACE(LOWER(CONVERT(COLUMN_DEFAULT USING utf8mb4)), '`', ''), '(', ''), ')', '')";
  // the dictionary shows a question mark for a character of four bytes
  // MariaDB has a literal with its backslashes, MySQL a text's as it would stand within another one
  const escaped = (text: string): string => text.replace(/[\\']/g, "\\$&");
  const shown = `'${escaped(value)}'`;
  const texts = [literal(value), shown, `_utf8mb4${escaped(shown)}`, value, column.default].flatMap((text) => [text, shownAs(text)]);
  const spelled = texts.map((text) => quoteLiteral(bare(text)));
  return `${stripped} IN (${[...new Set(spelled)].join(", ")})`;
}

const widths: Readonly<Record<string, readonly [number, number]>> = {
  tinyint: [4, 3],
  smallint: [6, 5],
  mediumint: [9, 8],
  int: [11, 10],
  bigint: [20, 20],
};

/** How COLUMN_TYPE may have it: MariaDB still prints widths, and json is a text to it. */
function spellingsOf(given: string): readonly string[] {
  const { type } = normalizeType(given);
  if (type === "json") return ["json", "longtext"];
  if (type === "year") return ["year", "year(4)"];
  const match = /^(tinyint|smallint|mediumint|int|bigint)( unsigned)?$/.exec(type);
  const width = match?.[1] === undefined ? undefined : widths[match[1]];
  if (match === null || width === undefined) return [...new Set([type, given])];
  return [type, `${match[1]}(${match[2] === undefined ? width[0] : width[1]})${match[2] ?? ""}`];
}

export const holdsText = (type: string): boolean => /^(var)?char$|text$|^enum$|^set$/.test(baseType(type));
