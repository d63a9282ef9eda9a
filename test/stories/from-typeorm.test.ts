import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DataSource } from "typeorm";
import { afterEach, describe, expect, it } from "vitest";
import { createDatabase, dropDatabase, type Engine, engines } from "../support/databases.ts";
import { useProject } from "../support/project.ts";

const fixture = fileURLToPath(new URL("../fixtures/projects/taken-over", import.meta.url));
const files = Object.fromEntries(
  readdirSync(fixture, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => [file, readFileSync(join(fixture, file), "utf8")]),
);

type Migration = new () => object;

/** The project's migration classes, in order. */
async function classes(): Promise<readonly Migration[]> {
  const names = readdirSync(join(fixture, "src/migration")).sort();
  const modules = await Promise.all(
    names.map((name) => import(join(fixture, "src/migration", name)) as Promise<Record<string, Migration>>),
  );
  return modules.flatMap((module) => Object.values(module));
}

describe.each(engines)("a project with migrations of TypeORM's is taken over, on %s", (engine: Engine) => {
  const project = useProject(engine, files);
  const sources: DataSource[] = [];
  const others: string[] = [];
  const typeorm = async (migrations: readonly Migration[], url = project.database.url): Promise<DataSource> => {
    const type = engine === "postgres" ? "postgres" : "mariadb";
    const source = new DataSource({ type, url: url.replace(/^mysql:/, `${type}:`), migrations: [...migrations] });
    sources.push(source);
    return source.initialize();
  };
  afterEach(async () => {
    for (const source of sources.splice(0)) await source.destroy();
  });
  const elsewhere = async (): Promise<string> => {
    const { db, name, url } = await createDatabase(engine);
    await db.close();
    others.push(name);
    return url;
  };
  /** what TypeORM shows as done, and what we do */
  const bothSay = async (url = project.database.url) => {
    const { pending } = await project.json(0, "current", "--url", url);
    const all = (await classes()).map(({ name }) => name);
    const source = await typeorm([], url);
    const rows: { name: string }[] = await source.query("SELECT name FROM migrations ORDER BY id");
    return { typeorm: rows.map(({ name }) => name), limbeck: all.filter((name) => !pending.includes(name)) };
  };

  it("after TypeORM's own runner has run all but two of them", async () => {
    const all = await classes();
    expect(all.length).toBeGreaterThanOrEqual(20);
    await (await typeorm(all.slice(0, -2))).runMigrations();
    const before = await project.database.db.query("SELECT * FROM migrations ORDER BY id");
    const result = await project.json(0, "adopt", "--from-typeorm");
    expect(result).toMatchObject({ stamped: true, unmanaged: [] });
    expect(result.wrapped.map(({ id }: { id: string }) => id)).toEqual(all.map(({ name }) => name));
    expect(result.wrapped.filter(({ applied }: { applied: boolean }) => !applied)).toHaveLength(2);
    // no statement ran, and no file of theirs was touched
    expect(await project.database.db.query("SELECT * FROM migrations ORDER BY id")).toEqual(before);
    for (const [file, text] of Object.entries(files)) expect(project.read(file)).toBe(text);
    const said = await bothSay();
    expect(said.limbeck).toEqual(said.typeorm);
  });

  it("runs the rest by the original classes, and TypeORM sees it", async () => {
    const names = (await classes()).slice(-2).map(({ name }) => name);
    const { applied } = await project.json(0, "upgrade", "head");
    expect(applied.map(({ id }: { id: string }) => id)).toEqual(names);
    const said = await bothSay();
    expect(said.limbeck).toEqual(said.typeorm);
    expect(await (await typeorm(await classes())).runMigrations()).toEqual([]);
    expect((await project.json(0, "check")).operations).toEqual([]);
  });

  it("takes one back, by either runner, and both know it", async () => {
    const [last] = (await classes()).slice(-1).map(({ name }) => name);
    expect((await project.json(0, "downgrade", "-1")).reverted).toMatchObject([{ id: last }]);
    expect((await bothSay()).typeorm).not.toContain(last);
    await (await typeorm(await classes())).runMigrations();
    expect(await project.json(0, "current")).toMatchObject({ heads: [last], pending: [] });
    await (await typeorm(await classes())).undoLastMigration();
    expect((await project.json(0, "current")).pending).toEqual([last]);
    expect((await project.json(0, "upgrade", "head")).applied).toMatchObject([{ id: last }]);
    const said = await bothSay();
    expect(said.limbeck).toEqual(said.typeorm);
  });

  it("goes on with our own revisions, which know what may be dropped", async () => {
    project.write({
      "src/entities/shop.ts": (files["src/entities/shop.ts"] ?? "")
        .replace(/ {2}@Column\({ type: "text", nullable: true }\) description.*\n/, "")
        .replace("label!: string;", 'label!: string;\n  @Column({ type: "int", default: 1 }) weight!: number;'),
    });
    const draft = await project.json(0, "revision", "--autogenerate", "-m", "lighter", "--rev-id", "lighter");
    expect(draft.upgrade.map(({ kind }: { kind: string }) => kind).sort()).toEqual(["addColumn", "dropColumn"]);
    await project.json(0, "upgrade", "head");
    expect((await project.json(0, "check")).clean).toBe(true);
  });

  it("sets up a fresh database with all of them, rows and all", async () => {
    const url = await elsewhere();
    expect(await project.json(0, "verify")).toMatchObject({ ok: true });
    await project.json(0, "upgrade", "head", "--url", url);
    expect((await project.json(0, "check", "--url", url)).clean).toBe(true);
    const said = await bothSay(url);
    expect(said.limbeck).toEqual(said.typeorm);
    const source = await typeorm([], url);
    expect(await source.query("SELECT email, points FROM customers ORDER BY id")).toEqual([
      { email: "ada@example.com", points: 10 },
      { email: "grace@example.com", points: 10 },
    ]);
  });

  it("finds another database where TypeORM has run them, without being told", async () => {
    const url = await elsewhere();
    await (await typeorm((await classes()).slice(0, 9), url)).runMigrations();
    const said = await bothSay(url);
    expect(said.limbeck).toEqual(said.typeorm);
    const { applied } = await project.json(0, "upgrade", "head", "--url", url);
    expect(applied).toHaveLength((await classes()).length - 9 + 2);
    expect((await project.json(0, "check", "--url", url)).clean).toBe(true);
    for (const name of others.splice(0)) await dropDatabase(engine, name);
  });
});

describe.each(engines)("a migration that is given as a class beside files of others, on %s", (engine: Engine) => {
  const migration = (name: string) => `export class ${name} { async up() {} async down() {} }`;
  const project = useProject(engine, {
    "migration/one.ts": migration("One1700000000000"),
    "inline.ts": migration("Two1700000000001"),
    "ormconfig.ts": `import { DataSource, EntitySchema } from "typeorm";
import { Two1700000000001 } from "./inline";
const note = new EntitySchema({ name: "note", columns: { id: { type: "int", primary: true } } });
export default new DataSource({ type: "${engine === "postgres" ? "postgres" : "mariadb"}", url: process.env.DATABASE_URL, entities: [note], migrations: ["migration/*.ts", Two1700000000001] });
`,
  });

  it("is named, because a revision has to import it: nothing is taken over without it", async () => {
    const { error } = await project.json(4, "adopt", "--from-typeorm");
    expect(error).toMatchObject({ code: "no-migrations", details: { classes: ["Two1700000000001"] } });
    expect(error.message).toContain("as classes that none of its files has: Two1700000000001");
  });
});
