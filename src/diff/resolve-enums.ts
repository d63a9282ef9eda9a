import type { AlterColumn, AlterEnum, Operation } from "../core/operation.ts";
import { keyOf, labelOf, type QualifiedName } from "../core/schema.ts";
import { unquoted, valuesOf } from "./enum-values.ts";
import { compare, equal, tidy } from "./equal.ts";
import { columnLabel } from "./labels.ts";
import { on, tableOf } from "./on.ts";

/** Where a value is renamed: in an enum type, or in the type of a column. */
export interface EnumValue {
  readonly where: QualifiedName;
  readonly column?: string;
  readonly from: string;
  readonly to: string;
}

/** The operations with the value renamed; null when none of them changes it. */
export function renameEnumValue(operations: readonly Operation[], value: EnumValue): readonly Operation[] | null {
  const found = operations.find((operation) =>
    value.column === undefined ? altersType(operation, value) : altersColumn(operation, value),
  );
  if (found === undefined) return null;
  const instead = found.kind === "alterEnum" ? inType(found, value) : found.kind === "alterColumn" ? inColumn(found, value) : [found];
  return operations.flatMap((operation) => (operation === found ? instead : [operation]));
}

const altersType = (operation: Operation, { where, from, to }: EnumValue): boolean =>
  operation.kind === "alterEnum" && keyOf(tidyName(operation)) === keyOf(where) && moves(operation.from, operation.to, from, to);

const moves = (before: readonly string[], after: readonly string[], from: string, to: string): boolean =>
  before.includes(from) && !after.includes(from) && after.includes(to);

const tidyName = ({ schema, name }: { readonly schema?: string; readonly name: string }): QualifiedName =>
  tidy<QualifiedName>({ schema, name });

function altersColumn(operation: Operation, { where, column, from, to }: EnumValue): boolean {
  if (operation.kind !== "alterColumn" || operation.to.name !== column || keyOf(tableOf(operation)) !== keyOf(where)) return false;
  const [before, after] = [valuesOf(operation.from.type), valuesOf(operation.to.type)];
  return before !== null && after !== null && moves(before.map(unquoted), after.map(unquoted), from, to);
}

/** The rows follow by themselves, and so do the defaults. */
function inType(operation: AlterEnum, { from, to }: EnumValue): readonly Operation[] {
  const rename: Operation = tidy<Operation>({ kind: "renameEnumValue", schema: operation.schema, name: operation.name, from, to } as const);
  const [old, fresh] = [literal(from), literal(to)];
  const follows = (text: string | undefined) => text?.replaceAll(old, () => fresh);
  const columns = operation.columns.map((use) =>
    use.default === undefined
      ? use
      : { ...use, default: tidy<{ from?: string; to?: string }>({ from: follows(use.default.from), to: use.default.to }) },
  );
  const values = operation.from.map((value) => (value === from ? to : value));
  const done = equal(values, operation.to) && columns.every((use) => use.default?.from === use.default?.to);
  return done ? [rename] : [rename, { ...operation, from: values, columns }];
}

const literal = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/**
 * Where the values are part of the column's type: first both values are allowed, then the rows change, then the old value goes.
 * Only engines that quote with backticks have such types.
 */
function inColumn(operation: AlterColumn, value: EnumValue): readonly Operation[] {
  const { from, to } = value;
  const [before, after] = [valuesOf(operation.from.type) ?? [], valuesOf(operation.to.type) ?? []];
  const literalOf = (values: readonly string[], value: string) => values.find((text) => unquoted(text) === value) ?? literal(value);
  const [old, fresh] = [literalOf(before, from), literalOf(after, to)];
  if (from.toLowerCase() === to.toLowerCase()) return throughAnother(operation, value, before, old);
  const column = ticked(operation.to.name);
  const table = [operation.schema, operation.table].flatMap((name) => (name === undefined ? [] : [ticked(name)])).join(".");
  const update = (value: string, was: string) => `UPDATE ${table} SET ${column} = ${value} WHERE ${column} = ${was}`;
  const execute: Operation = { kind: "execute", sql: update(fresh, old), undo: update(old, fresh) };
  if (before.includes(fresh)) return [execute, operation];
  const both = { ...operation.from, type: `enum(${[...before, ...after.filter((value) => !before.includes(value))].join(",")})` };
  return [{ kind: "alterColumn", ...on(tableOf(operation)), from: operation.from, to: both }, execute, { ...operation, from: both }];
}

/** In most collations two values that differ in their case alone are one: they can't both be allowed. */
function throughAnother(operation: AlterColumn, value: EnumValue, before: readonly string[], old: string): readonly Operation[] {
  const another = `${value.to} (${value.from})`;
  const type = `enum(${before.map((one) => (one === old ? literal(another) : one)).join(",")})`;
  const { default: said, ...rest } = operation.from;
  const between = { ...rest, type, ...(said !== undefined && { default: said === old ? literal(another) : said }) };
  return [
    ...inColumn({ ...operation, to: between }, { ...value, to: another }),
    ...inColumn({ ...operation, from: between }, { ...value, from: another }),
  ];
}

const ticked = (name: string): string => `\`${name.replaceAll("`", "``")}\``;

/** Labels under which an answer may name the value's place: `mood`, `app.mood`, `items.state`. */
function placesOf(operations: readonly Operation[]): readonly (EnumValue & { readonly label: string })[] {
  return operations
    .flatMap((operation) => {
      if (operation.kind === "alterEnum")
        return valuePairs({ where: tidyName(operation), label: labelOf(tidyName(operation)) }, operation.from, operation.to);
      const [before, after] =
        operation.kind === "alterColumn" ? [valuesOf(operation.from.type), valuesOf(operation.to.type)] : [null, null];
      if (operation.kind !== "alterColumn" || before === null || after === null) return [];
      const name = { table: tableOf(operation), column: operation.to.name };
      return valuePairs({ where: name.table, column: name.column, label: columnLabel(name) }, before.map(unquoted), after.map(unquoted));
    })
    .sort((a, b) => compare(a.label, b.label));
}

interface Place {
  readonly where: QualifiedName;
  readonly column?: string;
  readonly label: string;
}

const valuePairs = <P extends Place>(place: P, before: readonly string[], after: readonly string[]) =>
  before
    .filter((value) => !after.includes(value))
    .flatMap((from) => after.filter((value) => !before.includes(value)).map((to) => ({ ...place, from, to })));

/** The values that may be what an answer names. */
export function valuesNamed(operations: readonly Operation[], label: string, from: string, to: string): readonly EnumValue[] {
  const values = placesOf(operations).filter((value) => value.from === from && value.to === to);
  const exact = values.filter((value) => value.label === label);
  return exact.length > 0
    ? exact
    : values.filter(({ where, column }) => label === `${where.name}${column === undefined ? "" : `.${column}`}`);
}
