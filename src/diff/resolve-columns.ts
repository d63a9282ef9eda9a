import type { AddColumn, AlterColumn, DropColumn, Operation } from "../core/operation.ts";
import type { Rules } from "../core/rules.ts";
import { type Column, keyOf, type QualifiedName } from "../core/schema.ts";
import { sameColumn } from "./columns.ts";
import { tidy } from "./equal.ts";
import { follow } from "./follow.ts";
import { followType } from "./follow-types.ts";
import { on, tableOf } from "./on.ts";

/** The pair of operations that a renaming of the column would replace. */
export function columnPair(
  operations: readonly Operation[],
  table: QualifiedName,
  from: string,
  to: string,
): readonly [DropColumn, AddColumn] | null {
  const key = keyOf(table);
  const drop = operations.find((o): o is DropColumn => o.kind === "dropColumn" && keyOf(tableOf(o)) === key && o.column.name === from);
  const add = operations.find((o): o is AddColumn => o.kind === "addColumn" && keyOf(tableOf(o)) === key && o.column.name === to);
  return drop === undefined || add === undefined ? null : [drop, add];
}

/** The column keeps its values under its new name; what stood on it follows. */
export function renameColumn(
  operations: readonly Operation[],
  [drop, add]: readonly [DropColumn, AddColumn],
  rules: Conversions,
): readonly Operation[] {
  const table = tableOf(add);
  const { operations: list, column } = followType(operations, table, { ...drop.column, name: add.column.name }, add.column);
  const renamed: Operation[] = [{ kind: "renameColumn", ...on(table), from: drop.column.name, to: add.column.name }];
  const to = tidy<Column>({
    ...add.column,
    sequence: column.autoIncrement && add.column.autoIncrement ? column.sequence : add.column.sequence,
  });
  if (!sameColumn(column, to)) renamed.push(altered(on(table), column, to, rules, add.fill));
  const first = list.findIndex((operation) => operation === drop || operation === add);
  const replaced = list.flatMap((operation, at) => (at === first ? renamed : operation === drop || operation === add ? [] : [operation]));
  return follow(replaced, { table, to: table, columns: renamedColumns(replaced, table) });
}

/** All renamed so far: what spans several columns stays only when the last of them has its name. */
function renamedColumns(operations: readonly Operation[], table: QualifiedName): ReadonlyMap<string, string> {
  return new Map(
    operations.flatMap((operation) =>
      operation.kind === "renameColumn" && keyOf(tableOf(operation)) === keyOf(table) ? [[operation.from, operation.to] as const] : [],
    ),
  );
}

export type Conversions = Pick<Rules, "conversion">;

function altered(table: ReturnType<typeof on>, from: Column, to: Column, rules: Conversions, fill: string | undefined): AlterColumn {
  const conversion = from.type === to.type ? ({ kind: "none" } as const) : rules.conversion(from, to);
  return tidy<AlterColumn>({
    kind: "alterColumn",
    ...table,
    schema: table.schema,
    table: table.table,
    from,
    to,
    using: conversion.kind === "using" ? conversion.expression : undefined,
    fill,
  });
}
