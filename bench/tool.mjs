// The tool as it stands, built into a folder of its own, and what is measured beside it.
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { measure, median, runOnce } from "./measure.mjs";
import { root } from "./project.mjs";
import { row } from "./table.mjs";

const folder = join(root, "node_modules/.cache", `limbeck-bench-${process.pid}`);

export const ours = (...args) => [join(folder, "cli.js"), ...args];
export const theirs = (...args) => [join(root, "node_modules/typeorm/cli.js"), ...args, "-d", "data-source.js"];
export const empty = ["-e", ""];

export async function buildTool() {
  execFileSync(process.execPath, [join(root, ".ci/build.mjs"), "--out", folder], { stdio: ["ignore", "ignore", "inherit"] });
  await build({
    absWorkingDir: root,
    entryPoints: ["bench/parts.mjs"],
    outfile: join(folder, "parts.mjs"),
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    define: { "process.env.LIMBECK_VERSION": '"bench"' },
    banner: { js: 'import { createRequire as r } from "node:module"; const require = r(import.meta.url);' },
  });
}

export const removeTool = () => rmSync(folder, { recursive: true, force: true });

/** One line: our command, TypeORM's for the same work, and what neither can do without, all by turns. */
export async function compare(what, command, { least, other, ...project }) {
  const commands = [command, ...(least === undefined ? [] : [least]), ...(other === undefined ? [] : [other])];
  const times = await measure(commands, { codes: [0, 1, 3], ...project });
  const [own, ...rest] = times;
  row(what, own, { least: least === undefined ? undefined : rest.shift(), theirs: rest.shift() });
}

/** Milliseconds that a part of the work counts for itself. */
export function part(name, project, runs) {
  const times = [];
  for (let i = 0; i <= runs; i++) times.push(Number(runOnce([join(folder, "parts.mjs"), name], project)));
  return median(times.slice(1));
}
