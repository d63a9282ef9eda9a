import { expect } from "vitest";
import type { Column, Schema } from "../../src/core/schema.ts";
import type { Canonical } from "../../src/dialect/dialect.ts";

/** A table with one column, as it was made. */
export interface Made {
  readonly name: string;
  readonly column: Column;
}

/** The models of what was made, with all else as it is around. */
export function schemaOf(made: readonly Made[], around: Schema): Schema {
  const bare = { uniques: [], indexes: [], foreignKeys: [], checks: [], exclusions: [] };
  return { ...around, tables: made.map(({ name, column }) => ({ name, columns: [column], ...bare })) };
}

/** What the models say is what was read back: each column that is not is named, with what it was made as. */
export function expectReadBack({ wanted, notCompared }: Canonical, had: Schema, made: readonly Made[]): void {
  expect(notCompared).toEqual([]);
  const said = new Map(made.map(({ name, column }) => [name, `${column.type} DEFAULT ${column.default}`]));
  const differing = wanted.tables.flatMap((table, at) => {
    const [is, should] = [JSON.stringify(table.columns), JSON.stringify(had.tables[at]?.columns)];
    return is === should ? [] : [`${said.get(table.name)}: ${is} ${should}`];
  });
  expect(differing).toEqual([]);
  expect(wanted).toEqual(had);
}
