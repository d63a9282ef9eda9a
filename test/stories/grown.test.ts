import { beforeAll, describe, expect, it } from "vitest";
import { type Engine, engines } from "../support/databases.ts";
import { ormconfig, useProject } from "../support/project.ts";

const entities = (
  engine: Engine,
) => `import { Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn${engine === "postgres" ? ", Unique" : ""} } from "typeorm";

@Entity("users") ${engine === "postgres" ? '@Unique("uq_users_email", ["email"])' : ""} export class User {
  @PrimaryGeneratedColumn() id!: number;
  ${engine === "postgres" ? "" : '@Index("uq_users_email", { unique: true })'} @Column({ length: 100 }) email: string;
  @Column({ length: 50 }) name: string;
}

@Entity("posts") @Index("ix_posts_rank", ["rank"]) @Index("ix_posts_title", ["title"]) export class Post {
  @PrimaryGeneratedColumn() id!: number;
  @Column({ length: 200 }) title: string;
  @Column({ type: "int" }) rank: number;
  ${engine === "postgres" ? '@Index("ix_posts_tags") @Column({ type: "jsonb", default: {} }) tags: object;' : ""}
  @ManyToOne(() => User) @JoinColumn({ name: "author_id", foreignKeyConstraintName: "fk_posts_author" }) author: User;
  @CreateDateColumn() created_at: Date;
}
`;

/** What years of work by hand leave behind: other names, other orders, tuned indexes, a wider column, things of nobody's. */
const grown = (engine: Engine): readonly string[] =>
  engine === "postgres"
    ? [
        `CREATE TABLE users (name varchar(80) NOT NULL, legacy_code varchar(9), email varchar(100) NOT NULL, id serial,
           CONSTRAINT users_pk PRIMARY KEY (id), CONSTRAINT users_email_key UNIQUE (email))`,
        `CREATE TABLE posts (created_at timestamp NOT NULL DEFAULT now(), tags jsonb NOT NULL DEFAULT '{}', author_id integer, rank integer NOT NULL,
           title varchar(200) NOT NULL, id serial, CONSTRAINT posts_pk PRIMARY KEY (id), CONSTRAINT author_of_post FOREIGN KEY (author_id) REFERENCES users (id))`,
        "CREATE INDEX ix_posts_rank ON posts (rank DESC NULLS LAST) INCLUDE (title) WITH (fillfactor = 70)",
        "CREATE INDEX ix_posts_tags ON posts USING gin (tags jsonb_path_ops)",
        "CREATE INDEX posts_by_title ON posts (title varchar_pattern_ops)",
        "CREATE INDEX dba_newest ON posts (created_at DESC)",
        "COMMENT ON COLUMN users.legacy_code IS 'ask Ada'",
        "CREATE TABLE posts_backup_2019 (id integer, title text)",
        "CREATE FUNCTION touched() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "CREATE TRIGGER posts_touched BEFORE UPDATE ON posts FOR EACH ROW EXECUTE FUNCTION touched()",
        "GRANT SELECT ON posts TO PUBLIC",
      ]
    : [
        `CREATE TABLE users (name varchar(80) NOT NULL, legacy_code varchar(9) COMMENT 'ask Ada', email varchar(100) NOT NULL, id int AUTO_INCREMENT,
           PRIMARY KEY (id), UNIQUE KEY users_email_key (email))`,
        `CREATE TABLE posts (created_at datetime(6) NOT NULL DEFAULT current_timestamp(6), author_id int, rank int NOT NULL, title varchar(200) NOT NULL,
           id int AUTO_INCREMENT, PRIMARY KEY (id), KEY author_of_post (author_id), CONSTRAINT author_of_post FOREIGN KEY (author_id) REFERENCES users (id))`,
        "CREATE INDEX ix_posts_rank ON posts (rank DESC)",
        "CREATE INDEX posts_by_title ON posts (title(20))",
        "CREATE INDEX dba_newest ON posts (created_at DESC)",
        "CREATE TABLE posts_backup_2019 (id int, title text)",
        "CREATE TRIGGER posts_touched BEFORE UPDATE ON posts FOR EACH ROW SET NEW.rank = NEW.rank",
      ];

const rows = [
  "INSERT INTO users (name, legacy_code, email) VALUES ('Ada', 'x1', 'ada@example.org')",
  "INSERT INTO posts (author_id, rank, title) VALUES (1, 7, 'first')",
  "INSERT INTO posts_backup_2019 VALUES (1, 'first')",
];

describe.each(engines)("a database that grew for years, on %s", (engine) => {
  const project = useProject(engine, { "ormconfig.ts": ormconfig(engine), "models/entities.ts": entities(engine) });
  const quote = engine === "postgres" ? (name: string) => name : (name: string) => `\`${name}\``;
  const tuned = async () => {
    const { db } = project.database;
    return engine === "postgres"
      ? (await db.query("SELECT indexdef FROM pg_indexes WHERE tablename IN ('users', 'posts') ORDER BY 1")).map((row) => row.indexdef)
      : (await db.query("SHOW CREATE TABLE posts")).flatMap((row) =>
          (row["Create Table"] ?? "").split("\n").filter((line) => / KEY /.test(line)),
        );
  };
  const draft = async (...flags: string[]) => project.json(0, "revision", "--autogenerate", "--dry-run", ...flags);
  const inShort = (operations: readonly { kind: string; table?: string; from?: unknown; to?: { name?: string } }[]) =>
    operations
      .map(({ kind, table, from, to }) => [kind, table, typeof from === "string" ? from : to?.name].filter(Boolean).join(" "))
      .sort();

  beforeAll(async () => {
    for (const sql of [...grown(engine), ...rows]) await project.database.db.query(sql.replaceAll(/\brank\b/g, quote("rank")));
  });

  it("is asked for what really differs, and for nothing of names, orders and what was tuned by hand", async () => {
    const { upgrade } = await draft();
    expect(inShort(upgrade)).toEqual(["alterColumn users name"]);
    const { stdout, stderr } = await project.run("revision", "--autogenerate", "--dry-run");
    const said = stdout + stderr;
    for (const [was, is] of [
      ["users_email_key", "uq_users_email"],
      ["author_of_post", "fk_posts_author"],
      ["posts_by_title", "ix_posts_title"],
    ]) {
      expect(said).toMatch(new RegExp(`only the name differs: .* ${was} → ${is}`));
    }
    for (const left of ["table posts_backup_2019", "column users.legacy_code", "index posts.dba_newest"])
      expect(said).toContain(`left alone: ${left}`);
  });

  it("takes the names in when told to, by renaming", async () => {
    const { upgrade } = await draft("--names");
    const kinds = new Set(upgrade.map(({ kind }: { kind: string }) => kind));
    expect([...kinds].sort()).toEqual(["alterColumn", "renameConstraint", "renameIndex"]);
  });

  it("gets there with all its rows, its tuned indexes and its triggers, and then differs in nothing", async () => {
    const before = await tuned();
    expect(before.join("\n")).toContain("DESC");
    await project.json(0, "revision", "--autogenerate", "-m", "as the entities say", "--rev-id", "001");
    await project.json(0, "upgrade", "head");
    expect(await tuned()).toEqual(before);
    expect((await project.json(0, "check")).clean).toBe(true);
    const { db } = project.database;
    expect(await db.query("SELECT name, legacy_code FROM users")).toEqual([{ name: "Ada", legacy_code: "x1" }]);
    await db.query(`UPDATE posts SET ${quote("rank")} = 8`);
    const triggers = "SELECT trigger_name AS name FROM information_schema.triggers WHERE event_object_table = 'posts'";
    expect((await db.query(triggers)).map((row) => row.name ?? row.NAME)).toContain("posts_touched");
  });

  it("loses a left-over table or column only when it is named", async () => {
    const named = await draft("--drop-table", "posts_backup_2019", "--drop", "users.legacy_code");
    expect(inShort(named.upgrade)).toEqual(["dropColumn users", "dropTable posts_backup_2019"]);
    expect(named.downgrade.map(({ kind }: { kind: string }) => kind).sort()).toEqual(["addColumn", "createTable"]);
    expect((await project.run("revision", "--autogenerate", "--dry-run", "--drop-table", "posts_backup")).code).toBe(2);
  });
});
