import type { Db } from "../core/db.ts";
import { hide } from "../core/redact.ts";
import { openEmbedded } from "./embedded.ts";
import { connectionFailure } from "./failure.ts";
import { connectMysql } from "./mysql.ts";
import { mysqlConfig } from "./mysql-config.ts";
import { connectPostgres } from "./postgres.ts";
import { postgresConfig } from "./postgres-config.ts";
import { type Credentials, credentialsOf, embeddedFolder, type Target } from "./target.ts";
import { parseUrl } from "./url.ts";

export { isEmbedded } from "./target.ts";

/** So that no text has them, also where nothing is connected. */
export function hidePasswords(target: Target): void {
  const { options } = target;
  const { slaves = [] } = (options.replication ?? {}) as { slaves?: readonly Credentials[] };
  const extra = (options.extra ?? {}) as Credentials;
  for (const one of [credentialsOf(options), options, extra, ...slaves]) {
    const { url, password, username, host, database } = one;
    const { passphrase } = (one.ssl ?? {}) as { passphrase?: unknown };
    const known = [username, host, database].map(String);
    for (const secret of [password, passphrase]) if (typeof secret === "string") hide(secret, known);
    if (typeof url === "string") hideIn(url);
  }
  if (process.env.PGPASSWORD) hide(process.env.PGPASSWORD);
}

function hideIn(url: string): void {
  try {
    parseUrl(url);
  } catch {
    // it is told of when it is used
  }
}

/** One session with the database that the configuration means, or with the one at `url`. */
export async function connect(configured: Target, url?: string): Promise<Db> {
  const target = url === undefined ? configured : { ...configured, options: elsewhere(configured.options, url) };
  const folder = target.dialect === "postgres" ? embeddedFolder(target.options) : null;
  if (folder !== null) return openEmbedded(folder, target.projectDir);
  try {
    return target.dialect === "postgres"
      ? await connectPostgres(await postgresConfig(target), target.projectDir)
      : await connectMysql(await mysqlConfig(target), target.projectDir);
  } catch (error) {
    throw connectionFailure(target, error);
  }
}

/** One session with another database of the same server. */
export function connectBeside(configured: Target, database: string): Promise<Db> {
  const { replication: _, ...options } = credentialsOf(configured.options);
  const extra = typeof options.extra === "object" ? { extra: { ...options.extra, database } } : {};
  const url = typeof options.url === "string" ? { url: withDatabase(options.url, database) } : {};
  return connect({ ...configured, options: { ...options, ...extra, ...url, database } });
}

function withDatabase(text: string, database: string): string {
  const url = new URL(text);
  url.pathname = `/${encodeURIComponent(database)}`;
  return url.href;
}

/** The same way to connect (encryption, time limits), to another place. */
function elsewhere(options: Target["options"], url: string): Target["options"] {
  const places = ["host", "port", "username", "password", "database", "socketPath", "replication", "url"];
  return { ...Object.fromEntries(Object.entries(options).filter(([name]) => !places.includes(name))), url };
}
