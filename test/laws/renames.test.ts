import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Column, emptySchema, type Table } from "../../src/core/schema.ts";
import { mysql } from "../../src/dialect/mysql/index.ts";
import { postgres } from "../../src/dialect/postgres/index.ts";
import { diff } from "../../src/diff/diff.ts";

const sorts: Record<"postgres" | "mysql", readonly (readonly string[])[]> = {
  postgres: [
    ["integer", "bigint"],
    ["text", "character varying(20)"],
    ["uuid"],
    ["date", "timestamp without time zone"],
    ["jsonb"],
    ["bytea"],
    ["mood"],
  ],
  mysql: [["int", "bigint"], ["text", "varchar(20)"], ["date", "datetime"], ["json"], ["blob"], ["enum('a','b')", "set('a','b')"]],
};
/** Two alphabets: no name of the one is like one of the other. */
const nameOf = (letters: string) => fc.string({ unit: fc.constantFrom(...letters), minLength: 3, maxLength: 12 });
const names = (letters: string, count: number) => fc.uniqueArray(nameOf(letters), { minLength: count, maxLength: count });

const tableOf = (columns: readonly Column[], more: Partial<Table> = {}): Table => ({
  name: "items",
  columns: [{ name: "0", type: "bigint" }, ...columns],
  uniques: [],
  indexes: [],
  foreignKeys: [],
  checks: [],
  exclusions: [],
  ...more,
});

describe.each([postgres, mysql])("columns that have nothing to do with each other, on $name", ({ name, rules }) => {
  const asked = (had: Table, wanted: Table) => {
    const others = ["a", "b"].map((one): Table => ({ ...tableOf([]), name: one }));
    const from = { ...emptySchema, tables: [had, ...others] };
    return diff(from, { ...emptySchema, tables: [wanted, ...others] }, { rules, known: from }).review;
  };
  const type = fc.constantFrom(...sorts[name as keyof typeof sorts].flat());
  const column = (letters: string) => fc.record({ name: nameOf(letters), type });

  it("are not asked about when their values are of different sorts, whatever they are called", () => {
    const pair = fc.uniqueArray(
      fc.constantFrom(...sorts[name as keyof typeof sorts].filter((sort) => sort.length > 1 || sort[0] !== "mood")),
      {
        minLength: 2,
        maxLength: 2,
      },
    );
    fc.assert(
      fc.property(pair, nameOf("abcdefghi"), ([a = [], b = []], called) => {
        const [from, to] = [
          { name: called, type: a[0] ?? "" },
          { name: `${called}_x`, type: b[0] ?? "" },
        ];
        expect(asked(tableOf([from]), tableOf([to]))).toEqual([]);
      }),
    );
  });

  it("are not asked about when several of a sort go and come and no name is like another", () => {
    fc.assert(
      fc.property(type, names("abcdefghijklm", 3), names("nopqrstuvwxyz", 3), (one, gone, come) => {
        const columns = (list: readonly string[]) => list.map((called) => ({ name: called, type: one }));
        // what stays between them takes their place from them
        const stays = { name: "1", type: "bigint" };
        expect(asked(tableOf([...columns(gone), stays]), tableOf([stays, ...columns(come)]))).toEqual([]);
      }),
    );
  });

  it("are not asked about when they point to different tables, or are computed", () => {
    fc.assert(
      fc.property(column("abcdefghijklm"), nameOf("abcdefghijklm"), fc.boolean(), (from, called, computed) => {
        fc.pre(called !== from.name);
        const to = { ...from, name: called };
        const key = (target: string, at: Column) => ({
          foreignKeys: [{ name: `fk_${target}`, columns: [at.name], references: { table: target, columns: ["0"] } }],
        });
        const generated = { generated: { expression: "1", stored: true } };
        const review = computed
          ? asked(tableOf([{ ...from, ...generated }]), tableOf([{ ...to, ...generated }]))
          : asked(tableOf([from], key("a", from)), tableOf([to], key("b", to)));
        expect(review).toEqual([]);
      }),
    );
  });
});
