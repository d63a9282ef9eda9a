import type { Db, Rows, Server } from "../../core/db.ts";
import { parseGrants } from "./grants.ts";

const facts = `SELECT VERSION(), DATABASE(), @@character_set_database, @@collation_database, @@default_storage_engine, CURRENT_USER(), CURRENT_ROLE(), @@lower_case_table_names /*!80013 , @@sql_require_primary_key */`;

export async function identify(db: Db): Promise<Server> {
  const [rows = [], grants] = await db.batch([facts, "SHOW GRANTS"]).catch(async () => [...(await db.batch([facts])), undefined]);
  const [version, name, charset, collation, engine, user, roles, letters, demandsKey] = rows[0] ?? [];
  const flavor = /mariadb/i.test(version ?? "") ? "mariadb" : "mysql";
  const granted = flavor === "mysql" && hasRoles(roles) ? await grantsWith(db, roles ?? "") : grants;
  return {
    flavor,
    version: versionOf(version ?? ""),
    defaultSchema: name ?? "",
    database: name ?? "",
    ...(charset && { charset }),
    ...(collation && { collation }),
    ...(engine && { engine }),
    ...(letters === "1" && { foldsNames: true as const }),
    ...(demandsKey === "1" && { demandsKey: true as const }),
    ...(granted && {
      granted: parseGrants(
        user ?? "",
        granted.map(([line]) => line ?? ""),
      ),
    }),
  };
}

const hasRoles = (roles: string | null | undefined): boolean => roles !== null && roles !== undefined && roles !== "NONE";

/** MySQL names the roles and keeps to itself what they may do, unless it is asked; MariaDB tells all at once. */
async function grantsWith(db: Db, roles: string): Promise<Rows | undefined> {
  const [grants] = await db.batch([`SHOW GRANTS FOR CURRENT_USER() USING ${roles}`]).catch(() => []);
  return grants;
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
