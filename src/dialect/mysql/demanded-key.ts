import type { Server } from "../../core/db.ts";

/** A server may take no table without a primary key: one that nobody reads has a column for it that nobody sees. */
export function demandedKey({ demandsKey }: Server): readonly string[] {
  return demandsKey ? ["`limbeck_key` bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY /*!80023 INVISIBLE */"] : [];
}
