import type { Db, Server } from "../../core/db.ts";

/** What the server says of itself. */
export async function identify(db: Db): Promise<Server> {
  const [row] = await db.query(
    "SELECT current_setting('server_version_num') AS number, current_schema() AS schema, current_database() AS database, version() AS words",
  );
  const number = Number(row?.number ?? 0);
  return {
    flavor: "postgres",
    version: [Math.floor(number / 10000), number % 10000],
    defaultSchema: row?.schema ?? "public",
    database: row?.database ?? "",
    // in-process builds say so: one session, no second one to be had
    ...(/emscripten|wasm/i.test(row?.words ?? "") ? { embedded: true as const } : {}),
  };
}

/** For a script that is written without a connection. */
export function assume(_flavor: Server["flavor"], defaultSchema: string = "public"): Server {
  return { flavor: "postgres", version: [15, 0], defaultSchema, database: "" };
}
