// Every death at every boundary; the usual run takes a few of them.
import { spawnSync } from "node:child_process";

const vitest = ["vitest", "run", "--config", "test/vitest.config.ts", "test/faults", ...process.argv.slice(2)];
const { status } = spawnSync("npx", vitest, { stdio: "inherit", env: { ...process.env, FAULTS: "all" } });
process.exitCode = status ?? 1;
