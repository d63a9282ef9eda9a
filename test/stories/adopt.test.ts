import { describe, expect, it } from "vitest";
import { type Engine, engines } from "../support/databases.ts";
import { ormconfig, useProject } from "../support/project.ts";

const entities = (length: number) => `import { Column, Entity, PrimaryGeneratedColumn } from "typeorm";

@Entity("students") export class Student {
  @PrimaryGeneratedColumn() id!: number;
  @Column({ length: ${length} }) name: string;
}
`;

const built = (engine: Engine) => {
  const id = engine === "postgres" ? "id serial" : "id int AUTO_INCREMENT";
  return [
    `CREATE TABLE students (${id} PRIMARY KEY, name varchar(100) NOT NULL, legacy_code varchar(9))`,
    "CREATE INDEX ix_students_by_hand ON students (name)",
    "CREATE TABLE left_over (a int)",
    "INSERT INTO students (name, legacy_code) VALUES ('Ada', 'x1')",
  ];
};

describe.each(engines)("a database that is adopted, on %s", (engine) => {
  const project = useProject(engine, { "ormconfig.ts": ormconfig(engine), "models/entities.ts": entities(200) });

  it("gets a baseline of what the entities know, in its own shape, and keeps the rest", async () => {
    for (const sql of built(engine)) await project.database.db.query(sql);
    const adopted = await project.json(0, "adopt", "--rev-id", "baseline");
    expect(adopted).toMatchObject({ id: "baseline", stamped: true });
    expect(adopted.unmanaged.map(({ name }: { name: string }) => name).sort()).toEqual(["ix_students_by_hand", "left_over", "legacy_code"]);
    expect(project.revision("baseline")).toContain("(100)");
    expect(project.revision("baseline")).not.toContain("legacy_code");
    expect((await project.json(0, "current")).heads).toEqual(["baseline"]);
  });

  it("then finds just what really differs, and drops nothing", async () => {
    const draft = await project.json(0, "revision", "--autogenerate", "-m", "longer names", "--rev-id", "002");
    const kinds = draft.upgrade.map(({ kind }: { kind: string }) => kind);
    expect(kinds).toEqual(["alterColumn"]);
    await project.json(0, "upgrade", "head");
    expect(await project.database.db.query("SELECT name, legacy_code FROM students")).toEqual([{ name: "Ada", legacy_code: "x1" }]);
    expect((await project.json(0, "check")).clean).toBe(true);
  });

  it("is not adopted twice", async () => {
    const run = await project.run("adopt");
    expect(run.code).toBe(4);
    expect(run.stderr).toMatch(/has revisions already/);
  });
});

describe.each(engines)("a database that is adopted with all that it has, on %s", (engine) => {
  const project = useProject(engine, { "ormconfig.ts": ormconfig(engine), "models/entities.ts": entities(100) });

  it("has everything in its baseline, which sets up the same elsewhere", async () => {
    for (const sql of built(engine)) await project.database.db.query(sql);
    expect(await project.json(0, "adopt", "--all", "--rev-id", "all")).toMatchObject({ id: "all", stamped: true, unmanaged: [] });
    for (const name of ["left_over", "legacy_code", "ix_students_by_hand"]) expect(project.revision("all")).toContain(name);
    expect((await project.json(0, "diff", "revision:all", "database")).operations).toEqual([]);
  });
});

const snake = `import { DefaultNamingStrategy } from "typeorm";

export class Naming extends DefaultNamingStrategy {
  primaryKeyName = (table: string) => "pk_" + table;
  uniqueConstraintName = (table: string, columns: string[]) => "uq_" + table + "_" + columns.join("_");
  indexName = (table: string, columns: string[]) => "ix_" + table + "_" + columns.join("_");
  foreignKeyName = (table: string, columns: string[]) => "fk_" + table + "_" + columns.join("_");
  checkConstraintName = (table: string) => "ck_" + table;
}
`;

const posts = (
  index: string,
) => `import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn, Unique } from "typeorm";

@Entity("users") @Unique(["email"]) export class User {
  @PrimaryGeneratedColumn() id!: number;
  @Column({ length: 50 }) email: string;
  ${index}
  @Column({ length: 50 }) nick: string;
}

@Entity("posts") @Check("points > 0") @Index("ix_named", ["points", "title"]) export class Post {
  @PrimaryGeneratedColumn() id!: number;
  @Index() @Column({ length: 50 }) title: string;
  @Column() points: number;
  @ManyToOne(() => User) @JoinColumn({ name: "author" }) author: User;
  @ManyToOne(() => User) @JoinColumn({ name: "editor", foreignKeyConstraintName: "fk_named" }) editor: User;
}
`;

/** The same structure, each key and index under a name of its own. */
const otherNames: Record<Engine, readonly string[]> = {
  postgres: [
    "CREATE TABLE users (id serial CONSTRAINT p1 PRIMARY KEY, email varchar(50) NOT NULL CONSTRAINT u1 UNIQUE, nick varchar(50) NOT NULL)",
    `CREATE TABLE posts (id serial CONSTRAINT p2 PRIMARY KEY, title varchar(50) NOT NULL, points int NOT NULL CONSTRAINT c1 CHECK (points > 0),
       author int CONSTRAINT f1 REFERENCES users, editor int CONSTRAINT f2 REFERENCES users)`,
    "CREATE INDEX i1 ON posts (points, title); CREATE INDEX i2 ON posts (title)",
  ],
  mysql: [
    "CREATE TABLE users (id int AUTO_INCREMENT PRIMARY KEY, email varchar(50) NOT NULL, nick varchar(50) NOT NULL, UNIQUE KEY u1 (email))",
    `CREATE TABLE posts (id int AUTO_INCREMENT PRIMARY KEY, title varchar(50) NOT NULL, points int NOT NULL, author int, editor int,
       CONSTRAINT c1 CHECK (points > 0), CONSTRAINT f1 FOREIGN KEY (author) REFERENCES users (id), CONSTRAINT f2 FOREIGN KEY (editor) REFERENCES users (id))`,
    "CREATE INDEX i1 ON posts (points, title)",
    "CREATE INDEX i2 ON posts (title)",
  ],
};

describe.each(engines.flatMap((engine) => [true, false].map((own) => ({ engine, own }))))(
  "a database with other names than the entities', adopted on $engine (a naming strategy of the project's own: $own)",
  ({ engine, own }) => {
    const config = own
      ? ormconfig(engine)
          .replace("export default", 'import { Naming } from "./naming";\n\nexport default')
          .replace("entities:", "namingStrategy: new Naming(),\n  entities:")
      : ormconfig(engine);
    const project = useProject(engine, { "ormconfig.ts": config, "naming.ts": snake, "models/entities.ts": posts("") });

    it("keeps them, in what is generated, checked and compared, until it is told otherwise", async () => {
      for (const sql of otherNames[engine]) await project.database.db.query(sql);
      await project.json(0, "adopt", "--rev-id", "001");
      expect(project.revision("001")).toContain("adopted: true");
      for (const command of [
        ["revision", "--autogenerate", "--dry-run"],
        ["revision", "--autogenerate", "--offline", "--dry-run"],
        ["diff"],
      ])
        expect((await project.json(0, ...command)).upgrade ?? []).toEqual([]);
      expect(await project.json(0, "check")).toMatchObject({ clean: true });
      const { upgrade } = await project.json(0, "revision", "--autogenerate", "--dry-run", "--names");
      const renamed = upgrade.map(({ from }: { from: string }) => from).sort();
      expect(renamed).toEqual(["c1", "f1", "f2", "i1", "i2", ...(engine === "postgres" ? ["p1", "p2"] : []), "u1"]);
    });

    it("renames what a revision of its own has made, and nothing else", async () => {
      project.write({ "models/entities.ts": posts('@Index("ix_nick")') });
      await project.json(0, "revision", "--autogenerate", "-m", "index", "--rev-id", "002");
      await project.json(0, "upgrade", "head");
      project.write({ "models/entities.ts": posts('@Index("ix_by_nick")') });
      const { upgrade } = await project.json(0, "revision", "--autogenerate", "-m", "other name", "--rev-id", "003");
      expect(upgrade).toMatchObject([{ kind: "renameIndex", table: "users", from: "ix_nick", to: "ix_by_nick" }]);
      await project.json(0, "upgrade", "head");
      expect(await project.json(0, "check")).toMatchObject({ clean: true });
    });
  },
);
