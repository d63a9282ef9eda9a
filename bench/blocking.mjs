// The longest time that a write waits while a table in use is changed: by our statements, and by those that TypeORM generates for the same.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import pg from "pg";
import { engines } from "./engine.mjs";
import { root } from "./project.mjs";

const column = (type, more = {}) => ({ name: "grade", type, ...more });
const key = { name: "fk", columns: ["owner"], references: { table: "owners", columns: ["id"] } };

const cases = [
  ["an index", { kind: "addIndex", index: { name: "ix", columns: ["title"] } }, ["CREATE INDEX ix ON exams (title)"]],
  ["a unique", { kind: "addUnique", unique: { name: "uq", columns: ["code"] } }, ["ALTER TABLE exams ADD CONSTRAINT uq UNIQUE (code)"]],
  [
    "a foreign key",
    { kind: "addForeignKey", foreignKey: key },
    ["ALTER TABLE exams ADD CONSTRAINT fk FOREIGN KEY (owner) REFERENCES owners (id) ON DELETE NO ACTION ON UPDATE NO ACTION"],
  ],
  [
    "NOT NULL",
    { kind: "alterColumn", from: column("integer", { nullable: true }), to: column("integer") },
    ["ALTER TABLE exams ALTER COLUMN grade SET NOT NULL"],
  ],
  [
    "a check",
    { kind: "addCheck", check: { name: "ck", expression: "grade >= 0" } },
    ["ALTER TABLE exams ADD CONSTRAINT ck CHECK (grade >= 0)"],
  ],
  [
    "integer to bigint (TypeORM: values lost)",
    { kind: "alterColumn", from: column("integer", { nullable: true }), to: column("bigint", { nullable: true }) },
    ["ALTER TABLE exams DROP COLUMN grade", "ALTER TABLE exams ADD grade bigint"],
  ],
];

const setup = (rows) => `
  DROP TABLE IF EXISTS exams, owners;
  CREATE TABLE owners (id integer PRIMARY KEY);
  INSERT INTO owners SELECT generate_series(0, 999);
  CREATE TABLE exams (id serial PRIMARY KEY, owner integer, grade integer, code text, title text, seen integer DEFAULT 0);
  INSERT INTO exams (owner, grade, code, title) SELECT n % 1000, n % 15, 'code ' || n, md5(n::text) FROM generate_series(1, ${rows}) AS n`;

export async function blocking({ rows }) {
  const compile = await compiler();
  const server = await engines.pg.databases();
  const url = await server.make(`limbeck_blocking_${process.pid}`);
  const [work, writer] = await Promise.all([connected(url), connected(url)]);
  try {
    console.log(
      `\nPostgreSQL ${server.version}: the longest wait of a write to a table of ${rows} rows, in ms, and how long the change took`,
    );
    console.log(
      `${"".padEnd(42)}${"limbeck".padStart(9)}${"(took)".padStart(9)}${"TypeORM".padStart(10)}${"(took)".padStart(9)}${"ratio".padStart(8)}`,
    );
    for (const [name, operation, theirs] of cases) {
      const ours = batches(compile([{ ...operation, table: "exams" }], context));
      const a = await waited(work, writer, rows, ours);
      const b = await waited(work, writer, rows, [{ transactional: true, statements: theirs }]);
      const cells = [a.longest, a.took, b.longest, b.took].map((ms, i) =>
        (i % 2 ? `(${Math.round(ms)})` : String(Math.round(ms))).padStart(i === 2 ? 10 : 9),
      );
      console.log(`${name.padEnd(42)}${cells.join("")}${`${(b.longest / a.longest).toFixed(1)}x`.padStart(8)}`);
    }
  } finally {
    await Promise.all([work.end(), writer.end()]);
    await server.drop(`limbeck_blocking_${process.pid}`);
    await server.close();
  }
}

const context = { server: { flavor: "postgres", version: [15], defaultSchema: "public", database: "bench" } };

async function connected(connectionString) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return client;
}

/** What may share a transaction does, as the runner sends it. */
function batches(statements) {
  const result = [];
  for (const { sql, transactional } of statements) {
    const last = result.at(-1);
    if (transactional && last?.transactional) last.statements.push(sql);
    else result.push({ transactional, statements: [sql] });
  }
  return result;
}

async function waited(work, writer, rows, sent) {
  await work.query(setup(rows));
  await work.query("VACUUM ANALYZE exams");
  const writing = { on: true, longest: 0 };
  const writes = write(writer, rows, writing);
  const begin = performance.now();
  for (const { transactional, statements } of sent) {
    if (transactional) await work.query("BEGIN");
    for (const sql of statements) await work.query(sql);
    if (transactional) await work.query("COMMIT");
  }
  const took = performance.now() - begin;
  writing.on = false;
  await writes;
  return { took, longest: writing.longest };
}

async function write(writer, rows, writing) {
  for (let i = 1; writing.on; i++) {
    const begin = performance.now();
    await writer.query("UPDATE exams SET seen = seen + 1 WHERE id = $1", [1 + ((i * 7919) % rows)]);
    writing.longest = Math.max(writing.longest, performance.now() - begin);
  }
}

async function compiler() {
  const folder = mkdtempSync(join(tmpdir(), "limbeck-blocking-"));
  const outfile = join(folder, "compile.mjs");
  await build({
    absWorkingDir: root,
    entryPoints: ["src/dialect/postgres/compile/index.ts"],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
  });
  const { compile } = await import(outfile);
  rmSync(folder, { recursive: true });
  return compile;
}
