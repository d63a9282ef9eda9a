import { fileURLToPath } from "node:url";
import { beforeEach, describe, expect, it } from "vitest";
import type { Project } from "../../src/app/project/project.ts";
import type { Session } from "../../src/app/project/session.ts";
import { prove } from "../../src/app/scratch/prove.ts";
import type { Operation } from "../../src/core/operation.ts";
import { emptySchema, type Schema, type Table } from "../../src/core/schema.ts";
import type { Dialect } from "../../src/dialect/dialect.ts";
import { mysql } from "../../src/dialect/mysql/index.ts";
import { postgres } from "../../src/dialect/postgres/index.ts";
import { diff } from "../../src/diff/diff.ts";
import { type Engine, engines, type TestDatabase, useDatabase } from "../support/databases.ts";

const dialects: Record<Engine, Dialect> = { postgres, mysql };
const projectDir = fileURLToPath(new URL("../..", import.meta.url));

async function open(engine: Engine, { db, url }: TestDatabase): Promise<{ project: Project; session: Session; had: Schema }> {
  const dialect = dialects[engine];
  await db.batch(dialect.session({ lockTimeoutMs: 5000, statementTimeoutMs: 0 }));
  const server = await dialect.identify(db);
  const { schema } = await dialect.introspect(db, server, { schemas: [], ignore: [] });
  const project = { dialect, configuration: { dialect: engine, options: { url }, projectDir } } as unknown as Project;
  return { project, session: { db, server, context: { server } }, had: dialect.normalize(schema, server) };
}

const change = (schema: Schema, name: string, how: (table: Table) => Table): Schema => ({
  ...schema,
  tables: schema.tables.map((table) => (table.name === name ? how(table) : table)),
});

const scratch: Record<Engine, string> = {
  postgres:
    "SELECT nspname AS name FROM pg_namespace WHERE nspname LIKE 'limbeck_proof%' UNION SELECT datname FROM pg_database WHERE datname = 'limbeck_proof_' || pg_backend_pid()",
  mysql: "SELECT schema_name AS name FROM information_schema.schemata WHERE schema_name = CONCAT('limbeck_proof_', CONNECTION_ID())",
};

describe.each(engines)("the proof of a revision, on %s", (engine) => {
  const database = useDatabase(engine);
  const id = engine === "postgres" ? "id serial" : "id int AUTO_INCREMENT";
  const { rules } = dialects[engine];

  beforeEach(async () => {
    for (const sql of [
      "DROP VIEW IF EXISTS titles",
      "DROP TABLE IF EXISTS answers",
      "DROP TABLE IF EXISTS exams",
      `CREATE TABLE exams (${id} PRIMARY KEY, title varchar(200) NOT NULL, points int DEFAULT 3, CHECK (points > 0))`,
      `CREATE TABLE answers (${id} PRIMARY KEY, exam_id int NOT NULL, CONSTRAINT fk_answers_exam FOREIGN KEY (exam_id) REFERENCES exams (id))`,
      "CREATE INDEX ix_answers_exam ON answers (exam_id)",
      "CREATE VIEW titles AS SELECT id, title FROM exams",
      "INSERT INTO exams (title) VALUES ('Final')",
    ])
      await database.db.query(sql);
  });

  async function proveTo(wantedOf: (had: Schema) => Schema, operations?: readonly Operation[]) {
    const { project, session, had } = await open(engine, database);
    const wanted = wantedOf(had);
    const difference = diff(had, wanted, { rules, known: had });
    return prove(project, session, {
      operations: operations ?? difference.operations,
      review: difference.review,
      comparison: { had, wanted, known: had },
      names: false,
    });
  }

  const longer = (had: Schema): Schema =>
    change(had, "exams", (table) => ({
      ...table,
      columns: [
        ...table.columns.map((column) => (column.name === "title" ? { ...column, type: column.type.replace("200", "300") } : column)),
        { name: "room", type: engine === "postgres" ? "integer" : "int", nullable: true },
      ],
    }));

  it.runIf(engine === "postgres")("says that it proves nothing where the server lacks an extension", async () => {
    const operations: readonly Operation[] = [
      { kind: "createExtension", name: "no_such_extension" },
      { kind: "addColumn", table: "exams", column: { name: "place", type: "integer", nullable: true } },
    ];
    expect(await proveTo((had) => had, operations)).toEqual([
      expect.stringMatching(/^not proved: the server does not create the extension/),
    ]);
  });

  it("lets a right one pass, also under a view and a foreign key, without a word", async () => {
    expect(await proveTo(longer)).toEqual([]);
  });

  it("shows that tables can go, and come again", async () => {
    expect(await proveTo(() => emptySchema)).toEqual([]);
  });

  it("refuses operations that lead elsewhere, and names what remains", async () => {
    const title = { name: "other", type: engine === "postgres" ? "integer" : "int", nullable: true } as const;
    const wrong = proveTo(longer, [{ kind: "addColumn", table: "exams", column: title }]);
    await expect(wrong).rejects.toMatchObject({ code: "proof-failed", outcome: "failed" });
    await expect(proveTo(longer, [{ kind: "addColumn", table: "exams", column: title }])).rejects.toThrow(
      /remains: add column exams\.room/,
    );
  });

  it("refuses a statement that the server would refuse, and names it", async () => {
    const index = { name: "ix_missing", columns: ["missing"] };
    const wrong = proveTo((had) => had, [{ kind: "addIndex", table: "exams", index }]);
    await expect(wrong).rejects.toMatchObject({ code: "proof-failed", details: { statement: expect.stringMatching(/ix_missing/) } });
  });

  it.runIf(engine === "postgres")("says so when a default needs somebody's sequence, which is not in the copy", async () => {
    await database.db.query("CREATE SEQUENCE IF NOT EXISTS theirs");
    const counted = (had: Schema): Schema =>
      change(had, "exams", (table) => ({
        ...table,
        columns: [...table.columns, { name: "number", type: "bigint", default: "nextval('theirs'::regclass)" }],
      }));
    expect(await proveTo(counted)).toEqual([expect.stringMatching(/needs what is not in the copy .*theirs/)]);
    const nowhere = (had: Schema): Schema =>
      change(had, "answers", (table) => ({
        ...table,
        foreignKeys: [{ name: "fk_later", columns: ["exam_id"], references: { table: "later", columns: ["id"] } }],
      }));
    const later = {
      name: "later",
      columns: [{ name: "id", type: "integer" }],
      uniques: [],
      indexes: [],
      foreignKeys: [],
      checks: [],
      exclusions: [],
    };
    const tooEarly = (had: Schema): Schema => ({ ...nowhere(had), tables: [...nowhere(had).tables, later] });
    const { had } = await open(engine, database);
    const [early] = diff(had, nowhere(had), { rules, known: had }).operations.filter(({ kind }) => kind === "addForeignKey");
    await expect(proveTo(tooEarly, early === undefined ? [] : [early])).rejects.toThrow("cannot be carried out");
  });

  it("leaves the tables, their rows and the session as they were, and nothing else", async () => {
    await proveTo(longer);
    expect(await database.db.query("SELECT * FROM exams")).toEqual([{ id: "1", title: "Final", points: "3" }]);
    expect(await database.db.query(scratch[engine])).toEqual([]);
    await proveTo(longer, [{ kind: "dropColumn", table: "answers", column: { name: "nothing", type: "int" } }]).catch(() => {});
    expect(await database.db.query(scratch[engine])).toEqual([]);
    expect(await database.db.query("SELECT count(*) AS n FROM answers")).toEqual([{ n: "0" }]);
  });
});

describe.runIf(engines.includes("postgres"))("the proof on PostgreSQL", () => {
  const database = useDatabase("postgres");

  it("has a database of its own where other schemas and extensions are meant, and takes it away", async () => {
    const { db } = database;
    await db.query("CREATE EXTENSION citext; CREATE SCHEMA app; CREATE TYPE mood AS ENUM ('sad', 'glad')");
    await db.query("CREATE TABLE app.people (id int PRIMARY KEY, email citext UNIQUE)");
    await db.query("CREATE TABLE notes (id int PRIMARY KEY, person int REFERENCES app.people, mood mood NOT NULL DEFAULT 'sad')");
    const { project, session } = await open("postgres", database);
    const found = await postgres.introspect(db, session.server, { schemas: ["app"], ignore: [] });
    const had = postgres.normalize(found.schema, session.server);
    const wanted = {
      ...change(had, "people", (table) => ({
        ...table,
        columns: [...table.columns, { name: "alias", type: "citext", nullable: true as const }],
      })),
      enums: [{ name: "mood", values: ["sad", "so-so", "glad"] }],
    };
    const { operations, review } = diff(had, wanted, { rules: postgres.rules, known: had });
    expect(operations.map(({ kind }) => kind)).toEqual(["alterEnum", "addColumn"]);
    expect(await prove(project, session, { operations, review, comparison: { had, wanted, known: had }, names: false })).toEqual([]);
    expect(await db.query(scratch.postgres)).toEqual([]);
  });

  it("needs no database where of an extension only functions are meant", async () => {
    const { db } = database;
    await db.query('CREATE EXTENSION "uuid-ossp"; CREATE TABLE keys (id uuid PRIMARY KEY DEFAULT uuid_generate_v4())');
    const { project, session, had: all } = await open("postgres", database);
    const had = { ...all, tables: all.tables.filter(({ name }) => name === "keys") };
    const other = { name: "other", type: "uuid", default: "uuid_generate_v4()" };
    const wanted = change(had, "keys", (table) => ({ ...table, columns: [...table.columns, other] }));
    const { operations } = diff(had, wanted, { rules: postgres.rules, known: had });
    const sent: string[] = [];
    const query: typeof db.query = (sql, values) => {
      sent.push(sql);
      return db.query(sql, values);
    };
    const watched: Session = { ...session, db: { ...db, query } };
    expect(await prove(project, watched, { operations, review: [], comparison: { had, wanted, known: had }, names: false })).toEqual([]);
    expect(sent.join()).not.toMatch(/CREATE DATABASE/);
    expect(sent.join()).toMatch(/ADD COLUMN "other"/);
  });

  it("makes more tables than the server can lock in one transaction, and takes them away", async () => {
    const { project, session, had: all } = await open("postgres", database);
    const had = { ...all, tables: [] };
    const tables = Array.from(
      { length: 1000 },
      (_, i): Table => ({
        name: `many_${i}`,
        columns: [
          { name: "id", type: "integer", autoIncrement: true },
          { name: "note", type: "text" },
        ],
        primaryKey: { name: `pk_many_${i}`, columns: ["id"] },
        uniques: [{ name: `uq_many_${i}`, columns: ["note"] }],
        indexes: [],
        foreignKeys: [],
        checks: [],
        exclusions: [],
      }),
    );
    const wanted = { ...had, tables };
    const { operations } = diff(had, wanted, { rules: postgres.rules, known: had });
    expect(await prove(project, session, { operations, review: [], comparison: { had, wanted, known: had }, names: false })).toEqual([]);
    expect(await database.db.query(scratch.postgres)).toEqual([]);
  });

  it("goes on where a cast is still to be told", async () => {
    const { db } = database;
    await db.query("CREATE TABLE settings (id int PRIMARY KEY, tags jsonb)");
    const { project, session, had: all } = await open("postgres", database);
    const had = { ...all, tables: all.tables.filter(({ name }) => name === "settings") };
    const wanted = change(had, "settings", (table) => ({
      ...table,
      columns: table.columns.map((column) => (column.name === "tags" ? { ...column, type: "integer[]" } : column)),
    }));
    const { operations, review } = diff(had, wanted, { rules: postgres.rules, known: had });
    expect(review).toMatchObject([{ kind: "using" }]);
    const notes = await prove(project, session, { operations, review, comparison: { had, wanted, known: had }, names: false });
    expect(notes).toEqual([expect.stringMatching(/way back is not proved/)]);
  });

  it("says so when there is no place for it", async () => {
    const { db } = database;
    const role = `limbeck_prover_${process.pid}`;
    const { project, session, had } = await open("postgres", database);
    await db.query(`CREATE ROLE ${role}; GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${role}; SET ROLE ${role}`);
    try {
      const wanted = change(had, "settings", (table) => ({ ...table, comment: "tags" }));
      const { operations } = diff(had, wanted, { rules: postgres.rules, known: had });
      const notes = await prove(project, session, { operations, review: [], comparison: { had, wanted, known: had }, names: false });
      expect(notes).toEqual([expect.stringMatching(/not proved: there is no place.*permission denied/)]);
    } finally {
      await db.query(`RESET ROLE; DROP OWNED BY ${role}; DROP ROLE ${role}`);
    }
  });
});
