import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compile } from "../../../src/entities/load/compile.ts";
import { importModule } from "../../../src/entities/load/index.ts";
import { transpile } from "../../../src/entities/load/transpile.ts";

const checkout = fileURLToPath(new URL("../../..", import.meta.url));
const root = mkdtempSync(join(tmpdir(), "limbeck-load-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Files of a project, from a list of their texts. */
function project(name: string, files: Readonly<Record<string, string>>): string {
  const dir = join(root, name);
  for (const [file, text] of Object.entries({ "package.json": "{}", ...files })) {
    mkdirSync(dirname(join(dir, file)), { recursive: true });
    writeFileSync(join(dir, file), text);
  }
  return dir;
}

describe("a TypeScript file", () => {
  it("finds its imports as TypeScript does", async () => {
    const dir = project("imports", {
      "package.json": '{ "type": "module", "imports": { "#own/*": "./own/*.js" } }',
      "tsconfig.json": '{ "extends": "./base.json" } // with a comment',
      "base.json": '{ "compilerOptions": { "paths": { "~/*": ["./lib/*"] } } }',
      "main.ts": `
        import data from "./data.json" with { type: "json" };
        import folder from "./folder";
        import { written } from "./written.js";
        import { aliased } from "~/aliased";
        import { own } from "#own/thing";
        import only, { extra } from "import-only";
        import old from "old-school";
        export const all = [data.value, folder, written, aliased, own, only, extra, old.value, import.meta.dirname];
        export const late = () => import("./written.js");`,
      "data.json": '{ "value": 1 }',
      "folder/index.ts": "export default 2;",
      "written.ts": "export const written = 3;",
      "lib/aliased.ts": "export const aliased = 4;",
      "own/thing.ts": "export const own = 5;",
      "node_modules/import-only/package.json": '{ "type": "module", "exports": { "import": "./a.js" } }',
      "node_modules/import-only/a.js": "export const extra = await Promise.resolve(7); export default 6;",
      "node_modules/old-school/index.js": "Object.defineProperty(exports, '__esModule', { value: true }); exports.value = 8;",
    });
    const { all, late } = (await importModule(join(dir, "main.ts"))) as { all: unknown; late: () => Promise<{ written: number }> };
    expect(all).toEqual([1, 2, 3, 4, 5, 6, 7, 8, dir]);
    expect((await late()).written).toBe(3);
  });

  it("is given a package whose files are found as Node finds them: beside a folder of the same name, by a link, with any ending", async () => {
    const dir = project("places", {
      "main.ts": 'import all from "placed"; export default all;',
      "node_modules/placed/index.js":
        'module.exports = ["./lib", "./lib/", "./only", "./data", "./data.json", "./link", "./real.js", "./sub/deep"].map((one) => require(one));',
      "node_modules/placed/lib.js": "module.exports = 'file';",
      "node_modules/placed/lib/index.js": "module.exports = 'folder';",
      "node_modules/placed/only/index.js": "module.exports = 'only a folder';",
      "node_modules/placed/data.json": '"data"',
      "node_modules/placed/real.js": "module.exports = { is: 'one' };",
      "node_modules/placed/sub/deep.js": "module.exports = require('../lib') + ' from ' + require('./..').length;",
    });
    symlinkSync("real.js", join(dir, "node_modules/placed/link.js"));
    const { default: all } = (await importModule(join(dir, "main.ts"))) as { default: readonly unknown[] };
    expect(all).toEqual(["file", "folder", "only a folder", "data", "data", { is: "one" }, { is: "one" }, "file from undefined"]);
    expect(all[5]).toBe(all[6]);
  });

  it("may be at the end of a very long chain of imports", async () => {
    const files = Object.fromEntries(
      Array.from({ length: 1400 }, (_, i) => [
        `f${i}.ts`,
        i < 1399 ? `import { n } from "./f${i + 1}"; export { n };` : "export const n = 42;",
      ]),
    );
    expect(await importModule(join(project("deep", files), "f0.ts"))).toMatchObject({ n: 42 });
  });

  it("that calls itself for ever is an error, not the end", async () => {
    const dir = project("endless", { "a.ts": "const again = (): number => again() + 1; export const n = again();" });
    await expect(importModule(join(dir, "a.ts"))).rejects.toMatchObject({
      code: "module-threw",
      message: expect.stringContaining("call stack"),
    });
  });

  it("that is missing something says what and where", async () => {
    const dir = project("missing", { "a.ts": 'import "./b";', "b.ts": 'import "no-such-package";' });
    await expect(importModule(join(dir, "a.ts"))).rejects.toMatchObject({
      outcome: "usage",
      code: "module-not-found",
      message: `${join(dir, "b.ts")} imports "no-such-package", which is not there.`,
      hint: expect.stringContaining("npm install no-such-package"),
    });
  });

  it("has its own lines in stack traces", async () => {
    const dir = project("trace", {
      "a.ts": "interface A { a: string }\n\nexport function fail(a?: A): never {\n  throw new Error(a?.a);\n}\n",
    });
    const { fail } = (await importModule(join(dir, "a.ts"))) as { fail: () => never };
    expect(() => fail()).toThrow(expect.objectContaining({ stack: expect.stringContaining(`${join(dir, "a.ts")}:4:9`) }));
  });
});

describe("a driver that is not installed", () => {
  const files = (driver: string) => ({
    "node_modules/typeorm/package.json": '{ "name": "typeorm", "main": "platform.js" }',
    "node_modules/typeorm/platform.js": `exports.driver = require("${driver}");`,
    "main.ts": 'import { driver } from "typeorm"; export default driver;',
    "own.ts": `import driver from "${driver}"; export default driver;`,
  });

  it.each(["pg", "mysql2"])("does not keep TypeORM from reading the entities: %s", async (driver) => {
    const { default: found } = await importModule(join(project(`absent-${driver}`, files(driver)), "main.ts"));
    expect(() => (found as { Pool(): void }).Pool()).toThrow(/not installed/);
  });

  it("is missed where the project itself asks for it", async () => {
    await expect(importModule(join(project("absent-own", files("pg")), "own.ts"))).rejects.toThrow(/pg/);
  });
});

describe("without swc", () => {
  const source = `
    import { Column } from "decorators";
    export class A { @Column() name!: string; where = import.meta.url; }`;

  it("TypeScript's own compiler gives the same metadata", () => {
    const code = transpile(source, join(root, "a.ts"));
    expect(code).toContain('__metadata("design:type", String)');
    expect(code).not.toContain("import.meta");
    expect(compile(source, join(root, "a.ts"))).toContain('_ts_metadata("design:type", String)');
  });

  it("a syntax error is told the same way", () => {
    const broken = "const a = 1;\nclass X { @Column( name: string; }\n";
    const place = { code: "syntax-error", details: { line: 2, text: "class X { @Column( name: string; }" } };
    expect(() => transpile(broken, "/x.ts")).toThrow(
      expect.objectContaining({ ...place, details: expect.objectContaining(place.details) }),
    );
    expect(() => compile(broken, "/x.ts")).toThrow(expect.objectContaining({ ...place, details: expect.objectContaining(place.details) }));
  });
});

describe("several processes at once", () => {
  let tool = "";
  beforeAll(async () => {
    tool = join(root, "tool.mjs");
    symlinkSync(join(checkout, "node_modules"), join(root, "node_modules"));
    const entry = `import { importModule } from ${JSON.stringify(join(checkout, "src/entities/load/index.ts"))}; console.log((await importModule(process.argv[2])).n);`;
    await build({
      stdin: { contents: entry, resolveDir: checkout },
      outfile: tool,
      bundle: true,
      platform: "node",
      format: "esm",
      packages: "external",
      logLevel: "silent",
    });
  });

  it("share what is compiled", async () => {
    const dir = project("parallel", {
      "a.ts": 'import { b } from "./b"; export const n: number = b + 1;',
      "b.ts": "export const b: number = 1;",
    });
    mkdirSync(join(dir, "node_modules"));
    const runs = await Promise.all(Array.from({ length: 4 }, () => promisify(execFile)(process.execPath, [tool, join(dir, "a.ts")])));
    expect(runs.map(({ stdout, stderr }) => [stdout, stderr])).toEqual(Array.from({ length: 4 }, () => ["2\n", ""]));
    expect(readdirSync(join(dir, "node_modules/.cache/limbeck"))).toHaveLength(2);
  });
});
