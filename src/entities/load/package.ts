import { existsSync, readFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";

const dirs = new Map<string, string>();

/** The folder of the nearest package.json above a file; the file's own folder when there is none. */
export function packageDir(file: string): string {
  const start = dirname(file);
  const known = dirs.get(start);
  if (known !== undefined) return known;
  let dir = start;
  while (!existsSync(join(dir, "package.json"))) {
    const up = dirname(dir);
    if (up === dir) {
      dir = start;
      break;
    }
    dir = up;
  }
  dirs.set(start, dir);
  return dir;
}

export function readPackage(dir: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(readFileSync(join(dir, "package.json"), "utf8"));
  } catch {
    return {};
  }
}

const modules = new Map<string, boolean>();

/** Node itself takes such a file for an ES module. */
export function isNativeModule(file: string): boolean {
  return file.endsWith(".mjs") || (file.endsWith(".js") && isModulePackage(packageDir(file)));
}

/** Asked for every file that is loaded. */
function isModulePackage(dir: string): boolean {
  const known = modules.get(dir);
  if (known !== undefined) return known;
  const found = readPackage(dir).type === "module";
  modules.set(dir, found);
  return found;
}

/** A package's file, not one of the project's own. */
export const isInstalled = (file: string): boolean => file.includes(`${sep}node_modules${sep}`);
