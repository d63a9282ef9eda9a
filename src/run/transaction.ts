import type { Db } from "../core/db.ts";
import type { Dialect } from "../dialect/dialect.ts";

export async function inTransaction<T>(db: Db, { script }: Dialect, work: () => Promise<T>): Promise<T> {
  await db.query(script.begin);
  try {
    const result = await work();
    await db.query("COMMIT");
    return result;
  } catch (error) {
    await db.query("ROLLBACK").catch(() => {});
    throw error;
  }
}
