import { usage } from "../core/errors.ts";

/** A URL, or a text that has some in it, without the passwords. */
export function redactUrl(text: string): string {
  return text
    .replace(/([a-z][a-z0-9+.-]*:\/\/[^\s/:@]*):[^\s/]*@(?=[^@\s]*(?:\s|$))/gi, "$1:***@")
    .replace(/([?&](?:password|passwd|pwd|sslpassword|token)=)[^&\s]*/gi, "$1***");
}

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
      `"${redactUrl(url)}" is no URL.`,
      "scheme://user:password@host:port/database; special characters in the password as %40 and the like",
    );
  }
  const text = (value: string) => (value === "" ? undefined : decodeURIComponent(value));
  const host = text(parsed.hostname)?.replace(/^\[(.*)\]$/, "$1");
  const user = text(parsed.username);
  const password = text(parsed.password);
  const database = text(parsed.pathname.replace(/^\//, ""));
  return {
    ...(host === undefined ? {} : { host }),
    ...(parsed.port === "" ? {} : { port: Number(parsed.port) }),
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
    ...(database === undefined ? {} : { database }),
    parameters: new Map(parsed.searchParams),
  };
}
