import { usage } from "../core/errors.ts";

type Values = Readonly<Record<string, unknown>>;

export interface Found {
  /** the data source itself, where the module makes one */
  readonly dataSource?: object;
  readonly options: Values;
}

/** Packages of several versions and forks are about: what something is, is told by what it has. */
export function isDataSource(value: unknown): value is { readonly options: Values } {
  if (typeof value !== "object" || value === null) return false;
  const { options, initialize } = value as { options?: unknown; initialize?: unknown };
  return typeof initialize === "function" && typeof options === "object" && options !== null;
}

const known = [
  "url",
  "host",
  "port",
  "username",
  "database",
  "entities",
  "migrations",
  "replication",
  "synchronize",
  "extra",
  "schema",
  "logging",
];

function isOptions(value: unknown): value is Values {
  return typeof value === "object" && value !== null && "type" in value && known.some((name) => name in value);
}

/** The one thing among a module's exports that says which database and which entities. */
export async function chooseExport(module: Values, file: string, exportName?: string): Promise<Found> {
  if (exportName !== undefined) {
    if (!(exportName in module)) throw notThere(module, file, exportName);
    const found = await settle(module[exportName], true);
    if (found !== null) return found;
    throw usage(
      "no-data-source",
      `"${exportName}" in ${file} is no data source and gives none.`,
      "--export NAME: one of its other exports",
      { file },
    );
  }
  const names = Object.keys(module).filter((name) => name !== "limbeck" && name !== "__esModule" && name !== "module.exports");
  const settled = await Promise.all(names.map(async (name) => ({ name, found: await settle(module[name], false) })));
  const sources = distinct(settled, ({ dataSource }) => dataSource);
  const all = sources.length > 0 ? sources : distinct(settled, ({ options }) => options);
  if (all.length > 1) throw several(file, all);
  const [only] = all;
  if (only !== undefined) return only.found;
  return await fromFunction(module, names, file);
}

type Named = { readonly name: string; readonly found: Found };

function distinct(
  settled: readonly { name: string; found: Found | null }[],
  identity: (found: Found) => object | undefined,
): readonly Named[] {
  const seen = new Map<object, Named>();
  for (const { name, found } of settled) {
    const id = found === null ? undefined : identity(found);
    if (found !== null && id !== undefined && !seen.has(id)) seen.set(id, { name, found });
  }
  return [...seen.values()];
}

/** What nobody exported directly, a function may give: the default one, or the only one. */
async function fromFunction(module: Values, names: readonly string[], file: string): Promise<Found> {
  const functions = names.filter((name) => typeof module[name] === "function");
  const name = functions.includes("default") ? "default" : functions.length === 1 ? functions[0] : undefined;
  const found = name === undefined ? null : await settle(module[name], true);
  if (found !== null) return found;
  throw usage(
    "no-data-source",
    `${file} exports no data source: ${names.length === 0 ? "it exports nothing" : `it exports ${names.join(", ")}`}.`,
    "export default new DataSource({ … }), or the options, or a function that gives one of them; --export NAME chooses",
    { file, exports: names },
  );
}

/** `call`: a function may be called to see what it gives. */
async function settle(value: unknown, call: boolean): Promise<Found | null> {
  const awaited: unknown = isThenable(value) ? await value : value;
  if (isDataSource(awaited)) return { dataSource: awaited, options: awaited.options };
  if (isOptions(awaited)) return { options: awaited };
  if (typeof awaited === "function") return call && !isClass(awaited) ? await settle(await awaited(), false) : null;
  return typeof awaited === "object" && awaited !== null ? fromGetter(awaited) : null;
}

/** An object that keeps its data source behind a getter. */
function fromGetter(value: object): Found | null {
  try {
    const { dataSource } = value as { dataSource?: unknown };
    return isDataSource(dataSource) ? { dataSource, options: dataSource.options } : null;
  } catch {
    return null;
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";
}

function isClass(value: object): boolean {
  return /^class\b/.test(Function.prototype.toString.call(value));
}

function several(file: string, found: readonly Named[]): Error {
  const names = found.map(({ name }) => name);
  return usage(
    "several-data-sources",
    `${file} exports ${names.length} data sources: ${names.join(", ")}.`,
    `say which one: --export ${names[0]}`,
    {
      file,
      exports: names,
    },
  );
}

function notThere(module: Values, file: string, name: string): Error {
  const names = Object.keys(module).filter((one) => one !== "__esModule");
  return usage(
    "no-such-export",
    `${file} does not export "${name}". It exports ${names.join(", ") || "nothing"}.`,
    "--export NAME: one of these",
    {
      file,
      exports: names,
    },
  );
}
