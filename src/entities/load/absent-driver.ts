import { sep } from "node:path";
import { type LoadedModule, node } from "./internals.ts";

const drivers = new Set(["pg", "mysql2"]);
const key = "limbeck:driver";

/**
 * TypeORM wants its driver as soon as a data source is made, and entities can be read without: with an embedded database, or offline, it
 * need not be installed. Whoever connects asks for the driver by itself, and says what to install.
 */
export function absentDriver(request: string, parent: string | null, error: unknown): string | null {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== "MODULE_NOT_FOUND" || !drivers.has(request) || !parent?.includes(`${sep}node_modules${sep}typeorm${sep}`)) return null;
  node._cache[key] ??= {
    id: key,
    filename: key,
    exports: standIn,
    loaded: true,
    children: [],
    _compile: () => undefined,
  } satisfies LoadedModule;
  return key;
}

const standIn = { Pool: noConnection, createPool: noConnection };

function noConnection(): never {
  throw new TypeError("the driver is not installed");
}
