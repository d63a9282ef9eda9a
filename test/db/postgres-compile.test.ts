import { describe, expect, it } from "vitest";
import { atLeast } from "../../src/core/db.ts";
import type { Operation } from "../../src/core/operation.ts";
import { reverseAll } from "../../src/core/operations/index.ts";
import type { Column, ForeignKey, Table } from "../../src/core/schema.ts";
import { engines, useDatabase } from "../support/databases.ts";
import { apply, dump, reset, serverOf } from "../support/postgres-compile.ts";

const table = (name: string, columns: readonly Column[], more: Partial<Table> = {}): Table => ({
  name,
  columns,
  uniques: [],
  indexes: [],
  foreignKeys: [],
  checks: [],
  exclusions: [],
  ...more,
});
const id: Column = { name: "id", type: "integer", autoIncrement: true };
const key = (name: string) => ({ name: `${name}_pkey`, columns: ["id"] });
const alterColumn = (from: Column, to: Column, more: { using?: string; fill?: string } = {}): Operation => ({
  kind: "alterColumn",
  table: "t",
  from,
  to,
  ...more,
});

interface Case {
  readonly name: string;
  readonly before: readonly string[];
  readonly operations: readonly Operation[];
  /** the schema that a person would have written */
  readonly after: readonly string[];
  readonly back: readonly Operation[];
  /** values after the way there, then after the way back */
  readonly values?: readonly [string, string, string];
}

const t = "CREATE TABLE t (id serial PRIMARY KEY, a integer, b varchar(20) DEFAULT 'x' NOT NULL)";
const a: Column = { name: "a", type: "integer", nullable: true };
const b: Column = { name: "b", type: "character varying(20)", default: "'x'" };
const rows = "INSERT INTO t (a, b) VALUES (1, 'one'), (2, 'two'), (NULL, 'none')";
const other = "CREATE TABLE o (id serial PRIMARY KEY)";
const fk: ForeignKey = {
  name: "t_a_fk",
  columns: ["a"],
  references: { table: "o", columns: ["id"] },
  onDelete: "SET NULL",
  onUpdate: "CASCADE",
  deferrable: "deferred",
};
const both = (one: Operation, back: Operation): Pick<Case, "operations" | "back"> => ({ operations: [one], back: [back] });
const change = (from: Column, to: Column, there: { using?: string; fill?: string } = {}, back: { using?: string } = {}) =>
  both(alterColumn(from, to, there), alterColumn(to, from, back));

const full = table(
  "full",
  [id, { name: "n", type: "integer" }, { name: "g", type: "integer", generated: { expression: "n * 2", stored: true } }],
  {
    primaryKey: key("full"),
    uniques: [{ name: "full_n_key", columns: ["n"], deferrable: "immediate" }],
    checks: [{ name: "full_n_check", expression: "n > 0" }],
    foreignKeys: [{ name: "full_o", columns: ["n"], references: { table: "o", columns: ["id"] }, match: "full" }],
    exclusions: [{ name: "full_x", expression: "USING btree (n WITH =)" }],
    indexes: [
      {
        name: "full_i",
        columns: [
          { expression: "lower(n::text)", opclass: "text_pattern_ops" },
          { column: "g", order: "desc", nulls: "last" },
        ],
        include: ["id"],
        where: "n > 5",
        unique: true,
        options: "fillfactor=70",
        comment: "it's an index",
      },
    ],
    comment: "all of it",
  },
);

const twice = table(
  "twice",
  [
    { name: "id", type: "integer" },
    { name: "a", type: "integer" },
  ],
  {
    primaryKey: key("twice"),
    uniques: [
      { name: "u1", columns: ["id"] },
      { name: "u2", columns: ["a"] },
      { name: "u3", columns: ["a"] },
    ],
  },
);

const cases: readonly Case[] = [
  {
    name: "a table with everything",
    before: [other],
    ...both({ kind: "createTable", table: "full", definition: full }, { kind: "dropTable", table: "full", definition: full }),
    after: [
      other,
      `CREATE TABLE "full" (id serial, n integer NOT NULL, g integer GENERATED ALWAYS AS (n * 2) STORED NOT NULL, PRIMARY KEY (id),
        CONSTRAINT full_n_key UNIQUE (n) DEFERRABLE, CHECK (n > 0), CONSTRAINT full_o FOREIGN KEY (n) REFERENCES o (id) MATCH FULL,
        CONSTRAINT full_x EXCLUDE USING btree (n WITH =))`,
      `CREATE UNIQUE INDEX full_i ON "full" (lower(n::text) text_pattern_ops, g DESC NULLS LAST) INCLUDE (id) WITH (fillfactor=70) WHERE n > 5`,
      `COMMENT ON INDEX full_i IS 'it''s an index'; COMMENT ON TABLE "full" IS 'all of it'`,
    ],
  },
  {
    name: "columns of several kinds at once",
    before: [t, rows],
    operations: [
      { kind: "addColumn", table: "t", column: { name: "c", type: "text", nullable: true, comment: "see" } },
      { kind: "addColumn", table: "t", column: { name: "d", type: "integer" }, fill: "7" },
      { kind: "addColumn", table: "t", column: { name: "e", type: "text", default: "'new'" }, fill: "upper(b)" },
      { kind: "addColumn", table: "t", column: { name: "f", type: "bigint", autoIncrement: true } },
      { kind: "dropColumn", table: "t", column: a },
    ],
    after: [
      "CREATE TABLE t (id serial PRIMARY KEY, b varchar(20) DEFAULT 'x' NOT NULL, c text, d integer NOT NULL, e text DEFAULT 'new' NOT NULL, f bigserial)",
      "COMMENT ON COLUMN t.c IS 'see'",
    ],
    back: [],
    values: ["SELECT string_agg(concat(d, e, f), ' ' ORDER BY id) FROM t", "7ONE1 7TWO2 7NONE3", ""],
  },
  {
    name: "a wider text",
    before: [t, rows],
    ...change(b, { ...b, type: "character varying(50)" }),
    after: ["CREATE TABLE t (id serial PRIMARY KEY, a integer, b varchar(50) DEFAULT 'x' NOT NULL)"],
    values: ["SELECT string_agg(b, ' ' ORDER BY id) FROM t", "one two none", "one two none"],
  },
  {
    name: "a number to a text with another default, and back by a cast that is not given",
    before: ["CREATE TABLE t (id serial PRIMARY KEY, a integer DEFAULT 5 NOT NULL)", "INSERT INTO t (a) VALUES (1), (2)"],
    ...change({ name: "a", type: "integer", default: "5" }, { name: "a", type: "character varying(10)", default: "'5'" }),
    after: ["CREATE TABLE t (id serial PRIMARY KEY, a varchar(10) DEFAULT '5' NOT NULL)"],
    values: ["SELECT string_agg(a::text, ' ' ORDER BY id) FROM t", "1 2", "1 2"],
  },
  {
    name: "NOT NULL with a fill of the new type",
    before: [t, rows],
    ...change(
      a,
      { name: "a", type: "text", default: "'none'", comment: "it's" },
      { fill: "'empty'" },
      { using: "NULLIF(a, 'empty')::integer" },
    ),
    after: [
      "CREATE TABLE t (id serial PRIMARY KEY, a text DEFAULT 'none' NOT NULL, b varchar(20) DEFAULT 'x' NOT NULL); COMMENT ON COLUMN t.a IS 'it''s'",
    ],
    values: ["SELECT string_agg(coalesce(a::text, '-'), ' ' ORDER BY id) FROM t", "1 2 empty", "1 2 -"],
  },
  {
    name: "NOT NULL with a fill under a deferred foreign key",
    before: [
      other,
      "INSERT INTO o DEFAULT VALUES",
      "CREATE TABLE t (id serial PRIMARY KEY, a integer CONSTRAINT t_a_fk REFERENCES o DEFERRABLE INITIALLY DEFERRED)",
      "INSERT INTO t (a) VALUES (NULL)",
    ],
    ...change(a, { name: "a", type: "integer" }, { fill: "1" }),
    after: [
      other,
      "CREATE TABLE t (id serial PRIMARY KEY, a integer NOT NULL CONSTRAINT t_a_fk REFERENCES o DEFERRABLE INITIALLY DEFERRED)",
    ],
  },
  {
    name: "serial to bigint with its sequence",
    before: [t, rows],
    ...change(id, { ...id, type: "bigint" }),
    after: ["CREATE TABLE t (id bigserial PRIMARY KEY, a integer, b varchar(20) DEFAULT 'x' NOT NULL)"],
    values: ["SELECT string_agg(id::text, ' ' ORDER BY id) FROM t", "1 2 3", "1 2 3"],
  },
  {
    name: "counting taken away and begun again after the rows",
    before: ["CREATE TABLE t (id serial PRIMARY KEY)", "INSERT INTO t DEFAULT VALUES", "INSERT INTO t VALUES (40)"],
    ...change(id, { name: "id", type: "integer" }),
    after: ["CREATE TABLE t (id integer PRIMARY KEY)"],
  },
  {
    name: "counting begun after the rows",
    before: ["CREATE TABLE t (id integer PRIMARY KEY)", "INSERT INTO t VALUES (40)"],
    ...change({ name: "id", type: "integer" }, id),
    after: ["CREATE TABLE t (id serial PRIMARY KEY)"],
    values: ["INSERT INTO t SELECT coalesce(max(id), 0) + 1 FROM t RETURNING id::text", "41", "42"],
  },
  {
    name: "serial to identity",
    before: [t, rows],
    ...change(id, { name: "id", type: "integer", identity: { always: true } }),
    after: ["CREATE TABLE t (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a integer, b varchar(20) DEFAULT 'x' NOT NULL)"],
    values: ["INSERT INTO t (a) VALUES (9) RETURNING id::text", "4", "5"],
  },
  {
    name: "a plain column to identity with a start",
    before: ["CREATE TABLE t (id integer PRIMARY KEY)", "INSERT INTO t VALUES (3)"],
    ...change({ name: "id", type: "integer" }, { name: "id", type: "integer", identity: { always: false, options: "START WITH 100" } }),
    after: ["CREATE TABLE t (id integer GENERATED BY DEFAULT AS IDENTITY (START WITH 100) PRIMARY KEY)"],
  },
  {
    name: "an identity of another kind",
    before: ["CREATE TABLE t (id integer GENERATED BY DEFAULT AS IDENTITY (START WITH 10 CACHE 5) PRIMARY KEY)"],
    ...change(
      { name: "id", type: "integer", identity: { always: false, options: "START WITH 10 CACHE 5" } },
      { name: "id", type: "integer", identity: { always: true, options: "START WITH 10 INCREMENT BY 2" } },
    ),
    after: ["CREATE TABLE t (id integer GENERATED ALWAYS AS IDENTITY (START WITH 10 INCREMENT BY 2) PRIMARY KEY)"],
  },
  {
    name: "another generated expression",
    before: [
      "CREATE TABLE t (id serial PRIMARY KEY, a integer, g integer GENERATED ALWAYS AS (a * 2) STORED)",
      "INSERT INTO t (a) VALUES (3)",
    ],
    ...change(
      { name: "g", type: "integer", nullable: true, generated: { expression: "a * 2", stored: true } },
      { name: "g", type: "integer", nullable: true, generated: { expression: "a * 5", stored: true } },
    ),
    after: ["CREATE TABLE t (id serial PRIMARY KEY, a integer, g integer GENERATED ALWAYS AS (a * 5) STORED)"],
    values: ["SELECT g::text FROM t", "15", "6"],
  },
  {
    name: "a computed column of another type",
    before: [
      "CREATE TABLE t (id serial PRIMARY KEY, a integer, g smallint GENERATED ALWAYS AS (a + 1) STORED)",
      "INSERT INTO t (a) VALUES (3)",
    ],
    ...change(
      { name: "g", type: "smallint", nullable: true, generated: { expression: "a + 1", stored: true } },
      { name: "g", type: "bigint", nullable: true, generated: { expression: "a + 1", stored: true } },
    ),
    after: ["CREATE TABLE t (id serial PRIMARY KEY, a integer, g bigint GENERATED ALWAYS AS (a + 1) STORED)"],
    values: ["SELECT g::text FROM t", "4", "4"],
  },
  {
    name: "keys over the same columns, which the server takes for one when it makes a table",
    before: [],
    ...both({ kind: "createTable", table: "twice", definition: twice }, { kind: "dropTable", table: "twice", definition: twice }),
    after: [
      "CREATE TABLE twice (id integer PRIMARY KEY, a integer NOT NULL)",
      "ALTER TABLE twice ADD CONSTRAINT u1 UNIQUE (id)",
      "ALTER TABLE twice ADD CONSTRAINT u2 UNIQUE (a)",
      "ALTER TABLE twice ADD CONSTRAINT u3 UNIQUE (a)",
    ],
  },
  {
    name: "generated to plain keeps the values",
    before: [
      "CREATE TABLE t (id serial PRIMARY KEY, a integer, g integer GENERATED ALWAYS AS (a * 2) STORED)",
      "INSERT INTO t (a) VALUES (3)",
    ],
    ...change(
      { name: "g", type: "integer", nullable: true, generated: { expression: "a * 2", stored: true } },
      { name: "g", type: "bigint", default: "0", comment: "plain now" },
    ),
    after: ["CREATE TABLE t (id serial PRIMARY KEY, a integer, g bigint DEFAULT 0 NOT NULL); COMMENT ON COLUMN t.g IS 'plain now'"],
    values: ["SELECT g::text FROM t", "6", "6"],
  },
  {
    name: "a collation",
    before: [t],
    ...change(b, { ...b, collation: "C" }),
    after: [`CREATE TABLE t (id serial PRIMARY KEY, a integer, b varchar(20) COLLATE "C" DEFAULT 'x' NOT NULL)`],
  },
  {
    name: "constraints of every kind, added and dropped in one statement",
    before: [t, other],
    operations: [
      { kind: "addUnique", table: "t", unique: { name: "t_b_key", columns: ["b"], deferrable: "deferred" } },
      { kind: "addCheck", table: "t", check: { name: "t_a_check", expression: "a > 0" } },
      { kind: "addForeignKey", table: "t", foreignKey: fk },
      { kind: "addExclusion", table: "t", exclusion: { name: "t_x", expression: "USING btree (a WITH =)", deferrable: "deferred" } },
      { kind: "dropPrimaryKey", table: "t", primaryKey: key("t") },
      { kind: "addPrimaryKey", table: "t", primaryKey: { name: "t_two", columns: ["id", "b"] } },
    ],
    back: [
      { kind: "dropPrimaryKey", table: "t", primaryKey: { name: "t_two", columns: ["id", "b"] } },
      { kind: "addPrimaryKey", table: "t", primaryKey: key("t") },
      { kind: "dropExclusion", table: "t", exclusion: { name: "t_x", expression: "USING btree (a WITH =)" } },
      { kind: "dropForeignKey", table: "t", foreignKey: fk },
      { kind: "dropCheck", table: "t", check: { name: "t_a_check", expression: "a > 0" } },
      { kind: "dropUnique", table: "t", unique: { name: "t_b_key", columns: ["b"] } },
    ],
    after: [
      "CREATE TABLE t (id serial, a integer, b varchar(20) DEFAULT 'x' NOT NULL)",
      other,
      "ALTER TABLE t ADD CONSTRAINT t_b_key UNIQUE (b) DEFERRABLE INITIALLY DEFERRED, ADD CONSTRAINT t_a_check CHECK (a > 0)",
      "ALTER TABLE t ADD CONSTRAINT t_a_fk FOREIGN KEY (a) REFERENCES o ON DELETE SET NULL ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED",
      "ALTER TABLE t ADD CONSTRAINT t_x EXCLUDE USING btree (a WITH =) DEFERRABLE INITIALLY DEFERRED, ADD CONSTRAINT t_two PRIMARY KEY (id, b)",
    ],
  },
  {
    name: "names of everything",
    before: [t, "CREATE INDEX i ON t (a)", "CREATE TYPE mood AS ENUM ('a', 'b')", "CREATE VIEW v AS SELECT 1 AS one"],
    operations: [
      { kind: "renameTable", from: "t", to: "u" },
      { kind: "renameColumn", table: "u", from: "a", to: "z" },
      { kind: "renameIndex", table: "u", from: "i", to: "j" },
      { kind: "renameConstraint", table: "u", from: "t_pkey", to: "u_pkey" },
      { kind: "renameEnum", from: "mood", to: "Mood" },
      { kind: "renameEnumValue", name: "Mood", from: "a", to: "it's" },
      { kind: "renameView", from: "v", to: "w" },
    ],
    back: [
      { kind: "renameView", from: "w", to: "v" },
      { kind: "renameEnumValue", name: "Mood", from: "it's", to: "a" },
      { kind: "renameEnum", from: "Mood", to: "mood" },
      { kind: "renameConstraint", table: "u", from: "u_pkey", to: "t_pkey" },
      { kind: "renameIndex", table: "u", from: "j", to: "i" },
      { kind: "renameColumn", table: "u", from: "z", to: "a" },
      { kind: "renameTable", from: "u", to: "t" },
    ],
    after: [
      "CREATE TABLE u (id integer, z integer, b varchar(20) DEFAULT 'x' NOT NULL, CONSTRAINT u_pkey PRIMARY KEY (id))",
      "CREATE SEQUENCE u_id_seq AS integer OWNED BY u.id; ALTER TABLE u ALTER id SET DEFAULT nextval('u_id_seq')",
      `CREATE INDEX j ON u (z); CREATE TYPE "Mood" AS ENUM ('it''s', 'b'); CREATE VIEW w AS SELECT 1 AS one`,
    ],
  },
  {
    name: "a schema, a table moved to it, an extension",
    before: [t],
    operations: [
      { kind: "createSchema", name: "app" },
      { kind: "createExtension", name: "citext" },
      { kind: "moveTable", table: "t", to: "app" },
      { kind: "addColumn", schema: "app", table: "t", column: { name: "c", type: "citext", nullable: true } },
    ],
    back: [
      { kind: "dropColumn", schema: "app", table: "t", column: { name: "c", type: "citext", nullable: true } },
      { kind: "moveTable", table: "t", from: "app" },
      { kind: "dropExtension", name: "citext" },
      { kind: "dropSchema", name: "app" },
    ],
    after: [
      "CREATE SCHEMA app; CREATE EXTENSION citext",
      "CREATE TABLE app.t (id serial PRIMARY KEY, a integer, b varchar(20) DEFAULT 'x' NOT NULL, c citext)",
    ],
  },
  {
    name: "a sequence with a name of its own",
    before: [],
    ...both(
      { kind: "createTable", table: "t", definition: table("t", [{ ...id, sequence: "counter" }]) },
      { kind: "dropTable", table: "t", definition: table("t", [{ ...id, sequence: "counter" }]) },
    ),
    after: [
      "CREATE SEQUENCE counter AS integer; CREATE TABLE t (id integer DEFAULT nextval('counter') NOT NULL); ALTER SEQUENCE counter OWNED BY t.id",
    ],
  },
  {
    name: "views, also filled ones with an index",
    before: [t, "CREATE VIEW v AS SELECT id FROM t"],
    operations: [
      {
        kind: "alterView",
        view: "v",
        from: { name: "v", definition: "SELECT id FROM t", indexes: [] },
        to: { name: "v", definition: "SELECT b, id FROM t", indexes: [], comment: "v's" },
      },
      {
        kind: "createView",
        view: "m",
        definition: {
          name: "m",
          definition: "SELECT a FROM t",
          materialized: true,
          indexes: [{ name: "m_a", columns: ["a"], unique: true }],
        },
      },
    ],
    back: [
      { kind: "dropView", view: "m", definition: { name: "m", definition: "SELECT a FROM t", materialized: true, indexes: [] } },
      {
        kind: "alterView",
        view: "v",
        from: { name: "v", definition: "SELECT b, id FROM t", indexes: [], comment: "v's" },
        to: { name: "v", definition: "SELECT id FROM t", indexes: [] },
      },
    ],
    after: [
      t,
      "CREATE VIEW v AS SELECT b, id FROM t; COMMENT ON VIEW v IS 'v''s'; CREATE MATERIALIZED VIEW m AS SELECT a FROM t; CREATE UNIQUE INDEX m_a ON m (a)",
    ],
  },
  {
    name: "a type of the same revision and its changes in one transaction",
    before: [],
    operations: [
      { kind: "createEnum", definition: { name: "mood", values: ["a"], comment: "how" } },
      { kind: "createTable", table: "t", definition: table("t", [{ name: "m", type: "mood", default: "'a'" }]) },
      {
        kind: "alterEnum",
        name: "mood",
        from: ["a"],
        to: ["a", "b"],
        columns: [{ table: "t", column: "m", default: { from: "'a'", to: "'b'" } }],
      },
    ],
    back: [
      { kind: "dropTable", table: "t", definition: table("t", [{ name: "m", type: "mood", default: "'b'" }]) },
      { kind: "dropEnum", definition: { name: "mood", values: ["a", "b"] } },
    ],
    after: ["CREATE TYPE mood AS ENUM ('a', 'b'); COMMENT ON TYPE mood IS 'how'; CREATE TABLE t (m mood DEFAULT 'b' NOT NULL)"],
  },
  {
    name: "values put between others, and taken away again with what replaces them",
    before: [
      "CREATE TYPE mood AS ENUM ('a', 'b')",
      "CREATE TABLE t (id serial PRIMARY KEY, m mood DEFAULT 'a' NOT NULL, l mood[] DEFAULT '{a}' NOT NULL)",
      "INSERT INTO t (m, l) VALUES ('a', '{a,b}')",
    ],
    operations: [
      {
        kind: "alterEnum",
        name: "mood",
        from: ["a", "b"],
        to: ["first", "a", "it's", "b"],
        columns: [
          { table: "t", column: "m", default: { from: "'a'", to: "'it''s'" } },
          { table: "t", column: "l", array: true, default: { from: "'{a}'", to: "'{a}'" } },
        ],
      },
      { kind: "execute", sql: "UPDATE t SET m = 'first', l = l || 'it''s'::mood" },
    ],
    back: [
      {
        kind: "alterEnum",
        name: "mood",
        from: ["first", "a", "it's", "b"],
        to: ["a", "b"],
        replace: { first: "b", "it's": "a" },
        columns: [
          { table: "t", column: "m", default: { from: "'it''s'", to: "'a'" } },
          { table: "t", column: "l", array: true, default: { from: "'{a}'", to: "'{a}'" } },
        ],
      },
    ],
    after: [
      "CREATE TYPE mood AS ENUM ('first', 'a', 'it''s', 'b')",
      "CREATE TABLE t (id serial PRIMARY KEY, m mood DEFAULT 'it''s' NOT NULL, l mood[] DEFAULT '{a}' NOT NULL)",
    ],
    values: ["SELECT concat(m, l::text[]) FROM t", "first{a,b,it's}", "b{a,b,a}"],
  },
  {
    name: "a column to another enum type and a text to an enum",
    before: [
      "CREATE TYPE one AS ENUM ('a', 'b'); CREATE TYPE two AS ENUM ('b', 'a')",
      "CREATE TABLE t (m one DEFAULT 'a' NOT NULL, n text DEFAULT 'a')",
      "INSERT INTO t VALUES ('b', 'b')",
    ],
    operations: [
      alterColumn({ name: "m", type: "one", default: "'a'" }, { name: "m", type: "two", default: "'a'" }),
      alterColumn({ name: "n", type: "text", default: "'a'", nullable: true }, { name: "n", type: "two", default: "'b'", nullable: true }),
    ],
    back: [
      alterColumn({ name: "n", type: "two", default: "'b'", nullable: true }, { name: "n", type: "text", default: "'a'", nullable: true }),
      alterColumn({ name: "m", type: "two", default: "'a'" }, { name: "m", type: "one", default: "'a'" }),
    ],
    after: [
      "CREATE TYPE one AS ENUM ('a', 'b'); CREATE TYPE two AS ENUM ('b', 'a'); CREATE TABLE t (m two DEFAULT 'a' NOT NULL, n two DEFAULT 'b')",
    ],
    values: ["SELECT concat(m, n) FROM t", "bb", "bb"],
  },
];

describe.runIf(engines.includes("postgres"))("PostgreSQL statements", () => {
  const database = useDatabase("postgres");

  const ways = cases.flatMap((one) => [
    { ...one, way: "beside others", plain: false },
    { ...one, way: "plainly", plain: true },
  ]);

  it.each(ways)("carry out and take back $way: $name", async ({ before, operations, after, back, values, plain }) => {
    const { db } = database;
    await reset(db, after);
    const wanted = await dump(database);
    await reset(db, before);
    const start = await dump(database);
    await apply(db, operations, { plain });
    expect(await dump(database)).toEqual(wanted);
    if (values !== undefined) expect(Object.values((await db.query(values[0]))[0] ?? {})[0]).toBe(values[1]);
    if (back.length === 0) return;
    await apply(db, back, { plain });
    expect(await dump(database)).toEqual(start);
    if (values !== undefined) expect(Object.values((await db.query(values[0]))[0] ?? {})[0]).toBe(values[2]);
  });

  it.each(ways)("are taken back $way by the reversed operations: $name", async ({ before, operations, plain }) => {
    const { db } = database;
    await reset(db, before);
    const start = await dump(database);
    await apply(db, operations, { plain });
    // values that do not fit the old types are for the prechecks to find
    await db.query(
      "DO $$ DECLARE t regclass; BEGIN FOR t IN SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = to_regnamespace('public') LOOP EXECUTE 'TRUNCATE ' || t || ' CASCADE'; END LOOP; END $$",
    );
    const back = reverseAll(operations.filter((one) => one.kind !== "execute"));
    expect(back.irreversible).toEqual([]);
    await apply(db, back.operations, { plain });
    expect(await dump(database)).toEqual(start);
  });

  it("count on after the rows that are there, also those that were deleted", async () => {
    const { db } = database;
    const identity: Column = { name: "id", type: "integer", identity: { always: false } };
    await reset(db, [
      "CREATE TABLE t (id serial PRIMARY KEY)",
      "INSERT INTO t SELECT FROM generate_series(1, 9)",
      "DELETE FROM t WHERE id > 5",
    ]);
    await apply(db, [alterColumn(id, identity)]);
    expect(await db.query("INSERT INTO t DEFAULT VALUES RETURNING id")).toEqual([{ id: "10" }]);
    await apply(db, [alterColumn(identity, id)]);
    expect(await db.query("INSERT INTO t DEFAULT VALUES RETURNING id")).toEqual([{ id: "11" }]);
    await apply(db, [alterColumn(id, { name: "id", type: "integer" }), alterColumn({ name: "id", type: "integer" }, id)]);
    expect(await db.query("INSERT INTO t DEFAULT VALUES RETURNING id")).toEqual([{ id: "12" }]);
  });

  it("turn a virtual column into one that keeps what it showed, and back", async () => {
    const { db } = database;
    if (!atLeast(await serverOf(db), 18)) return;
    const g: Column = { name: "g", type: "integer", nullable: true, generated: { expression: "a * 2", stored: false } };
    const kept: Column = { name: "g", type: "integer", default: "7" };
    await reset(db, ["CREATE TABLE t (a integer, g integer GENERATED ALWAYS AS (a * 2) VIRTUAL)", "INSERT INTO t (a) VALUES (4)"]);
    const start = await dump(database);
    await apply(db, [alterColumn(g, kept)]);
    expect(await db.query("INSERT INTO t (a) VALUES (1) RETURNING g")).toEqual([{ g: "7" }]);
    expect(await db.query("SELECT g FROM t ORDER BY g DESC")).toEqual([{ g: "8" }, { g: "7" }]);
    await apply(db, [alterColumn(kept, g)]);
    expect(await dump(database)).toEqual(start);
  });

  it("let a sequence follow the names it was named after", async () => {
    const { db } = database;
    await reset(db, ["CREATE TABLE t (id serial, n integer GENERATED ALWAYS AS IDENTITY); CREATE SEQUENCE t_x_seq"]);
    await apply(db, [
      { kind: "renameColumn", table: "t", from: "id", to: "key" },
      { kind: "renameTable", from: "t", to: "a'b" },
    ]);
    expect(await db.query("SELECT relname FROM pg_class WHERE relkind = 'S' ORDER BY 1")).toEqual([
      { relname: "a'b_key_seq" },
      { relname: "a'b_n_seq" },
      { relname: "t_x_seq" },
    ]);
  });

  it("give a view back to those who could read it", async () => {
    const { db } = database;
    const view = { name: "v's", definition: "SELECT a FROM t", indexes: [] };
    const role = `limbeck "r" ${database.name}`.slice(0, 60);
    await db.query(`CREATE ROLE "${role.replaceAll('"', '""')}"`);
    try {
      await reset(db, [
        "CREATE TABLE t (a int, b int)",
        `CREATE VIEW "v's" AS SELECT a FROM t`,
        `GRANT SELECT ON "v's" TO "${role.replaceAll('"', '""')}" WITH GRANT OPTION; GRANT UPDATE ON "v's" TO PUBLIC`,
      ]);
      const grants = () => db.query(`SELECT relacl::text FROM pg_class WHERE relname = 'v''s'`);
      const start = await grants();
      await apply(db, [{ kind: "alterView", view: "v's", from: view, to: { ...view, definition: "SELECT b, a FROM t" } }]);
      expect(await grants()).toEqual(start);
      await apply(db, [
        { kind: "dropView", view: "v's", definition: view },
        alterColumn({ name: "a", type: "integer", nullable: true }, { name: "a", type: "bigint", nullable: true }),
        { kind: "createView", view: "v's", definition: view },
      ]);
      expect(await grants()).toEqual(start);
    } finally {
      await reset(db, []);
      await db.query(`DROP ROLE "${role.replaceAll('"', '""')}"`);
    }
  });

  it("make one ALTER TABLE of the changes to one table, and no more than that where the order matters", async () => {
    const { db } = database;
    await reset(db, [t, other, rows]);
    const added: Column = { name: "c", type: "integer", nullable: true };
    const together = await apply(db, [
      { kind: "dropColumn", table: "t", column: b },
      { kind: "addColumn", table: "t", column: { ...added, comment: "c" } },
      alterColumn(a, { ...a, type: "bigint", default: "1" }),
      { kind: "addForeignKey", table: "t", foreignKey: { ...fk, name: "fkc", columns: ["c"] } },
      { kind: "addCheck", table: "t", check: { name: "cc", expression: "c > a" } },
    ]);
    expect(together.map((one) => one.operations)).toEqual([[0, 1, 2, 3, 4], [1], [3], [4]]);
    const apart = await apply(db, [
      { kind: "addColumn", table: "t", column: { ...added, name: "d" } },
      { kind: "dropColumn", table: "t", column: { ...added, name: "d" } },
      {
        kind: "addColumn",
        table: "t",
        column: { name: "g", type: "bigint", nullable: true, generated: { expression: "c * 2", stored: true } },
      },
      { kind: "addColumn", table: "t", column: { name: "h", type: "integer", nullable: true } },
      {
        kind: "addColumn",
        table: "t",
        column: { name: "i", type: "integer", nullable: true, generated: { expression: "h", stored: true } },
      },
    ]);
    expect(apart.map((one) => one.operations)).toEqual([[0], [1, 2, 3], [4]]);
  });

  it("take a default with operators that are words, as it stands without its parentheses", async () => {
    const { db } = database;
    await reset(db, []);
    const defaults = {
      "timestamp without time zone": ["now() at time zone 'utc'", "now() AT TIME ZONE 'utc'::text"],
      boolean: ["1 IN (1, 2)", "'a' LIKE 'b%'", "NULL IS NULL", "2 BETWEEN 1 AND 3", "NOT true OR false"],
      text: ["'a' COLLATE \"C\"", "'or'", "'at' || \"current_user\"()"],
    };
    const columns = Object.entries(defaults).flatMap(([type, values]) =>
      values.map((value, i): Column => ({ name: `${type} ${i}`, type, default: value })),
    );
    await apply(db, [{ kind: "createTable", table: "t", definition: table("t", columns) }]);
    await apply(
      db,
      columns.map((column): Operation => ({ kind: "addColumn", table: "t", column: { ...column, name: `${column.name} more` } })),
    );
    expect(await db.query("SELECT count(*) FROM pg_attrdef WHERE adrelid = 't'::regclass")).toEqual([{ count: `${columns.length * 2}` }]);
  });

  it("keep hostile names as they are", async () => {
    const { db } = database;
    await reset(db, []);
    for (const name of ['a"b', "a'b", "a\\b", "x$do$y", "größe 表", "ü".repeat(31), "a".repeat(63), "%s", "sel;ect --"]) {
      const column: Column = { name, type: "integer", autoIncrement: true, comment: `${name}\n'` };
      const definition = table(name, [column, { name: `${name.slice(0, 20)}2`, type: "text", nullable: true }], { comment: name });
      const type = { name: `${name.slice(0, 25)} t`, values: [name, "b"] };
      const identity: Column = { name, type: "integer", identity: { always: true } };
      await apply(
        db,
        [
          { kind: "createTable", table: name, definition },
          { kind: "addUnique", table: name, unique: { name: `${name.slice(0, 20)}u`, columns: [name] } },
          { kind: "alterColumn", table: name, from: column, to: { ...identity, comment: name } },
          { kind: "alterColumn", table: name, from: { ...identity, comment: name }, to: column },
          { kind: "renameColumn", table: name, from: name, to: "plain" },
          { kind: "renameColumn", table: name, from: "plain", to: name },
          { kind: "createEnum", definition: type },
          { kind: "alterEnum", name: type.name, from: type.values, to: ["b", name], columns: [] },
        ],
        { metadataTable: "typeorm_metadata" },
      );
      const found = await db.query("SELECT obj_description(c.oid) AS comment FROM pg_class c WHERE relname = $1 AND relkind = 'r'", [name]);
      expect(found).toEqual([{ comment: name }]);
      await apply(db, [
        { kind: "dropTable", table: name, definition },
        { kind: "dropEnum", definition: type },
      ]);
    }
  });
});
