import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Db } from "../../src/core/db.ts";
import type { Operation } from "../../src/core/operation.ts";
import type { Column, Table } from "../../src/core/schema.ts";
import { compile } from "../../src/dialect/postgres/compile/index.ts";
import { identify } from "../../src/dialect/postgres/identify.ts";
import { prechecks } from "../../src/dialect/postgres/prechecks/index.ts";
import { engines, open, useDatabase } from "../support/databases.ts";
import { send } from "../support/postgres-compile.ts";
import { ormconfig, useProject } from "../support/project.ts";

const table = (name: string, columns: readonly Column[]): Table => ({
  name,
  columns,
  uniques: [],
  indexes: [],
  foreignKeys: [],
  checks: [],
  exclusions: [],
});
const note: Column = { name: "note", type: "text", nullable: true };
const seen = { name: "seen", definition: "SELECT id FROM exams", indexes: [] };
const key = { name: "fk", columns: ["room"], references: { table: "rooms", columns: ["id"] } };

/** What another role owns, what is to be done there, and what the answer speaks of. */
const cases: readonly (readonly [string, string, readonly Operation[], RegExp])[] = [
  ["a new schema", "", [{ kind: "createSchema", name: "extra" }], /lacks CREATE \(GRANT CREATE ON DATABASE/],
  [
    "a schema that goes",
    "CREATE SCHEMA extra; GRANT USAGE ON SCHEMA extra TO PUBLIC",
    [{ kind: "dropSchema", name: "extra" }],
    /not the owner/,
  ],
  [
    "a new table",
    "",
    [{ kind: "createTable", table: "t", definition: table("t", [note]) }],
    /lacks CREATE \(GRANT CREATE ON SCHEMA public/,
  ],
  ["a new column", "", [{ kind: "addColumn", table: "exams", column: note }], /owner.* is \(ALTER TABLE "exams" OWNER TO/],
  [
    "a new column that counts",
    "",
    [{ kind: "addColumn", table: "exams", column: { name: "n", type: "integer", autoIncrement: true } }],
    /GRANT CREATE ON SCHEMA public/,
  ],
  ["a new index", "", [{ kind: "addIndex", table: "exams", index: { name: "i", columns: ["id"] } }], /GRANT CREATE ON SCHEMA public/],
  ["a table under another name", "", [{ kind: "renameTable", from: "exams", to: "tests" }], /GRANT CREATE ON SCHEMA public/],
  [
    "a table in another schema",
    "CREATE SCHEMA app; GRANT USAGE ON SCHEMA app TO PUBLIC",
    [{ kind: "moveTable", table: "exams", to: "app" }],
    /GRANT CREATE ON SCHEMA app/,
  ],
  ["a table that goes", "", [{ kind: "dropTable", table: "exams", definition: table("exams", []) }], /not the owner/],
  [
    "a foreign key",
    "GRANT CREATE ON SCHEMA public TO PUBLIC",
    [{ kind: "addForeignKey", table: "exams", foreignKey: key }],
    /GRANT REFERENCES ON "rooms"/,
  ],
  ["a value of an enum", "", [{ kind: "alterEnum", name: "mood", from: ["a"], to: ["a", "b"], columns: [] }], /ALTER TYPE "mood" OWNER TO/],
  ["an enum under another name", "", [{ kind: "renameEnum", from: "mood", to: "humour" }], /ALTER TYPE "mood" OWNER TO/],
  ["an enum that goes", "", [{ kind: "dropEnum", definition: { name: "mood", values: ["a"] } }], /not the owner/],
  [
    "a type that may not be used",
    "REVOKE USAGE ON TYPE mood FROM PUBLIC; GRANT CREATE ON SCHEMA public TO PUBLIC",
    [{ kind: "createTable", table: "t", definition: table("t", [{ name: "m", type: "mood", nullable: true }]) }],
    /GRANT USAGE ON TYPE mood/,
  ],
  ["a new view", "", [{ kind: "createView", view: "seen", definition: seen }], /GRANT CREATE ON SCHEMA public/],
  [
    "another view",
    "CREATE VIEW seen AS SELECT 1 AS id",
    [{ kind: "alterView", view: "seen", from: { ...seen, definition: "SELECT 1 AS id" }, to: seen }],
    /ALTER VIEW "seen" OWNER TO/,
  ],
  [
    "a materialised view that goes",
    "CREATE MATERIALIZED VIEW seen AS SELECT 1 AS id",
    [{ kind: "dropView", view: "seen", definition: { ...seen, materialized: true } }],
    /ALTER MATERIALIZED VIEW "seen" OWNER TO/,
  ],
  ["rows", "", [{ kind: "backfill", table: "exams", set: { room: "1" } }], /GRANT SELECT, UPDATE ON "exams"/],
  [
    "a schema that may not be used",
    "CREATE SCHEMA app; CREATE TABLE app.t (id integer); ALTER TABLE app.t OWNER TO {role}",
    [{ kind: "addColumn", schema: "app", table: "t", column: note }],
    /lacks USAGE \(GRANT USAGE ON SCHEMA app/,
  ],
];

describe.runIf(engines.includes("postgres"))("a role with few rights", () => {
  const database = useDatabase("postgres");
  const owner = `limbeck_owner_${process.pid}`;
  const role = `limbeck_app_${process.pid}`;
  let db: Db;

  beforeAll(async () => {
    await database.db.query(
      `CREATE ROLE ${owner}; CREATE ROLE ${role} LOGIN PASSWORD 'app'; GRANT ${owner} TO CURRENT_USER; GRANT CREATE ON DATABASE "${database.name}" TO ${owner}`,
    );
    db = await open("postgres", Object.assign(new URL(database.url), { username: role, password: "app" }).toString());
  });
  afterAll(async () => {
    await db.close();
    await database.db.query(`RESET ROLE; DROP OWNED BY ${owner}, ${role} CASCADE; DROP ROLE ${owner}, ${role}`);
  });
  beforeEach(async () => {
    await database.db.query(
      `DROP SCHEMA public CASCADE; CREATE SCHEMA public AUTHORIZATION ${owner}; GRANT USAGE ON SCHEMA public TO PUBLIC`,
    );
    await asOwner(
      "CREATE TYPE mood AS ENUM ('a'); CREATE TABLE rooms (id integer PRIMARY KEY); CREATE TABLE exams (id integer, room integer)",
    );
  });
  afterEach(async () => {
    await database.db.query(
      `DROP SCHEMA IF EXISTS app, extra CASCADE; REVOKE ${owner} FROM ${role}; REVOKE ALL ON DATABASE "${database.name}" FROM ${role}`,
    );
  });

  const asOwner = (sql: string) => database.db.batch([`SET ROLE ${owner}`, sql.replaceAll("{role}", role), "RESET ROLE"]);
  const context = async () => ({ server: await identify(db) });

  /** What is lacking, each with what it says to type. */
  async function lacking(operations: readonly Operation[]): Promise<readonly string[]> {
    const found: string[] = [];
    for (const { sql, code } of prechecks(operations, await context()).filter(({ about }) => about === "server")) {
      const [row] = await db.query(sql);
      if (Number(row?.count) === 0) continue;
      expect(code).toBe("rights");
      found.push(...(row?.samples ?? "").split("; "));
    }
    return found;
  }
  const remedies = (lack: string): readonly string[] => (/\((.*)\)$/.exec(lack)?.[1] ?? "").split(", or ");

  it.each(cases)("is told beforehand what it lacks for %s, and has it once that was typed", async (_, setup, operations, says) => {
    if (setup.includes("{role}")) await database.db.query(setup.replaceAll("{role}", role));
    else if (setup !== "") await asOwner(setup);
    const statements = compile(operations, await context());
    await expect(send(db, statements)).rejects.toThrow(/permission denied|must be owner|must be able to/);

    const lacks = await lacking(operations);
    expect(lacks.join("; ")).toMatch(says);
    for (const lack of lacks) for (const remedy of remedies(lack).slice(0, 1)) await database.db.query(remedy);
    expect(await lacking(operations)).toEqual([]);
    await send(db, statements);
  });

  it("may be given the owner's rights instead", async () => {
    const operations: readonly Operation[] = [{ kind: "addColumn", table: "exams", column: note }];
    const [lack] = await lacking(operations);
    await database.db.query(remedies(lack ?? "")[1] ?? "");
    expect(await lacking(operations)).toEqual([]);
    await send(db, compile(operations, await context()));
  });

  it("is asked about each object once, however much is done to it", async () => {
    const many = Array.from(
      { length: 1000 },
      (_, i): Operation => ({ kind: "addColumn", table: "exams", column: { ...note, name: `c${i}` } }),
    );
    const asked = prechecks(many, await context()).filter(({ about }) => about === "server");
    expect(asked.map(({ message }) => message)).toEqual(["rights on exams are missing", "rights on the default schema are missing"]);
  });

  it("needs nothing more for what it makes itself, and is asked by the names before the run", async () => {
    await asOwner(`GRANT CREATE ON SCHEMA public TO ${role}; ALTER TABLE exams OWNER TO ${owner}`);
    const mine: readonly Operation[] = [
      { kind: "createEnum", definition: { name: "kind", values: ["x"] } },
      { kind: "createTable", table: "t", definition: table("t", [{ name: "k", type: "kind", nullable: true }]) },
      { kind: "addColumn", table: "t", column: note },
      { kind: "renameTable", from: "t", to: "u" },
      { kind: "addIndex", table: "u", index: { name: "i", columns: ["note"] } },
    ];
    expect(await lacking(mine)).toEqual([]);
    const theirs: readonly Operation[] = [
      { kind: "renameTable", from: "exams", to: "tests" },
      { kind: "addColumn", table: "tests", column: note },
    ];
    expect(await lacking(theirs)).toEqual([expect.stringContaining('ALTER TABLE "exams" OWNER TO')]);
  });

  it("is not asked after SQL of the author's own, which may have given it everything", async () => {
    const operations: readonly Operation[] = [
      { kind: "execute", sql: `SET ROLE ${owner}` },
      { kind: "addColumn", table: "exams", column: note },
    ];
    expect(await lacking(operations)).toEqual([]);
  });

  it("is told that an extension is not there, or not for it", async () => {
    const lackOf = async (name: string): Promise<string | null | undefined> => {
      const [check] = prechecks([{ kind: "on", dialect: "postgres", operations: [{ kind: "createExtension", name }] }], await context());
      expect(check).toMatchObject({ about: "server", code: "extension", message: `extension ${name} cannot be created` });
      return (await db.query(check?.sql ?? ""))[0]?.samples;
    };
    expect(await lackOf("no_such_extension")).toContain("its files are not on the server");
    expect(await lackOf("file_fdw")).toBe(`${role} may not (as a superuser: CREATE EXTENSION "file_fdw")`);
    expect(await lackOf("citext")).toMatch(/may not .* or GRANT CREATE ON DATABASE/);
    expect(await lackOf("earthdistance")).toContain("it needs the extension cube first");
    expect(await lackOf("plpgsql")).toBe(null);
    // as a hosted server says who may create it by other means
    await db.query("SET extwlist.extensions = 'file_fdw'");
    expect(await lackOf("file_fdw")).toBe(null);
    await db.query("RESET extwlist.extensions");
    await database.db.query(`GRANT CREATE ON DATABASE "${database.name}" TO ${role}`);
    expect(await lackOf("citext")).toBe(null);
  });
});

const exam = (more: string) => `import { Column, Entity, PrimaryGeneratedColumn } from "typeorm";

@Entity("exams") export class Exam {
  @PrimaryGeneratedColumn() id!: number;
  ${more}
}
`;

describe.runIf(engines.includes("postgres"))("a user with few rights", () => {
  const project = useProject("postgres", { "ormconfig.ts": ormconfig("postgres"), "models/exam.ts": exam("") });
  const role = `limbeck_user_${process.pid}`;
  let url: string;

  beforeAll(async () => {
    const { db, name } = project.database;
    url = Object.assign(new URL(project.database.url), { username: role, password: "user" }).toString();
    await project.json(0, "revision", "--autogenerate", "-m", "exams", "--rev-id", "001");
    await project.json(0, "upgrade", "head");
    await db.query(`CREATE ROLE ${role} LOGIN PASSWORD 'user'; REVOKE ALL ON DATABASE "${name}" FROM PUBLIC; GRANT CONNECT ON DATABASE "${name}" TO ${role};
      REVOKE CREATE ON SCHEMA public FROM PUBLIC; GRANT SELECT, INSERT, UPDATE, DELETE ON limbeck_revision TO ${role}`);
  });
  afterAll(() => project.database.db.query(`DROP OWNED BY ${role} CASCADE; DROP ROLE ${role}`));

  it("can check and autogenerate, without a right on any table of the models", async () => {
    expect(await project.json(0, "check", "--url", url)).toMatchObject({ clean: true });
    project.write({ "models/exam.ts": exam('@Column({ default: "en" }) language!: string;') });
    const draft = await project.json(0, "revision", "--autogenerate", "-m", "language", "--rev-id", "002", "--url", url);
    expect(draft.upgrade.map(({ kind }: { kind: string }) => kind)).toEqual(["addColumn"]);
  });

  it("is refused before the first statement, and told what to type", async () => {
    const [owner] = await project.database.db.query("SELECT quote_ident(current_user) AS name");
    const run = await project.run("upgrade", "head", "--url", url);
    expect(run.code).toBe(4);
    expect(run.stderr).toContain("002: rights on exams are missing");
    expect(run.stderr).toContain(`is (ALTER TABLE "exams" OWNER TO ${role}, or GRANT ${owner?.name} TO ${role})`);
    expect(run.stderr).toContain("Nothing was changed.");
    expect((await project.json(0, "current")).heads).toEqual(["001"]);
    await project.database.db.query(`ALTER TABLE "exams" OWNER TO ${role}`);
    expect((await project.json(0, "upgrade", "head", "--url", url)).applied).toHaveLength(1);
  });
});
