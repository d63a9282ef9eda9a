import type { Operation } from "../../core/operation.ts";
import type { Table } from "../../core/schema.ts";
import type { LockTable } from "../dialect.ts";

/**
 * A transaction keeps a place in the server's lock table for everything that it makes, changes or drops, until it ends. All sessions
 * share the table: half of what is free is taken at most.
 */
export const lockTable: LockTable = {
  room: `SELECT greatest(0, current_setting('max_locks_per_transaction')::bigint
  * (current_setting('max_connections')::bigint + current_setting('max_prepared_transactions')::bigint)
  - (SELECT count(*) FROM pg_locks)) / 2 AS room`,
  places,
};

/** Counted on a server, and rounded up: a table has its TOAST table, their types, sequences and indexes. */
function places(operation: Operation): number {
  switch (operation.kind) {
    case "createTable":
    case "dropTable":
      return 14 + partsOf(operation.definition);
    case "execute":
    case "run":
      return 10;
    default:
      return 4;
  }
}

function partsOf({ indexes, uniques, exclusions, foreignKeys }: Table): number {
  return indexes.length + uniques.length + exclusions.length + 3 * foreignKeys.length;
}
