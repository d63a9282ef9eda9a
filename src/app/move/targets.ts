import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { usage } from "../../core/errors.ts";
import type { TargetPlace } from "../../core/settings.ts";
import { withUrl } from "../../entities/config.ts";
import type { Project } from "../project/project.ts";

/** Which targets a command is for, as a user says it. */
export interface TargetChoice {
  /** names; `*` stands for any text. None: all that there are */
  readonly names: readonly string[];
  /** a file that lists them, instead of the configuration */
  readonly file?: string;
}

export interface Target {
  readonly name: string;
  /** the same project, seen from there */
  readonly project: Project;
}

export function chooseTargets(project: Project, { names, file }: TargetChoice): readonly Target[] {
  const { cwd, env } = project.configuration.request;
  const listed = file === undefined ? (project.configuration.settings.targets ?? {}) : readTargets(resolve(cwd, file), file);
  const all = Object.keys(listed);
  const from = file ?? "the configuration's targets";
  if (all.length === 0) {
    throw usage(
      "no-targets",
      `There are no targets in ${from}.`,
      'export const limbeck = defineConfig({ targets: { berlin: "postgres://…", tenant_1: { schema: "tenant_1" } } }); or --targets FILE',
    );
  }
  const chosen = names.length === 0 ? all : [...new Set(names.flatMap((name) => matching(name, all, from)))];
  return chosen.map((name) => ({ name, project: seenFrom(project, name, listed[name] ?? name, env) }));
}

function matching(name: string, all: readonly string[], from: string): readonly string[] {
  const pattern = new RegExp(`^${name.split("*").map(escaped).join(".*")}$`, "s");
  const found = all.filter((one) => pattern.test(one));
  if (found.length > 0) return found;
  const shown = all.length > 10 ? `${all.slice(0, 10).join(", ")} and ${all.length - 10} more` : all.join(", ");
  throw usage("unknown-target", `No target is named "${name}". In ${from}: ${shown}.`, "--target NAME: one of these, or a pattern with *", {
    targets: all,
  });
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

function seenFrom(project: Project, name: string, place: TargetPlace, env: Environment): Project {
  const { url, schema } = typeof place === "string" ? placeOf(place) : place;
  if (url === undefined && schema === undefined) throw badTargets(`target "${name}" has neither url nor schema`);
  const { configuration } = project;
  const options = url === undefined ? configuration.options : withUrl(configuration.options, filledIn(url, env), configuration.file);
  if (schema === undefined) return { ...project, configuration: { ...configuration, options } };
  // a journal in one schema would be everybody's
  return { ...project, configuration: { ...configuration, options }, schema, journal: { name: project.journal.name } };
}

const placeOf = (text: string): { readonly url?: string; readonly schema?: string } =>
  /^[a-z][a-z0-9+]*:|^\$\{\w+\}$/i.test(text) ? { url: text } : { schema: text };

type Environment = Readonly<Record<string, string | undefined>>;

/** A variable is the whole URL, or a part of it, in which its signs mean nothing. */
function filledIn(url: string, env: Environment): string {
  return url.replace(/\$\{(\w+)\}/g, (all, name: string) => {
    const value = env[name];
    if (value === undefined || value === "") {
      throw usage("target-variable", `The environment has no ${name}, which a target's URL needs.`, `set ${name}`, { name });
    }
    return all === url ? value : encodeURIComponent(value);
  });
}

/** JSON as in the configuration, or a list of it; or lines `PLACE` and `NAME PLACE`, where # begins a comment. */
function readTargets(path: string, said: string): Readonly<Record<string, TargetPlace>> {
  const text = contentOf(path, said);
  const entries = /^\s*[[{]/.test(text) ? fromJson(text, said) : fromLines(text);
  const names = new Set<string>();
  for (const [name] of entries) {
    if (names.has(name)) throw badTargets(`${said} has "${name}" twice`);
    names.add(name);
  }
  return Object.fromEntries(entries);
}

function contentOf(path: string, said: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw badTargets(`${said} cannot be read`);
  }
}

type Entries = readonly (readonly [string, TargetPlace])[];

function fromLines(text: string): Entries {
  return text.split(/\r?\n/).flatMap((line) => {
    const words = line.replace(/(^|\s)#.*$/, "").trim();
    if (words === "") return [];
    const [first = "", second] = words.split(/\s+/);
    return [second === undefined ? ([nameOf(first), first] as const) : ([first, second] as const)];
  });
}

function fromJson(text: string, said: string): Entries {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch (error) {
    // what Node quotes of the text may be part of a password
    throw badTargets(`${said} is no JSON: ${(error as Error).message.replace(/, .*is not valid JSON/s, "")}`);
  }
  const entries = Array.isArray(found) ? found.map((one) => [nameIn(one), one] as const) : Object.entries(found as object);
  const [wrong] = entries.filter(([name, place]) => name === "" || !isPlace(place));
  if (wrong !== undefined) throw badTargets(`in ${said}, ${JSON.stringify(wrong[0])} is neither a text nor { url, schema }`);
  return entries;
}

function nameIn(one: unknown): string {
  if (typeof one === "string") return nameOf(one);
  const { name, schema, url } = (one ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof name === "string") return name;
  if (typeof schema === "string") return schema;
  return typeof url === "string" ? nameOf(url) : "";
}

function isPlace(place: unknown): place is TargetPlace {
  if (typeof place === "string") return true;
  if (typeof place !== "object" || place === null) return false;
  const { url, schema } = place as Readonly<Record<string, unknown>>;
  return [url, schema].every((one) => one === undefined || typeof one === "string") && (url ?? schema) !== undefined;
}

/** A URL without what is secret in it. */
function nameOf(place: string): string {
  if (!/^[a-z][a-z0-9+]*:\/\//i.test(place)) return place;
  return place
    .replace(/^[a-z0-9+]+:\/\//i, "")
    .replace(/^\S*@/, "")
    .replace(/\?.*$/s, "");
}

function badTargets(what: string) {
  return usage(
    "bad-targets",
    `The targets are of no use: ${what}.`,
    'a line for each, a URL or a schema, with a name before it if you like; or JSON: { "berlin": "postgres://…", "tenant_1": { "schema": "tenant_1" } }',
  );
}
