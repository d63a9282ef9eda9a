import type { AlterColumn, Operation } from "../core/operation.ts";
import type { Point } from "../core/revision.ts";
import type { Rules } from "../core/rules.ts";
import { type Column, keyOf, type Table } from "../core/schema.ts";
import { carriesDefault } from "./enums.ts";
import { equal, tidy } from "./equal.ts";
import { typeNameOf } from "./mentions.ts";
import { on } from "./on.ts";

export interface ColumnContext {
  readonly rules: Pick<Rules, "conversion">;
  /** keys of enums whose values change: the change takes the defaults of their columns along */
  readonly alteredEnums: ReadonlySet<string>;
}

/** What two tables' columns differ in. The order of columns is no difference. */
export function columnChanges(had: Table, wanted: Table, context: ColumnContext): readonly Operation[] {
  if (had.columns === wanted.columns) return [];
  const before = new Map(had.columns.map((column) => [column.name, column]));
  const after = new Set(wanted.columns.map(({ name }) => name));
  const changes: Operation[] = [];
  for (const column of wanted.columns) {
    const found = before.get(column.name);
    if (found === undefined) changes.push({ kind: "addColumn", ...on(wanted), column });
    else changes.push(...columnChange(wanted, found, column, context));
  }
  for (const column of had.columns) if (!after.has(column.name)) changes.push({ kind: "dropColumn", ...on(wanted), column });
  return changes;
}

/** One operation for all attributes that differ, or none. */
export function columnChange(table: Table, had: Column, wanted: Column, { rules, alteredEnums }: ColumnContext): readonly AlterColumn[] {
  if (sameColumn(had, wanted)) return [];
  const carried = carriesDefault(had, wanted) && alteredEnums.has(keyOf(typeNameOf(had.type)));
  const before = carried ? tidy<Column>({ ...had, default: wanted.default }) : had;
  if (sameColumn(before, wanted)) return [];
  const conversion = conversionOf(before, wanted, rules);
  return [
    {
      kind: "alterColumn",
      ...on(table),
      from: before,
      to: wanted,
      ...(conversion.kind === "using" ? { using: conversion.expression } : {}),
    },
  ];
}

/** The name of an owned sequence is not ours to compare. */
export const sameColumn = (a: Column, b: Column): boolean => equal({ ...a, sequence: "" }, { ...b, sequence: "" });

/** A generated column's values are computed anew, whatever they were. */
function conversionOf(from: Column, to: Column, rules: Pick<Rules, "conversion">) {
  return from.type === to.type || to.generated !== undefined ? ({ kind: "none" } as const) : rules.conversion(from, to);
}

/** Conversions that nobody can know, as questions. */
export function usingPoints(operations: readonly Operation[], rules: Pick<Rules, "conversion">): readonly Omit<Point, "id">[] {
  return operations.flatMap((operation) => {
    if (operation.kind !== "alterColumn" || operation.using !== undefined) return [];
    const { from, to, schema, table } = operation;
    const conversion = conversionOf(from, to, rules);
    if (conversion.kind !== "ask") return [];
    return [
      tidy<Omit<Point, "id">>({
        kind: "using",
        schema,
        table,
        column: to.name,
        from: from.type,
        to: to.type,
        confidence: undefined,
        evidence: [conversion.because, ...(conversion.guess === undefined ? [] : [`a guess: ${conversion.guess}`])],
        alternatives: undefined,
        stake: `the values of ${to.name} cannot become ${to.type} before it is said how`,
        keeps: undefined,
      }),
    ];
  });
}

/** The type of the rows' values changes, or how they are compared. */
export const retypes = ({ from, to }: { readonly from: Column; readonly to: Column }): boolean =>
  from.type !== to.type || from.collation !== to.collation || from.charset !== to.charset;

/** The engine has to make the column anew: what stands on it goes and comes back. */
export const remakes = ({ from, to }: { readonly from: Column; readonly to: Column }): boolean =>
  to.generated !== undefined && !equal(from.generated, to.generated);
