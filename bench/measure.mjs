import { spawnSync } from "node:child_process";

/** Wall milliseconds of a whole command, several times; a command that fails stops the benchmark. */
export function measure(command, args, { cwd, runs = 5, codes = [0] } = {}) {
  const times = [];
  for (let i = 0; i < runs; i++) {
    const begin = process.hrtime.bigint();
    const run = spawnSync(command, args, { cwd, encoding: "utf8", maxBuffer: 1 << 28, env: { ...process.env, NO_COLOR: "1" } });
    times.push(Number(process.hrtime.bigint() - begin) / 1e6);
    if (!codes.includes(run.status)) throw new Error(`${command} ${args.join(" ")} ended with ${run.status}\n${run.stdout}${run.stderr}`);
  }
  times.sort((a, b) => a - b);
  return { min: times[0], median: times[Math.floor(times.length / 2)] };
}

const ms = (value) => `${Math.round(value)} ms`.padStart(9);

export function row(what, ours, theirs, name = "TypeORM") {
  const ratio = theirs === null ? "" : `${name} ${ms(theirs.median)}   ${(theirs.median / ours.median).toFixed(1)}x`;
  console.log(`${what.padEnd(44)} limbeck ${ms(ours.median)}   ${ratio}`);
}
