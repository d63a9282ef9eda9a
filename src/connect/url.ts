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
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    // the error that Node throws has the whole URL in it
    throw usage(
      "bad-url",
      `"${redact(url)}" is no URL.`,
      "postgres://USER@HOST:PORT/DATABASE, the password after USER and a colon; signs such as / @ : # ? in it are written %2F %40 %3A %23 %3F",
    );
  }
  const text = (value: string) => (value === "" ? undefined : decodeURIComponent(value));
  const host = text(parsed.hostname)?.replace(/^\[(.*)\]$/, "$1");
  const user = text(parsed.username);
  const password = text(parsed.password);
  const database = text(parsed.pathname.replace(/^\//, ""));
  if (password !== undefined) hide(password, [user, host, database]);
  return {
    ...(host === undefined ? {} : { host }),
    ...(parsed.port === "" ? {} : { port: Number(parsed.port) }),
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
    ...(database === undefined ? {} : { database }),
    parameters: new Map(parsed.searchParams),
  };
}
