#!/usr/bin/env node
import module from "node:module";

// before anything else is loaded; Node 20 has no such thing
(module as { enableCompileCache?: () => unknown }).enableCompileCache?.();
const { main } = await import("./cli/main.ts");
process.exitCode = await main(process.argv.slice(2));
