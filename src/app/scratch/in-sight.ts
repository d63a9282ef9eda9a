import type { Operation } from "../../core/operation.ts";
import { type ForeignKey, keyOf, type Schema } from "../../core/schema.ts";

/** A foreign key to a table that `include` leaves out can't stand in the copy: its target is on neither side. */
export function inSight(sides: readonly Schema[]) {
  const tables = new Set(sides.flatMap((side) => side.tables.map(keyOf)));
  const leads = ({ references: { schema, table } }: ForeignKey): boolean =>
    tables.has(keyOf(schema === undefined ? { name: table } : { schema, name: table }));
  const owner = <T extends { readonly foreignKeys: readonly ForeignKey[] }>(table: T): T => ({
    ...table,
    foreignKeys: table.foreignKeys.filter(leads),
  });
  return {
    sees: (operation: Operation): boolean =>
      (operation.kind !== "addForeignKey" && operation.kind !== "dropForeignKey") || leads(operation.foreignKey),
    operation: (operation: Operation): Operation =>
      operation.kind === "createTable" || operation.kind === "dropTable"
        ? { ...operation, definition: owner(operation.definition) }
        : operation,
    schema: (schema: Schema): Schema => ({ ...schema, tables: schema.tables.map(owner) }),
  };
}
