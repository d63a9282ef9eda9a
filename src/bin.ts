#!/usr/bin/env node
import module, { createRequire } from "node:module";
import { keepCode } from "./entities/load/code.ts";

// before anything else is loaded
const { enableCompileCache } = module as { enableCompileCache?: () => unknown };
if (enableCompileCache !== undefined) enableCompileCache();
else if (!isObserved()) keepCode(process.argv[2] ?? "", process.cwd());

const { main } = createRequire(import.meta.url)("./main.cjs") as typeof import("./cli/main.ts");
process.exitCode = await main(process.argv.slice(2));

/** Coverage and source maps are told by compiling; and who turns Node's cache off wants none of ours. */
function isObserved(): boolean {
  return process.env.NODE_V8_COVERAGE !== undefined || process.env.NODE_DISABLE_COMPILE_CACHE !== undefined || process.sourceMapsEnabled;
}
