import { atLeast, type Server } from "../../../core/db.ts";
import { quoteLiteral } from "../quote.ts";

/** The catalogue in a fixed number of queries, whatever the number of tables. */
export interface Queries {
  readonly namespaces: string;
  readonly extensions: string;
  readonly extensionTypes: string;
  readonly enums: string;
  readonly relations: string;
  readonly comments: string;
  readonly columns: string;
  readonly sequences: string;
  readonly constraints: string;
  readonly farColumns: string;
  readonly indexes: string;
  readonly indexParts: string;
  readonly reads: string;
  /** what stands on a relation and cannot be said in a schema */
  readonly beside: string;
  /** what stands by itself and cannot be said in a schema */
  readonly apart: string;
}

const memberOf = (catalogue: string, oid: string): string =>
  `LEFT JOIN pg_depend member ON member.classid = '${catalogue}'::regclass AND member.objid = ${oid} AND member.objsubid = 0 AND member.deptype = 'e'`;

/** What stands in the schemas, by name alone. */
export const namesQuery = (schemas: readonly string[]): string =>
  `SELECT c.oid, n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname IN (${schemas.map(quoteLiteral).join(", ")})`;

/** Of all that stands in the schemas, or of the relations with these oids alone. */
export function queriesFor(schemas: readonly string[], server: Server, chosen?: readonly string[]): Queries {
  const oids = `ANY ('{${chosen?.join(",")}}'::oid[])`;
  const among = (relation: string): string => (chosen === undefined ? "" : ` AND ${relation} = ${oids}`);
  const inScope = `(SELECT oid FROM pg_namespace WHERE nspname IN (${schemas.map(quoteLiteral).join(", ")}))`;
  const since15 = atLeast(server, 15);
  const since18 = atLeast(server, 18);
  return {
    namespaces: `SELECT nspname FROM pg_namespace WHERE oid IN ${inScope}`,
    extensions: "SELECT extname FROM pg_extension WHERE extname <> 'plpgsql'",
    extensionTypes: `SELECT format_type(t.oid, NULL), quote_ident(t.typname)
      FROM pg_depend e JOIN pg_type t ON t.oid = e.objid
      WHERE e.classid = 'pg_type'::regclass AND e.deptype = 'e' AND NOT pg_type_is_visible(t.oid) AND t.typelem = 0`,
    enums: `SELECT n.nspname, t.typname, l.enumlabel, d.description
      FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_enum l ON l.enumtypid = t.oid
      LEFT JOIN pg_description d ON d.classoid = 'pg_type'::regclass AND d.objoid = t.oid AND d.objsubid = 0 ${memberOf("pg_type", "t.oid")}
      WHERE t.typtype = 'e' AND t.typnamespace IN ${inScope} AND member.objid IS NULL
      ORDER BY n.nspname, t.typname, l.enumsortorder`,
    relations: `SELECT c.oid, n.nspname, c.relname, c.relkind, CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END,
      CASE WHEN c.relkind = 'v' THEN array_to_string(c.reloptions, ', ') END,
      EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = c.oid)
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace ${memberOf("pg_class", "c.oid")}
      WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relnamespace IN ${inScope} AND NOT c.relispartition AND member.objid IS NULL${among("c.oid")}`,
    // by itself: without statistics the server expects one comment in all, and walks through all of them for each column
    comments: `SELECT objoid, objsubid, description FROM pg_description d WHERE classoid = 'pg_class'::regclass${
      chosen === undefined
        ? ""
        : ` AND (objoid = ${oids} OR EXISTS (SELECT FROM pg_index i WHERE i.indexrelid = d.objoid AND i.indrelid = ${oids}))`
    }`,
    columns: `SELECT a.attrelid, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
      CASE WHEN a.atthasdef THEN pg_get_expr(v.adbin, v.adrelid) END, a.attidentity, a.attgenerated,
      CASE WHEN a.attcollation <> t.typcollation AND a.attcollation <> 0 THEN
        (SELECT CASE WHEN pg_collation_is_visible(o.oid) THEN o.collname ELSE a.attcollation::regcollation::text END FROM pg_collation o WHERE o.oid = a.attcollation) END
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid
      LEFT JOIN pg_attrdef v ON v.adrelid = a.attrelid AND v.adnum = a.attnum
      WHERE c.relkind IN ('r', 'p', 'm') AND c.relnamespace IN ${inScope} AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped${among("c.oid")}`,
    sequences: `SELECT o.refobjid, o.refobjsubid, o.deptype, c.oid::regclass, c.relname, format_type(s.seqtypid, NULL),
      s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle
      FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid
      JOIN pg_depend o ON o.classid = 'pg_class'::regclass AND o.objid = s.seqrelid AND o.refclassid = 'pg_class'::regclass AND o.deptype IN ('a', 'i')
      JOIN pg_class t ON t.oid = o.refobjid
      WHERE t.relnamespace IN ${inScope} AND o.refobjsubid > 0${among("t.oid")}`,
    constraints: `SELECT k.conrelid, k.conname, k.contype, k.condeferrable, k.condeferred, k.conkey, k.convalidated,
      CASE k.contype WHEN 'c' THEN pg_get_expr(k.conbin, k.conrelid) WHEN 'x' THEN pg_get_constraintdef(k.oid) END,
      k.confrelid, fn.nspname, f.relname, k.confkey, k.confdeltype, k.confupdtype, k.confmatchtype,
      ${since15 ? "i.indnullsnotdistinct" : "false"}, i.indnatts > i.indnkeyatts,
      ${since15 ? "k.confdelsetcols IS NOT NULL" : "false"}, ${since18 ? "k.conperiod" : "false"}, ${since18 ? "k.conenforced" : "true"}
      FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
      LEFT JOIN pg_class f ON f.oid = k.confrelid LEFT JOIN pg_namespace fn ON fn.oid = f.relnamespace
      LEFT JOIN pg_index i ON i.indexrelid = k.conindid AND k.contype IN ('p', 'u')
      WHERE k.contype IN ('p', 'u', 'f', 'c', 'x') AND c.relnamespace IN ${inScope} AND NOT c.relispartition
      AND k.conparentid = 0 AND (k.contype <> 'c' OR k.conislocal)${among("c.oid")}`,
    farColumns: `SELECT DISTINCT a.attrelid, a.attnum, a.attname
      FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class f ON f.oid = k.confrelid
      JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = ANY (k.confkey)
      WHERE k.contype = 'f' AND c.relnamespace IN ${inScope}${among("c.oid")}
      AND (f.relispartition OR f.relnamespace NOT IN ${inScope}${chosen === undefined ? "" : ` OR NOT f.oid = ${oids}`})`,
    indexes: `SELECT i.indrelid, i.indexrelid, x.relname, i.indisunique, i.indisvalid, m.amname, i.indnkeyatts, i.indkey, i.indoption,
      pg_get_expr(i.indpred, i.indrelid), ${since15 ? "i.indnullsnotdistinct" : "false"}, array_to_string(x.reloptions, ', ')
      FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class c ON c.oid = i.indrelid JOIN pg_am m ON m.oid = x.relam
      LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')
      WHERE c.relkind IN ('r', 'p', 'm') AND c.relnamespace IN ${inScope} AND NOT c.relispartition AND k.oid IS NULL${among("c.oid")}`,
    indexParts: `SELECT i.indexrelid, p.n, CASE WHEN i.indkey[p.n - 1] = 0 THEN pg_get_indexdef(i.indexrelid, p.n::integer, false) END,
      CASE WHEN NOT oc.opcdefault OR ia.attoptions IS NOT NULL THEN
        CASE WHEN pg_opclass_is_visible(oc.oid) OR member.objid IS NOT NULL THEN '' ELSE quote_ident(ocn.nspname) || '.' END
        || quote_ident(oc.opcname) || coalesce(' (' || array_to_string(ia.attoptions, ', ') || ')', '') END,
      CASE WHEN p.coll <> 0 AND p.coll <> coalesce(ta.attcollation, 100) AND (ta.attnum > 0 OR pg_get_indexdef(i.indexrelid) LIKE '% COLLATE %') THEN
        (SELECT CASE WHEN pg_collation_is_visible(o.oid) THEN o.collname ELSE p.coll::regcollation::text END FROM pg_collation o WHERE o.oid = p.coll) END
      FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
      CROSS JOIN LATERAL unnest(i.indclass::oid[], i.indcollation::oid[]) WITH ORDINALITY p(class, coll, n)
      JOIN pg_opclass oc ON oc.oid = p.class JOIN pg_namespace ocn ON ocn.oid = oc.opcnamespace
      JOIN pg_attribute ia ON ia.attrelid = i.indexrelid AND ia.attnum = p.n
      LEFT JOIN pg_attribute ta ON ta.attrelid = i.indrelid AND ta.attnum = i.indkey[p.n - 1]
      ${memberOf("pg_opclass", "oc.oid")}
      WHERE c.relkind IN ('r', 'p', 'm') AND c.relnamespace IN ${inScope} AND NOT c.relispartition
      AND (i.indkey[p.n - 1] = 0 OR NOT oc.opcdefault OR ia.attoptions IS NOT NULL OR (p.coll <> 0 AND p.coll <> coalesce(ta.attcollation, 100)))${among("c.oid")}`,
    reads: `SELECT DISTINCT r.ev_class, n.nspname, c.relname, a.attname, a.attnum
      FROM pg_rewrite r JOIN pg_class v ON v.oid = r.ev_class
      JOIN pg_depend p ON p.classid = 'pg_rewrite'::regclass AND p.objid = r.oid AND p.refclassid = 'pg_class'::regclass AND p.refobjid <> r.ev_class
      JOIN pg_class c ON c.oid = p.refobjid JOIN pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN pg_attribute a ON a.attrelid = p.refobjid AND a.attnum = p.refobjsubid AND p.refobjsubid > 0
      WHERE v.relkind IN ('v', 'm') AND v.relnamespace IN ${inScope} AND c.relkind IN ('r', 'p', 'v', 'm', 'f')${among("v.oid")}
      ORDER BY 1, 2, 3, a.attnum`,
    beside: `SELECT o.relation, o.kind, o.name FROM (
        SELECT tgrelid, 'trigger', tgname FROM pg_trigger WHERE NOT tgisinternal AND tgparentid = 0
        UNION ALL SELECT polrelid, 'policy', polname FROM pg_policy
        UNION ALL SELECT ev_class, 'rule', rulename FROM pg_rewrite WHERE rulename <> '_RETURN'
        UNION ALL SELECT stxrelid, 'statistics', stxname FROM pg_statistic_ext
        UNION ALL SELECT oid, 'row security', NULL FROM pg_class WHERE relrowsecurity
      ) o(relation, kind, name) JOIN pg_class c ON c.oid = o.relation
      WHERE c.relnamespace IN ${inScope} AND NOT c.relispartition${among("c.oid")} ORDER BY o.kind DESC, o.name`,
    apart: `SELECT o.kind, n.nspname, o.name FROM (
        SELECT CASE t.typtype WHEN 'd' THEN 'domain' WHEN 'r' THEN 'range type' ELSE 'composite type' END, t.typnamespace, t.typname
        FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid ${memberOf("pg_type", "t.oid")}
        WHERE (t.typtype IN ('d', 'r') OR c.relkind = 'c') AND member.objid IS NULL
        UNION ALL SELECT 'sequence', c.relnamespace, c.relname FROM pg_class c ${memberOf("pg_class", "c.oid")}
        WHERE c.relkind = 'S' AND member.objid IS NULL AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i') AND d.refclassid = 'pg_class'::regclass)
        UNION SELECT 'grant to', c.relnamespace, CASE WHEN g.grantee = 0 THEN 'PUBLIC' ELSE pg_get_userbyid(g.grantee) END
        FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) g ${memberOf("pg_class", "c.oid")}
        WHERE c.relkind IN ('r', 'p', 'v', 'm') AND g.grantee <> c.relowner AND member.objid IS NULL
      ) o(kind, namespace, name) JOIN pg_namespace n ON n.oid = o.namespace WHERE n.oid IN ${inScope} ORDER BY o.kind, o.name`,
  };
}
