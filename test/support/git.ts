import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";

/** git in that folder, as somebody whose own settings play no part. */
export function git(dir: string, ...args: readonly string[]): string {
  const who = { GIT_AUTHOR_NAME: "a", GIT_AUTHOR_EMAIL: "a@a", GIT_COMMITTER_NAME: "a", GIT_COMMITTER_EMAIL: "a@a" };
  const env = { ...process.env, ...who, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" };
  return execFileSync("git", [...args], { cwd: dir, encoding: "utf8", env, stdio: ["ignore", "pipe", "pipe"] });
}

/** A place to push to. */
export function useRemote(): { readonly dir: string } {
  const remote = { dir: "" };
  beforeAll(() => {
    remote.dir = mkdtempSync(join(tmpdir(), "limbeck-remote-"));
    git(remote.dir, "init", "-q", "--bare", "-b", "main");
  });
  afterAll(() => rmSync(remote.dir, { recursive: true, force: true }));
  return remote;
}
