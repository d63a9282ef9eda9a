import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Operation } from "../../src/core/operation.ts";
import { fold, reverseAll } from "../../src/core/operations/index.ts";
import { type Column, emptySchema, keyOf, type Schema, type Table, type View } from "../../src/core/schema.ts";
import { diff } from "../../src/diff/diff.ts";
import { compare, fingerprint } from "../../src/diff/equal.ts";
import { resolve } from "../../src/diff/resolve.ts";
import { looseRules, strictRules } from "../unit/diff/build.ts";

const some = <T>(...values: T[]) => fc.constantFrom(...values);
const perhaps = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
const tidy = <T extends object>(value: { readonly [K in keyof T]: T[K] | undefined }): T =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T;
const byName = <T extends { readonly name?: string }>(list: readonly T[]): readonly T[] =>
  [...list].sort((a, b) => compare(a.name ?? "", b.name ?? ""));

const types = ["integer", "bigint", "text", "character varying(20)", "uuid", "mood", "mood[]", "app.state"];
const column = fc
  .record({
    type: some(...types),
    nullable: perhaps(fc.constant(true as const)),
    default: perhaps(some("1", "'a'")),
    comment: perhaps(some("x", "it's")),
    collation: perhaps(some("C")),
    generated: perhaps(fc.record({ expression: some("id + 1", "\"c1\" || 'c2'"), stored: fc.boolean() })),
  })
  .map((one) => tidy<Omit<Column, "name">>(one.generated === undefined ? one : { ...one, default: undefined }));

/** A generated column reads plain columns of its table, never itself. */
const readable = (columns: readonly Column[]): readonly Column[] => {
  const first = columns.find(({ name }) => name === "c1");
  const plain = first !== undefined && first.generated === undefined;
  return columns.map((one) =>
    one.generated === undefined || plain ? one : { ...one, generated: { ...one.generated, expression: "id + 1" } },
  );
};

const columnsOf = fc
  .tuple(
    some("integer", "bigint"),
    fc.uniqueArray(fc.tuple(some("c1", "c2", "c3", "c_1", "other"), column), { selector: ([name]) => name, maxLength: 5 }),
  )
  .map(([id, rest]): readonly Column[] => readable([{ name: "id", type: id }, ...rest.map(([name, one]) => ({ name, ...one }))]));

const tableNames = ["a", "b", "c", "d"];

function tableOf(name: string, schema: string | undefined, columns: readonly Column[]): fc.Arbitrary<Table> {
  const names = columns.map((one) => one.name);
  const part = fc.uniqueArray(some(...names), { minLength: 1, maxLength: 2 });
  // what is not there nothing reads: a replay would take it for a column that gets that name
  const reading = (column: string, expression: string): string => (names.includes(column) ? expression : "id >= 2");
  const listOf = <T extends { name: string }>(item: fc.Arbitrary<T>) => fc.uniqueArray(item, { selector: (one) => one.name, maxLength: 2 });
  return fc
    .record({
      primaryKey: perhaps(fc.record({ name: some("pk", "pk2"), columns: part })),
      uniques: listOf(fc.record({ name: some("u1", "u2", "u3"), columns: part })),
      indexes: listOf(
        fc
          .record({
            name: some("i1", "i2", "i3"),
            columns: part,
            unique: perhaps(fc.constant(true as const)),
            where: perhaps(some("id > 1", reading("c1", "c1 is null"))),
          })
          .map(tidy),
      ) as fc.Arbitrary<Table["indexes"]>,
      foreignKeys: listOf(
        fc.record({
          name: some("f1", "f2", "f3"),
          columns: some(...names).map((one) => [one]),
          references: some(...tableNames).map((table) => ({ table, columns: ["id"] })),
        }),
      ),
      checks: listOf(fc.record({ name: some("k1", "k2"), expression: some("id > 0", reading("c2", "c2 <> 'c1'")) })),
      comment: perhaps(some("t", "u")),
    })
    .map((one) => tidy<Table>({ name, schema, columns, exclusions: [], ...one }));
}

const enums = fc
  .tuple(fc.shuffledSubarray(["a", "b", "c"], { minLength: 1 }), fc.shuffledSubarray(["x", "y"], { minLength: 1 }))
  .map(([mood, state]) => [
    { name: "mood", values: mood },
    { schema: "app", name: "state", values: state },
  ]);

const views = (tables: readonly Table[]): fc.Arbitrary<readonly View[]> =>
  fc
    .record({
      table: some(...tables),
      text: some("SELECT id", "SELECT id, 1"),
      chained: fc.boolean(),
      any: fc.boolean(),
      comment: perhaps(some("v")),
    })
    .map(({ table, text, chained, any, comment }) => {
      const { name, schema } = table;
      const read = tidy<{ name: string; schema?: string; columns?: string[] }>({ schema, name, columns: ["id"] });
      const first = tidy<View>({
        name: "v1",
        definition: `${text} FROM ${name}`,
        indexes: [],
        reads: [read],
        comment,
        materialized: undefined,
        schema: undefined,
      });
      const second: View = { name: "v2", definition: "SELECT id FROM v1", indexes: [], reads: [{ name: "v1", columns: ["id"] }] };
      return any ? (chained ? [second, first] : [first]) : [];
    });

/** Every schema has the tables that foreign keys point to only if it has them: a key to a missing table is left out. */
const schemas: fc.Arbitrary<Schema> = fc
  .tuple(fc.subarray(tableNames, { minLength: 1 }), fc.boolean(), enums)
  .chain(([names, moved, types]) =>
    fc.tuple(
      fc.tuple(...names.map((name) => columnsOf.chain((columns) => tableOf(name, undefined, columns)))),
      moved ? columnsOf.chain((columns) => tableOf("a", "app", columns)) : fc.constant(null),
      fc.constant(types),
    ),
  )
  .chain(([plain, inApp, types]) => {
    const tables = [...plain, ...(inApp === null ? [] : [inApp])].map((table) => ({
      ...table,
      foreignKeys: table.foreignKeys.filter((key) => plain.some(({ name }) => name === key.references.table)),
    }));
    const used = new Set(tables.flatMap((table) => table.columns.map(({ type }) => type.replace("[]", ""))));
    return views(tables).map(
      (made): Schema => ({
        ...emptySchema,
        namespaces: ["app"],
        tables,
        enums: types.filter((type) => used.has("schema" in type ? "app.state" : "mood")),
        views: made,
      }),
    );
  });

const canonical = (schema: Schema) =>
  fingerprint({
    ...schema,
    tables: [...schema.tables]
      .sort((a, b) => compare(keyOf(a), keyOf(b)))
      .map((table) => ({
        ...table,
        columns: byName(table.columns),
        uniques: byName(table.uniques),
        indexes: byName(table.indexes),
        foreignKeys: byName(table.foreignKeys),
        checks: byName(table.checks),
      })),
    enums: [...schema.enums].sort((a, b) => compare(keyOf(a), keyOf(b))),
    views: byName(schema.views).map(({ reads: _, ...view }) => view),
  });

const rules = { strict: { ...strictRules, enumValuesInPlace: true }, loose: { ...looseRules, enumTypes: true } };
const runs = { numRuns: 600 };

describe.each(["strict", "loose"] as const)("the laws of the differ, with %s rules", (which) => {
  const operationsOf = (from: Schema, to: Schema) => diff(from, to, { rules: rules[which], known: from });
  const flavor = "postgres";
  const run = (from: Schema, operations: readonly Operation[]) => canonical(fold(from, operations, flavor));

  it("finds nothing between a schema and itself", () => {
    fc.assert(
      fc.property(schemas, (a) => {
        const difference = operationsOf(a, structuredClone(a));
        expect(difference).toEqual({ operations: [], review: [], unmanaged: [], names: [] });
      }),
      runs,
    );
  });

  it("leads from one schema to the other, and back", () => {
    fc.assert(
      fc.property(schemas, schemas, (a, b) => {
        const { operations } = operationsOf(a, b);
        expect(run(a, operations)).toBe(canonical(b));
        const back = reverseAll(operations);
        expect(back.irreversible).toEqual([]);
        expect(run(b, back.operations)).toBe(canonical(a));
      }),
      runs,
    );
  });

  it("leads there with every rename accepted, too", () => {
    fc.assert(
      fc.property(schemas, schemas, (a, b) => {
        const { operations, review } = operationsOf(a, b);
        const kept = review.filter(({ kind }) => kind !== "renameEnumValue");
        const { operations: resolved, review: open } = resolve(operations, kept, { all: "rename" });
        expect(open.filter(({ kind }) => kind === "rename")).toEqual([]);
        expect(run(a, resolved)).toBe(canonical(b));
        expect(run(b, reverseAll(resolved).operations)).toBe(canonical(a));
      }),
      runs,
    );
  });

  it("says the same whatever the order of the input, of the fields of its records, and the locale", () => {
    fc.assert(
      fc.property(schemas, schemas, fc.nat(), (a, b, seed) => {
        const answer = (from: Schema, to: Schema) => {
          const { operations, review } = operationsOf(from, to);
          const kept = review.filter(({ kind }) => kind !== "renameEnumValue");
          return JSON.stringify([operations, review, resolve(operations, kept, { all: "rename" })].map(inOneOrder));
        };
        const said = answer(a, b);
        expect(withoutLocale(() => answer(shuffled(a, seed), shuffled(b, seed + 1)))).toBe(said);
      }),
      { numRuns: 400 },
    );
  });
});

/** Fields have no order; lists do. */
const inOneOrder = (value: unknown): unknown => JSON.parse(fingerprint(value));

/** Every list that is a set in another order, but for columns, whose order is their place; every record's fields turned around. */
function shuffled(schema: Schema, seed: number): Schema {
  let state = seed;
  const next = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state % below;
  };
  const mix = <T>(list: readonly T[]): readonly T[] => {
    const rest = [...list];
    return list.flatMap(() => rest.splice(next(rest.length), 1));
  };
  const turned = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(turned)
      : typeof value === "object" && value !== null
        ? Object.fromEntries(mix(Object.entries(value)).map(([name, inner]) => [name, turned(inner)]))
        : value;
  const mixed = {
    ...schema,
    namespaces: mix(schema.namespaces),
    enums: mix(schema.enums),
    views: mix(schema.views),
    tables: mix(schema.tables).map((table) => ({
      ...table,
      uniques: mix(table.uniques),
      indexes: mix(table.indexes),
      foreignKeys: mix(table.foreignKeys),
      checks: mix(table.checks),
    })),
  };
  return turned(mixed) as Schema;
}

/** Whoever asks the locale while the work is done is caught. */
function withoutLocale<T>(work: () => T): T {
  const { localeCompare, toLocaleLowerCase, toLocaleUpperCase } = String.prototype;
  const { Collator } = Intl;
  const caught = () => {
    throw new Error("the locale was asked");
  };
  Object.assign(String.prototype, { localeCompare: caught, toLocaleLowerCase: caught, toLocaleUpperCase: caught });
  Object.assign(Intl, { Collator: caught });
  try {
    return work();
  } finally {
    Object.assign(String.prototype, { localeCompare, toLocaleLowerCase, toLocaleUpperCase });
    Object.assign(Intl, { Collator });
  }
}
