import { describe, expect, it } from "vitest";
import { engines } from "../support/databases.ts";
import { ormconfig, useProject } from "../support/project.ts";

const entities = (...lines: readonly string[]) => `import { Column, Entity, JoinColumn, ManyToOne, PrimaryGeneratedColumn } from "typeorm";

@Entity("users") export class User {
  @PrimaryGeneratedColumn() id!: number;
}
@Entity("banks") export class Bank {
  @PrimaryGeneratedColumn() id!: number;
${lines.map((line) => `  ${line}`).join("\n")}
}
`;
const before = ['@Column({ type: "int", nullable: true }) maker: number | null;', "@Column({ length: 50 }) title: string;"];
const after = [
  '@ManyToOne(() => User) @JoinColumn({ name: "owner_id" }) owner: User | null;',
  "@Column({ length: 50 }) titleShort: string;",
  '@Column({ length: 10, default: "" }) titleLong: string;',
];

describe.each(engines)("the question about a rename, on %s", (engine) => {
  const project = useProject(engine, { "ormconfig.ts": ormconfig(engine), "models/entities.ts": entities(...before) });

  it("says what the rows say, and every candidate", async () => {
    await project.json(0, "revision", "--autogenerate", "-m", "first", "--rev-id", "001");
    await project.json(0, "upgrade", "head");
    await project.database.db.query(engine === "postgres" ? "INSERT INTO users DEFAULT VALUES" : "INSERT INTO users () VALUES ()");
    await project.database.db.query("INSERT INTO banks (maker, title) VALUES (1, 'a'), (1, 'b'), (NULL, 'c')");
    project.write({ "models/entities.ts": entities(...after) });
    const { review } = await project.json(0, "revision", "--autogenerate", "-m", "renamed", "--rev-id", "002");
    const [maker, title] = review;
    expect(maker).toMatchObject({ from: "maker", to: "owner_id", stake: "the values of maker (2 of 3 rows have one)" });
    expect(maker.evidence).toContain("all 2 values of maker are keys of users");
    expect([title.from, title.to, ...title.alternatives].sort()).toEqual(["title", "titleLong", "titleShort"]);
    expect(title.stake).toBe("the values of title (3 of 3 rows have one)");
    expect(project.revision("002")).toContain("2 of 3 rows have one");
  });

  it("is asked all the same when the rows may not be read, or not in time", async () => {
    project.remove(project.revisionFile("002"));
    const { db, name, url } = project.database;
    const role = `${name}_reader`;
    const barred = engine === "postgres" ? Object.assign(new URL(url), { username: role, password: "postgres" }).toString() : url;
    const [bar, free] =
      engine === "postgres"
        ? [
            `CREATE ROLE ${role} LOGIN PASSWORD 'postgres'; GRANT SELECT ON limbeck_revision TO ${role}`,
            `DROP OWNED BY ${role}; DROP ROLE ${role}`,
          ]
        : ["LOCK TABLES users WRITE", "UNLOCK TABLES"];
    await db.query(bar);
    try {
      const draft = ["revision", "--autogenerate", "--no-proof", "--dry-run", "-m", "renamed", "--url", barred];
      expect((await project.json(0, ...draft)).review[0]).toMatchObject({ from: "maker", to: "owner_id", stake: "the values of maker" });
    } finally {
      await db.query(free);
    }
  });
});

const named = (
  person: readonly string[],
  address: string,
) => `import { Column, Entity, JoinColumn, ManyToOne, PrimaryGeneratedColumn } from "typeorm";

export class Address {
  ${address} street: string;
}

@Entity("users") export class User {
  @PrimaryGeneratedColumn() id!: number;
}

@Entity("people") export class Person {
  @PrimaryGeneratedColumn() id!: number;
${person.map((line) => `  ${line}`).join("\n")}
  @Column(() => Address) home: Address;
}
`;

describe.each(engines)("a property that keeps its name while its column gets another, on %s", (engine) => {
  const project = useProject(engine, {
    "ormconfig.ts": ormconfig(engine),
    "models/entities.ts": named(
      ["@Column({ length: 50 }) name: string;", "@Column({ length: 50 }) motto: string;", "@ManyToOne(() => User) owner: User;"],
      "@Column({ length: 50 })",
    ),
  });

  it("is the sign of a rename, also in a relation and an embedded one", async () => {
    await project.json(0, "revision", "--autogenerate", "-m", "first", "--rev-id", "001");
    await project.json(0, "upgrade", "head");
    project.write({
      "models/entities.ts": named(
        [
          '@Column({ length: 50, name: "pq" }) motto: string;',
          '@Column({ length: 50, name: "xy" }) name: string;',
          '@ManyToOne(() => User) @JoinColumn({ name: "zz" }) owner: User;',
        ],
        '@Column({ length: 50, name: "vw" })',
      ),
    });
    const { review } = await project.json(0, "revision", "--autogenerate", "-m", "renamed", "--rev-id", "002");
    const said = (review as { from: string; to: string; evidence: string[] }[]).map(({ from, to, evidence }) => [
      from,
      to,
      evidence.find((one) => one.startsWith("its property")),
    ]);
    expect(said).toEqual([
      ["name", "xy", "its property in the entity still says name"],
      ["motto", "pq", "its property in the entity still says motto"],
      ["ownerId", "zz", "its property in the entity still says ownerId"],
      ["homeStreet", "homeVw", "its property in the entity still says homeStreet"],
    ]);
    const rename = ["people.name:xy", "people.motto:pq", "people.ownerId:zz", "people.homeStreet:homeVw"].flatMap((one) => [
      "--rename",
      one,
    ]);
    expect(await project.json(0, "resolve", "002", ...rename)).toMatchObject({ open: [] });
    await project.json(0, "upgrade", "head");
    expect(await project.json(0, "check")).toMatchObject({ clean: true });
  });
});
