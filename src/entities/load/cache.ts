import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { version } from "../../core/version.ts";
import { packageDir } from "./package.ts";

/** The text that `make` gives, kept on disk under all that it is made from. Several processes may be at it at once. */
export function cached(key: string, file: string, make: () => string): string {
  const name = `${createHash("sha1").update(`${version}\0${key}`).digest("hex")}.cjs`;
  for (const dir of folders(file)) {
    try {
      return readFileSync(join(dir, name), "utf8");
    } catch {
      // not there yet
    }
  }
  const text = make();
  for (const dir of folders(file)) if (write(dir, name, text)) break;
  return text;
}

function folders(file: string): readonly string[] {
  const modules = join(packageDir(file), "node_modules");
  const shared = join(tmpdir(), `limbeck-${userName()}`);
  return existsSync(modules) ? [join(modules, ".cache", "limbeck"), shared] : [shared];
}

function write(dir: string, name: string, text: string): boolean {
  const temporary = join(dir, `${name}.${process.pid}`);
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    writeFileSync(temporary, text);
    renameSync(temporary, join(dir, name));
    return true;
  } catch {
    rmSync(temporary, { force: true });
    return false;
  }
}

function userName(): string {
  try {
    return String(userInfo().uid);
  } catch {
    return "nobody";
  }
}
