import { quoteLiteral, quoteName } from "../quote.ts";

/** Where to look: the schema whose objects are named plainly, and all that are read. */
export interface Place {
  readonly defaultSchema: string;
  readonly schemas: readonly string[];
  /** what names are printed against: objects in these schemas come out unqualified */
  readonly path: readonly string[];
  /** 15 and later know it */
  readonly nullsNotDistinct: boolean;
}

const notOfExtension = (oid: string, catalog: string) =>
  `NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '${catalog}'::regclass AND e.objid = ${oid} AND e.deptype = 'e')`;

/** Always the same number of statements, whatever the number of tables. Lists inside a row come as JSON. */
export function catalogueQueries(place: Place): readonly string[] {
  const schemas = `ANY(ARRAY[${place.schemas.map(quoteLiteral).join(", ")}]::name[])`;
  const path = place.path.map(quoteName).join(", ");
  const nullsNotDistinct = place.nullsNotDistinct ? "i.indnullsnotdistinct" : "false";
  const table = "n.nspname, c.relname";
  const inScope = `n.nspname = ${schemas} AND NOT c.relispartition AND ${notOfExtension("c.oid", "pg_class")}`;
  return [
    // texts are printed against the path; the old one comes back at the end, because a transaction of the caller's goes on
    "SELECT set_config('limbeck.path', current_setting('search_path'), true)",
    `SELECT set_config('search_path', ${quoteLiteral(path)}, true)`,
    `SELECT n.nspname FROM pg_namespace n WHERE n.nspname = ${schemas} ORDER BY 1`,
    "SELECT extname FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY 1",
    `SELECT n.nspname, t.typname, (SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid), obj_description(t.oid, 'pg_type')
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE t.typtype = 'e' AND n.nspname = ${schemas} AND ${notOfExtension("t.oid", "pg_type")}
ORDER BY 1, 2`,
    `SELECT ${table}, c.relkind, d.description, CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = c.oid AND d.objsubid = 0
WHERE c.relkind IN ('r', 'p', 'v', 'm') AND ${inScope}
ORDER BY 1, 2`,
    `SELECT ${table}, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, CASE WHEN a.atthasdef THEN pg_get_expr(x.adbin, x.adrelid) END,
  a.attidentity, a.attgenerated, CASE WHEN a.attcollation <> t.typcollation THEN (SELECT l.collname FROM pg_collation l WHERE l.oid = a.attcollation) END,
  d.description, sn.nspname, s.relname, q.seqstart, q.seqincrement, q.seqmin, q.seqmax, q.seqcache, q.seqcycle
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef x ON x.adrelid = a.attrelid AND x.adnum = a.attnum
LEFT JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = a.attrelid AND d.objsubid = a.attnum
LEFT JOIN (pg_depend o JOIN pg_class s ON s.oid = o.objid AND s.relkind = 'S' JOIN pg_namespace sn ON sn.oid = s.relnamespace JOIN pg_sequence q ON q.seqrelid = s.oid)
  ON o.classid = 'pg_class'::regclass AND o.refclassid = 'pg_class'::regclass AND o.refobjid = a.attrelid AND o.refobjsubid = a.attnum AND o.deptype IN ('a', 'i')
WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND ${inScope}
ORDER BY c.oid, a.attnum`,
    `SELECT ${table}, k.conname, k.contype,
  (SELECT json_agg(a.attname ORDER BY u.place) FROM unnest(k.conkey) WITH ORDINALITY u(attnum, place) JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.attnum),
  fn.nspname, f.relname,
  (SELECT json_agg(a.attname ORDER BY u.place) FROM unnest(k.confkey) WITH ORDINALITY u(attnum, place) JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.attnum),
  k.confdeltype, k.confupdtype, k.confmatchtype, k.condeferrable, k.condeferred, ${nullsNotDistinct},
  CASE WHEN k.contype IN ('c', 'x') THEN pg_get_constraintdef(k.oid) END
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_class f ON f.oid = k.confrelid LEFT JOIN pg_namespace fn ON fn.oid = f.relnamespace
LEFT JOIN pg_index i ON i.indexrelid = k.conindid AND k.contype IN ('p', 'u')
WHERE k.contype IN ('p', 'u', 'f', 'c', 'x') AND k.conparentid = 0 AND ${inScope}
ORDER BY 1, 2, 3`,
    `SELECT ${table}, ix.relname, i.indisunique, i.indisvalid, m.amname, i.indnkeyatts, ${nullsNotDistinct},
  (SELECT json_agg(json_build_array(a.attname, CASE WHEN i.indkey[k - 1] = 0 THEN pg_get_indexdef(i.indexrelid, k, true) END, i.indoption[k - 1],
     CASE WHEN NOT oc.opcdefault THEN oc.opcname END,
     CASE WHEN k <= i.indnkeyatts AND i.indcollation[k - 1] <> 0 AND i.indcollation[k - 1] <> coalesce(a.attcollation, ct.oid, 0) THEN (SELECT l.collname FROM pg_collation l WHERE l.oid = i.indcollation[k - 1]) END) ORDER BY k)
   FROM generate_series(1, i.indnatts) k
   LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k - 1] AND i.indkey[k - 1] <> 0
   LEFT JOIN pg_collation ct ON ct.collname = 'default' AND a.attname IS NULL
   LEFT JOIN pg_opclass oc ON k <= i.indnkeyatts AND oc.oid = i.indclass[k - 1]),
  pg_get_expr(i.indpred, i.indrelid), array_to_json(ix.reloptions), obj_description(ix.oid, 'pg_class')
FROM pg_index i JOIN pg_class ix ON ix.oid = i.indexrelid JOIN pg_am m ON m.oid = ix.relam JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'm') AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')) AND ${inScope}
ORDER BY 1, 2, 3`,
    `SELECT ${table}, rn.nspname, r.relname, json_agg(DISTINCT a.attname) FILTER (WHERE a.attname IS NOT NULL)
FROM pg_rewrite w JOIN pg_class c ON c.oid = w.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> c.oid
JOIN pg_class r ON r.oid = d.refobjid AND r.relkind IN ('r', 'p', 'v', 'm') JOIN pg_namespace rn ON rn.oid = r.relnamespace
LEFT JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = d.refobjsubid AND d.refobjsubid <> 0
WHERE c.relkind IN ('v', 'm') AND ${inScope}
GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4`,
    "SELECT set_config('search_path', current_setting('limbeck.path'), true)",
  ];
}
