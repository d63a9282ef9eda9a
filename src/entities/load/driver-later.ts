import { createRequire } from "node:module";
import { dirname, resolve, sep } from "node:path";
import { type LoadedModule, node } from "./internals.ts";

const factory = `${sep}typeorm${sep}driver${sep}DriverFactory.js`;

/**
 * TypeORM's factory begins with the drivers of all databases there are, a third of what TypeORM loads, to make one of them: here each is
 * loaded when the factory looks at it.
 */
export function driverLater(request: string, file: string): string | null {
  if (!file.endsWith(factory) || !/^\.\/[\w-]+\/\w+Driver$/.test(request)) return null;
  const path = resolve(dirname(file), request);
  const key = `limbeck:later:${path}`;
  node._cache[key] ??= {
    id: key,
    filename: key,
    exports: new Proxy({}, { get: (_, name) => Reflect.get(createRequire(file)(path), name) }),
    loaded: true,
    children: [],
    _compile: () => undefined,
  } satisfies LoadedModule;
  return key;
}
