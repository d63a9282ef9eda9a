import type { Operation } from "../../../core/operation.ts";
import type { Precheck } from "../../../core/statement.ts";
import type { CompileContext } from "../../dialect.ts";
import { inPlaces } from "../../shared/prechecks/places.ts";
import { quoteLiteral, quoteName } from "../quote.ts";
import { lacking } from "./rights.ts";

/** Are an extension's files on the server, may the role create it, and is there what it stands on? Nothing is asked of one that is installed. */
export function extensions(operations: readonly Operation[], { server }: CompileContext): readonly Precheck[] {
  const earlier: string[] = [];
  return inPlaces(operations, server.flavor).flatMap(({ operation, at }): readonly Precheck[] => {
    if (operation.kind !== "createExtension") return [];
    const { name } = operation;
    const sql = lacking([notThere(name), notAllowed(name), needsOthers(name, earlier)]);
    earlier.push(name);
    return [
      {
        about: "server",
        operation: at,
        sql,
        code: "extension",
        message: `extension ${name} cannot be created`,
        hint: "have it installed or created as it says there: the revision then finds it",
        tables: [],
      },
    ];
  });
}

const missing = (name: string): string => `NOT EXISTS (SELECT FROM pg_extension WHERE extname = ${quoteLiteral(name)})`;

function notThere(name: string): string {
  const lack = `concat('its files are not on the server (PostgreSQL ', current_setting('server_version'), '): install them there')`;
  return `SELECT ${lack} AS "lack" WHERE ${missing(name)} AND NOT EXISTS (SELECT FROM pg_available_extensions WHERE name = ${quoteLiteral(name)})`;
}

/** Hosted servers let their own administrators create extensions by other means: what these may is not known. */
const hosted = ["rds_superuser", "cloudsqlsuperuser", "alloydbsuperuser", "azure_pg_admin", "neon_superuser", "heroku_ext_admin"];
const allowLists = ["extwlist.extensions", "supautils.privileged_extensions", "rds.allowed_extensions", "azure.extensions"];
const byOtherMeans = [
  `EXISTS (SELECT FROM pg_roles r WHERE r.rolname IN (${hosted.map(quoteLiteral).join(", ")}) AND pg_has_role(current_user, r.oid, 'USAGE'))`,
  ...allowLists.map((name) => `coalesce(current_setting('${name}', true), '') <> ''`),
].join(" OR ");

/** A trusted one can be created by whoever may create in the database. */
function notAllowed(name: string): string {
  const create = `'CREATE EXTENSION ${quoteName(name).replaceAll("'", "''")}'`;
  const grant = "' or GRANT CREATE ON DATABASE ' || quote_ident(current_database()) || ' TO ' || quote_ident(current_user)";
  return `SELECT concat(current_user, ' may not (as a superuser: ', ${create}, CASE WHEN v.trusted THEN ${grant} END, ')')
FROM pg_available_extensions e JOIN pg_available_extension_versions v ON v.name = e.name AND v.version = e.default_version
WHERE e.name = ${quoteLiteral(name)} AND ${missing(name)} AND v.superuser AND NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
AND NOT (v.trusted AND has_database_privilege(current_user, current_database(), 'CREATE')) AND NOT (${byOtherMeans})`;
}

function needsOthers(name: string, earlier: readonly string[]): string {
  const made = earlier.length === 0 ? "" : ` AND r.name NOT IN (${earlier.map(quoteLiteral).join(", ")})`;
  return `SELECT concat('it needs the extension ', r.name, ' first')
FROM pg_available_extensions e JOIN pg_available_extension_versions v ON v.name = e.name AND v.version = e.default_version CROSS JOIN unnest(v.requires) AS r(name)
WHERE e.name = ${quoteLiteral(name)} AND ${missing(name)} AND NOT EXISTS (SELECT FROM pg_extension x WHERE x.extname = r.name)${made}`;
}
