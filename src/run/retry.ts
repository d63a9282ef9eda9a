import { setTimeout as sleep } from "node:timers/promises";
import type { Blocker } from "../dialect/dialect.ts";
import type { Place, RunEvent } from "./events.ts";
import { isBusy, messageOf } from "./failure.ts";
import { Stop } from "./stop.ts";

/** A lock that was not had, for good. */
export class NotHad extends Error {
  readonly attempts: number;
  readonly blockers: readonly Blocker[];

  constructor(cause: unknown, attempts: number, blockers: readonly Blocker[]) {
    super(messageOf(cause), { cause });
    this.attempts = attempts;
    this.blockers = blockers;
  }
}

export interface Patience {
  readonly lockTimeoutMs: number;
  readonly signal: AbortSignal | undefined;
  readonly onEvent: ((event: RunEvent) => void) | undefined;
  readonly blockers: () => readonly Blocker[];
}

/** of one statement; with 5 s each and as long pauses between them it is about a minute */
export const attempts = 6;

/**
 * A waiting ALTER makes everybody behind it wait. So it waits a short time, lets them pass, and comes again; `settle` takes back what the
 * failed attempt did.
 */
export async function retrying<T>(
  { lockTimeoutMs, signal, onEvent, blockers }: Patience,
  place: Place,
  settle: () => Promise<void>,
  work: (attempt: number) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(attempt);
    } catch (error) {
      if (!isBusy(error)) throw error;
      await settle();
      if (attempt === attempts) throw new NotHad(error, attempts, blockers());
      // those who failed together must not come again together
      const pauseMs = Math.round((lockTimeoutMs > 0 ? lockTimeoutMs : 1000) * (0.5 + Math.random()));
      onEvent?.({ kind: "retry", ...place, attempt, of: attempts, pauseMs, reason: messageOf(error), blockers: blockers() });
      await sleep(pauseMs, undefined, signal === undefined ? {} : { signal }).catch(() => {});
      if (signal?.aborted) throw new Stop();
    }
  }
}
