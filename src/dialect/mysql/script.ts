import type { Guard, ScriptSql } from "../dialect.ts";
import { databaseSql, quoteLiteral, quoteName } from "./quote.ts";

export const script: ScriptSql = {
  opening: ["-- for mysql or mariadb, without --force"],
  withReturns: ["-- with --binary-mode: otherwise the client drops the carriage returns in names"],
  begin: "START TRANSACTION",
  stopWhen: (title, hint, guards) => [
    "SET @limbeck_found = NULL",
    ...guards.flatMap(question),
    // all of it is printed, because the error's own text has room for little
    ...prepared(
      `IF(@limbeck_found IS NULL, 'DO 0', ${quoteLiteral(`SELECT @limbeck_found AS ${quoteName(title)}, ${quoteLiteral(hint)} AS \`what to do\``)})`,
    ),
    ...prepared(`IF(@limbeck_found IS NULL, 'DO 0', CONCAT('SELECT \`', ${complaint(title)}, '\`'))`),
  ],
  loop: (sql) => [
    "DROP PROCEDURE IF EXISTS limbeck_batches",
    `DELIMITER //
CREATE PROCEDURE limbeck_batches()
BEGIN
  REPEAT
    ${sql};
    SET @limbeck_changed = ROW_COUNT();
    COMMIT;
  UNTIL @limbeck_changed = 0 END REPEAT;
END //
DELIMITER ;`,
    "CALL limbeck_batches()",
    "DROP PROCEDURE limbeck_batches",
  ],
};

/**
 * Outside of a procedure, which would take another right and commit what is open, MySQL knows no way to raise an error of one's own:
 * the server is asked for a column of that name, and says in its complaint that there is none.
 */
const complaint = (title: string) => `REPLACE(LEFT(CONCAT(${quoteLiteral(`${title}: `)}, TRIM(@limbeck_found)), 180), '\`', "'")`;

const prepared = (text: string): readonly string[] => [
  `SET @limbeck_ask = ${text}`,
  "PREPARE limbeck_ask FROM @limbeck_ask",
  "EXECUTE limbeck_ask",
  "DEALLOCATE PREPARE limbeck_ask",
];

/** As in a live run, what cannot be asked stops nothing: the statement itself will say what is wrong. */
function question({ sql, message, counts, tables }: Guard): readonly string[] {
  const samples = sql.includes("samples") ? "`samples`" : "NULL";
  const ask = quoteLiteral(`SELECT \`count\`, ${samples} INTO @limbeck_count, @limbeck_samples FROM (${sql}) AS \`asked\``);
  const there = tables.map(isThere).join(" AND ");
  const said = counts
    ? "' (', @limbeck_count, IF(@limbeck_count = 1, ' row', ' rows'), COALESCE(CONCAT(', as ', NULLIF(@limbeck_samples, '')), ''), ')'"
    : "COALESCE(CONCAT(': ', NULLIF(@limbeck_samples, '')), '')";
  return [
    "SET @limbeck_count = 0, @limbeck_samples = NULL",
    ...prepared(there === "" ? ask : `IF(${there}, ${ask}, 'DO 0')`),
    `SET @limbeck_found = IF(@limbeck_count > 0, CONCAT_WS(CHAR(10 USING utf8mb4), @limbeck_found, CONCAT(${quoteLiteral(`  ${message}`)}, ${said})), @limbeck_found)`,
  ];
}

function isThere({ schema, name, columns }: Guard["tables"][number]): string {
  const place = `TABLE_SCHEMA = ${databaseSql(schema)} AND TABLE_NAME = ${quoteLiteral(name)}`;
  if (columns.length === 0) return `(SELECT COUNT(*) FROM information_schema.TABLES WHERE ${place}) > 0`;
  const names = [...new Set(columns)].map(quoteLiteral);
  return `(SELECT COUNT(*) FROM information_schema.COLUMNS WHERE ${place} AND COLUMN_NAME IN (${names.join(", ")})) = ${names.length}`;
}
