import type { Db, Server } from "../../core/db.ts";

export async function identify(db: Db): Promise<Server> {
  const [row] = await db.query(
    `SELECT current_setting('server_version_num') AS number, version() AS version, current_database() AS database,
            coalesce(current_schema(), 'public') AS schema`,
  );
  const number = Number(row?.number);
  return {
    flavor: "postgres",
    version: [Math.floor(number / 10_000), number % 10_000],
    defaultSchema: row?.schema ?? "public",
    database: row?.database ?? "",
    // the in-process server is compiled to WebAssembly
    ...(/emscripten|emcc|wasm/i.test(row?.version ?? "") && { embedded: true as const }),
  };
}

/** The oldest release that is supported. */
export function assume(_flavor: "postgres" | "mysql" | "mariadb", defaultSchema = "public"): Server {
  return { flavor: "postgres", version: [13, 0], defaultSchema, database: "" };
}
