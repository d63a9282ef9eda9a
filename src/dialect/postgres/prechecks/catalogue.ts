import type { QualifiedName } from "../../../core/schema.ts";
import type { Part } from "../../shared/prechecks/taken.ts";
import { quoteLiteral } from "../quote.ts";

/** What questions about the catalogue are made of; `d` is pg_depend: what depends on what is asked about. */

export const described = "pg_describe_object(d.classid, d.objid, d.objsubid)";
export const isOf = (catalogue: string): string => `d.classid = '${catalogue}'::regclass`;

const inSchema = (schema: string | undefined): string =>
  schema === undefined ? "coalesce(current_schema(), 'public')" : quoteLiteral(schema);

/** A row of schema, name and more names. */
export const row = ({ schema, name }: QualifiedName, ...more: readonly string[]): string =>
  `(${[inSchema(schema), quoteLiteral(name), ...more.map(quoteLiteral)].join(", ")})`;

export const notIn = (what: string, rows: readonly string[]): string =>
  rows.length === 0 ? "" : ` AND ${what} NOT IN (${rows.join(", ")})`;
export const rowsOf = (names: readonly QualifiedName[]): readonly string[] => names.map((name) => row(name));
export const rowsIn = (parts: readonly Part[]): readonly string[] => parts.map(({ table, name }) => row(table, name));

export const relationsOf = (names: readonly QualifiedName[]): string =>
  `(SELECT c.oid FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE (n.nspname, c.relname) IN (${rowsOf(names).join(", ")}))`;

export const onRelations = (relations: string): string => `d.refclassid = 'pg_class'::regclass AND d.refobjid IN ${relations}`;

/** On columns of a table, and on what its partitions and the tables that inherit from it have of it. */
export function onColumns(...places: readonly (readonly [table: QualifiedName, columns: Iterable<string>])[]): string {
  const wanted = places.flatMap(([table, columns]) => [...columns].map((column) => row(table, column)));
  return `d.refclassid = 'pg_class'::regclass AND (d.refobjid, d.refobjsubid) IN (
  WITH RECURSIVE wanted (nspname, relname, attname) AS (VALUES ${wanted.join(", ")}), tree (oid, attname, own) AS (
    SELECT c.oid, w.attname, true FROM wanted AS w JOIN pg_namespace AS n ON n.nspname = w.nspname JOIN pg_class AS c ON c.relnamespace = n.oid AND c.relname = w.relname
    UNION SELECT i.inhrelid, tree.attname, false FROM pg_inherits AS i JOIN tree ON i.inhparent = tree.oid)
  SELECT a.attrelid, a.attnum FROM pg_attribute AS a JOIN tree ON a.attrelid = tree.oid AND a.attname = tree.attname WHERE tree.own OR NOT a.attislocal AND a.attinhcount = 1)`;
}

/** `a` is pg_attribute; a column that a table has by itself, too, stays when it goes from the one above. */
export function inherited(table: QualifiedName, columns: Iterable<string>): string {
  const root = relationsOf([table]);
  return `a.attname IN (${[...columns].map(quoteLiteral).join(", ")}) AND (a.attrelid = ${root} OR NOT a.attislocal AND a.attinhcount = 1 AND a.attrelid IN (
    WITH RECURSIVE tree (oid) AS (SELECT ${root} UNION SELECT i.inhrelid FROM pg_inherits AS i JOIN tree ON i.inhparent = tree.oid) SELECT oid FROM tree))`;
}
