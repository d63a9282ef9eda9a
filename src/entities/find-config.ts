import { existsSync, statSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { usage } from "../core/errors.ts";
import { packageDir, readPackage } from "./load/package.ts";

const names = ["ormconfig", "data-source", "src/data-source", "src/database/data-source", "src/db/data-source"];
const endings = [".ts", ".mts", ".cts", ".js", ".mjs", ".cjs"];

/** The module that exports the data source: as asked for, as package.json says, or the first of the usual places. */
export function findConfig(cwd: string, file?: string): string {
  if (file !== undefined) return named(resolve(cwd, file), "--config");
  const project = packageDir(join(cwd, "package.json"));
  const { limbeck } = readPackage(project) as { limbeck?: { config?: unknown } };
  if (typeof limbeck?.config === "string") return named(resolve(project, limbeck.config), `"limbeck" in ${join(project, "package.json")}`);
  const dirs = [...new Set([cwd, project])];
  for (const dir of dirs) {
    const found = firstOf(dir);
    if (found !== null) return found;
  }
  const looked = names.map((name) => `    ${name}{${endings.join(",")}}`).join("\n");
  throw usage(
    "no-config",
    `No configuration was found. In ${dirs.join(" and ")} there is none of\n${looked}\nand package.json has no "limbeck": { "config": "…" }.`,
    "limbeck init writes one; --config FILE names one that is elsewhere",
    { cwd, looked: names.flatMap((name) => endings.map((ending) => name + ending)) },
  );
}

function firstOf(dir: string): string | null {
  for (const name of names) {
    for (const ending of endings) {
      const file = join(dir, name + ending);
      if (existsSync(file)) return file;
    }
  }
  return null;
}

function named(path: string, where: string): string {
  for (const file of [path, ...endings.map((ending) => path + ending)]) {
    if (statSync(file, { throwIfNoEntry: false })?.isFile()) return file;
  }
  throw usage(
    "config-missing",
    `The configuration that ${where} names is not there: ${relative(process.cwd(), path) || path}`,
    "limbeck init writes one",
    {
      file: path,
    },
  );
}
