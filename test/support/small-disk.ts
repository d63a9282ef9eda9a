import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A disk of so many megabytes that can be full: only root may mount one. Null, with a reason said, where there can be none. */
export function smallDisk(megabytes: number) {
  const dir = mkdtempSync(join(tmpdir(), "limbeck-disk-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m,mode=755`, "limbeck", dir], { stdio: "pipe" });
  } catch (error) {
    rmSync(dir, { recursive: true });
    console.error(`\n!!! no disk can be mounted here: what a full one does is NOT TESTED. ${String(error).split("\n")[0]}\n`);
    return null;
  }
  const ballast = join(dir, "ballast");
  return {
    dir,
    /** up to so many bytes */
    fill(leave = 0): void {
      const file = openSync(ballast, "a");
      for (let size = 1 << 20; size >= 4096; ) {
        const { bavail, bsize } = statfsSync(dir);
        if (bavail * bsize - size < leave || !written(file, size)) size /= 2;
      }
      closeSync(file);
    },
    free: () => rmSync(ballast, { force: true }),
    remove(): void {
      execFileSync("umount", [dir], { stdio: "pipe" });
      rmSync(dir, { recursive: true });
    },
  };
}

/** Somebody else may have taken the rest meanwhile. */
function written(file: number, size: number): boolean {
  try {
    return writeSync(file, Buffer.alloc(size)) === size;
  } catch {
    return false;
  }
}
