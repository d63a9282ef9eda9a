import { rmSync } from "node:fs";
import { connect, connectBeside, isEmbedded } from "../../connect/index.ts";
import type { Db, Server } from "../../core/db.ts";
import { refused } from "../../core/errors.ts";
import type { Project } from "../project/project.ts";
import { contextOf, type Session, withDatabase } from "../project/session.ts";
import type { Ground } from "./chain.ts";
import { freshFolder, nameOf, sweep } from "./leftovers.ts";

/** There is no place to be had. */
export class NoPlace extends Error {}

/**
 * An empty database of its own, beside the real one or, for the embedded engine, in a folder of its own; taken away whatever happens.
 * Revisions can be run in it as they are in a real one. The ground that the real one gives them is there.
 */
export async function inEmptyDatabase<T>(project: Project, ground: Ground, work: (place: Session) => Promise<T>): Promise<T> {
  try {
    if (isEmbedded(project.configuration)) return await inFolder(project, work);
    return await withDatabase(project, async (session) => {
      const statements = project.dialect.name === "postgres" ? await groundOn(session, project, ground) : [];
      return inDatabase(project, session, async (place) => {
        // where something can't be made, the revision that needs it says so
        for (const sql of statements) await place.db.query(sql).catch(() => {});
        return work(place);
      });
    });
  } catch (error) {
    if (!(error instanceof NoPlace)) throw error;
    throw refused(
      "no-scratch",
      `There is no place to try revisions in: ${error.message}.`,
      "give the role the right to create databases, or name a server where it has it: --url",
      {},
      error,
    );
  }
}

async function groundOn({ db }: Session, { dialect }: Project, { schemas, madeExtensions }: Ground): Promise<readonly string[]> {
  const [namespaces = [], extensions = []] = await db.batch(["SELECT nspname FROM pg_namespace", "SELECT extname FROM pg_extension"]);
  const names = (rows: readonly (readonly (string | null)[])[]) => rows.flatMap(([name]) => name ?? []);
  return [
    ...names(namespaces).flatMap((name) => (schemas.has(name) ? `CREATE SCHEMA IF NOT EXISTS ${dialect.quoteName(name)}` : [])),
    ...names(extensions).flatMap((name) => (madeExtensions.has(name) ? [] : `CREATE EXTENSION IF NOT EXISTS ${dialect.quoteName(name)}`)),
  ];
}

/** A database beside that of the session, in a session of its own. */
export function inDatabase<T>(project: Project, session: Pick<Session, "db" | "server">, work: (place: Session) => Promise<T>): Promise<T> {
  return beside(project, session, async (name) => {
    const db = await connectBeside(project.configuration, name);
    const schema = project.dialect.name === "postgres" ? session.server.defaultSchema : null;
    return inSession(project, db, schema, work);
  });
}

/** Makes a database of the session's name and takes it away. On MySQL a lock of that name says that the session is alive. */
export async function beside<T>(
  { dialect, ...project }: Project,
  { db, server }: Pick<Session, "db" | "server">,
  work: (name: string) => Promise<T>,
): Promise<T> {
  const name = nameOf(db);
  const lock = (verb: string) => `SELECT ${verb}(${dialect.quoteLiteral(name)}${verb === "GET_LOCK" ? ", 0" : ""})`;
  const drop = `DROP DATABASE IF EXISTS ${dialect.quoteName(name)}`;
  await sweep({ dialect, ...project }, db);
  try {
    if (dialect.name === "mysql") await db.query(lock("GET_LOCK"));
    await db.query(drop);
    await db.query(`CREATE DATABASE ${dialect.quoteName(name)}${madeLike(server)}`);
  } catch (error) {
    throw new NoPlace(error instanceof Error ? error.message : String(error), { cause: error });
  }
  try {
    return await work(name);
  } finally {
    await db.query(drop);
    if (dialect.name === "mysql") await db.query(lock("RELEASE_LOCK"));
  }
}

function madeLike({ flavor, charset, collation }: Server): string {
  if (flavor === "postgres") return " TEMPLATE template0";
  return (charset ? ` CHARACTER SET ${charset}` : "") + (collation ? ` COLLATE ${collation}` : "");
}

/** An embedded database in a folder of its own. */
export async function inFolder<T>(project: Project, work: (place: Session) => Promise<T>): Promise<T> {
  const folder = freshFolder();
  try {
    return await inSession(project, await connect(project.configuration, `embedded:${folder}`), null, work);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `schema` is where unqualified names are to stand, as they do in the real database. */
async function inSession<T>(project: Project, db: Db, schema: string | null, work: (place: Session) => Promise<T>): Promise<T> {
  try {
    await db.batch(project.dialect.session({ lockTimeoutMs: 5000, statementTimeoutMs: 0 }));
    if (schema !== null && schema !== "public") {
      const name = project.dialect.quoteName(schema);
      await db.batch([`CREATE SCHEMA IF NOT EXISTS ${name}`, `SET search_path = ${name}`]);
    }
    const server = await project.dialect.identify(db);
    return await work({ db, server, context: contextOf(project, server) });
  } finally {
    await db.close().catch(() => {});
  }
}
