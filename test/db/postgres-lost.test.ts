import { describe, expect, it } from "vitest";
import type { Operation } from "../../src/core/operation.ts";
import type { Column } from "../../src/core/schema.ts";
import { prechecks } from "../../src/dialect/postgres/prechecks/index.ts";
import { engines, useDatabase } from "../support/databases.ts";
import { apply, reset, serverOf } from "../support/postgres-compile.ts";

const column = (name: string, more: Partial<Column> = {}): Column => ({ name, type: "integer", nullable: true, ...more });
const dropColumn = (name: string, table = "t"): Operation => ({ kind: "dropColumn", table, column: column(name) });
const computed = (expression: string): Column => column("g", { generated: { expression, stored: true } });
// with another type: an expression alone is changed in place since 17
const recompute: Operation = { kind: "alterColumn", table: "t", from: computed("a + 1"), to: { ...computed("a + 2"), type: "bigint" } };
const widen: Operation = {
  kind: "alterColumn",
  table: "t",
  from: { name: "w", type: "character varying(10)", nullable: true },
  to: { name: "w", type: "character varying(20)", nullable: true },
};
const execute = (sql: string): Operation => ({ kind: "execute", sql });

/** What stands there, what is to be done, and what would go with it, by name; null: nothing that the list does not name itself. */
const cases: readonly (readonly [string, string, readonly Operation[], RegExp | null])[] = [
  ["a column on which nothing stands", "CREATE INDEX theirs ON t (b); CREATE STATISTICS s ON b, c FROM t", [dropColumn("a")], null],
  ["an index", "CREATE INDEX theirs ON t (a)", [dropColumn("a")], /^index theirs \(CREATE INDEX theirs ON public\.t USING btree \(a\)\)$/],
  ["an index over several columns", "CREATE INDEX theirs ON t (b, a DESC)", [dropColumn("a")], /^index theirs /],
  ["an index that includes it", "CREATE INDEX theirs ON t (b) INCLUDE (a)", [dropColumn("a")], /^index theirs /],
  ["an index with an expression", "CREATE INDEX theirs ON t (abs(a), b)", [dropColumn("a")], /^index theirs /],
  ["an index with a condition", "CREATE INDEX theirs ON t (b) WHERE a > 0", [dropColumn("a")], /^index theirs /],
  ["a primary key", "ALTER TABLE t DROP CONSTRAINT t_pkey, ADD PRIMARY KEY (id, a)", [dropColumn("a")], /^constraint t_pkey of t /],
  ["a unique", "ALTER TABLE t ADD CONSTRAINT theirs UNIQUE (b, a)", [dropColumn("a")], /^constraint theirs of t \(UNIQUE \(b, a\)\)$/],
  ["a check", "ALTER TABLE t ADD CONSTRAINT theirs CHECK (a > b)", [dropColumn("a")], /^constraint theirs of t \(CHECK \(\(a > b\)\)\)$/],
  ["an exclusion", "ALTER TABLE t ADD CONSTRAINT theirs EXCLUDE (a WITH =, b WITH =)", [dropColumn("a")], /^constraint theirs of t /],
  [
    "an exclusion with a condition",
    "ALTER TABLE t ADD CONSTRAINT theirs EXCLUDE (b WITH =) WHERE (a > 0)",
    [dropColumn("a")],
    /^constraint theirs of t /,
  ],
  [
    "a foreign key over several columns",
    "CREATE TABLE o (x int, y int, PRIMARY KEY (x, y)); ALTER TABLE t ADD CONSTRAINT theirs FOREIGN KEY (b, a) REFERENCES o",
    [dropColumn("a")],
    /^constraint theirs of t \(FOREIGN KEY \(b, a\) REFERENCES o\(x, y\)\)$/,
  ],
  ["statistics", "CREATE STATISTICS theirs ON a, b FROM t", [dropColumn("a")], /^statistics theirs \(CREATE STATISTICS /],
  ["statistics of an expression", "CREATE STATISTICS theirs ON (a + 1), b FROM t", [dropColumn("a")], /^statistics theirs /],
  ["a sequence that belongs to it", "CREATE SEQUENCE theirs OWNED BY t.a", [dropColumn("a")], /^sequence theirs$/],
  ["the sequence that counts it", "ALTER TABLE t ADD n serial", [{ ...dropColumn("n"), column: column("n") } as Operation], null],
  ["the sequence of an identity", "ALTER TABLE t ADD n int GENERATED ALWAYS AS IDENTITY", [dropColumn("n")], null],
  [
    "NOT NULL, a default, a comment and a grant of its own",
    "ALTER TABLE t ALTER a SET NOT NULL, ALTER a SET DEFAULT 1; COMMENT ON COLUMN t.a IS 'x'; GRANT SELECT (a) ON t TO PUBLIC",
    [dropColumn("a")],
    null,
  ],
  [
    "how a column is stored that gets another type",
    "ALTER TABLE t ADD w varchar(10); ALTER TABLE t ALTER w SET STORAGE EXTERNAL",
    [widen],
    /^STORAGE of t\.w \(ALTER TABLE t ALTER COLUMN w SET STORAGE EXTERNAL\)$/,
  ],
  [
    "how it is compressed, in a partition alone",
    "CREATE TABLE p (w varchar(10)) PARTITION BY LIST (w); CREATE TABLE p1 PARTITION OF p FOR VALUES IN ('a'); ALTER TABLE p1 ALTER w SET COMPRESSION pglz",
    [{ ...widen, table: "p" } as Operation],
    /^COMPRESSION of p1\.w \(ALTER TABLE p1 ALTER COLUMN w SET COMPRESSION pglz\)$/,
  ],
  [
    "what a new type leaves alone",
    "ALTER TABLE t ADD w varchar(10); ALTER TABLE t ALTER w SET STATISTICS 7, ALTER w SET (n_distinct = 5)",
    [widen],
    null,
  ],
  [
    "what the author says again",
    "ALTER TABLE t ADD w varchar(10); ALTER TABLE t ALTER w SET STORAGE EXTERNAL",
    [widen, execute("ALTER TABLE t ALTER w SET STORAGE EXTERNAL")],
    null,
  ],
  [
    "what the list drops",
    "CREATE INDEX i ON t (a, b); ALTER TABLE t ADD CONSTRAINT u UNIQUE (a, b), ADD CONSTRAINT k CHECK (a > b), ADD CONSTRAINT x EXCLUDE (a WITH =, b WITH =)",
    [
      { kind: "dropIndex", table: "t", index: { name: "i", columns: ["a", "b"] } },
      { kind: "dropUnique", table: "t", unique: { name: "u", columns: ["a", "b"] } },
      { kind: "dropCheck", table: "t", check: { name: "k", expression: "a > b" } },
      { kind: "dropExclusion", table: "t", exclusion: { name: "x", expression: "USING btree (a WITH =, b WITH =)" } },
      dropColumn("a"),
    ],
    null,
  ],
  [
    "what the list drops under other names",
    "CREATE INDEX i ON t (a, b); ALTER TABLE t ADD CONSTRAINT k CHECK (a > b)",
    [
      { kind: "renameTable", from: "t", to: "tt" },
      { kind: "renameIndex", table: "tt", from: "i", to: "j" },
      { kind: "renameConstraint", table: "tt", from: "k", to: "l" },
      { kind: "renameColumn", table: "tt", from: "a", to: "aa" },
      { kind: "dropIndex", table: "tt", index: { name: "j", columns: ["aa", "b"] } },
      { kind: "dropCheck", table: "tt", check: { name: "l", expression: "aa > b" } },
      dropColumn("aa", "tt"),
    ],
    null,
  ],
  [
    "an index of the name that another table's dropped one has",
    "CREATE SCHEMA app; CREATE TABLE app.t (a int); CREATE INDEX i ON app.t (a); CREATE INDEX i ON t (a, b)",
    [{ kind: "dropIndex", schema: "app", table: "t", index: { name: "i", columns: ["a"] } }, dropColumn("a")],
    /^index i /,
  ],
  [
    "an index of a column that had another name",
    "CREATE INDEX theirs ON t (a)",
    [{ kind: "renameTable", from: "t", to: "tt" }, { kind: "renameColumn", table: "tt", from: "a", to: "aa" }, dropColumn("aa", "tt")],
    /^index theirs /,
  ],
  [
    "an index on a table that goes",
    "CREATE INDEX theirs ON t (a)",
    [
      dropColumn("a"),
      {
        kind: "dropTable",
        table: "t",
        definition: { name: "t", columns: [], uniques: [], indexes: [], foreignKeys: [], checks: [], exclusions: [] },
      },
    ],
    null,
  ],
  ["an index after SQL of the author's own", "CREATE INDEX theirs ON t (a)", [execute("SELECT 1"), dropColumn("a")], /^index theirs /],
  [
    "what SQL of the author's own takes away",
    "CREATE INDEX theirs ON t (a); ALTER TABLE t ADD CONSTRAINT k CHECK (a > b); CREATE STATISTICS s ON a, b FROM t; CREATE SEQUENCE q OWNED BY t.a",
    [
      execute("DROP INDEX theirs"),
      execute("ALTER TABLE t DROP CONSTRAINT k"),
      execute("DROP STATISTICS s"),
      execute("ALTER SEQUENCE q OWNED BY NONE"),
      dropColumn("a"),
    ],
    null,
  ],
  [
    "an index and a check of a partition alone",
    "CREATE TABLE p (a int, b int) PARTITION BY RANGE (b); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (9); CREATE INDEX theirs ON p1 (a); ALTER TABLE p1 ADD CONSTRAINT k CHECK (a > 0)",
    [dropColumn("a", "p")],
    /^index theirs .*; constraint k of p1 /,
  ],
  [
    "an index of a partitioned table that the list drops",
    "CREATE TABLE p (a int, b int CONSTRAINT k CHECK (b > 0), CONSTRAINT l CHECK (a > 0)) PARTITION BY RANGE (b); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (9); CREATE INDEX i ON p (a)",
    [
      { kind: "dropIndex", table: "p", index: { name: "i", columns: ["a"] }, online: false },
      { kind: "dropCheck", table: "p", check: { name: "l", expression: "a > 0" } },
      dropColumn("a", "p"),
    ],
    null,
  ],
  [
    "an index of a table that inherits the column",
    "CREATE TABLE k () INHERITS (t); CREATE INDEX theirs ON k (a)",
    [dropColumn("a")],
    /^index theirs /,
  ],
  [
    "an index of a table that has the column by itself, too",
    "CREATE TABLE k (a int) INHERITS (t); CREATE INDEX theirs ON k (a)",
    [dropColumn("a")],
    null,
  ],
  [
    "a replica identity and an order, with an index that comes again",
    "CREATE UNIQUE INDEX i ON t (id, b) WHERE false; CREATE UNIQUE INDEX j ON t (id); ALTER TABLE t REPLICA IDENTITY USING INDEX j, CLUSTER ON j",
    [
      { kind: "dropIndex", table: "t", index: { name: "j", columns: ["id"], unique: true } },
      { kind: "addIndex", table: "t", index: { name: "j", columns: ["id", "b"], unique: true } },
    ],
    /^the replica identity of t \(.* USING INDEX j\); the order of t \(ALTER TABLE t CLUSTER ON j\)$/,
  ],
  [
    "an order, with a primary key",
    "ALTER TABLE t CLUSTER ON t_pkey",
    [{ kind: "dropPrimaryKey", table: "t", primaryKey: { columns: ["id"] } }],
    /^the order of t /,
  ],
  [
    "a replica identity that the author's own SQL moves",
    "CREATE UNIQUE INDEX j ON t (id); ALTER TABLE t REPLICA IDENTITY USING INDEX j",
    [
      execute("ALTER TABLE t REPLICA IDENTITY DEFAULT"),
      { kind: "dropIndex", table: "t", index: { name: "j", columns: ["id"], unique: true } },
    ],
    null,
  ],
  [
    "what stands on a computed column that steps aside for another's type",
    "ALTER TABLE t ADD g int GENERATED ALWAYS AS (a + 1) STORED; CREATE INDEX theirs ON t (g, a)",
    [
      { kind: "dropColumn", table: "t", column: computed("a + 1") },
      { kind: "alterColumn", table: "t", from: column("a"), to: column("a", { type: "bigint" }) },
      { kind: "addColumn", table: "t", column: computed("a + 1") },
    ],
    null,
  ],
  [
    "what stands on a computed column that is made anew",
    "ALTER TABLE t ADD g int GENERATED ALWAYS AS (a + 1) STORED; CREATE INDEX theirs ON t (g, b); CREATE STATISTICS s ON g, b FROM t; ALTER TABLE t ADD CONSTRAINT k CHECK (g > 0)",
    [recompute],
    null,
  ],
  [
    "what stands on a computed column that is made anew in a child alone",
    "ALTER TABLE t ADD g int GENERATED ALWAYS AS (a + 1) STORED; CREATE TABLE k () INHERITS (t); CREATE INDEX theirs ON k (g); COMMENT ON COLUMN k.g IS 'x'",
    [recompute],
    /^index theirs .*; what is set for column g of k alone$/,
  ],
];

describe.runIf(engines.includes("postgres"))("what PostgreSQL would drop with a column without a word is named beforehand", () => {
  const database = useDatabase("postgres");
  const standing = async () =>
    (
      await database.db.batch([
        "SELECT pg_get_indexdef(x.indexrelid) FROM pg_index AS x JOIN pg_class AS c ON c.oid = x.indrelid WHERE c.relnamespace = 'public'::regnamespace",
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'",
        "SELECT stxname FROM pg_statistic_ext",
        "SELECT relname FROM pg_class WHERE relkind = 'S' AND relname = 'theirs'",
        "SELECT concat(indrelid::regclass, indisreplident, indisclustered) FROM pg_index WHERE indisreplident OR indisclustered",
        "SELECT col_description(attrelid, attnum) FROM pg_attribute WHERE attrelid = to_regclass('k')",
        "SELECT concat(attrelid::regclass, attstorage, attcompression) FROM pg_attribute WHERE attname = 'w'",
      ])
    )
      .flat()
      .map((row) => row[0])
      .sort();

  it.each(cases)("%s", async (_, setup, operations, named) => {
    const { db } = database;
    await reset(db, ["CREATE TABLE t (id int PRIMARY KEY, a int, b int, c int)", setup]);
    const server = await serverOf(db);
    const asked = prechecks(operations, { server }).filter(({ code }) => code === "unmanaged");
    const answers = await Promise.all(asked.map(async ({ sql }) => (await db.query(sql))[0]));
    const found = answers.flatMap((row) => (row?.count === "0" ? [] : [row?.samples ?? ""]));
    if (named === null) expect(found).toEqual([]);
    else expect(found.join("; ")).toMatch(named);
    // and so it is: without the question it is gone, or the server refuses by itself
    const before = await standing();
    const done = await apply(db, operations).then(
      () => true,
      () => false,
    );
    if (named !== null && done) expect(await standing()).not.toEqual(before);
    if (named === null) expect(done).toBe(true);
  });
});
