import { exitCodes } from "../core/errors.ts";

/**
 * Who reads the log may be gone: a run in the middle of a deployment goes on without him. Who read the result has had enough (`| head`), and
 * that is no failure; a result that could not be written (a full disk) is one. Gives the exit code that this makes of another.
 */
export function survivingStreams(): (code: number) => number {
  let lost = false;
  process.stderr.on("error", () => {});
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE" || lost) return;
    lost = true;
    process.exitCode = exitCodes.failed;
    process.stderr.write(`error: the output could not be written: ${error.message}\n\n  What was done is done: limbeck current\n`);
  });
  return (code) => (lost && code === 0 ? exitCodes.failed : code);
}
