import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

const right = `import { defineConfig, fromTypeorm, revision, sql } from "limbeck";
import { checks } from "limbeck/testing";

export const all = [defineConfig, fromTypeorm, sql];
export const timeouts: readonly number[] = checks().map(({ timeout }) => timeout);
export default revision({ id: "001", parents: [], message: "", createdAt: "", upgrade(op) { op.execute(sql\`SELECT 1\`); }, downgrade() {} });
`;
const wrong = `import { revision } from "limbeck";
import { checks } from "limbeck/testing";

export const name: number = checks({ cwd: 1 })[0]?.name;
export default revision({ id: 1 });
`;

describe("the declarations of the published package", () => {
  let dir = "";
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), "limbeck-types-"));
    const installed = join(dir, "node_modules/limbeck");
    mkdirSync(installed, { recursive: true });
    copyFileSync(join(root, "package.json"), join(installed, "package.json"));
    execFileSync(process.execPath, [join(root, ".ci/build.mjs"), "--types", "--out", join(installed, "dist")], { stdio: "inherit" });
    for (const name of ["typeorm", "@types"]) symlinkSync(join(root, "node_modules", name), join(dir, "node_modules", name));
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  /** What TypeScript says about both files in a package of this type, by file. */
  const said = (type: string, settings: object): Readonly<Record<string, readonly string[]>> => {
    const files = { right: join(dir, "right.ts"), wrong: join(dir, "wrong.ts") };
    writeFileSync(join(dir, "package.json"), JSON.stringify({ type }));
    writeFileSync(files.right, right);
    writeFileSync(files.wrong, wrong);
    const all = { ...settings, target: "es2022", strict: true, skipLibCheck: true, noEmit: true };
    const program = ts.createProgram(Object.values(files), ts.convertCompilerOptionsFromJson(all, dir).options);
    const about = (file: string) =>
      ts
        .getPreEmitDiagnostics(program, program.getSourceFile(file))
        .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
    return { right: about(files.right), wrong: about(files.wrong) };
  };

  it.each([
    // what a project has that never chose, as NestJS's own template until lately
    ["commonjs", { module: "commonjs" }],
    ["commonjs", { module: "node16" }],
    ["module", { module: "node16" }],
    ["module", { module: "esnext", moduleResolution: "bundler" }],
  ])("are found and hold in a package of type %s under %o", (type, settings) => {
    const mismatch = (is: string, wanted: string) => `Type '${is}' is not assignable to type '${wanted}'.`;
    expect(said(type, settings)).toEqual({
      right: [],
      wrong: [mismatch("string", "number"), mismatch("number", "string"), mismatch("number", "string")],
    });
  });
});
