import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

it("what hints and pages tell people to type takes SQL as a revision takes it", () => {
  const files = ["src", "docs"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .map((name) => join(folder, String(name)))
      .filter((name) => /\.(?:ts|md)$/.test(name)),
  );
  const wrong = files.flatMap((file) => {
    const text = readFileSync(join(root, file), "utf8");
    return (text.match(/op\.execute\(["'][^\n]{0,40}|undo: ["'][^\n]{0,40}/g) ?? []).map((what) => `${file}: ${what}`);
  });
  expect(wrong).toEqual([]);
});
