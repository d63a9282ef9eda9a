import { setTimeout as sleep } from "node:timers/promises";
import type { Db } from "../core/db.ts";
import type { Blocker, Watch } from "../dialect/dialect.ts";
import type { Place, RunEvent } from "./events.ts";

/** Looks at the working session from another one while a statement takes its time: who is in its way, and how far it is. */
export interface Watcher {
  during<T>(place: Place, work: () => Promise<T>): Promise<T>;
  /** who was last seen in the way of the present statement */
  blockers(): readonly Blocker[];
  close(): Promise<void>;
}

export interface Watched {
  readonly watch: Watch;
  /** another session with the same database; undefined where there can be none */
  readonly open: (() => Promise<Db>) | undefined;
  readonly session: string;
  /** before the first look: well before the server gives up waiting */
  readonly firstMs: number;
  readonly onEvent: ((event: RunEvent) => void) | undefined;
}

const againMs = 1000;

export function watcherOf({ watch, open, session, firstMs, onEvent }: Watched): Watcher {
  let other: Promise<Db | null> | null = null;
  let blockers: readonly Blocker[] = [];

  const look = async (place: Place, over: AbortSignal): Promise<void> => {
    // work goes on unseen where no second session can be had
    other ??= open?.().catch(() => null) ?? Promise.resolve(null);
    const db = await other;
    if (db === null || over.aborted) return;
    const found = await watch.blockers(db, session).catch(() => []);
    if (over.aborted) return;
    if (found.length > 0) {
      const told = blockers.map(({ pid }) => pid).join();
      blockers = found;
      if (found.map(({ pid }) => pid).join() !== told) onEvent?.({ kind: "blocked", ...place, blockers });
    }
    const server = await watch.progress(db, session).catch(() => null);
    if (server !== null && !over.aborted) onEvent?.({ kind: "progress", ...place, server });
  };

  const keepLooking = async (place: Place, over: AbortSignal): Promise<void> => {
    for (let pause = firstMs; !over.aborted; pause = againMs) {
      await sleep(pause, undefined, { signal: over, ref: false }).catch(() => {});
      if (!over.aborted) await look(place, over);
    }
  };

  return {
    async during(place, work) {
      const over = new AbortController();
      blockers = [];
      if (open !== undefined) void keepLooking(place, over.signal);
      try {
        return await work();
      } finally {
        over.abort();
      }
    },
    blockers: () => blockers,
    async close() {
      // a proxy may let it stand in a queue until the working session is gone
      const closing = other?.then((db) => db?.close()).catch(() => {});
      await Promise.race([closing, sleep(1000, undefined, { ref: false })]);
    },
  };
}
