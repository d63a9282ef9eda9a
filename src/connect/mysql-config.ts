import type { ConnectionOptions } from "mysql2/promise";
import { credentialsOf, given, passwordOf, patienceMs, pick, type Target } from "./target.ts";
import { parseUrl } from "./url.ts";

/** what `extra` may say to one connection; the rest of it is for the pool, and mysql2 warns of what it does not know */
const connectionOptions = [
  "host",
  "port",
  "user",
  "password",
  "database",
  "ssl",
  "socketPath",
  "charset",
  "timezone",
  "connectTimeout",
  "authPlugins",
  "enableCleartextPlugin",
  "flags",
  "compress",
  "localAddress",
  "stream",
  "enableKeepAlive",
  "keepAliveInitialDelay",
];

/** The way TypeORM would connect, to one session. */
export async function mysqlConfig({ options }: Target): Promise<ConnectionOptions> {
  const credentials = credentialsOf(options);
  const { parameters, ...place } =
    typeof credentials.url === "string" ? parseUrl(credentials.url) : { parameters: new Map<string, string>() };
  const { host, port, username, database, socketPath } = credentials;
  return given({
    host,
    port: port === undefined ? undefined : Number(port),
    user: username,
    password: await passwordOf(credentials),
    database,
    socketPath,
    charset: options.charset ?? parameters.get("charset") ?? "utf8mb4",
    timezone: options.timezone,
    connectTimeout: Number(options.connectTimeout ?? patienceMs),
    ssl: tls(options.ssl ?? parameters.get("ssl")),
    flags: options.flags,
    ...place,
    ...pick(options.extra, connectionOptions),
  });
}

function tls(value: unknown): unknown {
  if (value === false || value === "false") return undefined;
  if (value === true || value === "true") return {};
  if (typeof value === "string" && value.startsWith("{")) return JSON.parse(value);
  return value;
}
