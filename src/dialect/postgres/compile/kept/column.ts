import { labelOf, type QualifiedName } from "../../../../core/schema.ts";
import { quoteLiteral, quoteName, quoteTable } from "../../quote.ts";
import type { Kept } from "./kept.ts";
import { grants } from "./memory.ts";
import { columnSettings, constraints, indexes, indexRoles, labels, statistics } from "./parts.ts";

/**
 * Everything that hangs on a column and would go with it without a word: its grants and settings, and every index and constraint that
 * still stands on it. What the list itself drops is gone by now.
 */
export function keptOfColumn(table: QualifiedName, column: string, keepComment: boolean): Kept {
  const on = quoteTable(table);
  const text = quoteLiteral(on);
  const name = quoteLiteral(column);
  const place = `c.attrelid = to_regclass(${text}) AND c.attname = ${name} AND NOT c.attisdropped`;
  const number = `(SELECT c.attnum FROM pg_attribute AS c WHERE ${place})`;
  const standsOn = (catalogue: string, id: string) =>
    `EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = '${catalogue}'::regclass AND d.objid = ${id} AND d.refclassid = 'pg_class'::regclass AND d.refobjid = to_regclass(${text}) AND d.refobjsubid = ${number})`;
  const keyed = `c.conrelid = to_regclass(${text}) AND ${number} = ANY (c.conkey) AND c.contype IN ('c', 'u', 'p', 'x', 'f')`;
  const indexed = `x.indrelid = to_regclass(${text}) AND (${number} = ANY (x.indkey) OR ${standsOn("pg_class", "x.indexrelid")})`;
  return {
    what: `column ${labelOf(table)}.${column}`,
    relation: on,
    queries: [
      `SELECT 1, NULL::text, NULL::text, NULL::text WHERE false`,
      ...constraints(keyed),
      ...indexes(indexed),
      ...indexRoles(indexed),
      labels("pg_class", `to_regclass(${text})`, `COLUMN ${on}.${quoteName(column)}`, column),
      ...columnSettings("TABLE", on, `c.attname = ${name}`),
      ...statistics(`s.stxrelid = to_regclass(${text}) AND (${number} = ANY (s.stxkeys) OR ${standsOn("pg_statistic_ext", "s.oid")})`),
      ...(keepComment
        ? [
            `SELECT 31, format('COMMENT ON COLUMN %s.%I IS %L', ${text}, c.attname, col_description(c.attrelid, c.attnum)), NULL, NULL
  FROM pg_attribute AS c WHERE ${place} AND col_description(c.attrelid, c.attnum) IS NOT NULL`,
          ]
        : []),
      grants({
        from: `(SELECT c.attname, c.attacl, o.relowner FROM pg_attribute AS c JOIN pg_class AS o ON o.oid = c.attrelid WHERE ${place}) AS r`,
        acl: "r.attacl",
        owner: "r.relowner",
        on,
        column: "r.attname",
        place: 1000,
      }),
    ],
  };
}
