// Bundles the command line and the library into dist/, or the folder after --out. `--types` adds the declarations, which only a published
// package needs.
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const { version } = JSON.parse(readFileSync(`${root}/package.json`, "utf8"));
const at = process.argv.indexOf("--out");
const outdir = at < 0 ? `${root}/dist` : process.argv[at + 1];
rmSync(outdir, { recursive: true, force: true });

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  target: "node20",
  // the user's own packages, and those with native parts or of a size that only some commands should pay for
  external: ["typeorm", "pg", "mysql2", "@electric-sql/pglite", "@swc/core", "ts-morph", "typescript", "@opentelemetry/api"],
  define: { "process.env.LIMBECK_VERSION": JSON.stringify(version) },
  legalComments: "none",
};
// what is bundled from CommonJS asks for `require`
const banner = { js: 'import { createRequire as limbeckRequire } from "node:module"; const require = limbeckRequire(import.meta.url);' };

await Promise.all([
  build({ ...common, entryPoints: { cli: "src/bin.ts" }, outdir, format: "esm", banner }),
  build({
    ...common,
    entryPoints: { index: "src/index.ts", testing: "src/testing/index.ts", "testing-worker": "src/testing/worker.ts" },
    outdir,
    format: "esm",
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    banner,
  }),
  build({
    ...common,
    // the command line is one file: Node takes longer to find and link twenty than to read one
    entryPoints: { main: "src/cli/main.ts", index: "src/index.ts", testing: "src/testing/index.ts" },
    outdir,
    format: "cjs",
    outExtension: { ".js": ".cjs" },
    // code with an `import()` in it cannot be kept between runs (src/entities/load/code.ts)
    supported: { "dynamic-import": false },
    define: { ...common.define, "import.meta.url": "limbeckUrl" },
    banner: { js: 'const limbeckUrl = require("node:url").pathToFileURL(__filename).href;' },
  }),
]);
chmodSync(`${outdir}/cli.js`, 0o755);
if (process.argv.includes("--types")) {
  const types = `${outdir}/types`;
  execFileSync(process.execPath, [`${root}/node_modules/typescript/bin/tsc`, "-p", `${root}/.ci/tsconfig.types.json`, "--outDir", types], {
    stdio: "inherit",
  });
  // below a package.json of "type": "module" they speak of ES modules, which TypeScript lets no CommonJS file require
  cpSync(types, `${types}-cjs`, { recursive: true });
  writeFileSync(`${types}-cjs/package.json`, '{ "type": "commonjs" }\n');
}
