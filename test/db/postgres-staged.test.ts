import { describe, expect, it } from "vitest";
import type { Operation } from "../../src/core/operation.ts";
import { reverseAll } from "../../src/core/operations/index.ts";
import type { Schema } from "../../src/core/schema.ts";
import { postgres } from "../../src/dialect/postgres/index.ts";
import { diff } from "../../src/diff/diff.ts";
import { engines, type TestDatabase, useDatabase } from "../support/databases.ts";
import { apply, dump, reset, serverOf } from "../support/postgres-compile.ts";

interface Case {
  readonly what: string;
  /** statements that both states have, with `TYPE` and `VALUE` for the column's type and a value of it */
  readonly with: readonly string[];
  /** what of the column besides the type */
  readonly column?: string;
}

/** What can stand on a column and holds literals, functions or operators of its type. */
const cases: readonly Case[] = [
  { what: "nothing", with: [] },
  { what: "a default", with: [], column: "NOT NULL DEFAULT 'glad'" },
  { what: "an index", with: ["CREATE INDEX ix ON t (mood, n)"] },
  { what: "the condition of an index", with: ["CREATE INDEX ix ON t (n) WHERE mood = 'glad'"] },
  { what: "the condition of a unique index over it", with: ["CREATE UNIQUE INDEX ix ON t (n, mood) WHERE mood <> 'sad'"] },
  { what: "an index over an expression", with: ["CREATE INDEX ix ON t ((CASE mood WHEN 'glad' THEN 1 ELSE 2 END))"] },
  { what: "a check", with: ["ALTER TABLE t ADD CONSTRAINT ck CHECK (mood <> 'sad' OR n > 0)"] },
  { what: "a check with a list", with: ["ALTER TABLE t ADD CONSTRAINT ck CHECK (mood::text IN ('glad', 'sad'))"] },
  { what: "a unique", with: ["ALTER TABLE t ADD CONSTRAINT uq UNIQUE (n, mood)"] },
  { what: "the primary key", with: ["ALTER TABLE t DROP CONSTRAINT t_pkey, ADD PRIMARY KEY (id, mood)"] },
  {
    what: "a foreign key",
    with: [
      "ALTER TABLE t ADD CONSTRAINT uq UNIQUE (n, mood)",
      "CREATE TABLE u (n int, mood TYPE, CONSTRAINT fk FOREIGN KEY (n, mood) REFERENCES t (n, mood))",
      "INSERT INTO u VALUES (2, 'glad')",
    ],
  },
  { what: "an exclusion", with: ["ALTER TABLE t ADD CONSTRAINT ex EXCLUDE USING btree (n WITH =) WHERE (mood = 'glad')"] },
  {
    what: "a generated column",
    with: ["ALTER TABLE t ADD COLUMN fine boolean GENERATED ALWAYS AS (mood = 'glad') STORED; CREATE INDEX ix ON t (fine)"],
  },
  { what: "a view", with: ["CREATE VIEW v AS SELECT id, mood FROM t WHERE mood = 'glad'"] },
  {
    what: "a view on a view, and a filled one with an index",
    with: [
      "CREATE VIEW v AS SELECT id, mood FROM t WHERE mood = 'glad'",
      "CREATE MATERIALIZED VIEW w AS SELECT * FROM v; CREATE UNIQUE INDEX iw ON w (id) WHERE mood = 'glad'",
    ],
  },
  {
    what: "all of these",
    column: "NOT NULL DEFAULT 'glad'",
    with: [
      "ALTER TABLE t ADD COLUMN fine boolean GENERATED ALWAYS AS (mood = 'glad') STORED",
      "CREATE INDEX ix ON t (n) WHERE mood = 'glad' AND fine",
      "ALTER TABLE t ADD CONSTRAINT ck CHECK (mood <> 'sad' OR n > 0)",
      "CREATE VIEW v AS SELECT id, mood, fine FROM t WHERE mood = 'glad'",
    ],
  },
];

const types: readonly (readonly [from: string, to: string])[] = [
  ["mood", "temper"],
  ["mood", "text"],
  ["character varying(10)", "mood"],
];

describe.runIf(engines.includes("postgres"))("what stands on a column that gets another type", () => {
  const database = useDatabase("postgres");
  const other = useDatabase("postgres");

  async function build({ db }: TestDatabase, type: string, { with: more, column = "" }: Case): Promise<Schema> {
    await reset(db, [
      "CREATE TYPE mood AS ENUM ('sad', 'glad'); CREATE TYPE temper AS ENUM ('glad', 'sad', 'mad')",
      "CREATE TABLE keep (a mood, b temper)",
      `CREATE TABLE t (id int PRIMARY KEY, n int, mood ${type} ${column})`,
      "INSERT INTO t VALUES (1, 1, 'sad'), (2, 2, 'glad')",
      ...more.map((sql) => sql.replaceAll("TYPE", type)),
    ]);
    return now(db);
  }
  async function now(db: TestDatabase["db"]): Promise<Schema> {
    const server = await serverOf(db);
    return postgres.normalize((await postgres.introspect(db, server, { schemas: [], ignore: [] })).schema, server);
  }
  const difference = (from: Schema, to: Schema) => diff(from, to, { rules: postgres.rules, known: from, names: true });
  const values = () => database.db.query("SELECT id, n, mood::text FROM t ORDER BY id");

  describe.each(types)("from %s to %s", (from, to) => {
    it.each(cases.map((one) => [one.what, one] as const))("%s goes along, and comes back", async (_, one) => {
      const wanted = await build(other, to, one);
      const end = await dump(other);
      const had = await build(database, from, one);
      const start = await dump(database);
      const rows = await values();
      const { operations, review } = difference(had, wanted);
      expect(review).toEqual([]);
      await apply(database.db, operations);
      expect(await dump(database)).toEqual(end);
      expect(difference(await now(database.db), wanted).operations).toEqual([]);
      expect(await values()).toEqual(rows);
      const back: readonly Operation[] = reverseAll(operations).operations;
      await apply(database.db, back);
      expect(await dump(database)).toEqual(start);
      expect(await values()).toEqual(rows);
    });

    it.each(cases.map((one) => [one.what, one] as const))("%s goes along, though its text is the same on both sides", async (_, one) => {
      const wanted = asWritten(await build(other, to, one));
      const end = await dump(other);
      const had = asWritten(await build(database, from, one));
      const rows = await values();
      await apply(database.db, difference(had, wanted).operations);
      expect(await dump(database)).toEqual(end);
      expect(await values()).toEqual(rows);
    });
  });
});

/** Without the types of literals: what only revisions and entities say is not in the server's words. */
const asWritten = (schema: Schema): Schema => JSON.parse(JSON.stringify(schema).replaceAll(/::(?:mood|temper)/g, ""));
