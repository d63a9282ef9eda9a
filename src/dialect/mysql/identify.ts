import type { Db, Server } from "../../core/db.ts";

export async function identify(db: Db): Promise<Server> {
  const [row] = await db.query(
    `SELECT VERSION() AS version, DATABASE() AS name, @@character_set_database AS charset, @@collation_database AS collation,
            @@default_storage_engine AS engine`,
  );
  const version = row?.version ?? "";
  const database = row?.name ?? "";
  return {
    flavor: /mariadb/i.test(version) ? "mariadb" : "mysql",
    version: versionOf(version),
    defaultSchema: database,
    database,
    ...(row?.charset && { charset: row.charset }),
    ...(row?.collation && { collation: row.collation }),
    ...(row?.engine && { engine: row.engine }),
  };
}

/** MariaDB behind an old proxy says `5.5.5-10.11.6-MariaDB`. */
export function versionOf(text: string): readonly number[] {
  const own = text.replace(/^5\.5\.5-(?=\d+\.\d+\.\d+-mariadb)/i, "");
  return (/^[\d.]+/.exec(own)?.[0] ?? "").split(".").filter(Boolean).map(Number);
}

/** The oldest release that is supported, with its own defaults. */
export function assume(flavor: "postgres" | "mysql" | "mariadb", defaultSchema = ""): Server {
  const mariadb = flavor !== "mysql";
  return {
    flavor: mariadb ? "mariadb" : "mysql",
    version: mariadb ? [10, 11, 0] : [8, 0, 16],
    defaultSchema,
    database: defaultSchema,
    charset: "utf8mb4",
    collation: mariadb ? "utf8mb4_general_ci" : "utf8mb4_0900_ai_ci",
    engine: "InnoDB",
  };
}
