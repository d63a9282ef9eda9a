import { labelOf, type QualifiedName } from "../../../../core/schema.ts";
import { doBlock, quoteLiteral, quoteTable } from "../../quote.ts";
import { type Piece, plain } from "../piece.ts";
import type { Kept } from "./kept.ts";
import { grants } from "./memory.ts";
import { constraints, indexes, indexRoles, labels, statistics } from "./parts.ts";

/**
 * What a type has, and what speaks of its values: checks, the conditions of indexes, and foreign keys between two of its columns. The
 * latter must step aside while another type takes its place, and be said again in the same words, which then mean the new one.
 */
export function keptOfType(type: QualifiedName): Kept {
  const on = quoteTable(type);
  const speaks = speaking(type);
  const of = `pg_type AS r WHERE r.oid = to_regtype(${quoteLiteral(on)})`;
  return {
    what: `type ${labelOf(type)}`,
    unasked: { acl: `SELECT typacl FROM pg_type WHERE oid = to_regtype(${quoteLiteral(on)})`, on: `TYPE ${on}` },
    queries: [
      `SELECT 1, format('ALTER TYPE %s OWNER TO %I', ${quoteLiteral(on)}, pg_get_userbyid(r.typowner)), NULL::text, NULL::text FROM ${of}
  AND pg_get_userbyid(r.typowner) <> current_user`,
      `SELECT 2, format('COMMENT ON TYPE %s IS %L', ${quoteLiteral(on)}, obj_description(r.oid, 'pg_type')), NULL, NULL FROM ${of} AND obj_description(r.oid, 'pg_type') IS NOT NULL`,
      labels("pg_type", `to_regtype(${quoteLiteral(on)})`, `TYPE ${on}`),
      ...constraints(speaks.constraint),
      ...indexes(speaks.index),
      ...indexRoles(speaks.index),
      ...statistics(speaks.statistics),
      grants({
        from: `(SELECT * FROM ${of}) AS r`,
        acl: "COALESCE(r.typacl, acldefault('T', r.typowner))",
        owner: "r.typowner",
        on: `TYPE ${on}`,
        place: 1000,
      }),
    ],
  };
}

export function setAside(type: QualifiedName): Piece {
  const speaks = speaking(type);
  return plain(
    doBlock(`DECLARE
  statement text;
BEGIN
  FOR statement IN
    SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', c.conrelid::regclass, c.conname) FROM pg_constraint AS c WHERE ${speaks.constraint}
    UNION ALL SELECT format('DROP INDEX %s', x.indexrelid::regclass) FROM pg_index AS x WHERE ${speaks.index}
      AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = x.indexrelid AND contype IN ('p', 'u', 'x'))
    UNION ALL SELECT format('DROP STATISTICS %s.%I', s.stxnamespace::regnamespace, s.stxname) FROM pg_statistic_ext AS s WHERE ${speaks.statistics}
  LOOP
    EXECUTE statement;
  END LOOP;
END`),
  );
}

interface Speaking {
  readonly constraint: string;
  readonly index: string;
  readonly statistics: string;
}

function speaking(type: QualifiedName): Speaking {
  const both = `SELECT unnest(ARRAY[t.oid, t.typarray]) FROM pg_type AS t WHERE t.oid = to_regtype(${quoteLiteral(quoteTable(type))})`;
  const dependsOnIt = (catalogue: string, id: string) =>
    `EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = '${catalogue}'::regclass AND d.objid = ${id} AND d.refclassid = 'pg_type'::regclass AND d.refobjid IN (${both}))`;
  const isOfIt = "EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey) AND a.atttypid IN (";
  return {
    // the condition of an exclusion is its index's
    constraint: `(c.contype = 'c' AND c.conrelid <> 0 AND ${dependsOnIt("pg_constraint", "c.oid")}
    OR c.contype = 'x' AND ${dependsOnIt("pg_class", "c.conindid")} OR c.contype = 'f' AND ${isOfIt}${both})))`,
    index: dependsOnIt("pg_class", "x.indexrelid"),
    statistics: dependsOnIt("pg_statistic_ext", "s.oid"),
  };
}
