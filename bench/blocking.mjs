// The longest time that a write waits while a table in use is changed: by our statements, and by those that TypeORM generates for the same.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { root } from "./project.mjs";

const column = (name, type, more = {}) => ({ name, type, ...more });
const altered = (name, from, to, nullable) => ({
  kind: "alterColumn",
  from: column(name, from, { nullable: true }),
  to: column(name, to, nullable ? { nullable } : {}),
});
const addIndex = { kind: "addIndex", index: { name: "ix", columns: ["title"] } };
const addUnique = { kind: "addUnique", unique: { name: "uq", columns: ["code"] } };
const addCheck = { kind: "addCheck", check: { name: "ck", expression: "grade >= 0" } };
const addForeignKey = {
  kind: "addForeignKey",
  foreignKey: { name: "fk", columns: ["owner"], references: { table: "owners", columns: ["id"] } },
};
const foreignKey = "ALTER TABLE exams ADD CONSTRAINT fk FOREIGN KEY (owner) REFERENCES owners (id) ON DELETE NO ACTION ON UPDATE NO ACTION";

/** By engine: what changes, our operations, TypeORM's statements; how the tables are made. */
const sides = {
  pg: {
    exports: `export { connectPostgres as connect } from "./src/connect/postgres.ts"; export { postgres as dialect } from "./src/dialect/postgres/index.ts";`,
    config: (connectionString) => ({ connectionString }),
    setup: (rows) => [
      "DROP TABLE IF EXISTS exams, owners",
      "CREATE TABLE owners (id integer PRIMARY KEY)",
      "INSERT INTO owners SELECT generate_series(0, 999)",
      "CREATE TABLE exams (id serial PRIMARY KEY, owner integer, grade integer, code varchar(60), title text, seen integer DEFAULT 0)",
      `INSERT INTO exams (owner, grade, code, title) SELECT n % 1000, n % 15, 'code ' || n, md5(n::text) FROM generate_series(1, ${rows}) AS n`,
      "VACUUM ANALYZE exams",
    ],
    cases: [
      ["an index", [addIndex], ["CREATE INDEX ix ON exams (title)"]],
      ["a unique", [addUnique], ["ALTER TABLE exams ADD CONSTRAINT uq UNIQUE (code)"]],
      ["a foreign key", [addForeignKey], [foreignKey]],
      ["NOT NULL", [altered("grade", "integer", "integer")], ["ALTER TABLE exams ALTER COLUMN grade SET NOT NULL"]],
      ["a check", [addCheck], ["ALTER TABLE exams ADD CONSTRAINT ck CHECK (grade >= 0)"]],
      [
        "integer to bigint (TypeORM: values lost)",
        [altered("grade", "integer", "bigint", true)],
        ["ALTER TABLE exams DROP COLUMN grade", "ALTER TABLE exams ADD grade bigint"],
      ],
    ],
  },
  my: {
    exports: `export { connectMysql as connect } from "./src/connect/mysql.ts"; export { mysql as dialect } from "./src/dialect/mysql/index.ts";`,
    config: (uri) => ({ uri }),
    setup: (rows) => [
      "DROP TABLE IF EXISTS exams, owners",
      "CREATE TABLE owners (id int PRIMARY KEY)",
      `INSERT INTO owners SELECT n FROM (${numbers(3)}) AS numbers`,
      "CREATE TABLE exams (id int AUTO_INCREMENT PRIMARY KEY, owner int, grade int, code varchar(60), title varchar(40), seen int DEFAULT 0)",
      `INSERT INTO exams (owner, grade, code, title) SELECT n % 1000, n % 15, concat('code ', n), md5(n) FROM (${numbers(6)}) AS numbers WHERE n < ${rows}`,
      "ANALYZE TABLE exams",
    ],
    cases: [
      ["an index", [addIndex], ["CREATE INDEX ix ON exams (title)"]],
      ["a unique", [addUnique], ["CREATE UNIQUE INDEX uq ON exams (code)"]],
      ["a foreign key", [addForeignKey], [foreignKey]],
      ["NOT NULL", [altered("grade", "int", "int")], ["ALTER TABLE exams CHANGE grade grade int NOT NULL"]],
      [
        "an index, a unique, a foreign key, NOT NULL",
        [addIndex, addUnique, addForeignKey, altered("grade", "int", "int")],
        [
          "ALTER TABLE exams CHANGE grade grade int NOT NULL",
          "CREATE INDEX ix ON exams (title)",
          "CREATE UNIQUE INDEX uq ON exams (code)",
          foreignKey,
        ],
      ],
      [
        "a longer varchar (TypeORM: values lost)",
        [altered("title", "varchar(40)", "varchar(60)", true)],
        ["ALTER TABLE exams DROP COLUMN title", "ALTER TABLE exams ADD title varchar(60) NULL"],
      ],
      [
        "int to bigint (TypeORM: values lost)",
        [altered("grade", "int", "bigint", true)],
        ["ALTER TABLE exams DROP COLUMN grade", "ALTER TABLE exams ADD grade bigint NULL"],
      ],
    ],
  },
};

/** 0 to 10^digits - 1, in words that every version has. */
function numbers(digits) {
  const places = Array.from({ length: digits }, (_, i) => `d${i}.d * ${10 ** i}`);
  const digit = `(SELECT 0 AS d${Array.from({ length: 9 }, (_, i) => ` UNION ALL SELECT ${i + 1}`).join("")})`;
  return `SELECT ${places.join(" + ")} AS n FROM ${places.map((_, i) => `${digit} AS d${i}`).join(", ")}`;
}

export async function blocking({ engine, name, rows }) {
  const { config, setup, cases, exports } = sides[name];
  const { connect, dialect } = await bundled(exports);
  const server = await engine.databases();
  const database = `limbeck_blocking_${process.pid}`;
  const url = await server.make(database);
  const open = () => connect(config(url), root);
  const [work, plain, writer] = [await open(), await open(), await open()];
  for (const sql of dialect.session({ lockTimeoutMs: 5000, statementTimeoutMs: 0 })) await work.query(sql);
  const waited = async (session, sent) => {
    for (const sql of setup(rows)) await work.query(sql);
    const statements = await sent();
    return whileWriting(writer, rows, () => send(session, statements));
  };
  try {
    const what = `${engine.name} ${server.version}: the longest wait of a write to a table of ${rows} rows, in ms, and how long the change took`;
    console.log(
      `\n${what}\n${"".padEnd(46)}${"limbeck".padStart(9)}${"(took)".padStart(9)}${"TypeORM".padStart(10)}${"(took)".padStart(9)}${"ratio".padStart(8)}`,
    );
    for (const [title, operations, theirs] of cases) {
      const a = await waited(work, () => compiled(work, dialect, operations));
      const b = await waited(plain, () => theirs.map((sql) => ({ sql, transactional: name === "pg" })));
      const cells = [a.longest, a.took, b.longest, b.took].map((ms, i) =>
        (i % 2 ? `(${Math.round(ms)})` : String(Math.round(ms))).padStart(i === 2 ? 10 : 9),
      );
      console.log(`${title.padEnd(46)}${cells.join("")}${`${(b.longest / a.longest).toFixed(1)}x`.padStart(8)}`);
    }
  } finally {
    await Promise.all([work.close(), plain.close(), writer.close()]);
    await server.drop(database);
    await server.close();
  }
}

/** As an upgrade compiles it: the table is known as it stands. */
async function compiled(db, dialect, operations) {
  const server = await dialect.identify(db);
  const { schema } = await dialect.introspect(db, server, { schemas: [], ignore: [] });
  const before = dialect.normalize(schema, server);
  return dialect.compile(
    operations.map((operation) => ({ ...operation, table: "exams" })),
    { server, before },
  );
}

/** What may share a transaction does, as the runner sends it. */
async function send(session, statements) {
  let open = false;
  for (const { sql, transactional } of statements) {
    if (transactional !== open) await session.query(transactional ? "START TRANSACTION" : "COMMIT");
    open = transactional;
    await session.query(sql);
  }
  if (open) await session.query("COMMIT");
}

async function whileWriting(writer, rows, work) {
  const writing = { on: true, longest: 0 };
  const writes = write(writer, rows, writing);
  const begin = performance.now();
  try {
    await work();
  } finally {
    writing.on = false;
    writing.took = performance.now() - begin;
    // the write that waits now is the one that counts
    await writes;
  }
  return writing;
}

async function write(writer, rows, writing) {
  for (let i = 1; writing.on; i++) {
    const begin = performance.now();
    await writer.query(`UPDATE exams SET seen = seen + 1 WHERE id = ${1 + ((i * 7919) % rows)}`);
    writing.longest = Math.max(writing.longest, performance.now() - begin);
  }
}

async function bundled(contents) {
  const outfile = join(root, "node_modules/.cache", `limbeck-blocking-${process.pid}.mjs`);
  await build({
    stdin: { contents, resolveDir: root },
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    logLevel: "error",
  });
  try {
    return await import(outfile);
  } finally {
    rmSync(outfile);
  }
}
