import { lstatSync, statSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, extname, join, resolve, sep } from "node:path";
import { createPathsMatcher, getTsconfig, type PathsMatcher } from "get-tsconfig";
import { isInstalled } from "./package.ts";

const endings = [".ts", ".tsx", ".mts", ".cts", ".js", ".json", ".mjs", ".cjs", ".jsx"] as const;
/** what TypeScript lets people write for the file that it is compiled from */
const sources: Readonly<Record<string, readonly string[]>> = {
  ".js": [".ts", ".tsx"],
  ".jsx": [".tsx"],
  ".mjs": [".mts"],
  ".cjs": [".cts"],
};

/** Where the user's own files find what Node would not: aliases of tsconfig, `./x.js` that is x.ts, `./x` and `./folder`. */
export function resolveSource(request: string, parent: string): string | null {
  if (isBuiltin(request) || isInstalled(parent)) return null;
  if (/^\.{1,2}(\/|$)/.test(request) || request.startsWith(sep)) return findFile(resolve(dirname(parent), request));
  for (const candidate of aliases(parent)?.(request) ?? []) {
    const found = findFile(candidate);
    if (found !== null) return found;
  }
  return null;
}

/**
 * What a file of a package asks for by its place: TypeORM's do it two thousand times, and Node would look each time whether the package
 * means itself. Folders and links are left to Node.
 */
export function resolveInstalled(request: string, parent: string): string | null {
  if (!/^\.{1,2}\/.*[^/.]$/.test(request) || !isInstalled(parent)) return null;
  return scriptAt(resolve(dirname(parent), request));
}

function scriptAt(path: string): string | null {
  const exact = lstatSync(path, { throwIfNoEntry: false });
  if (exact !== undefined) return exact.isFile() && path.endsWith(".js") ? path : null;
  return lstatSync(`${path}.js`, { throwIfNoEntry: false })?.isFile() === true ? `${path}.js` : null;
}

/** A target that Node worked out from package.json ("imports") and could not find. */
export function resolveMissing(error: unknown): string | null {
  const named = /^Cannot find (?:module|package) '([^']+)'/.exec(error instanceof Error ? error.message : "");
  const path = named?.[1];
  return path?.startsWith(sep) && !isInstalled(path) ? findFile(path) : null;
}

function findFile(path: string): string | null {
  const ending = extname(path);
  for (const source of sources[ending] ?? []) {
    const file = path.slice(0, -ending.length) + source;
    if (isFile(file)) return file;
  }
  if (isFile(path)) return path;
  for (const end of endings) if (isFile(path + end)) return path + end;
  for (const end of endings) if (isFile(join(path, `index${end}`))) return join(path, `index${end}`);
  return null;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

const matchers = new Map<string, PathsMatcher | null>();
const parsed = new Map<string, unknown>();

function aliases(file: string): PathsMatcher | null {
  const dir = dirname(file);
  const known = matchers.get(dir);
  if (known !== undefined) return known;
  const matcher = readAliases(dir);
  matchers.set(dir, matcher);
  return matcher;
}

function readAliases(dir: string): PathsMatcher | null {
  try {
    // workspaces keep the aliases in tsconfig.base.json, and some folders have no tsconfig.json of their own
    const found = getTsconfig(dir, "tsconfig.json", parsed) ?? getTsconfig(dir, "tsconfig.base.json", parsed);
    return found === null ? null : createPathsMatcher(found);
  } catch {
    // a configuration that extends something that is not installed is no reason not to load the file
    return null;
  }
}
