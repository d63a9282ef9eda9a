import { createRequire } from "node:module";
import { dirname, posix, sep } from "node:path";
import { type LoadedModule, node } from "./internals.ts";

const typeorm = `${sep}node_modules${sep}typeorm${sep}`;

/**
 * What TypeORM begins with and needs only for queries: the drivers of all databases that there are, of which one is used, its query runners
 * and builders, what saves entities, what synchronizes, formats SQL and looks for files. It is a third of what TypeORM loads.
 */
const forQueries = [
  /^driver\/[\w-]+\/\w+(?:Driver|QueryRunner)$/,
  /^(?:query-builder|persistence)(?:\/|$)/,
  /^(?:schema-builder\/RdbmsSchemaBuilder|migration\/MigrationExecutor|cache\/QueryResultCacheFactory)$/,
  /^(?:@sqltools\/formatter|tinyglobby)$/,
];

/** What a part of TypeORM asks for and may be given later: it is loaded when something of it is looked at. */
export function later(request: string, file: string): string | null {
  const at = file.lastIndexOf(typeorm);
  if (at < 0) return null;
  const part = request.startsWith(".") ? posix.join(dirname(file.slice(at + typeorm.length)).replaceAll(sep, "/"), request) : request;
  if (!forQueries.some((one) => one.test(part))) return null;
  const key = `limbeck:later:${request}:${file}`;
  // now it is
  if (underWay.has(key)) return null;
  node._cache[key] ??= {
    id: key,
    filename: key,
    exports: whenLookedAt(() => loaded(key, request, file)),
    loaded: true,
    children: [],
    _compile: () => undefined,
  } satisfies LoadedModule;
  return key;
}

const underWay = new Set<string>();

function loaded(key: string, request: string, file: string): object {
  underWay.add(key);
  try {
    return createRequire(file)(request);
  } finally {
    underWay.delete(key);
  }
}

/** They all export names; none is a function or a class itself. */
function whenLookedAt(load: () => object): object {
  let module: object | undefined;
  const exports = (): object => {
    module ??= load();
    return module;
  };
  return new Proxy({}, { get: (_, name) => Reflect.get(exports(), name), has: (_, name) => Reflect.has(exports(), name) });
}
