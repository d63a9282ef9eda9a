import { hash } from "node:crypto";
import { closeSync, existsSync, fstatSync, fsyncSync, openSync, readSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import vm from "node:vm";
import { cacheFolders, isOwn, madeOwn } from "./folders.ts";
import { node, type Requiring } from "./internals.ts";

/** What V8 made of a file's text. */
interface Kept {
  /** of the text: V8 itself looks at its length only */
  readonly hash: string;
  /** null where it cannot be read any more */
  data(): Buffer | null;
}

interface Compiled {
  readonly hash: string;
  readonly length: number;
  readonly script: vm.Script;
  /** null where V8 had to compile */
  readonly data: Buffer | null;
}

const start = "(function (exports, require, module, __filename, __dirname) { ";

/**
 * Keeps compiled code between runs, as Node itself does from 22 on: compiling TypeORM and the entities takes longer than comparing them.
 * One file for each command, because each runs other functions; it is written when the process ends, if much was new.
 */
export function keepCode(command: string, cwd: string): void {
  const name = `code-${hash("sha1", command)}`;
  const places = cacheFolders(join(cwd, "package.json"));
  const before = read(places, name);
  const used = new Map<string, Compiled>();
  const { prototype } = node;
  const compileAsNode = prototype._compile;
  prototype._compile = function (code, file, format) {
    const made = format === undefined || format === "commonjs" ? compiled(code, file, before.get(file)) : null;
    if (made === null) return compileAsNode.call(this, code, file, format);
    used.set(file, made);
    const run = made.script.runInThisContext() as (...values: unknown[]) => unknown;
    return run.call(this.exports, this.exports, requireOf(this), this, file, dirname(file));
  };
  process.on("exit", () => {
    if (newIn(used) >= enough) write(places, name, before, used);
  });
}

/** Characters: an entity or two that changed are compiled sooner than all is written again. */
const enough = 100_000;

function newIn(used: ReadonlyMap<string, Compiled>): number {
  let sum = 0;
  for (const { data, length } of used.values()) if (data === null) sum += length;
  return sum;
}

/** In code that was kept Node 20 does not know it. */
const importing = /\bimport\s*\(/;

/** Null where Node has to do it: it says better what is wrong with a text, or that it is an ES module. */
function compiled(code: string, file: string, kept: Kept | undefined): Compiled | null {
  const sum = hash("sha1", code);
  const cachedData = (kept?.hash === sum ? kept.data() : null) ?? undefined;
  if (cachedData === undefined && importing.test(code)) return null;
  try {
    const script = new vm.Script(`${start}${code}\n})`, {
      filename: file,
      columnOffset: -start.length,
      ...(cachedData === undefined ? {} : { cachedData }),
    });
    return {
      hash: sum,
      length: code.length,
      script,
      data: cachedData === undefined || script.cachedDataRejected === true ? null : cachedData,
    };
  } catch {
    return null;
  }
}

/** The `require` that Node gives to a module. */
function requireOf(module: Requiring): NodeJS.Require {
  const resolve = (request: string, options?: { paths?: string[] }) => node._resolveFilename(request, module, false, options);
  resolve.paths = (request: string) => node._resolveLookupPaths(request, module);
  return Object.assign((id: string) => module.require(id), {
    resolve,
    main: process.mainModule,
    extensions: node._extensions,
    cache: node._cache,
  }) as unknown as NodeJS.Require;
}

/** file, hash of its text, where its code begins, how long it is */
type Entry = readonly [string, string, number, number];

/**
 * The file is a line of JSON and the code of all modules behind it, in the order in which they were loaded: only what is asked for is read, and
 * what a run does without (a compiler, say) is most of it. Whatever is wrong with it, there is no cache.
 */
function read(places: readonly string[], name: string): ReadonlyMap<string, Kept> {
  for (const dir of places) {
    if (!isOwn(dir)) continue;
    try {
      return opened(join(dir, name));
    } catch {
      // none yet, or of no use
    }
  }
  return new Map();
}

function opened(path: string): ReadonlyMap<string, Kept> {
  const descriptor = openSync(path, "r");
  try {
    const { size } = fstatSync(descriptor);
    const bytes = reader(descriptor, size);
    const head = bytes(0, Number(bytes(0, width)));
    const { node: version, entries }: { node: string; entries: readonly Entry[] } = JSON.parse(head.toString("utf8", width));
    const [, , at, length] = entries.at(-1) ?? ["", "", 0, 0];
    if (version !== process.version || head.length + at + length !== size) throw new Error("of another time");
    return new Map(entries.map(([file, hash, at, length]) => [file, { hash, data: () => orNull(() => bytes(head.length + at, length)) }]));
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

/** Digits at the beginning, which say where the code of the modules begins. */
const width = 12;

/** Reads ahead: what was loaded after each other is asked for after each other. */
function reader(descriptor: number, size: number): (at: number, length: number) => Buffer {
  let [start, block] = [0, Buffer.alloc(0)];
  return (at, length) => {
    if (at < start || at + length > start + block.length) {
      const next = Buffer.allocUnsafeSlow(Math.min(Math.max(length, ahead), size - at));
      // V8 does not look whether what it is given is whole
      if (readSync(descriptor, next, 0, next.length, at) < next.length || next.length < length) throw new Error("cut off");
      [start, block] = [at, next];
    }
    return block.subarray(at - start, at - start + length);
  };
}

const ahead = 1 << 16;

function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}

function write(places: readonly string[], name: string, before: ReadonlyMap<string, Kept>, used: ReadonlyMap<string, Compiled>): void {
  const all = new Map([...used].map(([file, { hash, data, script }]) => [file, { hash, data: data ?? script.createCachedData() }]));
  // other projects may share the packages and the folder
  for (const [file, kept] of before) {
    const data = used.has(file) || !existsSync(file) ? null : kept.data();
    if (data !== null) all.set(file, { hash: kept.hash, data });
  }
  const entries: Entry[] = [];
  let at = 0;
  for (const [file, { hash, data }] of all) {
    entries.push([file, hash, at, data.length]);
    at += data.length;
  }
  const list = Buffer.from(JSON.stringify({ node: process.version, entries }));
  const content = Buffer.concat([
    Buffer.from(String(width + list.length).padStart(width)),
    list,
    ...[...all.values()].map(({ data }) => data),
  ]);
  for (const dir of places) if (replace(dir, name, content)) return;
}

function replace(dir: string, name: string, content: Buffer): boolean {
  if (!madeOwn(dir)) return false;
  const temporary = join(dir, `${name}.${process.pid}`);
  try {
    const descriptor = openSync(temporary, "w", 0o600);
    try {
      writeFileSync(descriptor, content);
      // V8 does not look whether what it is given is whole: no power cut may leave half of it under the name
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, join(dir, name));
    return true;
  } catch {
    rmSync(temporary, { force: true });
    return false;
  }
}
