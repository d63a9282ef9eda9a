import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { revisionFile } from "../cli/shell.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

const entity = (more = "") => `import { Column, Entity, PrimaryGeneratedColumn } from "typeorm";

@Entity("pets") export class Pet {
  @PrimaryGeneratedColumn() id!: number;
  @Column({ type: "varchar", length: 40 }) name!: string;
  ${more}
}
`;
const config = `import { DataSource } from "typeorm";
export default new DataSource({ type: "postgres", url: "postgres://nobody@127.0.0.1:1/never", entities: ["models/*.ts"] });
`;
const underVitest = `import { checks } from "limbeck/testing";
import { describe, it } from "vitest";

describe("the revisions", () => {
  for (const check of checks()) it(check.name, check.run, check.timeout);
});
`;
const underNode = `const { checks } = require("limbeck/testing");
const test = require("node:test");

for (const { name, timeout, run } of checks()) test(name, { timeout }, run);
`;
/** As jest runs code: with a `require` of its own, and no `import()`. */
const inSandbox = `const { readFileSync } = require("node:fs");
const { runInThisContext } = require("node:vm");
const file = require.resolve("limbeck/testing");
const module_ = { exports: {} };
const own = (name) => {
  if (!name.startsWith("node:")) throw new SyntaxError("Cannot use import statement outside a module: " + name);
  return require(name);
};
const code = "(function (module, exports, require, __filename) {" + readFileSync(file, "utf8") + "\\n})";
runInThisContext(code)(module_, module_.exports, own, file);
(async () => {
  for (const { name, run } of module_.exports.checks()) await run().then(() => console.log("ok", name));
})();
`;

describe("a user's own test suite", () => {
  let dir = "";
  const write = (files: Readonly<Record<string, string>>) => {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(dir, file)), { recursive: true });
      writeFileSync(join(dir, file), text);
    }
  };
  /** the installed package: what was built, under its own package.json */
  const install = () => {
    const modules = join(dir, "node_modules");
    mkdirSync(join(modules, "limbeck"), { recursive: true });
    for (const name of readdirSync(join(root, "node_modules"))) {
      if (!name.startsWith(".")) symlinkSync(join(root, "node_modules", name), join(modules, name));
    }
    symlinkSync(join(root, "package.json"), join(modules, "limbeck/package.json"));
    symlinkSync(dirname(inject("cli")), join(modules, "limbeck/dist"));
  };
  const node = (...args: readonly string[]): Promise<{ readonly code: number; readonly output: string }> =>
    new Promise((done) => {
      const env = Object.fromEntries(
        Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_TEST|LIMBECK|TEST$|DEV$|PROD$|MODE$)/.test(name)),
      );
      execFile(
        process.execPath,
        args,
        { cwd: dir, env: { ...env, NO_COLOR: "1", CI: "1" }, maxBuffer: 1 << 26 },
        (error, stdout, stderr) => {
          done({ code: error === null ? 0 : Number(error.code ?? -1), output: stdout + stderr });
        },
      );
    });
  const cli = (...args: readonly string[]) => node(inject("cli"), ...args);

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), "limbeck-kit-"));
    install();
    write({
      "package.json": '{ "name": "kit", "private": true }\n',
      "tsconfig.json": JSON.stringify({
        compilerOptions: { target: "es2022", module: "commonjs", experimentalDecorators: true, emitDecoratorMetadata: true },
      }),
      "ormconfig.ts": config,
      "models/pet.ts": entity(),
      "revisions.test.mjs": underVitest,
      "revisions.node.cjs": underNode,
      "sandbox.cjs": inSandbox,
    });
    const { code, output } = await cli("revision", "--autogenerate", "--offline", "-m", "pets", "--rev-id", "001");
    expect([code, output]).toEqual([0, expect.any(String)]);
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it("has ready checks under vitest, without a server", async () => {
    const { code, output } = await node("node_modules/vitest/vitest.mjs", "run", "--root", dir, "--reporter=verbose", "revisions.test.mjs");
    expect(output).toMatch(/5 passed/);
    expect(code).toBe(0);
  });

  it("has them in a runner that loads modules in its own way", async () => {
    const { code, output } = await node("sandbox.cjs");
    expect(output.match(/^ok /gm)).toHaveLength(5);
    expect(code).toBe(0);
  });

  it("has them under node:test, and they name what is wrong and what to do", async () => {
    write({ "models/pet.ts": entity('@Column({ type: "int", nullable: true }) age!: number | null;') });
    const { code, output } = await node("--test", "--test-reporter=tap", "revisions.node.cjs");
    expect(code).toBe(1);
    expect(output).toMatch(/# pass 4/);
    expect(output).toMatch(/not ok .* the entities are what the revisions lead to/);
    expect(output).toMatch(/add column pets\.age/);
    expect(output).toMatch(/limbeck revision --autogenerate/);
  });

  it("fail with what went wrong, why and what to type, in a form that a program can read", async () => {
    write({
      "failures.cjs": `const { checks } = require("limbeck/testing");
(async () => {
  for (const { run } of checks()) await run().catch(({ outcome, code, message, hint }) => console.log(JSON.stringify({ outcome, code, message, hint })));
})();
`,
    });
    write({ "models/pet.ts": entity('@Column({ type: "int", nullable: true }) age!: number | null;') });
    const failures = async () =>
      (await node("failures.cjs")).output
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));
    const verifyFailed = (message: RegExp, hint: string) => ({
      outcome: "refused",
      code: "verify-failed",
      message: expect.stringMatching(message),
      hint,
    });
    expect(await failures()).toEqual([verifyFailed(/entities say more.*add column pets\.age/s, "limbeck revision --autogenerate")]);
    write({ "migrations/002.ts": revisionFile("002", ["001"], "op.execute(sql`DELETE FROM nowhere`);") });
    expect(await failures()).toEqual([
      verifyFailed(/^Revision 002 \(about 002\), upgrade: .*nowhere/, "limbeck verify 002:002"),
      verifyFailed(/last revision was not reached: 002 is wrong/, "limbeck verify"),
    ]);
  });
});
