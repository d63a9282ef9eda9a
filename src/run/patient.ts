import type { Db } from "../core/db.ts";
import type { Statement } from "../core/statement.ts";
import type { Dialect } from "../dialect/dialect.ts";

export interface Limits {
  readonly dialect: Dialect;
  readonly lockTimeoutMs: number;
  readonly statementTimeoutMs: number;
}

/**
 * What is long by nature has the time that it needs. On PostgreSQL it may wait for locks, too: nobody waits behind it. On MySQL everybody
 * would.
 */
export async function patiently<T>(db: Db, { patient }: Statement, { dialect, ...usual }: Limits, work: () => Promise<T>): Promise<T> {
  if (!patient) return work();
  const lockTimeoutMs = db.flavor === "postgres" ? 0 : usual.lockTimeoutMs;
  await db.batch(dialect.patience({ lockTimeoutMs, statementTimeoutMs: 0 }));
  const usually = () => db.batch(dialect.patience(usual));
  const result = await work().catch(async (error: unknown) => {
    // a session that is gone needs no limits
    await usually().catch(() => {});
    throw error;
  });
  await usually();
  return result;
}
