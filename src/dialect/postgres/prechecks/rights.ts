import type { Operation } from "../../../core/operation.ts";
import { labelOf } from "../../../core/schema.ts";
import type { Precheck } from "../../../core/statement.ts";
import type { CompileContext } from "../../dialect.ts";
import { quoteLiteral, quoteName, quoteTable } from "../quote.ts";
import { type Need, type NeedOf, needsOf } from "./needs.ts";

/**
 * May the role do what the operations need? One question for each object, however many operations there are on it. The answer names the role, what
 * it lacks, and what an administrator types. The catalogue is read by names: to_regclass fails where a schema may not be used.
 */
export function rights(operations: readonly Operation[], context: CompileContext): readonly Precheck[] {
  const objects = new Map<string, NeedOf[]>();
  for (const one of needsOf(operations, context)) {
    const label = labelled(one.need);
    const known = objects.get(label);
    if (known === undefined) objects.set(label, [one]);
    else known.push(one);
  }
  return [...objects].map(([label, needs]) => ({
    about: "server",
    operation: Math.min(...needs.map(({ operation }) => operation)),
    sql: lacking([...new Set(needs.map(({ need }) => lackOf(need)))]),
    code: "rights",
    message: `rights on ${label} are missing`,
    hint: "an administrator types what stands in brackets, or the run is given a role that has these rights (--url)",
    tables: [],
  }));
}

function labelled(need: Need): string {
  switch (need.of) {
    case "relation":
      return labelOf(need.name);
    case "type":
      return `type ${labelOf(need.name)}`;
    case "typeText":
      return `type ${need.text}`;
    case "schema":
      return need.name === undefined ? "the default schema" : `schema ${need.name}`;
    case "database":
      return "the database";
    case "extension":
      return `extension ${need.name}`;
  }
}

/** One row: how much is lacking, and what. */
export const lacking = (selects: readonly string[]): string =>
  `SELECT count(*) AS "count", string_agg("lack", '; ') AS "samples" FROM (\n${selects.join("\nUNION ALL\n")}\n) AS "lacks"`;

const me = "quote_ident(current_user)";
const schemaIs = (schema: string | undefined): string =>
  `n.nspname = ${schema === undefined ? "coalesce(current_schema(), 'public')" : quoteLiteral(schema)}`;
const isOwner = (owner: string): string => `pg_has_role(current_user, ${owner}, 'USAGE')`;
const isNoOwner = (owner: string, alter: string): string =>
  `concat(current_user, ' is not the owner, ', pg_get_userbyid(${owner}), ' is (', ${alter}, ' OWNER TO ', ${me}, ', or GRANT ', quote_ident(pg_get_userbyid(${owner})), ' TO ', ${me}, ')')`;
const lacks = (right: string, grant: string): string =>
  `concat(current_user, ' lacks ${right} (GRANT ${right} ON ', ${grant}, ' TO ', ${me}, ')')`;

/** Rows of `lack`, none where the right is there, or the object is not. */
function lackOf(need: Need): string {
  switch (need.of) {
    case "relation":
      return ofRelation(need);
    case "type": {
      const from = `FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typname = ${quoteLiteral(need.name.name)} AND ${schemaIs(need.name.schema)}`;
      const lack = isNoOwner("t.typowner", quoteLiteral(`ALTER TYPE ${quoteTable(need.name)}`));
      return `SELECT ${lack} AS "lack" ${from} AND NOT ${isOwner("t.typowner")}${orOfSchema(need.right)}`;
    }
    case "typeText": {
      const type = quoteLiteral(need.text);
      return `SELECT ${lacks("USAGE", `'TYPE ' || ${type}`)} AS "lack" WHERE NOT has_type_privilege(current_user, to_regtype(${type}), 'USAGE')`;
    }
    case "schema":
      return ofSchema(need);
    case "database":
      return `SELECT ${lacks("CREATE", "'DATABASE ' || quote_ident(current_database())")} AS "lack" WHERE NOT has_database_privilege(current_user, current_database(), 'CREATE')`;
    case "extension": {
      const who = `concat(current_user, ' is not the owner, ', pg_get_userbyid(e.extowner), ' is (DROP EXTENSION ', quote_ident(e.extname), ' as that role)')`;
      return `SELECT ${who} AS "lack" FROM pg_extension e WHERE e.extname = ${quoteLiteral(need.name)} AND NOT ${isOwner("e.extowner")}`;
    }
  }
}

/** Who owns the schema may drop what stands in it. */
const orOfSchema = (right: string): string => (right === "drop" ? ` AND NOT ${isOwner("n.nspowner")}` : "");

function ofRelation(need: Extract<Need, { of: "relation" }>): string {
  const name = quoteTable(need.name);
  const from = `FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relname = ${quoteLiteral(need.name.name)} AND ${schemaIs(need.name.schema)}`;
  if (need.right === "reference") {
    const columns = `a.attname IN (${need.columns.map(quoteLiteral).join(", ")}) AND NOT has_column_privilege(current_user, c.oid, a.attnum, 'REFERENCES')`;
    return `SELECT ${lacks("REFERENCES", quoteLiteral(name))} AS "lack" ${from} AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND ${columns})`;
  }
  if (need.right === "data") {
    const has = need.privileges.map((right) => `has_table_privilege(current_user, c.oid, '${right}')`);
    return `SELECT ${lacks(need.privileges.join(", "), quoteLiteral(name))} AS "lack" ${from} AND NOT (${has.join(" AND ")})`;
  }
  const kind = "CASE c.relkind WHEN 'v' THEN 'VIEW ' WHEN 'm' THEN 'MATERIALIZED VIEW ' ELSE 'TABLE ' END";
  const lack = isNoOwner("c.relowner", `'ALTER ' || ${kind} || ${quoteLiteral(name)}`);
  return `SELECT ${lack} AS "lack" ${from} AND NOT ${isOwner("c.relowner")}${orOfSchema(need.right)}`;
}

function ofSchema(need: Extract<Need, { of: "schema" }>): string {
  const from = `FROM pg_namespace n WHERE ${schemaIs(need.name)}`;
  if (need.right === "own") {
    const lack = isNoOwner("n.nspowner", quoteLiteral(`ALTER SCHEMA ${quoteName(need.name ?? "public")}`));
    return `SELECT ${lack} AS "lack" ${from} AND NOT ${isOwner("n.nspowner")}`;
  }
  const right = need.right === "use" ? "USAGE" : "CREATE";
  return `SELECT ${lacks(right, "'SCHEMA ' || quote_ident(n.nspname)")} AS "lack" ${from} AND NOT has_schema_privilege(current_user, n.oid, '${right}')`;
}
