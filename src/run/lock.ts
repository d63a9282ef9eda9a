import { setTimeout as sleep } from "node:timers/promises";
import type { Db, Row } from "../core/db.ts";
import { failed, interrupted, LimbeckError, locked, refused } from "../core/errors.ts";
import { labelOf, type QualifiedName } from "../core/schema.ts";
import type { Dialect } from "../dialect/dialect.ts";
import type { RunEvent } from "./events.ts";
import { isLost, messageOf } from "./failure.ts";

export interface LockOptions {
  /** seconds */
  readonly wait: number;
  /** another session with the same database */
  readonly watch?: () => Promise<Db>;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
}

/**
 * Does the work while the session holds the lock. The lock dies with the session, and a session lives as long as its statement runs, even
 * when its client is gone: whoever gets the lock finds nothing of an earlier run still at work.
 */
export async function withLock<T>(
  db: Db,
  dialect: Dialect,
  journal: QualifiedName,
  options: LockOptions,
  work: () => Promise<T>,
): Promise<T> {
  return told(async () => {
    await requireWritable(db, dialect);
    await requireSession(db, dialect, options);
    const name = labelOf(journal);
    await acquire(db, dialect, name, options);
    try {
      return await work();
    } finally {
      // a session that is gone has let go of it by itself
      await db.query(dialect.lock.release(name)).catch(() => {});
    }
  });
}

/** A connection may go between the statements of revisions, too. */
async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof LimbeckError || !isLost(error)) throw error;
    throw failed(
      "connection-lost",
      `The connection was lost: ${messageOf(error)}. What ran stands in the journal.`,
      "run it again: it goes on where it stopped",
      {},
      error,
    );
  }
}

/** The lock itself can be had on a standby, and the first statement would be refused only after all the questions to the data. */
export async function requireWritable(db: Db, dialect: Dialect): Promise<void> {
  const found = await dialect.readOnly(db);
  if (found !== null) throw refused("read-only", `Nothing can be written on this server: ${found.why}.`, found.hint);
}

async function requireSession(db: Db, dialect: Dialect, { watch }: LockOptions): Promise<void> {
  const pooled = (await dialect.pooled?.(db, watch)) ?? null;
  if (pooled === null) return;
  throw refused(
    "pooled-connection",
    `This connection keeps no session: ${pooled}.`,
    "give limbeck a direct connection to the server: --url",
  );
}

/** Tries and polls: a blocking lock would deadlock with the holder's CREATE INDEX CONCURRENTLY. */
async function acquire(db: Db, { lock }: Dialect, name: string, { wait, signal, onEvent }: LockOptions): Promise<void> {
  // not by the clock on the wall, which may be set meanwhile
  const until = performance.now() + wait * 1000;
  let pause = 50;
  let told = false;
  while (!had(await db.query(lock.tryAcquire(name)))) {
    if (signal?.aborted) throw interrupted("interrupted", "Stopped while waiting for another run; nothing was changed.", "run it again");
    const left = until - performance.now();
    if (left <= 0 || !told) {
      const holder = describe(await db.query(lock.holder(name)).catch(() => []));
      if (left <= 0) {
        throw locked(
          "locked",
          `Another run holds the lock of this database: ${holder}.`,
          "wait for it to end, or wait longer: --wait SECONDS",
          {
            holder,
            waited: wait,
          },
        );
      }
      onEvent?.({ kind: "waiting", holder });
      told = true;
    }
    // runners that began at once must not try at once for ever
    await sleep(Math.min(left, pause * (0.5 + Math.random())), undefined, signal === undefined ? {} : { signal }).catch(() => {});
    pause = Math.min(1000, pause * 1.5);
  }
}

function had(rows: readonly Row[]): boolean {
  const [row] = rows;
  return row !== undefined && Object.values(row)[0] === "1";
}

function describe([row]: readonly Row[]): string {
  if (row === undefined) return "it could not be told which session";
  const { pid, user, state, since, query } = row;
  const parts = [`session ${pid}`, user && `user ${user}`, state, since && `since ${since}`, query && `running: ${query.slice(0, 200)}`];
  return parts.filter(Boolean).join(", ");
}
