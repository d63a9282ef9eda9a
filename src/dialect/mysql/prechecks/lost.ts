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
  const attributes = [...unspeakable(server), ...unsaid(op.from), ...ownCharacters(op, table)];
  return [question(server, table, `c.COLUMN_NAME = ${quoteLiteral(column)}`, attributes, columnLabel(now, op.to.name))];
}

/** Every text that follows the table is said anew. */
export function lostWithCharacters(op: AlterTable, before: Before, server: Server): readonly Question[] {
  const now = nameOf(op.schema, op.table);
  const table = before.origin(now);
  if (table === null || (op.from.charset === op.to.charset && op.from.collation === op.to.collation)) return [];
  return [question(server, table, `c.COLLATION_NAME = ${collationOf(table)}`, unspeakable(server), columnLabel(now, "*"))];
}

interface Attribute {
  readonly holds: string;
  readonly shown: string;
}

/** What no column of ours has a word for. */
function unspeakable({ flavor }: Server): readonly Attribute[] {
  const invisible = { holds: "c.EXTRA LIKE '%INVISIBLE%'", shown: "'INVISIBLE'" };
  if (flavor === "mysql") return [invisible, { holds: "c.SRS_ID IS NOT NULL", shown: "CONCAT('SRID ', c.SRS_ID)" }];
  return [
    invisible,
    { holds: "c.EXTRA LIKE '%WITHOUT SYSTEM VERSIONING%'", shown: "'WITHOUT SYSTEM VERSIONING'" },
    { holds: "c.COLUMN_TYPE LIKE '%COMPRESSED%'", shown: "'COMPRESSED'" },
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
function ownCharacters({ from, to }: AlterColumn, table: QualifiedName): readonly Attribute[] {
  const said = [from, to].some(({ charset, collation, type }) => charset !== undefined || collation !== undefined || type === "json");
  return said ? [] : [{ holds: `c.COLLATION_NAME <> ${collationOf(table)}`, shown: "CONCAT('COLLATE ', c.COLLATION_NAME)" }];
}

const placed = (table: QualifiedName): string => `TABLE_SCHEMA = ${databaseSql(table.schema)} AND TABLE_NAME = ${quoteLiteral(table.name)}`;

const collationOf = (table: QualifiedName): string => `(SELECT TABLE_COLLATION FROM information_schema.TABLES WHERE ${placed(table)})`;

/** MariaDB's checks within a column bear its name; json is one of them. */
const checksOf = (table: QualifiedName): string =>
  `
    UNION ALL SELECT CONSTRAINT_NAME, 0, 0, CONCAT('CHECK (', CHECK_CLAUSE, ')') FROM information_schema.CHECK_CONSTRAINTS
    WHERE CONSTRAINT_SCHEMA = ${databaseSql(table.schema)} AND TABLE_NAME = ${quoteLiteral(table.name)}
      AND LEVEL = 'Column' AND CHECK_CLAUSE NOT LIKE 'json\\\\_valid(%'`;

/** Each view is read by itself, by constants: MariaDB would open every table else, and has crashed over a join of two of them. */
function question(server: Server, table: QualifiedName, which: string, attributes: readonly Attribute[], label: string): Question {
  const found = attributes.map(({ holds, shown }) => `IF(${holds}, ${shown}, NULL)`).join(",\n      ");
  return {
    about: "server",
    sql: `SELECT COUNT(*) AS \`count\`, GROUP_CONCAT(CONCAT(\`name\`, ' ', \`found\`) SEPARATOR '; ') AS \`samples\` FROM (
  SELECT \`name\`, GROUP_CONCAT(\`fact\` ORDER BY \`place\` SEPARATOR ', ') AS \`found\` FROM (
    SELECT c.COLUMN_NAME AS \`name\`, 1 AS \`asked\`, 1 AS \`place\`, NULLIF(CONCAT_WS(', ',
      ${found}), '') AS \`fact\`
    FROM information_schema.COLUMNS AS c WHERE ${placed(table)} AND ${which}${server.flavor === "mysql" ? "" : checksOf(table)}
  ) AS \`facts\` GROUP BY \`name\` HAVING MAX(\`asked\`) = 1
) AS \`columns\` WHERE \`found\` <> ''`,
    code: unknownAttribute,
    message: `the change of ${label} would lose what the server has and no revision knows`,
    hint: "change it by op.execute(sql`ALTER TABLE … MODIFY …`) with all of it, or take it away from the column first",
    tables: [],
  };
}
