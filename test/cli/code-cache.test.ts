import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import module from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";

const ormconfig = (folder: string) => `const { defineConfig } = require("limbeck");
module.exports = { default: { type: "postgres", url: "postgres://nobody@127.0.0.1:1/none" }, limbeck: defineConfig({ migrations: "${folder}" }) };
`;
const revision = (id: string) => `import { revision } from "limbeck";

export default revision({
  id: "${id}",
  parents: [],
  message: "first",
  createdAt: "2026-01-01T00:00:00Z",

  upgrade(op) {},

  downgrade(op) {},
});
`;

// from Node 22 on this is Node's own work
describe.skipIf("enableCompileCache" in module)("compiled code is kept between runs on Node 20", () => {
  let dir = "";
  const cache = () => join(dir, "node_modules/.cache/limbeck");
  const stores = () => (existsSync(cache()) ? readdirSync(cache()).filter((name) => name.startsWith("code-")) : []);
  const store = () => join(cache(), stores()[0] ?? "none");
  const longAgo = new Date("2001-01-01T00:00:00Z");

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "limbeck-code-"));
    for (const folder of ["node_modules", "one", "two"]) mkdirSync(join(dir, folder));
    writeFileSync(join(dir, "package.json"), '{ "name": "kept", "private": true }\n');
    writeFileSync(join(dir, "ormconfig.js"), ormconfig("one"));
    writeFileSync(join(dir, "one/a.ts"), revision("aaa1"));
    writeFileSync(join(dir, "two/b.ts"), revision("bbb2"));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  function heads(env: NodeJS.ProcessEnv = {}): readonly string[] {
    const { status, stdout, stderr } = spawnSync(process.execPath, [inject("cli"), "heads", "--json"], {
      cwd: dir,
      encoding: "utf8",
      // the temporary folder is where code is kept when the project has no place for it
      env: { ...process.env, TMPDIR: dir, LIMBECK_URL: "", ...env },
    });
    expect([status, stderr]).toEqual([0, ""]);
    return JSON.parse(stdout).heads;
  }

  it("in one file that only its owner can read, which a run that needs nothing new leaves alone", () => {
    expect(heads()).toEqual(["aaa1"]);
    expect(stores()).toHaveLength(1);
    expect(readFileSync(store(), "utf8")).toContain(join(dirname(inject("cli")), "main.cjs"));
    expect(statSync(store()).mode & 0o777).toBe(0o600);
    expect(statSync(cache()).mode & 0o777).toBe(0o700);
    utimesSync(store(), longAgo, longAgo);
    expect(heads()).toEqual(["aaa1"]);
    expect(statSync(store()).mtime).toEqual(longAgo);
  });

  it("is never taken for another text, be it as long as the one before", () => {
    heads();
    writeFileSync(join(dir, "ormconfig.js"), ormconfig("two"));
    expect(heads()).toEqual(["bbb2"]);
  });

  it("is not asked of code that imports in the middle, which Node 20 could not do then", () => {
    const late = `${ormconfig("one")}module.exports.default.extra = import("node:os");\nimport("node:os").catch(() => process.exit(9));\n`;
    writeFileSync(join(dir, "ormconfig.js"), late);
    expect(heads()).toEqual(["aaa1"]);
    expect(heads()).toEqual(["aaa1"]);
  });

  it("is made anew where the file is of no use", () => {
    heads();
    const whole = readFileSync(store());
    for (const broken of [Buffer.from(""), Buffer.from("{}\n"), whole.subarray(0, whole.length / 2), Buffer.alloc(whole.length)]) {
      writeFileSync(store(), broken);
      expect(heads()).toEqual(["aaa1"]);
      expect(statSync(store()).size).toBeGreaterThan(whole.length / 2);
    }
  });

  it("is neither read nor written in a folder that others can write to", () => {
    heads();
    const name = store();
    writeFileSync(name, "mine");
    chmodSync(cache(), 0o777);
    expect(heads()).toEqual(["aaa1"]);
    expect(readFileSync(name, "utf8")).toBe("mine");
  });

  it("is done without where its folder cannot be looked into, and closes no folder that others share", () => {
    heads();
    const shared = dirname(cache());
    expect(statSync(shared).mode).toBe(statSync(join(dir, "one")).mode);
    rmSync(shared, { recursive: true });
    // closed to everybody, the administrator too
    symlinkSync(shared, shared);
    expect(heads()).toEqual(["aaa1"]);
  });

  it.each([{ NODE_DISABLE_COMPILE_CACHE: "1" }, { NODE_OPTIONS: "--enable-source-maps" }])("not with %j", (env) => {
    expect(heads(env)).toEqual(["aaa1"]);
    expect(stores()).toEqual([]);
  });
});
