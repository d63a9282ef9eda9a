import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { PGlite } from "@electric-sql/pglite";
import { usage } from "../core/errors.ts";
import { lockName } from "./folder-lock.ts";

/** the file that makes a folder a database: it is copied last */
const mark = "PG_VERSION";

/** A new database is a copy of an initialised one: making it afresh takes seconds. */
export async function fillFolder(dir: string, pglite: typeof PGlite, projectDir: string): Promise<void> {
  if (existsSync(join(dir, mark))) return;
  const template = await templateOf(pglite, projectDir);
  // what is there may be the beginning of a copy that was interrupted, and nothing else
  const parts = new Set(readdirSync(template));
  const foreign = readdirSync(dir).filter((name) => !parts.has(name) && !name.startsWith(lockName));
  if (foreign.length > 0) {
    throw usage(
      "not-a-database-folder",
      `${dir} is not empty and is no database: it has ${foreign.slice(0, 3).join(", ")}.`,
      "name another folder: embedded:FOLDER",
      { folder: dir },
    );
  }
  cpSync(template, dir, { recursive: true, filter: (source) => source !== join(template, mark) });
  cpSync(join(template, mark), join(dir, mark));
}

async function templateOf(pglite: typeof PGlite, projectDir: string): Promise<string> {
  const parent = cacheDir();
  const template = join(parent, `pglite-${versionOf(projectDir)}`);
  if (existsSync(join(template, mark))) return template;
  const fresh = mkdtempSync(join(parent, "pglite-new-"));
  const database = await pglite.create({ dataDir: fresh });
  await database.close();
  try {
    renameSync(fresh, template);
  } catch {
    // another process made it meanwhile
    rmSync(fresh, { recursive: true, force: true });
  }
  return template;
}

function cacheDir(): string {
  const system =
    process.platform === "win32"
      ? (process.env.LOCALAPPDATA ?? join(homedir(), "AppData", "Local"))
      : process.platform === "darwin"
        ? join(homedir(), "Library", "Caches")
        : process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  for (const parent of [system, tmpdir()]) {
    const dir = join(parent, "limbeck");
    try {
      mkdirSync(dir, { recursive: true });
      rmSync(mkdtempSync(join(dir, "try-")), { recursive: true });
      return dir;
    } catch {
      // read-only home folders are common in containers
    }
  }
  return mkdtempSync(join(tmpdir(), "limbeck-"));
}

/** PGlite's version and its layout on disk go together. */
function versionOf(projectDir: string): string {
  let dir = dirname(createRequire(join(projectDir, "package.json")).resolve("@electric-sql/pglite"));
  while (!existsSync(join(dir, "package.json"))) dir = dirname(dir);
  return JSON.parse(readFileSync(join(dir, "package.json"), "utf8")).version;
}
