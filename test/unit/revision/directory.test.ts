import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readDirectory } from "../../../src/revision/directory.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "limbeck-directory-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const text = (id: string) =>
  `import { revision } from "limbeck";\n\nexport default revision({\n  id: "${id}",\n  parents: [],\n  upgrade(op) {},\n});\n`;

function write(name: string, content: string): string {
  const file = join(dir, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

const names = () => readDirectory([dir]).map(({ header, file }) => `${header.id} ${file.slice(dir.length + 1)}`);

describe("a folder of revisions", () => {
  it("is read by name, with its sub-folders", () => {
    write("2_b.ts", text("bbbb"));
    write("1_a.mjs", text("aaaa"));
    write("2026/3_c.cts", text("cccc"));
    expect(names()).toEqual(["aaaa 1_a.mjs", "bbbb 2_b.ts", "cccc 2026/3_c.cts"]);
  });

  it("gives the source before what it was compiled to", () => {
    write("1_a.js", text("compiled"));
    write("1_a.ts", text("aaaa"));
    write("1_a.d.ts", "export default revision({});");
    expect(names()).toEqual(["aaaa 1_a.ts"]);
  });

  it("passes over what is no revision", () => {
    write("index.ts", 'export * from "./1_a.ts";');
    write("1_a.test.ts", text("test"));
    write("replaced/0_old.ts", text("old"));
    write("node_modules/x/0_x.js", text("x"));
    write("notes.md", text("notes"));
    write("1_a.ts", text("aaaa"));
    expect(names()).toEqual(["aaaa 1_a.ts"]);
  });

  it("may be missing, be given twice, and hold links", () => {
    const file = write("real/1_a.ts", text("aaaa"));
    symlinkSync(file, join(dir, "2_link.ts"));
    symlinkSync(join(dir, "nowhere"), join(dir, "3_broken.ts"));
    expect(readDirectory([join(dir, "none"), join(dir, "real"), join(dir, "real")]).map(({ file }) => file)).toEqual([file]);
    expect(names()).toEqual(["aaaa 2_link.ts", "aaaa real/1_a.ts"]);
  });

  it("hashes the text, whatever its line ends", () => {
    write("1_a.ts", text("aaaa"));
    write("2_a.ts", text("aaaa").replaceAll("\n", "\r\n"));
    write("3_b.ts", text("bbbb"));
    const [a, crlf, b] = readDirectory([dir]).map(({ sourceHash }) => sourceHash);
    expect(a).toMatch(/^[0-9a-f]{64}$/);
    expect(crlf).toBe(a);
    expect(b).not.toBe(a);
  });
});
