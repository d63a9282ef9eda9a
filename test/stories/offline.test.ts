import { describe, expect, it } from "vitest";
import { revisionFile } from "../cli/shell.ts";
import { ormconfig, useProjectWithout } from "../support/project.ts";

const item = (more: string) => `import { Check, Column, Entity, PrimaryGeneratedColumn } from "typeorm";

@Entity("items") @Check("positive", "price > 0") export class Item {
  @PrimaryGeneratedColumn() id!: number;
  @Column({ type: "int" }) price!: number;
  ${more}
}
`;
const nick = '@Column({ type: "varchar", length: 20, nullable: true }) nick!: string | null;';

// nobody listens there
describe.each([
  ["PostgreSQL", "postgres", "postgres://nobody@127.0.0.1:1/none"],
  ["MariaDB", "mysql", "mysql://nobody@127.0.0.1:1/none"],
  ["an embedded database", "postgres", "embedded:nowhere/none"],
] as const)("the schema at any revision without a database, for %s", (_, engine, url) => {
  const project = useProjectWithout({ "ormconfig.ts": ormconfig(engine), "models/item.ts": item("") }, url);
  const kinds = (operations: { kind: string }[]) => operations.map(({ kind }) => kind);
  const autogenerate = (...args: string[]) => project.run("revision", "--autogenerate", "--offline", "--json", ...args);

  it("revisions are compared with entities by replay", async () => {
    const first = await autogenerate("-m", "items", "--rev-id", "001");
    expect(first.code).toBe(0);
    expect(kinds(first.json.upgrade)).toEqual(["createTable"]);
    project.write({ "models/item.ts": item(nick) });
    const second = await autogenerate("-m", "nick", "--rev-id", "002");
    expect(second.json.upgrade).toMatchObject([{ kind: "addColumn", column: { name: "nick" } }]);
    expect(second.stderr).toBe("");
  });

  it("what only a server could settle is said and not guessed; so is what raw SQL did", async () => {
    const spelled = `op.dropCheck("items", { name: "positive", expression: sql\`price > 0\` });
    op.addCheck("items", { name: "positive", expression: sql\`((price) > (0 + 0))\` });
    op.execute(sql\`CREATE INDEX by_hand ON items (nick)\`);
    op.run("count", async () => {});`;
    project.write({ "migrations/003.ts": revisionFile("003", ["002"], spelled, "") });
    const none = await autogenerate("-m", "none");
    expect(none).toMatchObject({ code: 0, json: { id: null, upgrade: [] } });
    expect(none.stderr).toMatch(/not compared: check positive of items \(once .*0 \+ 0.*, once .?price.? > 0: only a server can tell/);
    expect(none.stderr).toMatch(/not compared: 003: raw SQL: CREATE INDEX by_hand ON items \(nick\) \(.*can't be replayed/);
    expect(none.stderr).toMatch(/not compared: 003: code: count/);
    project.write({ "models/item.ts": item(`${nick}\n  @Column({ type: "date", nullable: true }) born!: string | null;`) });
    expect(kinds((await autogenerate("-m", "born", "--rev-id", "004")).json.upgrade)).toEqual(["addColumn"]);
  });

  it("any two revisions are compared, from the base to the heads", async () => {
    const columns = (diff: { operations: { column?: { name: string } }[] }) => diff.operations.map(({ column }) => column?.name);
    expect(columns(await project.json(0, "diff", "revision:001", "revision:002"))).toEqual(["nick"]);
    const back = await project.json(3, "diff", "revision:head", "revision:001", "--exit-code");
    expect(kinds(back.operations)).toEqual(expect.arrayContaining(["dropColumn", "dropColumn"]));
    expect(back.notCompared).toContainEqual(expect.objectContaining({ what: "003: raw SQL: CREATE INDEX by_hand ON items (nick)" }));
    expect(kinds((await project.json(0, "diff", "revision:base", "revision:head")).operations)).toEqual(["createTable"]);
    expect((await project.json(0, "diff", "revision:heads", "models")).operations).toEqual([]);
    expect((await project.run("diff", "revision:001", "revision:002", "--sql")).stdout).toMatch(/ALTER TABLE .*items.* ADD COLUMN .*nick/);
    expect((await project.json(6, "diff", "revision:001", "revision:zzzz")).error.code).toBe("unknown-revision");
  });

  it("the schema of a revision is shown, with what is not in it", async () => {
    const early = await project.json(0, "show", "002", "--schema");
    expect(early.tables[0].columns.map(({ name }: { name: string }) => name)).toEqual(["id", "price", "nick"]);
    expect(early.opaque).toEqual([]);
    const { stdout } = await project.run("show", "head", "--schema");
    expect(stdout).toMatch(/^table items\n {2}id .*\n {2}price .*\n {2}nick .*null\n {2}born .*date {2}null\n {2}primary key \(id\)/);
    expect(stdout).toMatch(/\n {2}check .*0 \+ 0.* {2}positive\n/);
    expect(stdout).toMatch(/\n\nnot replayed.*\n {2}003: raw SQL: CREATE INDEX by_hand.*\n {2}003: code: count\n$/);
  });

  it("no database was made or asked", () => expect(project.exists("nowhere")).toBe(false));
});
