import type { Db } from "../../../src/core/db.ts";

/** A session whose messages to the server are counted: `before` is called with each one's number before it is sent. */
export function counted(db: Db, before: (message: number, sql: string) => unknown): Db {
  let message = 0;
  return {
    ...db,
    async query(sql, values) {
      const instead = await before(message++, sql);
      return db.query(typeof instead === "string" ? instead : sql, typeof instead === "string" ? undefined : values);
    },
    async batch(statements) {
      const instead = await before(message++, statements.join("; "));
      return db.batch(typeof instead === "string" ? [instead] : statements);
    },
  };
}
