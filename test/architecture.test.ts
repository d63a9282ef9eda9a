import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const src = fileURLToPath(new URL("../src", import.meta.url));

/** Which room may use which: its own files always, these rooms, these packages. */
const rooms: Record<string, { rooms: readonly string[]; packages: readonly string[] }> = {
  core: { rooms: [], packages: [] },
  diff: { rooms: ["core"], packages: [] },
  graph: { rooms: ["core"], packages: [] },
  dialect: { rooms: ["core"], packages: [] },
  run: { rooms: ["core", "graph", "dialect"], packages: ["node:"] },
  connect: { rooms: ["core"], packages: ["node:", "pg", "mysql2", "@electric-sql/pglite"] },
  entities: { rooms: ["core"], packages: ["node:", "typeorm", "@swc/core", "typescript", "ts-morph", "tinyglobby", "get-tsconfig"] },
  revision: { rooms: ["core", "graph", "dialect"], packages: ["node:", "typeorm", "ts-morph"] },
  app: { rooms: ["core", "diff", "graph", "dialect", "run", "connect", "entities", "revision"], packages: ["node:"] },
  cli: { rooms: ["core", "app"], packages: ["node:", "commander"] },
  testing: { rooms: ["core", "app"], packages: ["node:"] },
  // the doors
  "index.ts": { rooms: ["core", "revision", "app"], packages: [] },
  "bin.ts": { rooms: ["cli", "entities"], packages: ["node:"] },
};
const longest = 400;

const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));

describe("the house", () => {
  it.each(files)("%s imports only what its room may", (file) => {
    const room = file.split("/")[0] ?? file;
    const allowed = rooms[room];
    expect(allowed, `src/${room} is no room of the house: add it to the table on purpose`).toBeDefined();
    for (const target of importsOf(file)) {
      const fine = target.startsWith(".")
        ? [room, ...(allowed?.rooms ?? [])].includes(roomOf(file, target))
        : allowed?.packages.some((name) => target === name || target.startsWith(name.endsWith(":") ? name : `${name}/`));
      expect(fine, `src/${file} imports ${target}`).toBe(true);
    }
  });

  it("has no two files that need each other, not even for their types", () => {
    expect(circles()).toEqual([]);
  });

  it.each(files)(`%s has at most ${longest} lines`, (file) => {
    expect(read(file).split("\n").length).toBeLessThanOrEqual(longest);
  });
});

function read(file: string): string {
  return readFileSync(join(src, file), "utf8");
}

function importsOf(file: string): string[] {
  const found = read(file).matchAll(/^\s*(?:import|export)\s[^;]*?from\s+"([^"]+)"|^\s*import\s+"([^"]+)"|\bimport\(\s*"([^"]+)"\s*\)/gm);
  return [...found].map((match) => match[1] ?? match[2] ?? match[3] ?? "");
}

/** Each way from a file back to itself that a walk along the imports finds. */
function circles(): readonly string[] {
  const found: string[] = [];
  const seen = new Set<string>();
  const walk = (file: string, way: readonly string[]): void => {
    if (way.includes(file)) found.push([...way.slice(way.indexOf(file)), file].join(" → "));
    if (seen.has(file)) return;
    seen.add(file);
    const targets = importsOf(file).filter((target) => target.startsWith("."));
    for (const target of targets) walk(relative(src, resolve(src, dirname(file), target)), [...way, file]);
  };
  for (const file of files) walk(file, []);
  return found;
}

function roomOf(file: string, target: string): string {
  return relative(src, resolve(src, dirname(file), target)).split("/")[0] ?? "";
}
