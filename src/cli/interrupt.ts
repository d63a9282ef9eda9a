import { exitCodes } from "../core/errors.ts";
import type { Output } from "./output.ts";

/** Ctrl-C or SIGTERM once: stop after the running statement. Twice: at once. */
export async function interruptible<T>(out: Output, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    if (out.progress) process.stderr.write("\n");
    out.note("stopping after the running statement; once more stops at once");
    controller.abort();
  };
  process.on("SIGINT", stop).on("SIGTERM", stop);
  try {
    return await work(controller.signal);
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
  }
}
