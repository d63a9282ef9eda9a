import { hide } from "../core/redact.ts";

/** Where to connect, as the configuration says it: TypeORM's own options. */
export interface Target {
  readonly dialect: "postgres" | "mysql";
  readonly options: Readonly<Record<string, unknown>>;
  /** where the driver is installed */
  readonly projectDir: string;
}

/** What TypeORM calls credentials: the options themselves, or the master among replicas. */
export type Credentials = Readonly<Record<string, unknown>>;

export function credentialsOf(options: Target["options"]): Credentials {
  const { master } = (options.replication ?? {}) as { master?: Credentials };
  return { ...options, ...master };
}

export const embeddedPrefix = "embedded:";

export function embeddedFolder(options: Target["options"]): string | null {
  const { url } = credentialsOf(options);
  return typeof url === "string" && url.startsWith(embeddedPrefix) ? url.slice(embeddedPrefix.length) : null;
}

export const isEmbedded = (target: Target): boolean => target.dialect === "postgres" && embeddedFolder(target.options) !== null;

/** A password may be a function that asks a vault. */
export async function passwordOf({ password, username, host, database }: Credentials): Promise<string | undefined> {
  const given: unknown = typeof password === "function" ? await password() : password;
  if (given === undefined || given === null) return undefined;
  hide(String(given), [username, host, database].map(String));
  return String(given);
}

/** Fields that are given; drivers take undefined for a value. */
export function given(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null));
}

export function pick(from: unknown, names: readonly string[]): Record<string, unknown> {
  const values = (from ?? {}) as Record<string, unknown>;
  return given(Object.fromEntries(names.map((name) => [name, values[name]])));
}

export const patienceMs = 10_000;
