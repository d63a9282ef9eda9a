import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import vm from "node:vm";
import { explain } from "./explain.ts";
import { install, isThere, readCompiled } from "./hooks.ts";
import { type LoadedModule, node } from "./internals.ts";
import { isNativeModule } from "./package.ts";
import { importKey, Prerequisite } from "./prerequisite.ts";
import { setStubbed, stub, stubKey } from "./stub.ts";

/** Loads a module of the user's project, TypeScript or JavaScript, CommonJS or not, and gives its exports. */
export async function importModule(file: string): Promise<Record<string, unknown>> {
  install();
  try {
    return asNamespace(await load(file));
  } catch (error) {
    throw explain(error, file);
  }
}

/** A package as a file of the project finds it. */
export function packageOf(file: string, name: string): unknown {
  install();
  return requireIn(dirname(file))(name);
}

/** So that a file that was rewritten is loaded anew. */
export function forgetModule(file: string): void {
  delete node._cache[file];
}

/** The same with a stand-in for TypeORM; what was loaded with it is forgotten afterwards. */
export async function importWithoutTypeorm(file: string): Promise<Record<string, unknown>> {
  install();
  const before = new Set(Object.keys(node._cache));
  setStubbed(true);
  node._cache[stubKey] = moduleOf(stubKey, stub);
  try {
    return asNamespace(await load(file));
  } catch (error) {
    throw explain(error, file);
  } finally {
    setStubbed(false);
    forget(before);
  }
}

/** With the stand-in, nothing can be gained from a file that Node loads by itself. */
export const canStub = (file: string): boolean => !isNativeModule(file);

const requirers = new Map<string, NodeJS.Require>();

/** Made once for a folder: hundreds of entities lie in the same one. */
function requireIn(dir: string): NodeJS.Require {
  const known = requirers.get(dir) ?? createRequire(join(dir, "index.js"));
  requirers.set(dir, known);
  return known;
}

async function load(file: string, seen: ReadonlySet<string> = new Set()): Promise<unknown> {
  if (isNativeModule(file)) return importFrom(file, pathToFileURL(file).href);
  isThere(file);
  const tried = new Set(seen);
  for (;;) {
    try {
      return requireIn(dirname(file))(file);
    } catch (error) {
      if (!(error instanceof Prerequisite)) throw error;
      if (tried.has(error.key)) throw error.cause;
      tried.add(error.key);
      await prepare(error, tried);
    }
  }
}

async function prepare({ kind, file, request }: Prerequisite, tried: ReadonlySet<string>): Promise<void> {
  if (kind === "deep") await load(file, tried);
  else if (kind === "await") await loadAwaiting(file, tried);
  else if (kind === "native") keep(file, await importFrom(file, pathToFileURL(file).href));
  else keep(importKey(file, request), await importFrom(file, request));
}

function keep(key: string, namespace: Record<string, unknown>): void {
  node._cache[key] = moduleOf(key, { ...namespace, __esModule: true });
}

function moduleOf(key: string, exports: unknown): LoadedModule {
  return { id: key, filename: key, exports, loaded: true, children: [], _compile: () => undefined };
}

/** A compiled file that awaits at its top: its body runs as an asynchronous function. */
async function loadAwaiting(file: string, seen: ReadonlySet<string>): Promise<void> {
  const parameters = "exports, require, module, __filename, __dirname";
  const start = `(async function (${parameters}) {`;
  const body: (...values: unknown[]) => Promise<void> = vm.runInThisContext(`${start}${readCompiled(file)}\n})`, {
    filename: file,
    columnOffset: -start.length,
  });
  const tried = new Set(seen);
  for (;;) {
    const module = moduleOf(file, {});
    node._cache[file] = module;
    try {
      await body.call(module.exports, module.exports, createRequire(file), module, file, dirname(file));
      return;
    } catch (error) {
      delete node._cache[file];
      if (!(error instanceof Prerequisite)) throw error;
      if (tried.has(error.key)) throw error.cause;
      tried.add(error.key);
      await prepare(error, tried);
    }
  }
}

// a word of its own: code with the call written out is not kept (code.ts)
const word = "import";

/** As a text, because Node 20 does not know `import()` in code that was kept from an earlier run. */
function importFrom(file: string, request: string): Promise<Record<string, unknown>> {
  return withoutWarnings(() => {
    const native = vm.compileFunction(`return ${word}(request)`, ["request"], {
      filename: file,
      importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    });
    return native(request);
  });
}

/** Node announces that this is young, to people who cannot do anything about it. */
function withoutWarnings<T>(work: () => T): T {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return work();
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** `module.exports = value` and a default export are one to those who look for a value. */
function asNamespace(exports: unknown): Record<string, unknown> {
  const isRecord = typeof exports === "object" && exports !== null;
  if (!isRecord) return { default: exports };
  const namespace = exports as Record<string, unknown>;
  const inner = namespace.default as Record<string, unknown> | null | undefined;
  // Node's view of a CommonJS file that was compiled from a module
  if (typeof inner === "object" && inner !== null && inner.__esModule === true) return inner;
  const isModule = namespace.__esModule === true || Object.prototype.toString.call(namespace) === "[object Module]";
  return isModule ? namespace : { default: namespace, ...namespace };
}

function forget(before: ReadonlySet<string>): void {
  const touched = new Map<LoadedModule, boolean>();
  const reaches = (module: LoadedModule): boolean => {
    const known = touched.get(module);
    if (known !== undefined) return known;
    touched.set(module, false);
    const found = module.id === stubKey || module.children.some(reaches);
    touched.set(module, found);
    return found;
  };
  for (const [key, module] of Object.entries(node._cache)) {
    if (module !== undefined && !before.has(key) && (reaches(module) || !key.includes("node_modules"))) delete node._cache[key];
  }
  delete node._cache[stubKey];
}
