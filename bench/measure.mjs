import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const peakHook = fileURLToPath(new URL("./peak.cjs", import.meta.url));

/** Runs node once; a command that fails stops the benchmark. */
export function runOnce(args, { cwd, env = {}, codes = [0] } = {}) {
  const run = spawnSync(process.execPath, args, {
    cwd,
    encoding: "utf8",
    maxBuffer: 1 << 28,
    env: { ...process.env, NO_COLOR: "1", NODE_NO_WARNINGS: "1", ...env },
  });
  if (!codes.includes(run.status)) throw new Error(`node ${args.join(" ")} ended with ${run.status}\n${run.stdout}${run.stderr}`);
  return run.stdout;
}

/**
 * Wall milliseconds of whole commands, each the median of several. They take turns, so that what else the machine does hits all alike;
 * the first round, which fills caches, is not counted. `before` makes the same beginning for every run.
 */
export async function measure(commands, { runs = 5, before, ...options } = {}) {
  const times = commands.map(() => []);
  for (let round = before === undefined ? -1 : 0; round < runs; round++) {
    for (const [i, args] of commands.entries()) {
      await before?.();
      const begin = performance.now();
      runOnce(args, options);
      if (round >= 0) times[i].push(performance.now() - begin);
    }
  }
  return times.map(median);
}

/** The most memory that the command ever held, in MB. */
export function peak(args, options = {}) {
  const dir = mkdtempSync(join(tmpdir(), "limbeck-peak-"));
  const file = join(dir, "peak");
  runOnce(["--require", peakHook, ...args], { ...options, env: { ...options.env, PEAK_FILE: file } });
  const kilobytes = Number(readFileSync(file, "utf8"));
  rmSync(dir, { recursive: true });
  return kilobytes / 1024;
}

export function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
