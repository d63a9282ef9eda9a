import { afterEach, describe, expect, it } from "vitest";
import type { Db } from "../../src/core/db.ts";
import type { Schema, Table, View } from "../../src/core/schema.ts";
import type { Canonical } from "../../src/dialect/dialect.ts";
import { canonical } from "../../src/dialect/postgres/canonical.ts";
import { identify } from "../../src/dialect/postgres/identify.ts";
import { introspect } from "../../src/dialect/postgres/introspect/index.ts";
import { normalize } from "../../src/dialect/postgres/normalize.ts";
import { engines, open, useDatabase } from "../support/databases.ts";

describe.runIf(engines.includes("postgres"))("a text that differs", () => {
  const database = useDatabase("postgres");

  afterEach(async () => {
    await database.db.query("DROP SCHEMA public, app CASCADE; CREATE SCHEMA public").catch(() => undefined);
    await database.db.query("DROP SCHEMA IF EXISTS public, app CASCADE; CREATE SCHEMA public");
  });

  /** What the database has after `ddl`, and what becomes of `change` of it. */
  async function compared(
    ddl: string,
    change: (had: Schema) => Schema,
    db: Db = database.db,
  ): Promise<Canonical & { readonly had: Schema }> {
    await database.db.query(ddl);
    const server = await identify(db);
    const had = normalize((await introspect(db, server, { schemas: ["app"], ignore: [] })).schema, server);
    const found = await canonical(db, server, normalize(change(had), server), had);
    const left =
      "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'limbeck%' UNION ALL SELECT relname FROM pg_class WHERE relname LIKE 'limbeck%'";
    expect(await database.db.query(left)).toEqual([]);
    return { ...found, had };
  }

  const exams = `CREATE TABLE exams (id serial PRIMARY KEY, score integer, title varchar(20), starts timestamptz, ends timestamptz, doubled numeric GENERATED ALWAYS AS (score * 2.5) STORED,
    CONSTRAINT ck CHECK (score > 0 AND title <> ''), CONSTRAINT ck_in CHECK (title IN ('a', 'b')),
    CONSTRAINT ex EXCLUDE USING gist (tstzrange(starts, ends) WITH &&) WHERE (score > 0));
    CREATE INDEX i_part ON exams (score) WHERE title IS NOT NULL AND score > 5; CREATE UNIQUE INDEX i_lower ON exams (lower(title))`;

  it("in a check, an exclusion, an index or a generated column is the same when the server prints it so", async () => {
    const { wanted, had, notCompared } = await compared(exams, (schema) =>
      withTable(schema, "exams", (table) => ({
        ...table,
        checks: [
          { name: "ck", expression: `("score">0) AND (title != '')` },
          { name: "ck_in", expression: "title = ANY (ARRAY['a','b'])" },
        ],
        exclusions: [{ name: "ex", expression: `using GIST (tstzrange("starts", "ends") with &&) where (score > 0)` }],
        indexes: [
          { name: "i_lower", columns: [{ expression: "LOWER(title)" }], unique: true },
          { name: "renamed", columns: ["score"], where: '"title" is not null and "score" > 5' },
        ],
        columns: table.columns.map((column) =>
          column.generated ? { ...column, generated: { expression: "score*2.5", stored: true } } : column,
        ),
      })),
    );
    expect(notCompared).toEqual([]);
    const [table] = wanted.tables;
    expect(table?.checks.map(({ name }) => name)).toEqual(["ck", "ck_in"]);
    expect(table?.checks[0]).toEqual(had.tables[0]?.checks[0]);
    expect(table?.exclusions).toEqual(had.tables[0]?.exclusions);
    expect(table?.columns).toEqual(had.tables[0]?.columns);
    expect(table?.indexes[0]).toEqual(had.tables[0]?.indexes[0]);
    expect({ ...table?.indexes[1], name: "i_part" }).toEqual(had.tables[0]?.indexes[1]);
  });

  it("comes back in the server's words where it means something else", async () => {
    const { wanted } = await compared(exams, (schema) =>
      withTable(schema, "exams", (table) => ({
        ...table,
        checks: [{ name: "ck", expression: "score > 1" }],
        columns: table.columns.map((column) => (column.name === "score" ? { ...column, type: "numeric(5,1)", default: "1 + 1" } : column)),
      })),
    );
    expect(wanted.tables[0]?.checks).toEqual([{ name: "ck", expression: "score > (1)::numeric" }]);
    expect(wanted.tables[0]?.columns[1]).toEqual({ name: "score", type: "numeric(5,1)", nullable: true, default: "1 + 1" });
  });

  it("that the server refuses is named and left alone, and spoils no other", async () => {
    const { wanted, had, notCompared } = await compared(`${exams}; ALTER TABLE exams ALTER score SET DEFAULT 1 + 1`, (schema) =>
      withTable(schema, "exams", (table) => ({
        ...table,
        columns: table.columns.map((column) => (column.name === "score" ? { ...column, default: "not_there()" } : column)),
        checks: [
          { name: "ck", expression: "not_there(score)" },
          { name: "ck_in", expression: "title IN ('a','b')" },
          { name: "ck_new", expression: "score >" },
        ],
      })),
    );
    expect(notCompared.map(({ what }) => what)).toEqual(["column exams.score", "check exams.ck", "check exams.ck_new"]);
    expect(notCompared[1]?.because).toContain("not_there");
    expect(wanted.tables[0]?.checks.slice(0, 2)).toEqual(had.tables[0]?.checks);
    expect(wanted.tables[0]?.columns).toEqual(had.tables[0]?.columns);
  });

  it("may need types that are not there yet", async () => {
    const { wanted, notCompared } = await compared(
      `CREATE SCHEMA app; CREATE TYPE mood AS ENUM ('a', 'b'); CREATE TABLE t (m mood DEFAULT 'a', CONSTRAINT ck CHECK (m <> 'a'::mood)); CREATE TABLE app.u (k text DEFAULT 'x', CONSTRAINT ck CHECK (k <> 'x'))`,
      (schema) => ({
        ...withTable(
          withTable(schema, "t", (table) => ({
            ...table,
            columns: [{ name: "m", type: "mood", nullable: true, default: "('c'::mood)" }],
            checks: [{ name: "ck", expression: "m NOT IN ('c')" }],
          })),
          "u",
          (table) => ({
            ...table,
            columns: [{ name: "k", type: 'app."Kind"', nullable: true, default: `lower('Y')::app."Kind"` }],
            checks: [{ name: "ck", expression: `k <> 'x'::app."Kind"` }],
          }),
        ),
        extensions: ["citext"],
        enums: [
          { name: "mood", values: ["a", "b", "c"] },
          { schema: "app", name: "Kind", values: ["x", "y"] },
        ],
      }),
    );
    expect(notCompared).toEqual([]);
    const [u, t] = [...wanted.tables].sort((a) => (a.schema ? -1 : 1));
    expect(t?.columns).toEqual([{ name: "m", type: "mood", nullable: true, default: "'c'" }]);
    expect(t?.checks).toEqual([{ name: "ck", expression: "m <> 'c'::mood" }]);
    expect(u?.columns).toEqual([{ name: "k", type: 'app."Kind"', nullable: true, default: `(lower('Y'::text))::app."Kind"` }]);
    expect(u?.checks).toEqual([{ name: "ck", expression: `k <> 'x'::app."Kind"` }]);
    expect(await database.db.query("SELECT extname FROM pg_extension WHERE extname = 'citext'")).toEqual([]);
  });

  const views = `CREATE SCHEMA app; CREATE TABLE rooms (id serial PRIMARY KEY, name text); CREATE TABLE app.exams (id serial PRIMARY KEY, room integer);
    CREATE VIEW shown AS SELECT r.*, count(*) AS n FROM rooms r JOIN app.exams e ON e.room = r.id GROUP BY r.id;
    CREATE VIEW above AS SELECT id FROM shown WHERE n > 1;
    CREATE MATERIALIZED VIEW app.kept AS SELECT id FROM app.exams WHERE room > 0; CREATE INDEX k ON app.kept (id) WHERE id > 0`;
  const asWritten = [
    view("above", 'SELECT "id" FROM "shown" where n>1 -- many'),
    view("shown", "select r.*, count(*) n from public.rooms r join app.exams e on (e.room = r.id) group by r.id"),
    {
      ...view("kept", "SELECT id FROM app.exams WHERE (room) > 0"),
      schema: "app",
      materialized: true as const,
      indexes: [{ name: "k", columns: ["id"], where: "(id)>0" }],
    },
  ];

  it("in a view is the same when the server prints it so, whatever views it stands on", async () => {
    const { wanted, had, notCompared } = await compared(views, (schema) => ({ ...schema, views: asWritten }));
    expect(notCompared).toEqual([]);
    const sorted = (list: readonly View[]) => list.map(({ reads: _, ...rest }) => rest).sort((a, b) => (a.name < b.name ? -1 : 1));
    expect(sorted(wanted.views)).toEqual(sorted(had.views));
  });

  it("in a view is seen with the tables and views as they are wanted", async () => {
    const written = view("shown", "SELECT r.*, x.id AS other FROM rooms r JOIN added x ON x.id = r.place");
    const { wanted, notCompared } = await compared(views, (schema) => ({
      ...withTable(schema, "rooms", (table) => ({ ...table, columns: [{ name: "place", type: "integer" }, ...table.columns] })),
      tables: [
        ...withTable(schema, "rooms", (table) => ({ ...table, columns: [{ name: "place", type: "integer" }, ...table.columns] })).tables,
        { ...bare("added"), columns: [{ name: "id", type: "integer" }] },
      ],
      views: [...schema.views.filter(({ name }) => name !== "shown"), written],
    }));
    expect(notCompared).toEqual([]);
    expect(wanted.views.find(({ name }) => name === "shown")?.definition).toBe(written.definition);
  });

  it("in a partial index, a check or a default may speak of values that the type does not have yet", async () => {
    const { wanted, notCompared } = await compared(
      `CREATE TYPE mood AS ENUM ('a', 'b'); CREATE TABLE t (id integer, m mood, l mood[] DEFAULT '{a}', CONSTRAINT ck CHECK (m <> 'a'));
       CREATE INDEX i ON t (id) WHERE m = 'a'; CREATE VIEW v AS SELECT id FROM t WHERE m = 'a'`,
      (schema) => ({
        ...withTable(schema, "t", (table) => ({
          ...table,
          columns: table.columns.map((column) => (column.name === "l" ? { ...column, default: "ARRAY['c'::mood]" } : column)),
          checks: [{ name: "ck", expression: `"m" <> ALL (ARRAY['a','c']::mood[])` }],
          indexes: [{ name: "i", columns: ["id"], where: "m in ('a', 'c')" }],
        })),
        enums: [{ name: "mood", values: ["c", "a", "b"] }],
        views: [view("v", "select id from t where m = 'c'")],
      }),
    );
    expect(notCompared).toEqual([]);
    expect(wanted.tables[0]?.columns[2]?.default).toBe("ARRAY['c'::mood]");
    expect(wanted.tables[0]?.checks[0]?.expression).toBe("m <> ALL (ARRAY['a'::mood, 'c'::mood])");
    expect(wanted.tables[0]?.indexes[0]?.where).toBe("m = ANY (ARRAY['a'::mood, 'c'::mood])");
    expect(wanted.views[0]?.definition).toBe("select id from t where m = 'c'");
  });

  it("in a view may stand on what is nobody's here: functions, foreign tables, other schemas", async () => {
    const { wanted, had, notCompared } = await compared(
      `CREATE SCHEMA app; CREATE SCHEMA unseen; CREATE TABLE unseen.far (id integer, name text); CREATE TABLE app.near (id integer);
       CREATE FUNCTION app.twice(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1 * 2';
       CREATE EXTENSION IF NOT EXISTS file_fdw; CREATE SERVER s FOREIGN DATA WRAPPER file_fdw;
       CREATE FOREIGN TABLE outside (id integer) SERVER s OPTIONS (filename '/dev/null');
       CREATE VIEW v AS SELECT f.name, app.twice(n.id) AS two, o.id FROM unseen.far f JOIN app.near n ON n.id = f.id JOIN outside o ON o.id = n.id`,
      (schema) => ({
        ...withTable(schema, "near", (table) => ({
          ...table,
          columns: [...table.columns, { name: "more", type: "text", nullable: true }],
        })),
        views: [
          view(
            "v",
            "select f.name, app.twice(n.id) two, o.id from unseen.far f join app.near n on (n.id = f.id) join outside o on (o.id = n.id)",
          ),
        ],
      }),
    );
    await database.db.query("DROP SERVER s CASCADE; DROP SCHEMA unseen CASCADE");
    expect(notCompared).toEqual([]);
    expect(wanted.views[0]?.definition).toBe(had.views[0]?.definition);
  });

  it("is the same under names that the server has cut", async () => {
    const long = `${"ä".repeat(35)}_and_more`;
    const cut = "ä".repeat(31);
    const { wanted, had, notCompared } = await compared(
      `CREATE TABLE t ("${cut}" integer, CONSTRAINT "${cut}c" CHECK ("${cut}" > 0)); CREATE INDEX "${cut}i" ON t ("${cut}") WHERE "${cut}" > 1`,
      (schema) =>
        withTable(schema, "t", (table) => ({
          ...table,
          columns: [{ name: long, type: "int", nullable: true }],
          checks: [{ name: `${cut}c`, expression: `("${cut}")>0` }],
          indexes: [{ name: `${cut}i`, columns: [long], where: `("${cut}")>1` }],
        })),
    );
    expect(notCompared).toEqual([]);
    expect(wanted.tables).toEqual(had.tables);
  });

  it("is named where nothing can be made: in a session that only reads, as on a standby", async () => {
    const reader = await open("postgres", database.url);
    await reader.query("SET default_transaction_read_only = on");
    const change = (schema: Schema): Schema =>
      withTable(schema, "exams", (table) => ({ ...table, checks: [{ name: "ck", expression: "score > 7" }, ...table.checks.slice(1)] }));
    try {
      const { wanted, had, notCompared } = await compared(exams, change, reader);
      expect(notCompared).toEqual([{ what: "check exams.ck", because: "nothing may be made on this server to compare with" }]);
      expect(wanted.tables).toEqual(had.tables);
    } finally {
      await reader.close();
    }
  });

  it("is not asked about when nothing differs", async () => {
    await database.db.query(exams);
    const server = await identify(database.db);
    const had = normalize((await introspect(database.db, server, { schemas: [], ignore: [] })).schema, server);
    const silent = new Proxy(database.db, { get: () => () => Promise.reject(new Error("asked")) });
    expect(await canonical(silent, server, had, had)).toEqual({ wanted: had, notCompared: [] });
  });

  it("is asked with the rights that there are", async () => {
    const role = `limbeck_reader_${process.pid}`;
    const { db } = database;
    await db.query(`CREATE ROLE ${role} LOGIN PASSWORD 'reader'; REVOKE CREATE ON DATABASE "${database.name}" FROM PUBLIC`);
    const url = Object.assign(new URL(database.url), { username: role, password: "reader" }).toString();
    const reader = await open("postgres", url);
    const change = (schema: Schema): Schema =>
      withTable(schema, "exams", (table) => ({ ...table, checks: [{ name: "ck", expression: `("score">0) AND (title != '')` }] }));
    try {
      const temporary = await compared(`${exams}; GRANT ALL ON SCHEMA public TO ${role}`, change, reader);
      expect(temporary.notCompared).toEqual([]);
      expect(temporary.wanted.tables[0]?.checks[0]).toEqual(temporary.had.tables[0]?.checks[0]);

      await db.query(`REVOKE TEMPORARY ON DATABASE "${database.name}" FROM PUBLIC`);
      const nothing = await compared("SELECT 1", change, reader);
      expect(nothing.notCompared.map(({ what }) => what)).toEqual(["check exams.ck"]);
      expect(nothing.wanted.tables[0]?.checks[0]).toEqual(nothing.had.tables[0]?.checks[0]);
    } finally {
      await reader.close();
      await db.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    }
  });
});

function withTable(schema: Schema, name: string, change: (table: Table) => Table): Schema {
  return { ...schema, tables: schema.tables.map((table) => (table.name === name ? change(table) : table)) };
}

function bare(name: string): Table {
  return { name, columns: [], uniques: [], indexes: [], foreignKeys: [], checks: [], exclusions: [] };
}

function view(name: string, definition: string): View {
  return { name, definition, indexes: [] };
}
