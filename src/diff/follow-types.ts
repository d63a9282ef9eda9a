import type { AlterEnum, Operation } from "../core/operation.ts";
import { type Column, keyOf, type QualifiedName } from "../core/schema.ts";
import { byPlace, carriesDefault, useOf } from "./enums.ts";
import { equal, tidy } from "./equal.ts";
import { dimensionsOf, typeNameOf } from "./mentions.ts";

export interface Followed {
  readonly operations: readonly Operation[];
  /** the column as it is once its enum has changed */
  readonly column: Column;
}

/**
 * A column that stays, though the operations dropped it and added another: its enum follows. One that is named after it is renamed, one
 * whose values change changes under it. `column` has its new name already, as `to` has, and stands on the table's new name.
 */
export function followType(operations: readonly Operation[], table: QualifiedName, column: Column, to: Column): Followed {
  const [old, fresh] = [typeNameOf(column.type), typeNameOf(to.type)];
  if (keyOf(old) === keyOf(fresh)) return followValues(operations, table, column, to);
  const unchanged = { operations, column };
  if (dimensionsOf(column.type) !== dimensionsOf(to.type)) return unchanged;
  const drop = operations.find((o) => o.kind === "dropEnum" && keyOf(o.definition) === keyOf(old));
  const create = operations.find((o) => o.kind === "createEnum" && keyOf(o.definition) === keyOf(fresh));
  if (drop?.kind !== "dropEnum" || create?.kind !== "createEnum" || old.schema !== fresh.schema) return unchanged;
  if (!equal(drop.definition.values, create.definition.values)) return unchanged;
  const rename = tidy<Operation>({ kind: "renameEnum", schema: old.schema, from: old.name, to: fresh.name } as const);
  return {
    operations: operations.flatMap((operation) => (operation === create ? [rename] : operation === drop ? [] : [operation])),
    column: { ...column, type: to.type },
  };
}

/** The change of the values takes the column along, and its default. */
function followValues(operations: readonly Operation[], table: QualifiedName, column: Column, to: Column): Followed {
  const key = keyOf(typeNameOf(column.type));
  const change = operations.find((o): o is AlterEnum => o.kind === "alterEnum" && keyOf(tidy({ schema: o.schema, name: o.name })) === key);
  if (change === undefined) return { operations, column };
  const columns = [...change.columns, useOf(table, column, to)].sort(byPlace);
  return {
    operations: operations.map((operation) => (operation === change ? { ...change, columns } : operation)),
    column: carriesDefault(column, to) ? tidy<Column>({ ...column, default: to.default }) : column,
  };
}
