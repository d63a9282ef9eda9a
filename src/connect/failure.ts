import { failed, LimbeckError } from "../core/errors.ts";
import { redact } from "../core/redact.ts";
import { credentialsOf, type Target } from "./target.ts";
import { parseUrl } from "./url.ts";

interface Kind {
  readonly code: string;
  readonly says: string;
  readonly hint: string;
}

const refused: Kind = {
  code: "connection-refused",
  says: "nobody answers there",
  hint: "is the server running, and are host and port right?",
};
const unknownHost: Kind = { code: "host-unknown", says: "no host has that name", hint: "see the host in the configuration or in --url" };
const slow: Kind = {
  code: "connection-timeout",
  says: "no answer in time",
  hint: "is there a firewall in between, or is the server overloaded?",
};
const denied: Kind = {
  code: "authentication-failed",
  says: "the server does not let this user in",
  hint: "see user name and password, and which hosts the server lets in",
};
const noDatabase: Kind = {
  code: "database-missing",
  says: "the server has no such database",
  hint: "create it (CREATE DATABASE), or correct its name",
};
const tls: Kind = {
  code: "tls-failed",
  says: "no encrypted connection could be made",
  hint: 'see "ssl" in the configuration: the certificate, or whether the server has encryption at all',
};
const full: Kind = { code: "too-many-connections", says: "the server takes no more connections", hint: "close some, or try again later" };
const starting: Kind = { code: "server-not-ready", says: "the server is starting up or shutting down", hint: "try again in a moment" };

const kinds: Readonly<Record<string, Kind>> = {
  ECONNREFUSED: refused,
  ECONNRESET: refused,
  EPIPE: refused,
  EHOSTUNREACH: refused,
  ENETUNREACH: refused,
  ENOENT: refused,
  PROTOCOL_CONNECTION_LOST: refused,
  ENOTFOUND: unknownHost,
  EAI_AGAIN: unknownHost,
  ETIMEDOUT: slow,
  "28P01": denied,
  "28000": denied,
  "42501": denied,
  ER_ACCESS_DENIED_ERROR: denied,
  // MariaDB, of a user that it does not know
  ER_ACCESS_DENIED_NO_PASSWORD_ERROR: denied,
  ER_DBACCESS_DENIED_ERROR: denied,
  ER_HOST_NOT_PRIVILEGED: denied,
  ER_NOT_SUPPORTED_AUTH_MODE: denied,
  AUTH_SWITCH_PLUGIN_ERROR: denied,
  "3D000": noDatabase,
  ER_BAD_DB_ERROR: noDatabase,
  "53300": full,
  ER_CON_COUNT_ERROR: full,
  ER_TOO_MANY_USER_CONNECTIONS: full,
  "57P03": starting,
  HANDSHAKE_SSL_ERROR: tls,
  HANDSHAKE_NO_SSL_SUPPORT: tls,
  DEPTH_ZERO_SELF_SIGNED_CERT: tls,
  SELF_SIGNED_CERT_IN_CHAIN: tls,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: tls,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: tls,
  CERT_HAS_EXPIRED: tls,
  ERR_TLS_CERT_ALTNAME_INVALID: tls,
};

/** What came of trying to connect, said to people, with no password in it. */
export function connectionFailure(target: Target, error: unknown): Error {
  if (error instanceof LimbeckError) return error;
  const kind = kindOf(error);
  const place = placeOf(target);
  const reason = redact(messageOf(error));
  return failed(kind.code, `Cannot connect to ${place}: ${kind.says} (${reason}).`, kind.hint, { place }, error);
}

function kindOf(error: unknown): Kind {
  const { code } = (error ?? {}) as { code?: unknown };
  const message = messageOf(error);
  const known = kinds[String(code)];
  if (known !== undefined) return known;
  if (/timeout/i.test(message)) return slow;
  if (/\bSSL\b|certificate|\bTLS\b/i.test(message)) return tls;
  if (/password must be a string|SASL/i.test(message)) return denied;
  return { code: "connection-failed", says: "it did not work", hint: "limbeck doctor looks at everything that a connection needs" };
}

/** A host with several addresses gives one error for each. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map((one) => messageOf(one)).join("; ");
  return error instanceof Error ? error.message : String(error);
}

function placeOf({ dialect, options }: Target): string {
  const credentials = credentialsOf(options);
  const fromUrl = typeof credentials.url === "string" ? parseUrl(credentials.url) : undefined;
  const part = (value: unknown): string | undefined => (value === undefined || value === null ? undefined : String(value));
  const user = fromUrl?.user ?? part(credentials.username);
  const host = part(credentials.socketPath) ?? fromUrl?.host ?? part(credentials.host) ?? process.env.PGHOST ?? "localhost";
  const port = fromUrl?.port ?? part(credentials.port) ?? (dialect === "postgres" ? (process.env.PGPORT ?? 5432) : 3306);
  const database = fromUrl?.database ?? part(credentials.database);
  return `${user === undefined ? "" : `${user}@`}${host}:${port}${database === undefined ? "" : `/${database}`}`;
}
