import { resolve, sep } from "node:path";
import { glob } from "tinyglobby";
import { usage } from "../core/errors.ts";
import type { Configuration } from "./config.ts";
import { importModule } from "./load/index.ts";
import { fileOf } from "./load/loaded.ts";

export interface Entities {
  /** classes and EntitySchemas */
  readonly targets: readonly unknown[];
  readonly files: ReadonlyMap<unknown, string>;
}

/** TypeORM would load globs with the means of the project; here they are loaded with ours. */
export async function loadEntities(configuration: Configuration): Promise<Entities> {
  const { entities } = configuration.options;
  const listed: readonly unknown[] = Array.isArray(entities) ? entities : Object.values((entities ?? {}) as object);
  const patterns = listed.filter((one) => typeof one === "string");
  const targets = new Set<unknown>();
  const files = new Map<unknown, string>();
  for (const given of listed) if (typeof given !== "string") collect(given, targets);
  for (const file of await expand(patterns, configuration)) {
    const found = new Set<unknown>();
    collect(Object.values(await importModule(file)), found);
    for (const target of found) {
      targets.add(target);
      if (!files.has(target)) files.set(target, file);
    }
  }
  for (const target of targets) {
    const file = files.has(target) ? undefined : fileOf(target);
    if (file !== undefined) files.set(target, file);
  }
  if (targets.size === 0) throw noEntities(configuration, patterns);
  return { targets: [...targets], files };
}

const loadable = /(?<!\.d)\.[mc]?[jt]s$/;

/** The files that patterns of TypeORM's options mean. */
export async function expand(patterns: readonly string[], { request, projectDir }: Configuration): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const pattern of patterns) {
    for (const file of await firstMatch(pattern, [...new Set([request.cwd, projectDir])])) found.add(file);
  }
  return [...found].filter((file) => !isCompiledFrom(file, found)).sort();
}

/** A configuration written for the compiled project may be used where only the sources are, and the other way round. */
async function firstMatch(pattern: string, dirs: readonly string[]): Promise<readonly string[]> {
  for (const variant of [pattern, sources(pattern), compiled(pattern)]) {
    for (const cwd of dirs) {
      const found = await glob(variant.split(sep).join("/"), {
        cwd,
        absolute: true,
        dot: true,
        ignore: ["**/node_modules/**"],
        expandDirectories: false,
      });
      const files = found.map((file) => resolve(file)).filter((file) => loadable.test(file));
      if (files.length > 0) return files;
    }
  }
  return [];
}

const sources = (pattern: string): string => pattern.replace(/(^|\/)(dist|build)\//, "$1src/").replace(/\.js$/, ".ts");
const compiled = (pattern: string): string => pattern.replace(/(^|\/)src\//, "$1dist/").replace(/\.ts$/, ".js");

/** `x.js` beside `x.ts`, `dist/x.js` beside `src/x.ts`: the same entity, once is enough. */
function isCompiledFrom(file: string, all: ReadonlySet<string>): boolean {
  if (!/\.[mc]?js$/.test(file)) return false;
  const source = file.replace(/js$/, "ts");
  return all.has(source) || all.has(source.replace(/\/(dist|build)\//, "/src/"));
}

function collect(value: unknown, targets: Set<unknown>, seen: Set<unknown> = new Set()): void {
  if (typeof value === "function") targets.add(value);
  if (typeof value !== "object" || value === null || seen.has(value)) return;
  seen.add(value);
  if (isEntitySchema(value)) targets.add(value);
  else if (Array.isArray(value) || isPlain(value)) for (const inner of Object.values(value)) collect(inner, targets, seen);
}

function isEntitySchema(value: object): boolean {
  return (value as { "@instanceof"?: unknown })["@instanceof"] === Symbol.for("EntitySchema");
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function noEntities({ file, options, request }: Configuration, patterns: readonly string[]): Error {
  const looked = patterns.length === 0 ? 'its "entities" is empty' : `nothing matches ${patterns.join(", ")} (from ${request.cwd})`;
  const nest = options.autoLoadEntities === true ? "autoLoadEntities is Nest's own and lists nothing outside a running application: " : "";
  return usage(
    "no-entities",
    `The data source in ${file} has no entities: ${looked}.`,
    `${nest}list them in "entities", as classes or a glob such as "src/**/*.entity.ts"${nest === "" ? " (autoLoadEntities alone does not count)" : ""}`,
    { file, patterns },
  );
}
