import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Operation } from "../../src/core/operation.ts";
import type { Column, View } from "../../src/core/schema.ts";
import { engines, useDatabase } from "../support/databases.ts";
import { apply, compiled, reset } from "../support/postgres-compile.ts";

/** All that can hang on a relation, a column, a type, an index or a constraint, in the catalogue's words and without its numbers. */
const everything = [
  `SELECT 'relation', c.oid::regclass, c.relkind, c.relowner::regrole, c.reloptions, obj_description(c.oid, 'pg_class'), c.relispopulated, c.relreplident,
     (SELECT array_agg(a::text ORDER BY a::text) FROM unnest(COALESCE(c.relacl, acldefault('r', c.relowner))) AS a), pg_get_viewdef(c.oid)
   FROM pg_class AS c WHERE c.relkind IN ('r', 'v', 'm') AND c.relnamespace = 'public'::regnamespace`,
  `SELECT 'column', a.attrelid::regclass, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attgenerated, a.attacl, a.attstattarget, a.attstorage,
     a.attcompression, (SELECT array_agg(o) FROM unnest(a.attoptions) AS o WHERE o LIKE 'n!_%' ESCAPE '!'), col_description(a.attrelid, a.attnum), pg_get_expr(d.adbin, d.adrelid)
   FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid LEFT JOIN pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum
   WHERE c.relkind IN ('r', 'v', 'm') AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped`,
  `SELECT 'index', pg_get_indexdef(x.indexrelid), x.indisclustered, x.indisreplident, x.indisvalid, obj_description(x.indexrelid, 'pg_class')
   FROM pg_index AS x JOIN pg_class AS c ON c.oid = x.indexrelid WHERE c.relnamespace = 'public'::regnamespace`,
  `SELECT 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid), obj_description(oid, 'pg_constraint') FROM pg_constraint WHERE contype <> 'n' AND connamespace = 'public'::regnamespace`,
  `SELECT 'trigger', pg_get_triggerdef(oid), tgenabled, obj_description(oid, 'pg_trigger') FROM pg_trigger WHERE NOT tgisinternal`,
  `SELECT 'rule', pg_get_ruledef(oid), obj_description(oid, 'pg_rewrite') FROM pg_rewrite WHERE rulename <> '_RETURN' AND ev_class IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)`,
  `SELECT 'statistics', pg_get_statisticsobjdef(oid), stxowner::regrole, stxstattarget, obj_description(oid, 'pg_statistic_ext') FROM pg_statistic_ext`,
  `SELECT 'policy', polrelid::regclass, polname, polcmd, polroles::text, pg_get_expr(polqual, polrelid) FROM pg_policy`,
  `SELECT 'type', oid::regtype, typowner::regrole, obj_description(oid, 'pg_type'), (SELECT array_agg(a::text ORDER BY a::text) FROM unnest(COALESCE(typacl, acldefault('T', typowner))) AS a)
   FROM pg_type WHERE typtype = 'e' AND typnamespace = 'public'::regnamespace`,
];

describe.runIf(engines.includes("postgres"))("what PostgreSQL must make anew", () => {
  const database = useDatabase("postgres");
  const role = (name: string) => `${database.name}_${name}`;
  const roles = ["owner", "reader", "boss"];
  const dump = async () => (await database.db.batch(everything)).flatMap((rows) => rows.map((row) => row.join(" | "))).sort();

  beforeAll(async () => {
    for (const name of roles) await database.db.query(`CREATE ROLE "${role(name)}"`);
  });
  afterAll(async () => {
    await reset(database.db, []);
    for (const name of roles) await database.db.query(`DROP OWNED BY "${role(name)}"; DROP ROLE "${role(name)}"`);
  });
  beforeEach(async () => {
    await reset(database.db, [
      "GRANT ALL ON SCHEMA public TO PUBLIC",
      `ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO "${role("boss")}"; ALTER DEFAULT PRIVILEGES GRANT USAGE ON TYPES TO "${role("boss")}"`,
      "CREATE TABLE t (id int PRIMARY KEY, a int, b text)",
      "CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    ]);
  });
  const setup = async (...statements: readonly string[]) => {
    for (const sql of statements) await database.db.query(sql);
    return dump();
  };

  const view: View = { name: "v", definition: "SELECT id, a, b FROM t", indexes: [] };
  const dressed = [
    "CREATE VIEW v WITH (security_barrier) AS SELECT id, a, b FROM t WITH LOCAL CHECK OPTION",
    "COMMENT ON VIEW v IS 'it''s %s a view'; COMMENT ON COLUMN v.a IS 'a''s'",
    "ALTER VIEW v ALTER COLUMN b SET DEFAULT 'b''s'",
    "CREATE TRIGGER instead INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION noted(); COMMENT ON TRIGGER instead ON v IS 'why'",
    "CREATE RULE quiet AS ON DELETE TO v WHERE old.id = 0 DO INSTEAD NOTHING; COMMENT ON RULE quiet ON v IS 'hush'",
  ];
  const granted = () => [
    `REVOKE ALL ON v FROM "${role("boss")}"; GRANT SELECT ON v TO "${role("reader")}" WITH GRANT OPTION; GRANT UPDATE (a) ON v TO PUBLIC`,
    `ALTER VIEW v OWNER TO "${role("owner")}"; REVOKE DELETE ON v FROM "${role("owner")}"`,
    `SET ROLE "${role("reader")}"`,
    `GRANT SELECT ON v TO PUBLIC`,
    "RESET ROLE",
  ];

  it("a view keeps its owner, grants, options, defaults, triggers, rules and comments when its text changes", async () => {
    const before = await setup(...dressed, ...granted());
    const there: Operation = {
      kind: "alterView",
      view: "v",
      from: view,
      to: { ...view, definition: "SELECT id, a, b FROM t WHERE id > 0" },
    };
    await apply(database.db, [there]);
    const after = await dump();
    expect(after).not.toEqual(before);
    expect(after.filter((line) => !line.startsWith("relation | v |"))).toEqual(before.filter((line) => !line.startsWith("relation | v |")));
    await apply(database.db, [{ ...there, from: there.to, to: there.from }]);
    expect(await dump()).toEqual(before);
  });

  it("a view has them again after a column under it took another type", async () => {
    const before = await setup(...dressed, ...granted());
    const column = (type: string): Column => ({ name: "a", type, nullable: true });
    const around = (from: string, to: string): readonly Operation[] => [
      { kind: "dropView", view: "v", definition: view },
      { kind: "alterColumn", table: "t", from: column(from), to: column(to) },
      { kind: "addIndex", table: "t", index: { name: "late", columns: ["a"] } },
      { kind: "createView", view: "v", definition: view },
      { kind: "dropIndex", table: "t", index: { name: "late", columns: ["a"] } },
    ];
    const there = await compiled(database.db, around("integer", "bigint"));
    // nobody ever misses the view
    expect(there.slice(0, -1).every((one) => one.transactional)).toBe(true);
    await apply(database.db, around("integer", "bigint"));
    expect(await dump()).not.toEqual(before);
    await apply(database.db, around("bigint", "integer"));
    expect(await dump()).toEqual(before);
  });

  it("a comment that the change says wins, and what was said of a column that is gone is left out", async () => {
    await setup(...dressed, ...granted());
    const to: View = { ...view, definition: "SELECT id, b FROM t", comment: "new" };
    await apply(database.db, [{ kind: "alterView", view: "v", from: view, to }]);
    expect(
      await database.db.query(
        "SELECT obj_description('v'::regclass) AS comment, count(*) AS n FROM pg_attribute WHERE attrelid = 'v'::regclass AND attnum > 0",
      ),
    ).toEqual([{ comment: "new", n: "2" }]);
  });

  it("a filled view keeps the indexes that nobody has told of, its settings and statistics", async () => {
    const filled: View = { ...view, materialized: true, indexes: [{ name: "known", columns: ["id"], unique: true }] };
    const before = await setup(
      "CREATE MATERIALIZED VIEW v WITH (fillfactor = 70) AS SELECT id, a, b FROM t; CREATE UNIQUE INDEX known ON v (id)",
      "CREATE INDEX unknown ON v (lower(b)) WITH (fillfactor = 50) WHERE a > 0; COMMENT ON INDEX unknown IS 'a DBA''s'",
      "ALTER MATERIALIZED VIEW v CLUSTER ON known",
      "ALTER MATERIALIZED VIEW v ALTER COLUMN a SET STATISTICS 77, ALTER COLUMN b SET STORAGE EXTERNAL, ALTER COLUMN b SET COMPRESSION pglz, ALTER COLUMN a SET (n_distinct = 5)",
      "CREATE STATISTICS both_of_them ON id, a FROM v; COMMENT ON STATISTICS both_of_them IS 'ha'; ALTER STATISTICS both_of_them SET STATISTICS 12",
      `GRANT SELECT ON v TO "${role("reader")}"; COMMENT ON COLUMN v.a IS 'a''s'; REFRESH MATERIALIZED VIEW v WITH NO DATA`,
      `ALTER MATERIALIZED VIEW v OWNER TO "${role("owner")}"`,
    );
    const there: Operation = {
      kind: "alterView",
      view: "v",
      from: filled,
      to: { ...filled, definition: "SELECT id, a, b FROM t WHERE id > 0" },
    };
    await apply(database.db, [there]);
    await apply(database.db, [{ ...there, from: there.to, to: there.from }]);
    expect(await dump()).toEqual(before);
  });

  it("a computed column keeps its grants, settings, comment, and every index and constraint that stands on it", async () => {
    const before = await setup(
      "DROP TABLE t; CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL, g text COLLATE \"C\" GENERATED ALWAYS AS ('x' || a) STORED NOT NULL, h int)",
      `GRANT SELECT (g) ON t TO "${role("reader")}" WITH GRANT OPTION; GRANT UPDATE ON t TO PUBLIC; COMMENT ON COLUMN t.g IS 'it''s computed'`,
      "ALTER TABLE t ALTER g SET STATISTICS 50, ALTER g SET STORAGE MAIN, ALTER g SET (n_distinct = -0.5)",
      "CREATE UNIQUE INDEX i1 ON t (g, h); CREATE INDEX i2 ON t (lower(g)) WHERE h > 0; CREATE INDEX i3 ON t (h) WHERE g <> ''; COMMENT ON INDEX i2 IS 'two'",
      "ALTER TABLE t ADD CONSTRAINT k CHECK (length(g) > h) NOT VALID, ADD CONSTRAINT u UNIQUE (h, g) DEFERRABLE; COMMENT ON CONSTRAINT k ON t IS 'why'",
      "ALTER TABLE t ALTER h SET NOT NULL; ALTER TABLE t REPLICA IDENTITY USING INDEX i1; ALTER TABLE t CLUSTER ON u",
      "CREATE TABLE o (g text PRIMARY KEY); ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (g) REFERENCES o; CREATE STATISTICS s ON a, g FROM t",
      "ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t USING (h > 0); CREATE INDEX other ON t (a)",
    );
    const column = (expression: string): Column => ({ name: "g", type: "text", collation: "C", generated: { expression, stored: true } });
    const change = (from: string, to: string): Operation => ({ kind: "alterColumn", table: "t", from: column(from), to: column(to) });
    await apply(database.db, [change("'x' || a", "'y' || a")]);
    const after = await dump();
    expect(after).not.toEqual(before);
    expect(after.filter((line) => !line.startsWith("column | t | g"))).toEqual(before.filter((line) => !line.startsWith("column | t | g")));
    await apply(database.db, [change("'y' || a", "'x' || a")]);
    expect(await dump()).toEqual(before);
  });

  it("so does one that steps aside while what it is computed from gets another type, in one transaction", async () => {
    const before = await setup(
      "ALTER TABLE t ADD g int GENERATED ALWAYS AS (a + 1) STORED; CREATE INDEX ours ON t (g)",
      `GRANT SELECT (g) ON t TO "${role("reader")}"; COMMENT ON COLUMN t.g IS 'it''s computed'; ALTER TABLE t ALTER g SET STATISTICS 50`,
      "CREATE INDEX theirs ON t (g, a) WITH (fillfactor = 70); CREATE STATISTICS s ON g, a FROM t; ALTER TABLE t ADD CONSTRAINT k CHECK (g <> a)",
    );
    const column = (name: string, type: string, more: Partial<Column> = {}): Column => ({ name, type, nullable: true, ...more });
    const g = column("g", "integer", { generated: { expression: "a + 1", stored: true } });
    const around = (from: string, to: string): readonly Operation[] => [
      { kind: "dropIndex", table: "t", index: { name: "ours", columns: ["g"] } },
      { kind: "dropColumn", table: "t", column: g },
      { kind: "alterColumn", table: "t", from: column("a", from), to: column("a", to) },
      { kind: "addColumn", table: "t", column: g },
      { kind: "addIndex", table: "t", index: { name: "ours", columns: ["g"] } },
    ];
    const there = await compiled(database.db, around("integer", "smallint"));
    expect(there.slice(1, -1).every((one) => one.transactional)).toBe(true);
    await apply(database.db, around("integer", "smallint"));
    expect(await dump()).not.toEqual(before);
    await apply(database.db, around("smallint", "integer"));
    expect(await dump()).toEqual(before);
  });

  it("so does one of a partitioned table, whose indexes have a part in each partition", async () => {
    const before = await setup(
      "CREATE TABLE p (a int, b int, g int GENERATED ALWAYS AS (a + 1) STORED) PARTITION BY RANGE (b); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (9)",
      `CREATE INDEX " ON ONLY " ON p (g) WITH (fillfactor = 70); ALTER TABLE p ADD CONSTRAINT u UNIQUE (b, g); GRANT SELECT (g) ON p TO "${role("reader")}"`,
    );
    const column = (expression: string): Column => ({
      name: "g",
      type: "integer",
      nullable: true,
      generated: { expression, stored: true },
    });
    const change = (from: string, to: string): Operation => ({ kind: "alterColumn", table: "p", from: column(from), to: column(to) });
    await apply(database.db, [change("a + 1", "a + 2")]);
    await apply(database.db, [change("a + 2", "a + 1")]);
    expect(await dump()).toEqual(before);
  });

  it("the index of a constraint keeps its settings and comment, an expression its statistics", async () => {
    const before = await setup(
      "ALTER TABLE t ADD g int GENERATED ALWAYS AS (a + 1) STORED; ALTER TABLE t ADD CONSTRAINT u UNIQUE (g) WITH (fillfactor = 60); COMMENT ON INDEX u IS 'why'",
      "CREATE INDEX i ON t ((g + 1)); ALTER INDEX i ALTER COLUMN 1 SET STATISTICS 99",
    );
    const targets = () => database.db.query("SELECT attstattarget FROM pg_attribute WHERE attrelid = 'i'::regclass");
    const column = (expression: string): Column => ({
      name: "g",
      // an expression alone is changed in place since 17
      type: expression === "a + 1" ? "integer" : "bigint",
      nullable: true,
      generated: { expression, stored: true },
    });
    const change = (from: string, to: string): Operation => ({ kind: "alterColumn", table: "t", from: column(from), to: column(to) });
    await apply(database.db, [change("a + 1", "a + 2")]);
    await apply(database.db, [change("a + 2", "a + 1")]);
    expect(await dump()).toEqual(before);
    expect(await targets()).toEqual([{ attstattarget: "99" }]);
  });

  it("a constraint that goes and comes again keeps its comment and its index's settings, and rewrites its table no more often for it", async () => {
    const before = await setup(
      "ALTER TABLE t ADD CONSTRAINT k CHECK (b <> ''), ADD CONSTRAINT u UNIQUE (a) WITH (fillfactor = 60), ADD CONSTRAINT x EXCLUDE (a WITH =) WHERE (b <> '')",
      "CREATE TABLE o (id int PRIMARY KEY, t int CONSTRAINT f REFERENCES t); COMMENT ON CONSTRAINT f ON o IS 'f''s'",
      "COMMENT ON CONSTRAINT k ON t IS 'k''s'; COMMENT ON CONSTRAINT u ON t IS 'u''s'; COMMENT ON INDEX u IS 'i''s'; COMMENT ON CONSTRAINT x ON t IS 'x''s'; COMMENT ON CONSTRAINT t_pkey ON t IS 'p''s'",
    );
    const foreignKey = { name: "f", columns: ["t"], references: { table: "t", columns: ["id"] } };
    const [check, unique] = [
      { name: "k", expression: "b <> ''" },
      { name: "u", columns: ["a"] },
    ];
    const exclusion = { name: "x", expression: "(a WITH =) WHERE (b <> '')" };
    const list: readonly Operation[] = [
      { kind: "dropForeignKey", table: "o", foreignKey },
      { kind: "dropCheck", table: "t", check },
      { kind: "dropUnique", table: "t", unique },
      { kind: "dropExclusion", table: "t", exclusion },
      { kind: "dropPrimaryKey", table: "t", primaryKey: { columns: ["id"] } },
      {
        kind: "alterColumn",
        table: "t",
        from: { name: "a", type: "integer", nullable: true },
        to: { name: "a", type: "bigint", nullable: true },
      },
      { kind: "addPrimaryKey", table: "t", primaryKey: { columns: ["id"] } },
      { kind: "addUnique", table: "t", unique },
      { kind: "addCheck", table: "t", check },
      { kind: "addExclusion", table: "t", exclusion },
      { kind: "addForeignKey", table: "o", foreignKey },
    ];
    const alters = (await compiled(database.db, list)).filter(({ sql }) => sql.startsWith('ALTER TABLE "t"'));
    // what goes, and what changes and comes; the check of the rows may come later
    expect(alters.filter(({ sql }) => !sql.includes("VALIDATE"))).toHaveLength(2);
    await apply(database.db, list);
    expect(await dump()).toEqual(before.map((line) => line.replace("column | t | a | integer", "column | t | a | bigint")));
  });

  it("who may use the sequence of a column may use its identity, and the other way", async () => {
    await setup(
      "ALTER TABLE t ADD n serial",
      `GRANT USAGE ON SEQUENCE t_n_seq TO "${role("reader")}" WITH GRANT OPTION; GRANT SELECT ON SEQUENCE t_n_seq TO PUBLIC; COMMENT ON SEQUENCE t_n_seq IS 'it''s counted'`,
    );
    const facts = () =>
      database.db.query(
        "SELECT obj_description(oid, 'pg_class') AS said, (SELECT array_agg(a::text ORDER BY a::text) FROM unnest(relacl) AS a) AS granted FROM pg_class WHERE oid = pg_get_serial_sequence('t', 'n')::regclass",
      );
    const before = await facts();
    const serial: Column = { name: "n", type: "integer", autoIncrement: true };
    const identity: Column = { name: "n", type: "integer", identity: { always: false } };
    await apply(database.db, [{ kind: "alterColumn", table: "t", from: serial, to: identity }]);
    expect(await facts()).toEqual(before);
    await apply(database.db, [{ kind: "alterColumn", table: "t", from: identity, to: serial }]);
    expect(await facts()).toEqual(before);
  });

  const swap = (from: readonly string[], to: readonly string[]): Operation => ({
    kind: "alterEnum",
    name: "mood",
    from,
    to,
    columns: [
      { table: "m", column: "a", default: { from: "'glad'", to: "'glad'" } },
      { table: "m", column: "l", array: true },
      { table: "n", column: "a" },
    ],
  });

  it("a type keeps its owner and grants, and the checks, conditions and keys that speak of its values are said again", async () => {
    const before = await setup(
      "CREATE TYPE mood AS ENUM ('sad', 'glad', 'mad'); COMMENT ON TYPE mood IS 'how'",
      "CREATE TABLE n (a mood PRIMARY KEY); CREATE TABLE m (id int PRIMARY KEY, a mood DEFAULT 'glad' NOT NULL, l mood[], h int)",
      "INSERT INTO n VALUES ('sad'), ('glad'); INSERT INTO m VALUES (1, 'glad', '{sad,glad}', 1)",
      "ALTER TABLE m ADD CONSTRAINT k CHECK (a <> 'sad' OR h > 0), ADD CONSTRAINT l CHECK ('sad' = ANY (l)) NOT VALID; COMMENT ON CONSTRAINT k ON m IS 'why'",
      "ALTER TABLE m ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES n DEFERRABLE, ADD CONSTRAINT u UNIQUE (a, h)",
      "ALTER TABLE m ADD CONSTRAINT x EXCLUDE USING btree (h WITH =) WHERE (a = 'glad')",
      "CREATE INDEX i1 ON m (a); CREATE INDEX i2 ON m (h) WHERE a IN ('sad', 'glad'); CREATE INDEX i3 ON m ((a = 'sad')); COMMENT ON INDEX i2 IS 'two'; ALTER TABLE m CLUSTER ON i3",
      "CREATE STATISTICS s ON h, (a = 'sad') FROM m; COMMENT ON COLUMN m.a IS 'a''s'",
      `GRANT SELECT (a) ON m TO "${role("reader")}"; REVOKE USAGE ON TYPE mood FROM PUBLIC, "${role("boss")}"; GRANT USAGE ON TYPE mood TO "${role("reader")}" WITH GRANT OPTION`,
      `ALTER TYPE mood OWNER TO "${role("owner")}"`,
    );
    await apply(database.db, [swap(["sad", "glad", "mad"], ["glad", "sad"])]);
    expect(await dump()).toEqual(before);
    expect(await database.db.query("SELECT enum_range(NULL::mood)::text AS all, (SELECT concat(a, l) FROM m) AS kept")).toEqual([
      { all: "{glad,sad}", kept: "glad{sad,glad}" },
    ]);
    await apply(database.db, [swap(["glad", "sad"], ["mad", "sad", "glad"])]);
    expect(await dump()).toEqual(before);
  });

  it("a type takes the old one's place in a table and in one that inherits from it, be it listed or not", async () => {
    const before = await setup(
      "CREATE TYPE mood AS ENUM ('sad', 'glad'); CREATE TABLE n (a mood DEFAULT 'glad', l mood[]); CREATE TABLE m () INHERITS (n); INSERT INTO m VALUES ('sad', '{glad}')",
    );
    const columns = (...tables: readonly string[]) =>
      tables.flatMap((table) => [
        { table, column: "a", default: { from: "'glad'", to: "'glad'" } },
        { table, column: "l", array: true as const },
      ]);
    const change = (from: readonly string[], to: readonly string[], ...tables: readonly string[]): Operation => ({
      kind: "alterEnum",
      name: "mood",
      from,
      to,
      columns: columns(...tables),
    });
    await apply(database.db, [change(["sad", "glad"], ["glad", "sad"], "m", "n")]);
    await apply(database.db, [change(["glad", "sad"], ["sad", "glad"], "n")]);
    expect(await dump()).toEqual(before);
    expect(await database.db.query("SELECT concat(a, l) AS kept FROM m")).toEqual([{ kept: "sad{glad}" }]);
  });

  it("a security label whose provider is not there stops the run", async () => {
    const { db } = database;
    const before = await setup(
      "CREATE VIEW v AS SELECT id, a, b FROM t; CREATE TYPE mood AS ENUM ('sad', 'glad'); CREATE TABLE m (a mood, l mood[]); CREATE TABLE n (a mood)",
    );
    for (const object of ["'pg_class'::regclass, 'v'::regclass", "'pg_type'::regclass, 'mood'::regtype"]) {
      await db.query(`INSERT INTO pg_seclabel (classoid, objoid, objsubid, provider, label) SELECT ${object}, 0, 'nobody', 'it''s secret'`);
    }
    const change: Operation = { kind: "alterView", view: "v", from: view, to: { ...view, definition: "SELECT 1 AS id" } };
    for (const operation of [change, swap(["sad", "glad"], ["glad"])]) {
      await expect(apply(db, [operation])).rejects.toThrow(/cannot be given back: security label provider "nobody" is not loaded/);
    }
    expect(await dump()).toEqual(before);
    await db.query("DELETE FROM pg_seclabel");
  });

  it("what cannot be given back stops the run, which leaves everything as it was", async () => {
    const before = await setup(
      "CREATE TYPE mood AS ENUM ('sad', 'glad', 'mad')",
      "CREATE TABLE n (a mood PRIMARY KEY); CREATE TABLE m (a mood DEFAULT 'glad' NOT NULL, l mood[] CHECK ('mad' <> ALL (l)))",
    );
    await expect(apply(database.db, [swap(["sad", "glad", "mad"], ["glad", "sad"])])).rejects.toThrow(
      /what type mood had cannot be given back: .*invalid input value for enum mood: "mad".*ADD CONSTRAINT/s,
    );
    expect(await dump()).toEqual(before);
    const [kept, ...others] = await compiled(database.db, [
      { kind: "alterView", view: "v", from: view, to: { ...view, definition: "SELECT 1 AS id" } },
    ]);
    expect(kept?.sql).toContain("set_config");
    await database.db.query("CREATE VIEW v AS SELECT id, a, b FROM t");
    await database.db.query("DISCARD ALL");
    await expect(
      apply(database.db, []).then(() =>
        others.reduce((done, { sql }) => done.then(async () => void (await database.db.query(sql))), Promise.resolve()),
      ),
    ).rejects.toThrow("the session that knew what view v had, and who may use it, is gone");
  });
});
