import type { ClientConfig } from "pg";
import { credentialsOf, given, passwordOf, patienceMs, pick, type Target } from "./target.ts";
import { parseUrl } from "./url.ts";

/** what `extra` may say to one client; the rest of it is for the pool */
const clientOptions = [
  "host",
  "port",
  "user",
  "password",
  "database",
  "ssl",
  "sslnegotiation",
  "stream",
  "keepAlive",
  "keepAliveInitialDelayMillis",
  "connectionTimeoutMillis",
  "options",
  "client_encoding",
  "application_name",
  "fallback_application_name",
  "enableChannelBinding",
];

/** The way TypeORM would connect, to one session. */
export async function postgresConfig({ options }: Target): Promise<ClientConfig> {
  const credentials = credentialsOf(options);
  const { url, host, port, username, database, ssl } = credentials;
  // asked here, because a broken URL is told with the password in it by the driver
  if (typeof url === "string") parseUrl(url);
  return given({
    connectionTimeoutMillis: options.connectTimeoutMS ?? patienceMs,
    connectionString: url,
    host,
    port: port === undefined ? undefined : Number(port),
    user: username,
    password: await passwordOf(credentials),
    database,
    ssl,
    application_name: options.applicationName,
    ...pick(options.extra, clientOptions),
  });
}
