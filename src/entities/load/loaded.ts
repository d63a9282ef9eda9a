import { node } from "./internals.ts";
import { isInstalled } from "./package.ts";

/** The file of the user's that exports this, among those that are loaded. */
export function fileOf(value: unknown): string | undefined {
  for (const [file, module] of Object.entries(node._cache)) {
    const exports = module?.exports;
    if (typeof exports !== "object" || exports === null || isInstalled(file)) continue;
    if (Object.values(exports).includes(value)) return file;
  }
  return undefined;
}
