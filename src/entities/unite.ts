import { isDeepStrictEqual } from "node:util";
import { usage } from "../core/errors.ts";
import { type Column, labelOf, type Table } from "../core/schema.ts";
import { byName } from "./context.ts";

export interface Mapped {
  readonly table: Table;
  /** `Author (src/author.ts)` */
  readonly from: string;
  /** made by a relation, not by a class */
  readonly junction: boolean;
}

/** Several classes may stand on one table, and an entity beside a `@JoinTable` of the same name: together they are the table. */
export function unite(all: readonly Mapped[]): Table {
  // what a class says of its table is more than what a relation needs of it
  const [first, ...others] = [...all].sort((a, b) => Number(a.junction) - Number(b.junction));
  if (first === undefined) throw new RangeError("a table of nothing");
  return others.reduce((united, other) => join(united, first, other), first.table);
}

function join(table: Table, first: Mapped, other: Mapped): Table {
  const more = other.table;
  if (!other.junction) compare(table, first, other);
  return {
    ...more,
    ...table,
    columns: [...table.columns, ...more.columns.filter(({ name }) => !table.columns.some((column) => column.name === name))],
    uniques: added(table.uniques, more.uniques),
    indexes: added(table.indexes, more.indexes),
    foreignKeys: added(table.foreignKeys, more.foreignKeys),
    checks: added(table.checks, more.checks),
    exclusions: added(table.exclusions, more.exclusions),
  };
}

function compare(table: Table, first: Mapped, other: Mapped): void {
  for (const column of other.table.columns) {
    const same = table.columns.find(({ name }) => name === column.name);
    if (same !== undefined && !isDeepStrictEqual(same, column))
      throw differs(first, other, `column "${column.name}": ${inWords(same, column)}`);
  }
  if (!isDeepStrictEqual(table.primaryKey?.columns, other.table.primaryKey?.columns)) throw differs(first, other, "primary key");
}

function inWords(one: Column, other: Column): string {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]) as Set<keyof Column>;
  const [name = "type"] = [...names].filter((key) => !isDeepStrictEqual(one[key], other[key]));
  const said = (value: unknown) => (value === undefined ? "nothing" : JSON.stringify(value));
  return `${name} is ${said(one[name])} in the one, ${said(other[name])} in the other`;
}

function differs(first: Mapped, other: Mapped, what: string): Error {
  const table = labelOf(first.table);
  return usage(
    "entities-disagree",
    `${first.from} and ${other.from} both stand on the table ${table} and disagree about its ${what}.`,
    "make them say the same of what they share, or give one of them another table, or synchronize: false",
    { table, entities: [first.from, other.from] },
  );
}

/** What is the same under another name is not wanted twice. */
function added<T extends { readonly name: string }>(things: readonly T[], more: readonly T[]): readonly T[] {
  const shape = ({ name: _, ...rest }: T) => rest;
  const fresh = more.filter((one) => !things.some((thing) => thing.name === one.name || isDeepStrictEqual(shape(thing), shape(one))));
  return byName([...things, ...fresh]);
}
