import { quoteLiteral } from "../../quote.ts";

/** Queries that several things share; each gives place, sql, col, role. */

/** Comments on what stands on a relation and has its name there: triggers, rules, constraints. `o` is the catalogue's row. */
export function commentsOn(kind: string, name: string, from: string, relation: string): string {
  return `SELECT 30, format('COMMENT ON ${kind} %I ON %s IS %L', o.${name}, ${quoteLiteral(relation)}, obj_description(o.oid)), NULL, NULL
  FROM ${from} AND obj_description(o.oid) IS NOT NULL`;
}

/** Indexes that no constraint stands for; `x` is pg_index, `i` the index itself. */
export function indexes(where: string): readonly string[] {
  const from = `pg_index AS x JOIN pg_class AS i ON i.oid = x.indexrelid LEFT JOIN pg_tablespace AS s ON s.oid = i.reltablespace
  WHERE ${where} AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = x.indexrelid AND contype IN ('p', 'u', 'x'))`;
  return [
    `SELECT 11, ${definition}, NULL, NULL FROM ${from}`,
    `SELECT 12, format('COMMENT ON INDEX %s IS %L', x.indexrelid::regclass, obj_description(x.indexrelid, 'pg_class')), NULL, NULL FROM ${from} AND obj_description(x.indexrelid, 'pg_class') IS NOT NULL`,
    `SELECT 12, format('ALTER INDEX %s SET TABLESPACE %I', x.indexrelid::regclass, s.spcname), NULL, NULL FROM ${from} AND s.oid IS NOT NULL`,
    `SELECT 13, format('ALTER INDEX %s ALTER COLUMN %s SET STATISTICS %s', x.indexrelid::regclass, e.attnum, e.attstattarget), NULL, NULL
  FROM pg_attribute AS e, ${from} AND e.attrelid = x.indexrelid AND e.attstattarget >= 0`,
  ];
}

/** The server says ONLY of a partitioned table's index, which leaves out the partitions: each has its part of it. */
const definition = `CASE i.relkind WHEN 'I' THEN overlay(pg_get_indexdef(x.indexrelid) PLACING ' ON ' FROM
  length(format('CREATE %sINDEX %I', CASE WHEN x.indisunique THEN 'UNIQUE ' END, i.relname)) + 1 FOR length(' ON ONLY ')) ELSE pg_get_indexdef(x.indexrelid) END`;

/** What an index is to its table besides. */
export function indexRoles(where: string): readonly string[] {
  const from = `pg_index AS x JOIN pg_class AS i ON i.oid = x.indexrelid WHERE ${where}`;
  return [
    `SELECT 14, format('ALTER TABLE %s CLUSTER ON %I', x.indrelid::regclass, i.relname), NULL, NULL FROM ${from} AND x.indisclustered`,
    `SELECT 14, format('ALTER TABLE %s REPLICA IDENTITY USING INDEX %I', x.indrelid::regclass, i.relname), NULL, NULL FROM ${from} AND x.indisreplident`,
  ];
}

/** `c` is pg_constraint. */
export function constraints(where: string): readonly string[] {
  return [
    `SELECT 10 + (c.contype = 'f')::integer, format('ALTER TABLE %s ADD CONSTRAINT %I %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid)), NULL, NULL
  FROM pg_constraint AS c WHERE ${where}`,
    ...ofConstraints(where),
  ];
}

/** What a constraint has, and the index that stands for it, of which its definition says nothing. */
export function ofConstraints(where: string): readonly string[] {
  const own = `pg_constraint AS c JOIN pg_class AS i ON i.oid = c.conindid WHERE c.contype IN ('p', 'u', 'x') AND (${where})`;
  return [
    `SELECT 12, format('ALTER INDEX %s SET (%s)', c.conindid::regclass, array_to_string(i.reloptions, ', ')), NULL, NULL FROM ${own} AND i.reloptions IS NOT NULL`,
    `SELECT 12, format('ALTER INDEX %s SET TABLESPACE %I', c.conindid::regclass, (SELECT spcname FROM pg_tablespace WHERE oid = i.reltablespace)), NULL, NULL FROM ${own} AND i.reltablespace <> 0`,
    `SELECT 12, format('COMMENT ON INDEX %s IS %L', c.conindid::regclass, obj_description(i.oid, 'pg_class')), NULL, NULL FROM ${own} AND obj_description(i.oid, 'pg_class') IS NOT NULL`,
    `SELECT 30, format('COMMENT ON CONSTRAINT %I ON %s IS %L', c.conname, c.conrelid::regclass, obj_description(c.oid, 'pg_constraint')), NULL, NULL
  FROM pg_constraint AS c WHERE ${where} AND obj_description(c.oid, 'pg_constraint') IS NOT NULL`,
  ];
}

/** Extended statistics; `s` is pg_statistic_ext. */
export function statistics(where: string): readonly string[] {
  const name = "format('%s.%I', s.stxnamespace::regnamespace, s.stxname)";
  const from = `pg_statistic_ext AS s WHERE ${where}`;
  return [
    `SELECT 20, pg_get_statisticsobjdef(s.oid), NULL, NULL FROM ${from}`,
    `SELECT 21, format('COMMENT ON STATISTICS %s IS %L', ${name}, obj_description(s.oid, 'pg_statistic_ext')), NULL, NULL FROM ${from} AND obj_description(s.oid, 'pg_statistic_ext') IS NOT NULL`,
    `SELECT 21, format('ALTER STATISTICS %s SET STATISTICS %s', ${name}, s.stxstattarget), NULL, NULL FROM ${from} AND s.stxstattarget >= 0`,
    `SELECT 22, format('ALTER STATISTICS %s OWNER TO %I', ${name}, pg_get_userbyid(s.stxowner)), NULL, NULL FROM ${from} AND pg_get_userbyid(s.stxowner) <> current_user`,
  ];
}

/** How the server keeps and samples a column; `c` is pg_attribute. */
export function columnSettings(kind: string, relation: string, where: string): readonly string[] {
  const from = `pg_attribute AS c JOIN pg_type AS t ON t.oid = c.atttypid
  WHERE c.attrelid = to_regclass(${quoteLiteral(relation)}) AND c.attnum > 0 AND NOT c.attisdropped AND ${where}`;
  const alter = (change: string, ...values: readonly string[]) =>
    `SELECT 15, format('ALTER ${kind} %s ALTER COLUMN %I SET ${change}', ${[quoteLiteral(relation), "c.attname", ...values].join(", ")}), c.attname::text, NULL FROM ${from}`;
  return [
    `${alter("STATISTICS %s", "c.attstattarget")} AND c.attstattarget >= 0`,
    `${alter("STORAGE %s", "CASE c.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'x' THEN 'EXTENDED' ELSE 'MAIN' END")} AND c.attstorage <> t.typstorage`,
    `${alter("COMPRESSION %s", "CASE c.attcompression WHEN 'l' THEN 'lz4' ELSE 'pglz' END")} AND c.attcompression::text <> ''`,
    // what people set; a server may keep marks of its own there
    `${alter("(%s)", "(SELECT string_agg(o, ', ') FROM unnest(c.attoptions) AS o WHERE o LIKE 'n\\_distinct%')")} AND array_to_string(c.attoptions, ',') LIKE '%n\\_distinct%'`,
  ];
}

/** Given again by the same provider; where it is not loaded, that stops the run. `l` is pg_seclabel. */
export function labels(catalogue: string, object: string, on: string, column?: string): string {
  const place =
    column === undefined ? "0" : `(SELECT attnum FROM pg_attribute WHERE attrelid = ${object} AND attname = ${quoteLiteral(column)})`;
  return `SELECT 40, format('SECURITY LABEL FOR %I ON %s IS %L', l.provider, ${quoteLiteral(on)}, l.label), NULL, NULL
  FROM pg_seclabel AS l WHERE l.classoid = '${catalogue}'::regclass AND l.objoid = ${object} AND l.objsubid = ${place}`;
}
