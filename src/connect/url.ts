import { usage } from "../core/errors.ts";
import { hide, redact } from "../core/redact.ts";

export interface Place {
  readonly host?: string;
  readonly port?: number;
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
  readonly parameters: ReadonlyMap<string, string>;
}

export function parseUrl(url: string): Place {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !isWhole(parsed, url)) throw badUrl(url);
  const text = (value: string) => (value === "" ? undefined : decoded(value, url));
  const host = text(parsed.hostname)?.replace(/^\[(.*)\]$/, "$1");
  const user = text(parsed.username);
  const password = text(parsed.password);
  const database = text(parsed.pathname.replace(/^\//, ""));
  const { searchParams } = parsed;
  for (const one of [password, parsed.password, searchParams.get("password"), searchParams.get("sslpassword")]) {
    if (one) hide(one, [user, host, database]);
  }
  return {
    ...(host === undefined ? {} : { host }),
    ...(parsed.port === "" ? {} : { port: Number(parsed.port) }),
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
    ...(database === undefined ? {} : { database }),
    parameters: new Map(searchParams),
  };
}

/** A slash in a password makes a host and a path of it, which nobody meant; so does one slash too few. */
function isWhole({ username, pathname, protocol }: URL, url: string): boolean {
  return url.trim().slice(protocol.length).startsWith("//") && (username !== "" || !pathname.includes("@"));
}

function decoded(value: string, url: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    throw badUrl(url);
  }
}

/** The error that Node throws has the whole URL in it; and what has no scheme may be the password itself. */
function badUrl(url: string): Error {
  return usage(
    "bad-url",
    `${/^\s*[a-z][a-z0-9+]*:/i.test(url) ? `"${redact(url)}"` : "The text that should be one"} is no URL.`,
    "postgres://USER@HOST:PORT/DATABASE, the password after USER and a colon; signs such as / @ : # ? in it are written %2F %40 %3A %23 %3F",
  );
}
