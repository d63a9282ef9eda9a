import { existsSync, lstatSync, mkdirSync, type Stats } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { packageDir } from "./package.ts";

/** Where what was made of a project's files may be kept: beside its packages, or else in a folder of the user's own. Best first. */
export function cacheFolders(file: string): readonly string[] {
  const modules = join(packageDir(file), "node_modules");
  const shared = join(tmpdir(), `limbeck-${userName()}`);
  return existsSync(modules) ? [join(modules, ".cache", "limbeck"), shared] : [shared];
}

const known = new Map<string, boolean>();

/** What lies in a folder is run: so nobody else may have made it, or be able to write to it. */
export function isOwn(dir: string): boolean {
  const before = known.get(dir);
  if (before !== undefined) return before;
  const found = lookAt(dir);
  if (found === undefined) return false;
  const user = process.geteuid?.();
  const own = found.isDirectory() && (user === undefined || (found.uid === user && (found.mode & 0o022) === 0));
  known.set(dir, own);
  return own;
}

/** A folder that is closed to this user, as another's may be in a container, is none. */
function lookAt(dir: string): Stats | undefined {
  try {
    return lstatSync(dir, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** Makes the folder where it is missing; false where it cannot be made, or is not the user's own. */
export function madeOwn(dir: string): boolean {
  try {
    // the folder above is shared with other tools, and with other users
    mkdirSync(dirname(dir), { recursive: true });
    mkdirSync(dir, { recursive: true, mode: 0o700 });
  } catch {
    return false;
  }
  return isOwn(dir);
}

function userName(): string {
  try {
    return String(userInfo().uid);
  } catch {
    return "nobody";
  }
}
