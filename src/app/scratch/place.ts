import { isEmbedded } from "../../connect/index.ts";
import type { Db, Server } from "../../core/db.ts";
import type { Schema } from "../../core/schema.ts";
import { mentions } from "../../diff/mentions.ts";
import type { Project } from "../project/project.ts";
import type { Session } from "../project/session.ts";
import { beside, inDatabase, inFolder, NoPlace } from "./database.ts";
import { dropSchema, nameOf, sweep } from "./leftovers.ts";

/** An empty place that stands for the database, where nothing of the real one can be reached. */
export interface Place {
  readonly db: Db;
  readonly server: Server;
  /** the extensions of the real one stand in it from the start */
  readonly hasExtensions: boolean;
}

/**
 * Makes the cheapest place that will do, and takes it away whatever happens. On PostgreSQL a schema that is alone on the search path,
 * unless something reaches out of it: another schema, an extension's type or function; then a database. On MySQL a database.
 */
export async function inPlace<T>(
  project: Project,
  session: Session,
  content: readonly unknown[],
  sides: readonly Schema[],
  work: (place: Place) => Promise<T>,
): Promise<T> {
  const { db, server } = session;
  if (project.dialect.name === "mysql") return inMysqlDatabase(project, session, work);
  const doubles = await doublesFor(db, server, content, sides);
  if (doubles !== null) return inSchema(project, session, doubles, work);
  const alone = (place: Session) => work({ ...place, hasExtensions: false });
  return isEmbedded(project.configuration) ? inFolder(project, alone) : inDatabase(project, session, alone);
}

async function inSchema<T>(
  project: Project,
  { db, server }: Session,
  doubles: readonly string[],
  work: (place: Place) => Promise<T>,
): Promise<T> {
  const name = nameOf(db);
  const schema = project.dialect.quoteName(name);
  const [row] = await db.query("SELECT current_setting('search_path') AS path");
  const path = project.dialect.quoteLiteral(row?.path ?? "");
  await sweep(project, db);
  await allowed(async () => {
    await dropSchema(project.dialect, db, name);
    await db.batch([`CREATE SCHEMA ${schema}`, `SET search_path = ${schema}`]);
  });
  try {
    await db.batch(doubles);
    return await work({ db, server: { ...server, defaultSchema: name }, hasExtensions: true });
  } finally {
    await db.query("ROLLBACK");
    await dropSchema(project.dialect, db, name);
    await db.query(`SELECT set_config('search_path', ${path}, false)`);
  }
}

/** In the session at hand: what is proved there names no other database. */
function inMysqlDatabase<T>(project: Project, { db, server }: Session, work: (place: Place) => Promise<T>): Promise<T> {
  return beside(project, { db, server }, async (name) => {
    const back = server.database === "" ? [] : [`USE ${project.dialect.quoteName(server.database)}`];
    await db.query(`USE ${project.dialect.quoteName(name)}`);
    try {
      return await work({ db, server: { ...server, defaultSchema: name, database: name }, hasExtensions: false });
    } finally {
      await db.batch(back);
    }
  });
}

async function allowed(make: () => Promise<unknown>): Promise<void> {
  try {
    await make();
  } catch (error) {
    throw new NoPlace(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/**
 * Statements for doubles of the extensions' functions that the texts name: the real ones are where the real tables are, which must be out
 * of reach. Null when more is named that stands outside of the default schema and pg_catalog.
 */
async function doublesFor(
  db: Db,
  server: Server,
  content: readonly unknown[],
  sides: readonly Schema[],
): Promise<readonly string[] | null> {
  if (sides.some(({ namespaces }) => namespaces.length > 0)) return null;
  if (content.some((part) => JSON.stringify(part).includes('"kind":"createExtension"'))) return null;
  const words = mentions(...content.flatMap(textsIn));
  if (words.has(server.defaultSchema.toLowerCase())) return null;
  if (!sides.some(({ extensions }) => extensions.length > 0)) return [];
  const named = (await db.query(membersOfExtensions)).filter(({ name }) => words.has(name?.toLowerCase() ?? ""));
  const doubles = named.flatMap(({ double }) => double ?? []);
  return doubles.length === named.length ? doubles : null;
}

const membersOfExtensions = `SELECT p.proname AS name,
    CASE WHEN p.prokind = 'f' AND NOT p.proretset AND p.proallargtypes IS NULL AND p.pronamespace = current_schema()::regnamespace
      AND NOT EXISTS (SELECT 1 FROM pg_type t WHERE t.oid = ANY (p.proargtypes::oid[] || p.prorettype) AND t.typnamespace <> 'pg_catalog'::regnamespace)
    THEN format('CREATE FUNCTION %I(%s) RETURNS %s LANGUAGE sql %s AS %L', p.proname, pg_get_function_arguments(p.oid), pg_get_function_result(p.oid),
      CASE p.provolatile WHEN 'i' THEN 'IMMUTABLE' WHEN 's' THEN 'STABLE' ELSE 'VOLATILE' END, 'SELECT NULL::' || pg_get_function_result(p.oid))
    END AS double
  FROM pg_depend d JOIN pg_proc p ON p.oid = d.objid WHERE d.classid = 'pg_proc'::regclass AND d.deptype = 'e'
  AND NOT EXISTS (SELECT 1 FROM pg_proc c WHERE c.proname = p.proname AND c.pronamespace = 'pg_catalog'::regnamespace)
UNION ALL SELECT t.typname, NULL FROM pg_depend d JOIN pg_type t ON t.oid = d.objid WHERE d.classid = 'pg_type'::regclass AND d.deptype = 'e'
UNION ALL SELECT o.opcname, NULL FROM pg_depend d JOIN pg_opclass o ON o.oid = d.objid WHERE d.classid = 'pg_opclass'::regclass AND d.deptype = 'e'`;

function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
