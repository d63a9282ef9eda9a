import type { DroppedPart, Taken } from "../../shared/prechecks/taken.ts";
import { notIn, rowsIn, rowsOf } from "./catalogue.ts";

const ofTable = "JOIN pg_class AS c ON c.oid = x.indrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace";
const isOneOf = (parts: readonly DroppedPart[]): string => `(n.nspname, c.relname, i.relname) IN (${rowsIn(parts).join(", ")})`;

/** Foreign keys that point to a key which goes, and views that group by it: the server does not let it go from under them. */
export function onParts({ parts, relations }: Taken): readonly string[] {
  const place = `pg_index AS x JOIN pg_class AS i ON i.oid = x.indexrelid ${ofTable} LEFT JOIN pg_constraint AS o ON o.conindid = i.oid AND o.contype IN ('p', 'u')
JOIN pg_depend AS d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = i.oid OR d.refclassid = 'pg_constraint'::regclass AND d.refobjid = o.oid`;
  const leaving = rowsOf(relations);
  return [
    `SELECT DISTINCT concat('constraint ', quote_ident(k.conname), ' on table ', k.conrelid::regclass) AS "lack" FROM ${place}
JOIN pg_constraint AS k ON d.classid = 'pg_constraint'::regclass AND k.oid = d.objid AND k.contype = 'f' AND k.conparentid = 0
JOIN pg_class AS kc ON kc.oid = k.conrelid JOIN pg_namespace AS kn ON kn.oid = kc.relnamespace
WHERE ${isOneOf(parts)}${notIn("(kn.nspname, kc.relname)", leaving)}${notIn("(kn.nspname, kc.relname, k.conname)", rowsIn(parts))}`,
    `SELECT DISTINCT concat('view ', r.ev_class::regclass) FROM ${place} JOIN pg_rewrite AS r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
JOIN pg_class AS rc ON rc.oid = r.ev_class JOIN pg_namespace AS rn ON rn.oid = rc.relnamespace WHERE ${isOneOf(parts)}${notIn("(rn.nspname, rc.relname)", leaving)}`,
  ];
}

/** What an index is to its table besides: it would go with the index, also with one that comes again. */
export function rolesOf({ parts, relations, said }: Taken): readonly string[] {
  const from = `FROM pg_index AS x JOIN pg_class AS i ON i.oid = x.indexrelid ${ofTable} WHERE ${isOneOf(parts)}${notIn("(n.nspname, c.relname)", rowsOf(relations))}`;
  const role = (what: string, clause: string, mark: string, named: RegExp): readonly string[] =>
    // what SQL of the author's own speaks of he knows of
    said.some((sql) => named.test(sql))
      ? []
      : [
          `SELECT concat('${what} of ', c.oid::regclass, ' (ALTER TABLE ', c.oid::regclass, ' ${clause} ', quote_ident(i.relname), ')') AS "lack" ${from} AND x.${mark}`,
        ];
  return [
    ...role("the replica identity", "REPLICA IDENTITY USING INDEX", "indisreplident", /replica\s+identity/i),
    ...role("the order", "CLUSTER ON", "indisclustered", /\bcluster\b/i),
  ];
}
