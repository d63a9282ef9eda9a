import type { Connection, ConnectionOptions, QueryOptions } from "mysql2/promise";
import type { Db, Row, Rows } from "../core/db.ts";
import { driver } from "./driver.ts";

/** Values stay the text that the server sent. */
const asText = {
  typeCast: (field: { string(charset?: string): string | null }) => field.string("utf8"),
} as unknown as Partial<QueryOptions>;

export async function connectMysql(config: ConnectionOptions, projectDir: string): Promise<Db> {
  const mysql = driver<typeof import("mysql2/promise")>("mysql2/promise", projectDir);
  const connection: Connection = await mysql.createConnection({
    // a server that is gone without a word is noticed; a statement may take hours, and says nothing meanwhile
    keepAliveInitialDelay: 10_000,
    ...config,
    multipleStatements: true,
  });
  (connection as unknown as { on(event: string, listener: () => void): void }).on("error", () => {});
  const rows = (result: unknown): readonly Row[] =>
    Array.isArray(result) ? (Array.isArray(result[0]) ? (result.at(-1) as Row[]) : (result as Row[])) : [];
  const [version] = await connection.query({
    sql: "SELECT VERSION() v, CONNECTION_ID() id",
    ...asText,
  } as QueryOptions);
  const { v, id } = (version as { v: string; id: string }[])[0] as {
    v: string;
    id: string;
  };
  return {
    flavor: /mariadb/i.test(v) ? "mariadb" : "mysql",
    session: id,
    async query(sql, values) {
      const [result] = await connection.query({
        sql,
        values,
        ...asText,
      } as QueryOptions);
      return rows(result);
    },
    async batch(statements) {
      if (statements.length === 0) return [];
      const [result] = await connection.query({
        sql: statements.join(";\n"),
        rowsAsArray: true,
        ...asText,
      } as QueryOptions);
      const sets = statements.length === 1 ? [result] : (result as unknown[]);
      return sets.map((set) => (Array.isArray(set) ? set : []) as Rows);
    },
    native: () => nativeOf(connection),
    async warnings() {
      const [result] = await connection.query({
        sql: "SHOW WARNINGS",
        ...asText,
      } as QueryOptions);
      return rows(result).map((row) => `${row.Level} ${row.Code}: ${row.Message}`);
    },
    close: () => connection.end(),
  };
}

/** TypeORM's releases ask for it in two ways; numbers that are too large come as text, as TypeORM has them. */
function nativeOf(connection: Connection): object {
  const { connection: core } = connection as unknown as { connection: CoreConnection };
  const asTypeorm = (given: string | object) => ({
    supportBigNumbers: true,
    bigNumberStrings: true,
    ...(typeof given === "string" ? { sql: given } : given),
  });
  return {
    query: (sql: string | object, ...rest: unknown[]) => core.query(asTypeorm(sql), ...rest),
    promise: () => ({ query: (sql: string | object, ...rest: unknown[]) => core.promise().query(asTypeorm(sql), ...rest) }),
  };
}

interface CoreConnection {
  query(sql: object, ...rest: unknown[]): unknown;
  promise(): { query(sql: object, ...rest: unknown[]): Promise<unknown> };
}
