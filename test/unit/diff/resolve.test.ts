import { describe, expect, it } from "vitest";
import { reverseAll } from "../../../src/core/operations/index.ts";
import type { Column, Schema } from "../../../src/core/schema.ts";
import { type Answers, resolve, stillOpen } from "../../../src/diff/resolve.ts";
import { column, compared, foreignKey, looseRules, schema, strictRules, table, told } from "./build.ts";

function answered(from: Schema, to: Schema, answers: Answers, rules = strictRules, known: Schema | null = from) {
  const { operations, review } = compared(from, to, rules, known);
  return { ...resolve(operations, review, answers), before: operations, points: review };
}

const banks = (name: string, suffix: string) =>
  schema([
    table("users", ["id integer"]),
    table("banks", ["id integer", `${name} integer?`], {
      indexes: [{ name: `ix_${suffix}`, columns: [name] }],
      uniques: [{ name: `uq_${suffix}`, columns: ["id", name] }],
      foreignKeys: [foreignKey(`fk_${suffix}`, name, "users")],
    }),
  ]);

describe("resolve", () => {
  it("renames a column, and by rename whatever stands on it", () => {
    const { operations, review, resolved, before, points } = answered(banks("created_by", "a"), banks("created_by_id", "b"), {
      renames: [{ table: "banks", from: "created_by", to: "created_by_id" }],
    });
    expect(told(operations)).toEqual([
      "renameColumn banks.created_by>created_by_id",
      "renameConstraint banks.fk_a>fk_b",
      "renameConstraint banks.uq_a>uq_b",
      "renameIndex banks.ix_a>ix_b",
    ]);
    expect(review).toEqual([]);
    expect(resolved).toMatchObject([{ id: "r1", kind: "rename" }]);
    const back = resolve(reverseAll(before).operations, points, { all: "rename" }, { direction: "downgrade" });
    expect(told(back.operations)).toEqual([
      "renameColumn banks.created_by_id>created_by",
      "renameConstraint banks.fk_b>fk_a",
      "renameConstraint banks.uq_b>uq_a",
      "renameIndex banks.ix_b>ix_a",
    ]);
    expect(back.review).toEqual([]);
  });

  it("alters the renamed column in what else differs", () => {
    const make = (one: string) => schema([table("items", ["id integer", one])]);
    const { operations } = answered(make("a integer"), make("b bigint?"), { all: "rename" });
    expect(operations).toEqual([
      { kind: "renameColumn", table: "items", from: "a", to: "b" },
      { kind: "alterColumn", table: "items", from: column("b integer"), to: column("b bigint?") },
    ]);
  });

  it("keeps hand-made indexes through a rename", () => {
    const from = schema([table("items", ["id integer", "a integer"], { indexes: [{ name: "hand", columns: ["a"] }] })]);
    const { operations, points } = answered(
      from,
      schema([table("items", ["id integer", "b integer"])]),
      { all: "rename" },
      strictRules,
      schema([table("items", ["id integer", "a integer"])]),
    );
    expect(points).toMatchObject([{ keeps: ["hand"] }]);
    expect(told(operations)).toEqual(["renameColumn items.a>b"]);
  });

  it("renames the enum that is named after its column", () => {
    const make = (name: string) =>
      schema([table("items", ["id integer", `${name} items_${name}_enum`])], { enums: [{ name: `items_${name}_enum`, values: ["a"] }] });
    expect(told(answered(make("status"), make("state"), { all: "rename" }).operations)).toEqual([
      "renameEnum items_status_enum>items_state_enum",
      "renameColumn items.status>state",
    ]);
  });

  it("leaves the operations alone when told to drop", () => {
    const { operations, review, before } = answered(banks("created_by", "a"), banks("created_by_id", "b"), {
      drops: [{ table: "banks", column: "created_by" }],
    });
    expect([operations, review]).toEqual([before, []]);
    expect(answered(banks("created_by", "a"), banks("created_by_id", "b"), { all: "drop" }).review).toEqual([]);
  });

  it("takes another candidate, and asks on about what is left", () => {
    const from = schema([table("items", ["id integer", "name text"])]);
    const to = schema([table("items", ["id integer", "first_name text", "last_name text"])]);
    const { operations, review } = answered(from, to, { renames: [{ table: "items", from: "name", to: "last_name" }] });
    expect(told(operations)).toEqual(["renameColumn items.name>last_name", "addColumn items.first_name"]);
    expect(review).toEqual([]);
  });

  it("renames a pair nobody asked about, and refuses one that is not there", () => {
    const make = (one: string) => schema([table("items", ["id integer", one])]);
    const renames = [{ table: "items", from: "qty", to: "email" }];
    const { operations, resolved } = answered(make("qty integer"), make("email text"), { renames });
    expect(told(operations)).toEqual(["renameColumn items.qty>email", "alterColumn items.email"]);
    expect(resolved).toMatchObject([{ kind: "rename", from: "qty", to: "email" }]);
    expect(() => answered(make("a text"), make("b text"), { renames })).toThrow(/nothing here to rename items.qty to email/);
    expect(() => answered(make("a text"), make("b text"), { drops: [{ table: "x", column: "y" }] })).toThrow(
      expect.objectContaining({ outcome: "usage", hint: "open: r1 --rename items.a:b" }),
    );
  });

  it("renames a table with what hangs on its name, and foreign keys of others follow", () => {
    const make = (name: string, schemaName?: string) => {
      const own = {
        ...table(name, ["id integer", "title text"], { primaryKey: { name: `pk_${name}`, columns: ["id"] }, foreignKeys: [] }),
        ...(schemaName === undefined ? {} : { schema: schemaName }),
      };
      const target = {
        name: `fk_${name}`,
        columns: ["t"],
        references: { ...(schemaName === undefined ? {} : { schema: schemaName }), table: name, columns: ["id"] },
      };
      return schema([own, table("others", ["id integer", "t integer"], { foreignKeys: [target] })], {
        namespaces: schemaName === undefined ? [] : [schemaName],
      });
    };
    expect(told(answered(make("exam"), make("exams"), { renameTables: [{ from: "exam", to: "exams" }] }).operations)).toEqual([
      "renameTable exam>exams",
      "renameConstraint exams.pk_exam>pk_exams",
      "renameConstraint others.fk_exam>fk_exams",
    ]);
    expect(told(answered(make("exam"), make("exam", "app"), { all: "rename" }).operations)).toEqual(["createSchema app", "moveTable exam"]);
  });

  it("drops a foreign key under the names of before, while the table it points to moves", () => {
    const from = schema([
      table("a", ["id integer", "c1 integer"]),
      table("d", ["id integer"], { foreignKeys: [foreignKey("f1", "id", "a")] }),
    ]);
    const to = schema([table("b", ["id integer"]), table("a", ["id integer"], { schema: "app" })], { namespaces: ["app"] });
    const { operations } = answered(from, to, {
      renameTables: [
        { from: "a", to: "app.a" },
        { from: "d", to: "b" },
      ],
    });
    expect(operations.find(({ kind }) => kind === "dropForeignKey")).toEqual({
      kind: "dropForeignKey",
      table: "d",
      foreignKey: foreignKey("f1", "id", "a"),
    });
  });

  it("drops a foreign key between two renamed tables under the names that both have by then", () => {
    const make = (parent: string, child: string, type: string) =>
      schema([
        table(parent, [`id ${type}`]),
        table(child, ["id integer", `p ${type}`], { foreignKeys: [foreignKey(`fk_${child}`, "p", parent)] }),
      ]);
    const renameTables = [
      { from: "owner", to: "person" },
      { from: "t", to: "u" },
    ];
    const { operations, review } = compared(make("owner", "t", "integer"), make("person", "u", "bigint"), looseRules);
    const steps = told(resolve(operations, review, { renameTables }, { rules: looseRules }).operations);
    const place = (step: string) => steps.indexOf(step);
    expect(place("dropForeignKey u.fk_t")).toBeGreaterThan(Math.max(place("renameTable t>u"), place("renameTable owner>person")));
    expect(place("alterColumn person.id")).toBeGreaterThan(place("dropForeignKey u.fk_t"));
  });

  it("takes a renamed column along when the values of its enum change", () => {
    const make = (name: string, values: string[], fallback: string) =>
      schema([table("a", ["id integer", column(`${name} mood`, { default: fallback })])], { enums: [{ name: "mood", values }] });
    const { operations } = answered(make("c1", ["x", "y"], "'x'"), make("c2", ["y"], "'y'"), { all: "rename" });
    expect(told(operations)).toEqual(["renameColumn a.c1>c2", "alterEnum mood"]);
    expect(operations[1]).toMatchObject({ columns: [{ table: "a", column: "c2", default: { from: "'x'", to: "'y'" } }] });
  });

  it("takes the columns of a renamed table along when the values of their enum change", () => {
    const make = (name: string, values: string[]) => schema([table(name, ["id integer", "c mood"])], { enums: [{ name: "mood", values }] });
    const { operations } = answered(make("a", ["x", "y"]), make("b", ["y"]), { renameTables: [{ from: "a", to: "b" }] });
    expect(told(operations).slice(0, 2)).toEqual(["renameTable a>b", "alterEnum mood"]);
    expect(operations[1]).toMatchObject({ columns: [{ table: "b", column: "c" }] });
  });

  it("renames a value only when what goes with the old one has gone", () => {
    const gone = column("c mood", { default: "'x'" });
    const stays = column("d mood");
    const from = schema([table("a", ["id integer", gone, stays])], { enums: [{ name: "mood", values: ["x"] }] });
    const to = schema([table("a", ["id integer", stays])], { enums: [{ name: "mood", values: ["y"] }] });
    const { operations } = answered(from, to, { renames: [{ table: "mood", from: "x", to: "y" }] });
    expect(told(operations)).toEqual(["dropColumn a.c", "renameEnumValue x>y"]);
  });

  it("makes a key anew over a column that is made anew, though another of its columns is renamed", () => {
    const make = (name: string, one: Partial<Column>) =>
      schema([table("a", ["id integer", column("g integer", one), `${name} text`], { primaryKey: { name: "pk", columns: ["g", name] } })]);
    const generated = (expression: string) => ({ generated: { expression, stored: true } });
    const { operations } = answered(make("c1", generated("id + 1")), make("c2", generated("id + 2")), { all: "rename" });
    expect(told(operations).filter((text) => text.includes("PrimaryKey"))).toEqual(["dropPrimaryKey a.pk", "addPrimaryKey a.pk"]);
  });

  it("asks about columns of a renamed table, and answers them too when told to rename all", () => {
    const from = schema([table("item_tag", ["a integer", "b integer", "itemId integer"])]);
    const to = schema([table("item_tags", ["a integer", "b integer", "item_id integer"])]);
    expect(answered(from, to, { renameTables: [{ from: "item_tag", to: "item_tags" }] }).review).toMatchObject([
      { id: "r2", kind: "rename", table: "item_tags" },
    ]);
    const { operations, review } = answered(from, to, { all: "rename" });
    expect(told(operations)).toEqual([
      "renameTable item_tag>item_tags",
      "renameColumn item_tags.itemId>item_id",
      "renameConstraint item_tags.pk_item_tag>pk_item_tags",
    ]);
    expect(review).toEqual([]);
  });

  it("asks how the values convert where what was a drop and an add becomes one column of another sort", () => {
    const make = (name: string, ...columns: string[]) => schema([table(name, ["id integer", ...columns])]);
    const ask = (from: Schema, to: Schema, answers: Answers) => {
      const { operations, review } = compared(from, to);
      return resolve(operations, review, answers, { rules: strictRules }).review;
    };
    const tables = { renameTables: [{ from: "a", to: "b" }] };
    expect(ask(make("a", "x text", "c integer"), make("b", "x text", "c uuid"), tables)).toMatchObject([
      { kind: "using", table: "b", column: "c", from: "integer", to: "uuid" },
    ]);
    const columns = { renames: [{ table: "a", from: "c", to: "d" }] };
    expect(ask(make("a", "c integer"), make("a", "d uuid"), columns)).toMatchObject([{ kind: "using", table: "a", column: "d" }]);
  });

  it("renames a value of an enum type", () => {
    const make = (...values: string[]) =>
      schema([table("items", ["id integer", column("m mood", { default: `'${values[1]}'` })])], { enums: [{ name: "mood", values }] });
    expect(answered(make("a", "b"), make("a", "bee"), { renames: [{ table: "mood", from: "b", to: "bee" }] }).operations).toEqual([
      { kind: "renameEnumValue", name: "mood", from: "b", to: "bee" },
    ]);
    expect(told(answered(make("a", "b"), make("a", "bee", "c"), { all: "rename" }).operations)).toEqual([
      "renameEnumValue b>bee",
      "alterEnum mood",
    ]);
  });

  it("renames a value inside a column's type in three steps", () => {
    const make = (type: string) => schema([table("items", ["id integer", `state ${type}`])]);
    const { operations, review } = answered(
      make("enum('a','b')"),
      make("enum('a','bee')"),
      { renames: [{ table: "items.state", from: "b", to: "bee" }] },
      looseRules,
    );
    expect(review).toEqual([]);
    expect(operations).toMatchObject([
      { kind: "alterColumn", to: { type: "enum('a','b','bee')" } },
      {
        kind: "execute",
        sql: "UPDATE `items` SET `state` = 'bee' WHERE `state` = 'b'",
        undo: "UPDATE `items` SET `state` = 'b' WHERE `state` = 'bee'",
      },
      { kind: "alterColumn", from: { type: "enum('a','b','bee')" }, to: { type: "enum('a','bee')" } },
    ]);
  });

  it("renames a value whose case alone changes by way of another, for most collations take both for one", () => {
    const make = (type: string) => schema([table("items", ["id integer", `state ${type}`])]);
    const { operations } = answered(make("enum('a','b')"), make("enum('A','b')"), { all: "rename" }, looseRules);
    expect(operations.map((one) => (one.kind === "alterColumn" ? one.to.type : one.kind === "execute" ? one.sql : one.kind))).toEqual([
      "enum('a','b','A (a)')",
      "UPDATE `items` SET `state` = 'A (a)' WHERE `state` = 'a'",
      "enum('A (a)','b')",
      "enum('A (a)','b','A')",
      "UPDATE `items` SET `state` = 'A' WHERE `state` = 'A (a)'",
      "enum('A','b')",
    ]);
  });

  it("fills and converts, and closes the question", () => {
    const from = schema([table("items", ["id integer", "v integer", "n text?"])]);
    const to = schema([table("items", ["id integer", "v uuid", "n text", "x text"])]);
    const { operations, review } = answered(from, to, {
      fill: { "items.x": "'x'", "items.n": "''" },
      using: { "items.v": "gen_random_uuid()" },
    });
    expect(operations).toMatchObject([
      { kind: "addColumn", fill: "'x'" },
      { kind: "alterColumn", using: "gen_random_uuid()" },
      { kind: "alterColumn", fill: "''" },
    ]);
    expect(review).toEqual([]);
    expect(() => answered(from, to, { fill: { "items.nope": "1" } })).toThrow(/nothing here to fill items.nope/);
  });

  it("knows which questions the operations still pose", () => {
    const { operations, points, before } = answered(banks("created_by", "a"), banks("created_by_id", "b"), { all: "rename" });
    expect(stillOpen(before, points)).toEqual(points);
    expect(stillOpen(operations, points)).toEqual([]);
  });

  it("keeps steps of unknown effect where they stand", () => {
    const { operations, review } = compared(banks("created_by", "a"), banks("created_by_id", "b"));
    const list = [{ kind: "execute", sql: "SELECT 1" } as const, ...operations];
    expect(told(resolve(list, review, { all: "rename" }).operations)[0]).toBe("execute ");
  });
});
