import { describe, expect, inject, it } from "vitest";
import { type Engine, engines } from "../support/databases.ts";
import { ormconfig, useProject } from "../support/project.ts";

const entities = (more = "", email = "@Column({ length: 100 }) email: string;") => `
import { Column, Entity, JoinColumn, ManyToOne, PrimaryGeneratedColumn } from "typeorm";

@Entity("users") export class User {
  @PrimaryGeneratedColumn() id!: number;
  @Column({ length: 50 }) name: string;
  ${email}
}
@Entity("posts") export class Post {
  @PrimaryGeneratedColumn() id!: number;
  @ManyToOne(() => User) @JoinColumn({ name: "author_id", foreignKeyConstraintName: "fk_ours" }) author: User;
}
@Entity("elsewhere", { synchronize: false }) export class Elsewhere { @PrimaryGeneratedColumn() id!: number; @Column() other: string; }
${more}
`;
const shared = (more: string) => `@Entity("shared"${more}) export class Shared { @PrimaryGeneratedColumn() id!: number; }`;

/** Another team's and a DBA's, in the same database and on our tables. */
const theirs = (engine: Engine): readonly string[] => [
  "CREATE INDEX dba ON users (name)",
  "ALTER TABLE users ADD CONSTRAINT nonempty CHECK (name <> '')",
  "ALTER TABLE users ADD extra int",
  "ALTER TABLE posts ADD CONSTRAINT fk_theirs FOREIGN KEY (author_id) REFERENCES users (id)",
  "CREATE TABLE elsewhere (id int, something varchar(9))",
  "CREATE VIEW names AS SELECT id, name FROM users",
  ...(engine === "postgres"
    ? [
        "CREATE TABLE users_archive () INHERITS (users); CREATE TABLE events (id int) PARTITION BY RANGE (id); CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (1) TO (9)",
        "CREATE SCHEMA team; CREATE TABLE team.users (id int, email text); CREATE TABLE team.posts (id int); CREATE VIEW team.ids AS SELECT id FROM public.users",
        "CREATE MATERIALIZED VIEW counted AS SELECT count(*) AS n FROM posts; CREATE UNIQUE INDEX counted_n ON counted (n)",
        "CREATE SEQUENCE invoices; CREATE DOMAIN good AS text; CREATE TYPE pair AS (a int, b int); CREATE TYPE mood AS ENUM ('x'); CREATE UNLOGGED TABLE fast (id int)",
        "CREATE EXTENSION citext; CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER tr BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION noted()",
        "GRANT SELECT ON users TO PUBLIC; GRANT SELECT ON posts TO PUBLIC",
        "CREATE RULE quiet AS ON DELETE TO posts DO ALSO NOTHING; ALTER TABLE users ENABLE ROW LEVEL SECURITY; CREATE POLICY mine ON users USING (name <> ''); CREATE STATISTICS st ON name, extra FROM users",
      ]
    : [
        "CREATE TABLE events (id int) PARTITION BY RANGE (id) (PARTITION p VALUES LESS THAN (9))",
        ...(inject("mysqlType") === "mariadb" ? ["CREATE SEQUENCE invoices"] : []),
        "CREATE TRIGGER tr BEFORE UPDATE ON users FOR EACH ROW SET NEW.extra = 1",
        "CREATE PROCEDURE noted() SELECT 1 FROM users",
      ]),
];

const everything = (engine: Engine): string =>
  engine === "postgres"
    ? `SELECT pg_describe_object(classid, objid, 0) AS what FROM (
         SELECT 'pg_class'::regclass AS classid, oid AS objid FROM pg_class UNION ALL SELECT 'pg_type'::regclass, oid FROM pg_type WHERE typtype <> 'c' AND typcategory <> 'A'
         UNION ALL SELECT 'pg_constraint'::regclass, oid FROM pg_constraint UNION ALL SELECT 'pg_trigger'::regclass, oid FROM pg_trigger WHERE NOT tgisinternal
         UNION ALL SELECT 'pg_policy'::regclass, oid FROM pg_policy UNION ALL SELECT 'pg_rewrite'::regclass, oid FROM pg_rewrite UNION ALL SELECT 'pg_statistic_ext'::regclass, oid FROM pg_statistic_ext
         UNION ALL SELECT 'pg_extension'::regclass, oid FROM pg_extension UNION ALL SELECT 'pg_namespace'::regclass, oid FROM pg_namespace UNION ALL SELECT 'pg_proc'::regclass, oid FROM pg_proc
       ) AS o WHERE objid >= 16384 AND pg_describe_object(classid, objid, 0) !~ 'toast|not_null' ORDER BY 1`
    : `SELECT CONCAT('table ', TABLE_NAME) AS what FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()
       UNION SELECT CONCAT('index ', TABLE_NAME, ' ', INDEX_NAME) FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE()
       UNION SELECT CONCAT('constraint ', TABLE_NAME, ' ', CONSTRAINT_NAME) FROM information_schema.TABLE_CONSTRAINTS WHERE TABLE_SCHEMA = DATABASE()
       UNION SELECT CONCAT('column ', TABLE_NAME, ' ', COLUMN_NAME) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE()
       UNION SELECT CONCAT('trigger ', TRIGGER_NAME) FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()
       UNION SELECT CONCAT('routine ', ROUTINE_NAME) FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE() ORDER BY 1`;

describe.each(engines)("what is not ours, on %s", (engine) => {
  const project = useProject(engine, { "ormconfig.ts": ormconfig(engine), "models/all.ts": entities(shared("")) });
  const standing = async () => (await project.database.db.query(everything(engine))).map(({ what }) => what);
  const generate = (message: string) => project.run("revision", "--autogenerate", "-m", message);

  it("is no difference, on our tables and beside them", async () => {
    expect((await generate("first")).stdout).toMatch(/create table users/);
    await project.json(0, "upgrade", "head");
    for (const sql of theirs(engine)) await project.database.db.query(sql);
    expect((await generate("nothing")).stdout).toMatch(/no difference/);
    const { notCompared, unmanaged } = await project.json(0, "check");
    expect(unmanaged.map(({ name }: { name: string }) => name)).toEqual(expect.arrayContaining(["dba", "nonempty", "fk_theirs", "events"]));
    if (engine === "postgres") {
      const what = notCompared.map(({ what, because }: { what: string; because: string }) => `${what}: ${because}`);
      expect(what).toEqual(expect.arrayContaining(["grant to PUBLIC: it is left alone", "sequence invoices: it is left alone"]));
      expect(what).toContainEqual(expect.stringMatching(/^table users: .*trigger tr.*row security.*policy mine/));
    }
  });

  it("stands after our revisions and their way back; what was ours and is to be left alone stays, too", async () => {
    const before = await standing();
    project.write({ "models/all.ts": entities(shared(", { synchronize: false }"), "") });
    const { stdout } = await generate("second");
    expect(stdout.split("\n").filter((line) => line.startsWith("  "))).toEqual(["  - drop column users.email with its values"]);
    await project.json(0, "upgrade", "head");
    const ours = (what: string | null | undefined) => /^column users email$/.test(what ?? "");
    expect(await standing()).toEqual(before.filter((what) => !ours(what)));
    await project.json(0, "downgrade", "-1");
    expect(await standing()).toEqual(before);
    await project.json(0, "upgrade", "head");
  });

  it("is named when the revision is written that it does not allow, which upgrade then refuses", async () => {
    const before = await standing();
    project.write({ "models/all.ts": `import { Entity, PrimaryGeneratedColumn } from "typeorm"; ${shared("")}` });
    const { code, stderr, stdout } = await generate("third");
    expect(code).toBe(0);
    expect(stdout).toMatch(/drop table users/);
    expect(stdout + stderr).toMatch(/as it stands, upgrade refuses this: .*view names/);
    const refused = await project.json(4, "upgrade", "head");
    expect(refused.error.message).toMatch(/view names/);
    expect(await standing()).toEqual(before);
  });
});

describe.each(engines)("what the project does not look at, on %s", (engine) => {
  const limbeck = `import { defineConfig } from "limbeck";
export const limbeck = defineConfig({
  include: (one) => !(one.kind === "table" && one.name.startsWith("legacy_")) && !(one.kind === "column" && one.name === "secret") && !(one.kind === "index" && one.name === "ix_theirs"),
});
`;
  const models = (users: string, others: string) => `
import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn } from "typeorm";

@Entity("users") @Index("ix_theirs", ["name"]) export class User { @PrimaryGeneratedColumn() id!: number; @Column({ length: 50 }) name: string; ${users} }
${others}
`;
  const legacy = `@Entity("legacy_users") export class Legacy { @PrimaryGeneratedColumn() id!: number; }
@Entity("posts") export class Post { @PrimaryGeneratedColumn() id!: number; @ManyToOne(() => Legacy) @JoinColumn({ name: "legacy_id", foreignKeyConstraintName: "fk_legacy" }) legacy: Legacy; }`;
  const project = useProject(engine, {
    "ormconfig.ts": ormconfig(engine),
    "models/all.ts": models('@Column({ nullable: true, type: "int" }) secret: number;', legacy),
  });
  const generate = async (message: string) => {
    const { code, stdout, stderr } = await project.run("revision", "--autogenerate", "-m", message);
    expect([code, stderr]).toEqual([0, expect.anything()]);
    return { changes: stdout.split("\n").filter((line) => line.startsWith("  ")), told: stdout + stderr };
  };

  it("stays when the entities lose it: a table, a column, an index; a foreign key to it goes", async () => {
    await generate("first");
    await project.json(0, "upgrade", "head");
    project.write({
      "ormconfig.ts": limbeck + ormconfig(engine),
      "models/all.ts": models(
        "",
        '@Entity("posts") export class Post { @PrimaryGeneratedColumn() id!: number; @Column({ type: "int", nullable: true }) legacy_id: number; }',
      ).replace('@Index("ix_theirs", ["name"]) ', ""),
    });
    const { changes, told } = await generate("less");
    expect(changes.filter((line) => !line.includes("index"))).toEqual(["  - drop foreign key fk_legacy on posts"]);
    expect(told).toMatch(/not proved: drop foreign key fk_legacy on posts \(to a table that is not looked at\)/);
    await project.json(0, "upgrade", "head");
    expect((await generate("nothing")).told).toMatch(/no difference/);
    await project.json(0, "downgrade", "-1");
    await project.json(0, "upgrade", "head");
    const left = await project.database.db.query("SELECT secret FROM users UNION ALL SELECT id FROM legacy_users");
    expect(left).toEqual([]);
  });

  it("is not made when the entities have it, and what leads to it is", async () => {
    project.write({
      "models/all.ts":
        models(
          "",
          legacy.replaceAll("legacy_users", "legacy_more").replaceAll('"posts"', '"comments"').replaceAll("fk_legacy", "fk_more"),
        ).replace('@Index("ix_theirs", ["name"]) ', "") +
        '@Entity("posts") export class Other { @PrimaryGeneratedColumn() id!: number; @Column({ type: "int", nullable: true }) legacy_id: number; }',
    });
    await project.database.db.query("CREATE TABLE legacy_more (id int PRIMARY KEY)");
    const { changes } = await generate("more");
    expect(changes).toEqual(["  + create table comments (id, legacy_id)"]);
    await project.json(0, "upgrade", "head");
    expect((await generate("nothing more")).told).toMatch(/no difference/);
  });
});
