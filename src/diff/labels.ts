import type { Operation } from "../core/operation.ts";
import type { Point } from "../core/revision.ts";
import { labelOf, type QualifiedName } from "../core/schema.ts";
import { tableOf } from "./on.ts";

/** What a label names: `app.exams` that very one, `exams` the one of the default schema or else whatever bears the name. */
export function called<T>(items: readonly T[], label: string, nameOf: (item: T) => QualifiedName | null): readonly T[] {
  const named = items.flatMap((item) => {
    const name = nameOf(item);
    return name === null ? [] : [{ item, name }];
  });
  const exact = named.filter(({ name }) => labelOf(name) === label);
  return (exact.length > 0 ? exact : named.filter(({ name }) => name.name === label)).map(({ item }) => item);
}

/** Likewise for `table.column`. */
export function calledColumn<T>(items: readonly T[], label: string, columnOf: (item: T) => ColumnName | null): readonly T[] {
  const named = items.flatMap((item) => {
    const name = columnOf(item);
    return name === null ? [] : [{ item, name }];
  });
  const exact = named.filter(({ name }) => columnLabel(name) === label);
  return (exact.length > 0 ? exact : named.filter(({ name }) => `${name.table.name}.${name.column}` === label)).map(({ item }) => item);
}

export interface ColumnName {
  readonly table: QualifiedName;
  readonly column: string;
}

export const columnLabel = ({ table, column }: ColumnName): string => `${labelOf(table)}.${column}`;

/** The column that an operation adds or alters. */
export function columnIn(operation: Operation): ColumnName | null {
  if (operation.kind === "alterColumn") return { table: tableOf(operation), column: operation.to.name };
  return operation.kind === "addColumn" ? { table: tableOf(operation), column: operation.column.name } : null;
}

/** Where a point stands, as an answer names it: `exams`, `items.state`. */
export const placeOf = (point: Point): string =>
  point.column === undefined ? labelOf(tableOf(point)) : columnLabel({ table: tableOf(point), column: point.column });

/** A point as a reviewer would type its answer. */
export function describePoint(point: Point): string {
  const { id, kind, from = "", to = "" } = point;
  if (kind === "renameTable" || kind === "renameView") return `${id} --rename-table ${from}:${to}`;
  return kind === "using" ? `${id} --using ${placeOf(point)}=EXPRESSION` : `${id} --rename ${placeOf(point)}.${from}:${to}`;
}
