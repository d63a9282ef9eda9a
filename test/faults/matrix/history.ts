import { advanced } from "../../../src/app/compare/replay.ts";
import type { Db, Server } from "../../../src/core/db.ts";
import type { Op } from "../../../src/core/op.ts";
import { record } from "../../../src/core/record.ts";
import type { Revision } from "../../../src/core/revision.ts";
import { emptySchema, type Schema } from "../../../src/core/schema.ts";
import { sql } from "../../../src/core/sql.ts";
import type { Dialect } from "../../../src/dialect/dialect.ts";
import { mysql } from "../../../src/dialect/mysql/index.ts";
import { postgres } from "../../../src/dialect/postgres/index.ts";
import { checksum } from "../../../src/revision/checksum.ts";
import type { LiveOptions } from "../../../src/run/options.ts";
import { run } from "../../../src/run/run.ts";
import { type Direction, type Step, stepOf } from "../../../src/run/step.ts";
import type { Engine } from "../../support/databases.ts";

const journal = { name: "limbeck_revision" };
export const limits = { lockTimeoutMs: 5000, statementTimeoutMs: 0 };

export const dialectFor = (engine: Engine): Dialect => (engine === "postgres" ? postgres : mysql);

/**
 * What the compilers make of these has every kind of boundary: revisions that are one transaction, CREATE INDEX CONCURRENTLY, ADD VALUE,
 * NOT VALID and VALIDATE, NOT NULL through a check, statements that commit by themselves on MySQL, a backfill that may not be done twice.
 */
export function revisions(engine: Engine): readonly Revision[] {
  const text = engine === "postgres" ? "character varying(50)" : "varchar(50)";
  const int = engine === "postgres" ? "integer" : "int";
  const id = { name: "id", type: int };
  const index = { name: "notes_text", columns: ["text"] };
  const unique = { name: "notes_id_text", columns: ["id", "text"], unique: true } as const;
  const check = { name: "notes_n", expression: sql`n >= 0` };
  const key = { name: "notes_tag", columns: ["tag"], references: { table: "tags", columns: ["id"] } };
  const more = { name: "more", type: int, nullable: true } as const;
  const tags = { columns: [id, { name: "word", type: text }], primaryKey: { columns: ["id"] } };
  const notes = {
    columns: [id, { name: "text", type: text, nullable: true }, { name: "n", type: int }, { name: "tag", type: int, nullable: true }],
    primaryKey: { columns: ["id"] },
  } as const;
  return [
    revision(
      "r1",
      null,
      (op) => {
        op.on("postgres", (on) => on.createEnum("mood", ["calm"]));
        op.createTable("tags", tags);
        op.createTable("notes", notes);
        op.execute(sql`INSERT INTO tags VALUES (1, 'one')`);
        op.execute(sql`INSERT INTO notes VALUES (1, 'a', 0, 1), (2, 'b', 0, 1), (3, 'c', 0, NULL), (4, 'd', 0, NULL), (5, 'e', 0, NULL)`);
      },
      (op) => {
        op.dropTable("notes", notes);
        op.dropTable("tags", tags);
        op.on("postgres", (on) => on.dropEnum("mood", ["calm"]));
      },
    ),
    revision(
      "r2",
      "r1",
      (op) => {
        op.execute(sql`INSERT INTO notes VALUES (6, 'f', 0, NULL)`);
        op.addIndex("notes", index);
        op.on("postgres", (on) => on.alterEnum("mood", { from: ["calm"], to: ["calm", "glad"] }));
        op.addColumn("notes", more);
        op.backfill("notes", { set: { n: sql`n + 1` }, batch: 2 });
        op.addCheck("notes", check);
        op.addForeignKey("notes", key);
        op.alterColumn("notes", "text", { type: text, nullable: { from: true, to: null } });
        op.addIndex("notes", unique);
        op.execute(sql`INSERT INTO notes (id, text, n) VALUES (7, 'g', 1)`);
      },
      (op) => {
        op.execute(sql`DELETE FROM notes WHERE id = 7`);
        op.dropIndex("notes", unique);
        op.alterColumn("notes", "text", { type: text, nullable: { from: null, to: true } });
        op.dropForeignKey("notes", key);
        op.dropCheck("notes", check);
        op.backfill("notes", { set: { n: sql`n - 1` }, batch: 2 });
        op.dropColumn("notes", more);
        op.on("postgres", (on) => on.alterEnum("mood", { from: ["calm", "glad"], to: ["calm"] }));
        op.dropIndex("notes", index);
        op.execute(sql`DELETE FROM notes WHERE id = 6`);
      },
    ),
    revision(
      "r3",
      "r2",
      (op) => op.execute(sql`UPDATE tags SET word = 'two'`),
      (op) => op.execute(sql`UPDATE tags SET word = 'one'`),
    ),
  ];
}

export function revision(id: string, parent: string | null, upgrade: (op: Op) => void, downgrade: (op: Op) => void): Revision {
  return {
    id,
    parents: parent === null ? [] : [parent],
    dependsOn: [],
    labels: [],
    message: `revision ${id}`,
    createdAt: "",
    review: [],
    replaces: [],
    upgrade: record(upgrade),
    downgrade: record(downgrade),
  };
}

/** The schema that a revision meets in either direction, as the history has it. */
function schemas(engine: Engine, of: readonly Revision[]): ReadonlyMap<string, { readonly before: Schema; readonly after: Schema }> {
  const found = new Map<string, { before: Schema; after: Schema }>();
  let before = emptySchema;
  for (const { id, upgrade } of of) {
    const after = advanced(before, upgrade.operations, engine === "postgres" ? "postgres" : "mariadb").schema;
    found.set(id, { before, after });
    before = after;
  }
  return found;
}

export function steps(engine: Engine, direction: Direction, applied: ReadonlySet<string>, of: readonly Revision[]): readonly Step[] {
  const known = schemas(engine, of);
  const all = of.filter(({ id }) => applied.has(id) === (direction === "downgrade"));
  return (direction === "upgrade" ? all : all.reverse()).map((one) => {
    const schema = known.get(one.id);
    const before = (direction === "upgrade" ? schema?.before : schema?.after) ?? emptySchema;
    return { ...stepOf(one, direction, checksum(one), `hash of ${one.id}`), before };
  });
}

/** All the way, as a command would go it. */
export function go(
  db: Db,
  engine: Engine,
  server: Server,
  direction: Direction,
  { of = revisions(engine), ...more }: Partial<LiveOptions> & { readonly of?: readonly Revision[] } = {},
) {
  const options: LiveOptions = {
    dialect: dialectFor(engine),
    context: { server },
    journal,
    transaction: "each",
    wait: 30,
    ...limits,
    runCode: async () => {},
    ...more,
  };
  return run(db, options, async ({ applied }) => steps(engine, direction, applied, of));
}

/** A session as the tool opens one. */
export async function ready(db: Db, engine: Engine): Promise<Server> {
  const dialect = dialectFor(engine);
  await db.batch(dialect.session(limits));
  return dialect.identify(db);
}

/** Everything that can be seen from outside: the catalogue, all rows, the journal without its times. */
export async function standing(db: Db, engine: Engine, server: Server): Promise<unknown> {
  const { schema } = await dialectFor(engine).introspect(db, server, { schemas: [], ignore: [journal] });
  const rows: Record<string, unknown> = {};
  for (const { name } of schema.tables) rows[name] = await db.query(`SELECT * FROM ${name} ORDER BY 1`);
  const kept = "id, parents, checksum, status, done, total, session, error, progress";
  return { schema, rows, journal: await db.query(`SELECT ${kept} FROM ${journal.name} ORDER BY id`) };
}

/** Takes everything away, whatever stands. */
export async function clear(db: Db, engine: Engine): Promise<void> {
  for (const table of ["notes", "tags", "entries", journal.name]) await db.query(`DROP TABLE IF EXISTS ${table}`);
  if (engine === "postgres") await db.query("DROP TYPE IF EXISTS mood");
}
