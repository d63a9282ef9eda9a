import type { Server } from "../../../core/db.ts";
import type { AlterColumn, AlterTable } from "../../../core/operation.ts";
import type { Column, QualifiedName } from "../../../core/schema.ts";
import { type Before, nameOf } from "../../shared/prechecks/before.ts";
import { databaseSql, quoteLiteral } from "../quote.ts";
import { columnLabel, type Question } from "./question.ts";

/** Its code: of two changes of one column only the first meets the column as the server has it. */
export const unknownAttribute = "unknown-attribute";

/** MODIFY says a column anew: has the server more of it than the history knows? It would be gone without a word. */
export function lostWith(op: AlterColumn, before: Before, server: Server): readonly Question[] {
  const now = nameOf(op.schema, op.table);
  const table = before.origin(now);
  const column = before.column(now, op.to.name);
  if (table === null || column === null) return [];
  const attributes = [...unspeakable(server, table), ...unsaid(op.from), ...ownCharacters(op)];
  return [question(table, `c.COLUMN_NAME = ${quoteLiteral(column)}`, attributes, columnLabel(now, op.to.name))];
}

/** Every text that follows the table is said anew. */
export function lostWithCharacters(op: AlterTable, before: Before, server: Server): readonly Question[] {
  const now = nameOf(op.schema, op.table);
  const table = before.origin(now);
  if (table === null || (op.from.charset === op.to.charset && op.from.collation === op.to.collation)) return [];
  return [question(table, "c.COLLATION_NAME = t.TABLE_COLLATION", unspeakable(server, table), columnLabel(now, "*"))];
}

interface Attribute {
  readonly holds: string;
  readonly shown: string;
}

/** What no column of ours has a word for. */
function unspeakable({ flavor }: Server, table: QualifiedName): readonly Attribute[] {
  const invisible = { holds: "c.EXTRA LIKE '%INVISIBLE%'", shown: "'INVISIBLE'" };
  if (flavor === "mysql") return [invisible, { holds: "c.SRS_ID IS NOT NULL", shown: "CONCAT('SRID ', c.SRS_ID)" }];
  const check =
    // by constants, or every table of the server would be opened
    `FROM information_schema.CHECK_CONSTRAINTS AS k WHERE k.CONSTRAINT_SCHEMA = ${databaseSql(table.schema)} AND k.TABLE_NAME = ${quoteLiteral(table.name)} ` +
    "AND k.LEVEL = 'Column' AND k.CONSTRAINT_NAME = c.COLUMN_NAME AND k.CHECK_CLAUSE NOT LIKE 'json\\\\_valid(%'";
  return [
    invisible,
    { holds: "c.EXTRA LIKE '%WITHOUT SYSTEM VERSIONING%'", shown: "'WITHOUT SYSTEM VERSIONING'" },
    { holds: "c.COLUMN_TYPE LIKE '%COMPRESSED%'", shown: "'COMPRESSED'" },
    { holds: `EXISTS (SELECT 1 ${check})`, shown: `CONCAT('CHECK (', (SELECT k.CHECK_CLAUSE ${check}), ')')` },
  ];
}

/** What a column of ours could have said, and this one does not. */
function unsaid({ comment, onUpdate, autoIncrement, identity, generated, default: value }: Column): readonly Attribute[] {
  const unknown = (known: unknown, holds: string, shown: string): readonly Attribute[] => (known === undefined ? [{ holds, shown }] : []);
  const counted = autoIncrement ?? identity;
  return [
    ...unknown(comment, "c.COLUMN_COMMENT <> ''", "CONCAT('COMMENT ', QUOTE(c.COLUMN_COMMENT))"),
    ...unknown(onUpdate, "c.EXTRA LIKE '%on update%'", "'ON UPDATE CURRENT_TIMESTAMP'"),
    ...unknown(counted, "c.EXTRA LIKE '%auto_increment%'", "'AUTO_INCREMENT'"),
    ...unknown(generated, "COALESCE(c.GENERATION_EXPRESSION, '') <> ''", "CONCAT('AS (', c.GENERATION_EXPRESSION, ')')"),
    ...unknown(value ?? generated ?? counted, "COALESCE(c.COLUMN_DEFAULT, 'NULL') <> 'NULL'", "CONCAT('DEFAULT ', c.COLUMN_DEFAULT)"),
  ];
}

/** Without a word about characters a text takes its table's. */
function ownCharacters({ from, to }: AlterColumn): readonly Attribute[] {
  const said = [from, to].some(({ charset, collation, type }) => charset !== undefined || collation !== undefined || type === "json");
  return said ? [] : [{ holds: "c.COLLATION_NAME <> t.TABLE_COLLATION", shown: "CONCAT('COLLATE ', c.COLLATION_NAME)" }];
}

function question(table: QualifiedName, which: string, attributes: readonly Attribute[], label: string): Question {
  const found = attributes.map(({ holds, shown }) => `IF(${holds}, ${shown}, NULL)`).join(",\n    ");
  const place = (alias: string): string =>
    `${alias}.TABLE_SCHEMA = ${databaseSql(table.schema)} AND ${alias}.TABLE_NAME = ${quoteLiteral(table.name)}`;
  return {
    about: "server",
    sql: `SELECT COUNT(*) AS \`count\`, GROUP_CONCAT(CONCAT(\`name\`, ' ', \`found\`) SEPARATOR '; ') AS \`samples\` FROM (
  SELECT c.COLUMN_NAME AS \`name\`, CONCAT_WS(', ',
    ${found}) AS \`found\`
  FROM information_schema.COLUMNS AS c JOIN information_schema.TABLES AS t
  WHERE ${place("c")} AND ${place("t")} AND ${which}
) AS \`columns\` WHERE \`found\` <> ''`,
    code: unknownAttribute,
    message: `the change of ${label} would lose what the server has and no revision knows`,
    hint: 'change it by op.execute("ALTER TABLE … MODIFY …") with all of it, or take it away from the column first',
    tables: [],
  };
}
