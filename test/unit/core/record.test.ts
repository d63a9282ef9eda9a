import { describe, expect, it } from "vitest";
import { args, fold, make, reverseAll } from "../../../src/core/operations/index.ts";
import { sameSchema } from "../../../src/core/order.ts";
import { record } from "../../../src/core/record.ts";
import { emptySchema } from "../../../src/core/schema.ts";
import { sql } from "../../../src/core/sql.ts";

const recorded = record((op) => {
  op.createSchema("app");
  op.createEnum("mood", ["sad", "glad"]);
  op.createTable("users", {
    columns: [
      { name: "id", type: "integer", autoIncrement: true },
      { name: "mood", type: "mood", default: sql`'sad'` },
    ],
    primaryKey: { name: "pk", columns: ["id"] },
    indexes: [{ name: "ix", columns: ["mood", { column: "id", order: "desc" }], where: sql`id > 0` }],
  });
  op.createTable({ schema: "app", table: "todos" }, { columns: [{ name: "user", type: "integer" }] });
  op.addForeignKey(
    { schema: "app", table: "todos" },
    {
      name: "fk",
      columns: ["user"],
      references: { table: "users", columns: ["id"] },
      onDelete: "SET NULL",
    },
  );
  op.renameColumn("users", "id", "key");
  op.alterEnum("mood", {
    from: ["sad", "glad"],
    to: ["sad", "glad", "so so"],
    columns: [{ table: "users", column: "mood", default: { from: sql`'sad'`, to: sql`'so so'` } }],
  });
  op.renameEnum("mood", "Mood");
  op.alterColumn(
    "users",
    "mood",
    { type: '"Mood"', default: { from: sql`'so so'`, to: null }, nullable: { from: null, to: true } },
    { fill: sql`'glad'` },
  );
  op.alterTable("users", { comment: { from: null, to: "who" } });
  op.renameTable("users", "people");
  op.createView("names", { definition: sql`SELECT key FROM people` });
  op.execute(sql`SELECT 1`, { undo: sql`SELECT ${2}` });
  op.on("mysql", (op) => op.dropTable("people", { columns: [] }));
});

describe("a recording", () => {
  it("has each operation as plain data that its arguments give again", () => {
    for (const operation of recorded.operations) {
      if (operation.kind === "on") continue;
      expect(make(operation.kind, args(operation))).toEqual(operation);
      expect(JSON.parse(JSON.stringify(operation))).toEqual(operation);
    }
  });

  it("takes a wish for the plain form, and no other word about it", () => {
    const index = { name: "ix", columns: ["a"] };
    const { operations } = record((op) => op.addIndex("users", index, { online: false }));
    expect(operations).toEqual([{ kind: "addIndex", table: "users", index, online: false }]);
    for (const options of [{ online: true }, { offline: true }, "plain"]) {
      expect(() => record((op) => op.addIndex("users", index, options as never))).toThrow(/op\.addIndex\(…\): options/);
    }
  });

  it("carries a column's, an enum's and a table's new name to all that uses it", () => {
    const schema = fold(emptySchema, recorded.operations);
    const people = schema.tables.find(({ name }) => name === "people");
    expect(people?.primaryKey).toEqual({ name: "pk", columns: ["key"] });
    expect(people?.indexes[0]?.columns).toEqual(["mood", { column: "key", order: "desc" }]);
    expect(people?.columns[1]).toEqual({ name: "mood", type: '"Mood"', nullable: true });
    expect(people?.comment).toBe("who");
    expect(schema.tables.find(({ name }) => name === "todos")?.foreignKeys[0]?.references).toEqual({ table: "people", columns: ["key"] });
  });

  it("is taken back by its reverse", () => {
    const back = reverseAll(recorded.operations);
    expect(back.irreversible).toEqual([]);
    expect(sameSchema(fold(emptySchema, [...recorded.operations, ...back.operations]), emptySchema)).toBe(true);
  });

  it("says which argument of which call is wrong", () => {
    const wrong = (body: Parameters<typeof record>[0]) => () => record(body);
    expect(wrong((op) => op.addColumn("t", { name: "a" } as never))).toThrow(
      "op.addColumn(…): column.type: a value is expected, not nothing.",
    );
    expect(wrong((op) => op.addColumn("t", { name: "a", type: "text", default: "x" } as never))).toThrow(
      "column.default: sql`…` is expected",
    );
    expect(wrong((op) => op.addColumn("t", { name: "a", type: "text", nulable: true } as never))).toThrow("nulable");
    expect(wrong((op) => (op as unknown as Record<string, () => void>).addColum?.())).toThrow("There is no operation op.addColum.");
    expect(wrong(async () => {})).toThrow("must not be async");
  });

  it("does not trip over what every JavaScript object has, or over what JSON can't say", () => {
    const wrong = (body: Parameters<typeof record>[0]) => () => record(body);
    expect(wrong((op) => op.addColumn("t", { name: "a", type: "text", constructor: 1 } as never))).toThrow("constructor");
    expect(wrong((op) => (op as unknown as Record<string, () => void>).constructor?.())).toThrow("There is no operation op.constructor.");
    expect(wrong((op) => op.renameTable("t", 1n as never))).toThrow("to: a name is expected, not bigint.");
    expect(wrong((op) => op.renameTable("t", (() => 1) as never))).toThrow("to: a name is expected, not function.");
  });
});

describe("a replay", () => {
  const start = record((op) => {
    op.createEnum("mood", ["sad", "it's"]);
    op.createTable("users", {
      columns: [
        { name: "id", type: "integer" },
        { name: "mood", type: "mood", default: sql`'sad'::mood` },
        { name: "moods", type: "mood[]", default: sql`ARRAY['sad', 'it''s']::mood[]` },
        { name: "word", type: "text", default: sql`'sad'` },
      ],
      indexes: [
        { name: "one", columns: ["id"] },
        { name: "two", columns: ["mood"] },
      ],
      checks: [
        { name: "c1", expression: sql`id > 0` },
        { name: "c2", expression: sql`id > 1` },
      ],
    });
    op.createView("v", { definition: sql`SELECT id FROM users`, reads: [{ name: "users", columns: ["id"] }] });
    op.createView("w", { definition: sql`SELECT id FROM v`, reads: [{ name: "v", columns: ["id"] }] });
  });
  const replayed = (body: Parameters<typeof record>[0]) => fold(emptySchema, [...start.operations, ...record(body).operations]);

  it("carries an enum value's new name into the defaults of its columns only", () => {
    const { tables } = replayed((op) => {
      op.renameEnumValue("mood", "sad", "so-so");
      op.renameEnumValue("mood", "it's", "$&");
    });
    expect(tables[0]?.columns.map((column) => column.default)).toEqual([
      undefined,
      "'so-so'::mood",
      "ARRAY['so-so', '$&']::mood[]",
      "'sad'",
    ]);
  });

  it("carries a column's and a view's new name into what other views read", () => {
    const { views } = replayed((op) => {
      op.renameColumn("users", "id", "key");
      op.renameView("v", "people");
    });
    expect(views.map(({ reads }) => reads)).toEqual([[{ name: "users", columns: ["key"] }], [{ name: "people", columns: ["id"] }]]);
  });

  it("carries a column's new name into what of its table reads the column, and into no text, type or function of that name", () => {
    const read = record((op) => {
      op.createTable("t", {
        columns: [
          { name: "a", type: "int" },
          { name: "d", type: "int", default: sql`(\`a\` + 1)` },
          { name: "g", type: "int", generated: { expression: sql`A * a(1)`, stored: true } },
        ],
        indexes: [{ name: "i", columns: [{ expression: sql`lower(a)` }], where: sql`"a" is null` }],
        checks: [{ name: "k", expression: sql`a <> 'a' and ab > 0 and a::a > 1` }],
      });
      op.renameColumn("t", "a", "order");
    });
    const after = (flavor: "postgres" | "mysql") => fold(emptySchema, read.operations, flavor).tables[0];
    const [postgres, mysql] = [after("postgres"), after("mysql")];
    expect(postgres?.checks[0]?.expression).toBe(`"order" <> 'a' and ab > 0 and "order"::a > 1`);
    expect(postgres?.indexes[0]).toEqual({ name: "i", columns: [{ expression: 'lower("order")' }], where: '"order" is null' });
    expect(postgres?.columns[2]?.generated?.expression).toBe('"order" * a(1)');
    expect(mysql?.columns[1]?.default).toBe("(`order` + 1)");
    expect(mysql?.columns[2]?.generated?.expression).toBe("`order` * a(1)");
    // in double quotes it is a text there
    expect(mysql?.indexes[0]?.where).toBe('"a" is null');
  });

  it.each<[string, Parameters<typeof record>[0]]>([
    ["index two is there already on users", (op) => op.renameIndex("users", "one", "two")],
    ["index none is not there on users", (op) => op.renameIndex("users", "none", "new")],
    ["constraint c2 is there already on users", (op) => op.renameConstraint("users", "c1", "c2")],
    ["constraint none is not there on users", (op) => op.renameConstraint("users", "none", "new")],
    ["view w is there already", (op) => op.renameView("v", "w")],
    ["two, which uses mood, is there already on users", (op) => op.dropColumn("users", { name: "mood", type: "mood" })],
    ["column none is not there on users", (op) => op.renameColumn("users", "none", "new")],
    ["table users is there already", (op) => op.createTable("users", { columns: [] })],
    ["table none is not there", (op) => op.addCheck("none", { name: "c", expression: sql`1` })],
  ])("is loud: %s", (message, body) => {
    expect(() => replayed(body)).toThrow(message);
  });
});
