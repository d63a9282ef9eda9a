import { isLost, serverCode } from "./failure.ts";
import type { Sink } from "./sink.ts";

/** A statement failed after it had ended its transaction itself: it can't be rolled back, and must not be done again with those before it. */
export class Ended extends Error {}

const mark = "limbeck_unseen";

/** Work that leaves a mark in its transaction, by which can be told afterwards whether that is still the same. */
export async function marked(sink: Sink, work: () => Promise<void>, stands: () => Promise<boolean>): Promise<void> {
  await sink.journal(`SAVEPOINT ${mark}`);
  try {
    await work();
  } catch (error) {
    if (isLost(error) || (await endOf(sink, stands)) !== "committed") throw error;
    throw new Ended("", { cause: error });
  }
}

/** The mark goes with its transaction. Whether that was committed is told by what was written in it; a deadlock takes it back, too. */
export async function endOf(sink: Sink, stands: () => Promise<boolean>): Promise<"open" | "committed" | "rolled back"> {
  try {
    await sink.journal(`RELEASE SAVEPOINT ${mark}`);
    return "open";
  } catch (error) {
    if (serverCode(error) !== "1305") throw error;
  }
  // what was begun anew in the meantime was never said to be kept
  await sink.rollback();
  return (await stands()) ? "committed" : "rolled back";
}
