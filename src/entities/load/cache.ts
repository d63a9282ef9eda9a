import { createHash } from "node:crypto";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { version } from "../../core/version.ts";
import { cacheFolders, isOwn, madeOwn } from "./folders.ts";

/** The text that `make` gives, kept on disk under all that it is made from. Several processes may be at it at once. */
export function cached(key: string, file: string, make: () => string): string {
  const name = `${createHash("sha1").update(`${version}\0${key}`).digest("hex")}.cjs`;
  const dirs = cacheFolders(file);
  for (const dir of dirs) {
    if (!isOwn(dir)) continue;
    try {
      return readFileSync(join(dir, name), "utf8");
    } catch {
      // not there yet
    }
  }
  const text = make();
  for (const dir of dirs) if (write(dir, name, text)) break;
  return text;
}

function write(dir: string, name: string, text: string): boolean {
  if (!madeOwn(dir)) return false;
  const temporary = join(dir, `${name}.${process.pid}`);
  try {
    writeFileSync(temporary, text);
    renameSync(temporary, join(dir, name));
    return true;
  } catch {
    rmSync(temporary, { force: true });
    return false;
  }
}
