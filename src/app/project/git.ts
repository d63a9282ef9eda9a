import { execFileSync } from "node:child_process";
import { basename, dirname } from "node:path";

/** The newest commit on a remote branch that has to do with the file: others may have it then. Null also where git does not know the place. */
export function sharedCommit(file: string): string | null {
  try {
    const found = execFileSync("git", ["log", "-1", "--format=%h", "--remotes", "--", basename(file)], {
      cwd: dirname(file),
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return found.trim() === "" ? null : found.trim();
  } catch {
    return null;
  }
}
