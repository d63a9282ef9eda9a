import { rmSync } from "node:fs";
import { connect, connectBeside, isEmbedded } from "../../connect/index.ts";
import type { Db, Server } from "../../core/db.ts";
import { refused } from "../../core/errors.ts";
import { contextOf, type Project, type Session, withDatabase } from "../project/project.ts";
import { freshFolder, nameOf, sweep } from "./leftovers.ts";

/** There is no place to be had. */
export class NoPlace extends Error {}

/**
 * An empty database of its own, beside the real one or, for the embedded engine, in a folder of its own; taken away whatever happens.
 * Revisions can be run in it as they are in a real one. Extensions that stand in the real one and are not `made` by them are there.
 */
export async function inEmptyDatabase<T>(project: Project, made: ReadonlySet<string>, work: (place: Session) => Promise<T>): Promise<T> {
  try {
    if (isEmbedded(project.configuration)) return await inFolder(project, work);
    return await withDatabase(project, async (session) => {
      const extensions = project.dialect.name === "postgres" ? await session.db.query("SELECT extname AS name FROM pg_extension") : [];
      const needed = extensions.flatMap(({ name }) => (name === null || made.has(name ?? "") ? [] : [name]));
      return inDatabase(project, session, async (place) => {
        for (const name of needed) {
          // where it can't be made, the revision that needs it says so
          await place.db.query(`CREATE EXTENSION IF NOT EXISTS ${project.dialect.quoteName(name ?? "")}`).catch(() => {});
        }
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
