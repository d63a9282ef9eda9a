import type { Client, ClientConfig, QueryArrayResult } from "pg";
import type { Db, Row, Rows } from "../core/db.ts";
import { driver } from "./driver.ts";

/** Values stay the text that the server sent. */
const asText = {
  getTypeParser: () => (value: string) => value,
} as unknown as NonNullable<ClientConfig["types"]>;

export async function connectPostgres(config: ClientConfig, projectDir: string): Promise<Db> {
  const pg = driver<typeof import("pg")>("pg", projectDir);
  const client: Client = new pg.Client({
    application_name: "limbeck",
    // a server that is gone without a word is noticed; a statement may take hours, and says nothing meanwhile
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    ...config,
    types: asText,
  });
  // an error between two queries (the server went away) is met by the next query
  client.on("error", () => {});
  await client.connect();
  return {
    flavor: "postgres",
    session: String((client as unknown as { processID: number }).processID),
    async query(sql, values) {
      const result = await client.query<Row>(sql, values as unknown[] | undefined);
      return Array.isArray(result) ? (result.at(-1)?.rows ?? []) : result.rows;
    },
    async batch(statements) {
      if (statements.length === 0) return [];
      const result = (await client.query({
        text: statements.join(";\n"),
        rowMode: "array",
      })) as unknown as QueryArrayResult | QueryArrayResult[];
      return (Array.isArray(result) ? result : [result]).map((one) => one.rows as Rows);
    },
    native: () => ({
      query: (sql: unknown, values?: unknown[]) =>
        typeof sql === "string"
          ? client.query({ text: sql, ...(values === undefined ? {} : { values }), types: pg.types })
          : client.query(sql as string),
      on: () => {},
      removeListener: () => {},
    }),
    warnings: async () => [],
    close: () => client.end(),
  };
}
