import type { OnTable } from "../../../core/operation.ts";
import { keyOf, type QualifiedName } from "../../../core/schema.ts";
import { type Before, nameOf } from "./before.ts";
import type { Plain } from "./places.ts";

/** Something of a table, under the names that both had before the run. */
export interface Part {
  readonly table: QualifiedName;
  readonly name: string;
}

export interface DroppedPart extends Part {
  readonly operation: number;
}

/** What the list itself takes away or makes anew, so that it is in nobody's way, as it was called before the run. */
export interface Taken {
  readonly relations: QualifiedName[];
  /** columns that are dropped, those that are changed, and of these the computed ones */
  readonly columns: Part[];
  readonly changed: Part[];
  readonly computed: Part[];
  /** indexes and constraints */
  readonly parts: DroppedPart[];
  /** SQL of the author's own: what it names he knows of */
  readonly said: string[];
}

/** To be told of each operation before the walk notes it. `keyName` is what the server calls a primary key that nobody named. */
export function taking(before: Before, keyName: (table: string) => string): { readonly taken: Taken; take(op: Plain, at: number): void } {
  const taken: Taken = { relations: [], columns: [], changed: [], computed: [], parts: [], said: [] };
  const namesBefore = new Map<string, string>();
  const placeOf = (table: QualifiedName, part: string): string => `${keyOf(table)}\u0000${part}`;
  const at = (op: OnTable): QualifiedName => nameOf(op.schema, op.table);
  const column = (list: Part[], op: OnTable, name: string): void => {
    const table = before.origin(at(op));
    if (table !== null) list.push({ table, name: before.column(at(op), name) ?? name });
  };
  const part = (op: OnTable, name: string, operation: number): void => {
    const table = before.origin(at(op));
    if (table !== null) taken.parts.push({ table, name: namesBefore.get(placeOf(table, name)) ?? name, operation });
  };
  const rename = (op: OnTable & { readonly from: string; readonly to: string }): void => {
    const table = before.origin(at(op));
    if (table !== null) namesBefore.set(placeOf(table, op.to), namesBefore.get(placeOf(table, op.from)) ?? op.from);
  };
  const take = (op: Plain, operation: number): void => {
    if (op.kind === "dropView" || op.kind === "alterView") taken.relations.push(nameOf(op.schema, op.view));
    if (op.kind === "dropTable") taken.relations.push(...[before.origin(at(op))].flatMap((table) => table ?? []));
    if (op.kind === "dropColumn") column(taken.columns, op, op.column.name);
    if (op.kind === "alterColumn") column(taken.changed, op, op.to.name);
    if (op.kind === "alterColumn" && op.from.generated !== undefined) column(taken.computed, op, op.to.name);
    if (op.kind === "alterEnum") for (const use of op.columns) column(taken.changed, use, use.column);
    if (op.kind === "dropIndex") part(op, op.index.name, operation);
    if (op.kind === "dropUnique") part(op, op.unique.name, operation);
    if (op.kind === "dropCheck") part(op, op.check.name, operation);
    if (op.kind === "dropExclusion") part(op, op.exclusion.name, operation);
    if (op.kind === "dropForeignKey") part(op, op.foreignKey.name, operation);
    if (op.kind === "dropPrimaryKey") part(op, op.primaryKey.name ?? keyName(op.table), operation);
    if (op.kind === "execute") taken.said.push(op.sql);
    if (op.kind === "renameIndex" || op.kind === "renameConstraint") rename(op);
  };
  return { taken, take };
}
