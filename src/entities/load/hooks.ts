import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import vm from "node:vm";
import { absentDriver } from "./absent-driver.ts";
import { compile } from "./compile.ts";
import { type LoadedModule, node } from "./internals.ts";
import { later } from "./later.ts";
import { tellingPlatform } from "./navigator.ts";
import { isInstalled } from "./package.ts";
import { importKey, Prerequisite } from "./prerequisite.ts";
import { resolveInstalled, resolveMissing, resolveSource } from "./resolve.ts";
import { ownEntry } from "./self.ts";
import { mapStacks, remember } from "./stack.ts";
import { isStubbed, stubKey } from "./stub.ts";

let installed = false;

/** Teaches `require` TypeScript. It stays: an import may come late, and revisions are loaded the same way. */
export function install(): void {
  if (installed) return;
  installed = true;
  mapStacks();
  for (const ending of [".ts", ".mts", ".cts", ".tsx"]) node._extensions[ending] = loadSource;
  const loadScript = node._extensions[".js"];
  node._extensions[".js"] = (module, file) => {
    try {
      tellingPlatform(file, () => loadScript?.(module, file));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ERR_REQUIRE_ASYNC_MODULE" || code === "ERR_REQUIRE_ESM") throw new Prerequisite("native", file, "", error);
      throw tooDeep(error, file);
    }
  };
  const resolveFilename = node._resolveFilename;
  node._resolveFilename = function (request, parent, ...rest) {
    const file = parent?.filename ?? null;
    const instead = substitute(request, file);
    if (instead !== null) return instead;
    const asked = file === null || rest[1] !== undefined ? null : askedFor(request, file);
    const before = asked === null ? undefined : found.get(asked);
    if (before !== undefined) return before;
    try {
      const path = placeOf(request, file) ?? resolveFilename.call(this, request, parent, ...rest);
      if (asked !== null) found.set(asked, path);
      return path;
    } catch (error) {
      const other = resolveMissing(error) ?? absentDriver(request, file, error);
      if (other !== null) return other;
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ERR_PACKAGE_PATH_NOT_EXPORTED" && file !== null) throw new Prerequisite("import", file, request, error);
      throw error;
    }
  };
}

/** What was found. Node itself keeps it only for the folder that was the first to load a file, not for 500 entities that ask for TypeORM. */
const found = new Map<string, string>();

/** A place is the same whoever asks for it, but that sources may mean another file by it; a package may be another one for each folder. */
function askedFor(request: string, file: string): string {
  if (!/^\.\.?\/.*[^/.]$/.test(request)) return `${dirname(file)}\0${request}`;
  return `${isInstalled(file)}\0${resolve(dirname(file), request)}`;
}

/** A file that is there is loaded under its full name without a look for others that it could mean. */
export function isThere(file: string): void {
  found.set(askedFor(file, file), file);
}

function placeOf(request: string, file: string | null): string | null {
  return file === null ? null : (resolveInstalled(request, file) ?? resolveSource(request, file));
}

/** What somebody is given who asks for another thing. */
function substitute(request: string, file: string | null): string | null {
  if (request === "limbeck") return ownEntry();
  if (isStubbed() && /^typeorm(\/|$)/.test(request)) return stubKey;
  if (file === null) return null;
  const imported = importKey(file, request);
  return node._cache[imported] === undefined ? later(request, file) : imported;
}

export function readCompiled(file: string): string {
  const code = compile(readFileSync(file, "utf8"), file);
  remember(file, code);
  return code;
}

function loadSource(module: LoadedModule, file: string): void {
  const code = readCompiled(file);
  if (awaitsAtTop(code)) throw new Prerequisite("await", file, "", new SyntaxError(`${file} awaits at its top`));
  try {
    // said outright, or Node would look whether it could be an ES module
    module._compile(code, file, "commonjs");
  } catch (error) {
    throw tooDeep(error, file);
  }
}

/** Node would warn of it on the way to its own error. */
function awaitsAtTop(code: string): boolean {
  if (!/\bawait\b/.test(code)) return false;
  try {
    vm.compileFunction(code, ["exports", "require", "module", "__filename", "__dirname"]);
    return false;
  } catch (error) {
    return error instanceof SyntaxError && /await is only valid/.test(error.message);
  }
}

function tooDeep(error: unknown, file: string): unknown {
  const overflow = error instanceof RangeError && /call stack/.test(error.message);
  return overflow && !isInstalled(file) ? new Prerequisite("deep", file, "", error) : error;
}
