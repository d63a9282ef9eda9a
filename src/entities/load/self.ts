import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** This very file, in whatever form it runs: source, a chunk of the command line, the CommonJS library. */
export const here: string = typeof __filename === "string" ? __filename : fileURLToPath(import.meta.url);

/** What a revision or a configuration gets when it imports "limbeck": the tool that runs it, wherever that is installed. */
export function ownEntry(): string | null {
  for (let dir = dirname(here), up = 0; up < 4; dir = dirname(dir), up++) {
    for (const name of ["index.cjs", join("dist", "index.cjs"), "index.ts"]) {
      // this file's own folder has an index.ts too
      const entry = join(dir, name);
      if (existsSync(entry) && !(name === "index.ts" && dir === dirname(here))) return entry;
    }
  }
  return null;
}
