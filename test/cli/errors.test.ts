import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const page = readFileSync(`${root}/docs/errors.md`, "utf8");
const sources = readdirSync(`${root}/src`, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => readFileSync(`${root}/src/${file}`, "utf8"));

describe("the page about errors", () => {
  it("has every code that a user can meet", () => {
    const made = /\b(?:failed|usage|refused|locked|integrity|interrupted)\(\s*"([a-z-]+)"/g;
    const codes = new Set(sources.flatMap((text) => [...text.matchAll(made)].map(([, code]) => code ?? "")));
    expect([...codes].filter((code) => !page.includes(`\`${code}\``)).sort()).toEqual([]);
  });

  it("has none that is gone", () => {
    const rows = page.split("\n").filter((line) => line.startsWith("| `"));
    const codes = rows.flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/`([a-z-]+)`/g)].map(([, code]) => code ?? ""));
    expect(codes.length).toBeGreaterThan(80);
    expect(codes.filter((code) => !sources.some((text) => text.includes(`"${code}"`)))).toEqual([]);
  });
});
