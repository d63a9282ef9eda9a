import { describe, expect, it } from "vitest";
import type { Op } from "../../../src/core/op.ts";
import { record } from "../../../src/core/record.ts";
import { sql } from "../../../src/core/sql.ts";
import { type Change, conflictsBetween } from "../../../src/diff/conflicts.ts";

const changes = (body: (op: Op) => void): readonly Change[] => {
  const { operations, code } = record(body);
  return operations.map((operation) => (operation.kind === "run" ? { operation, code: String(code[operation.code]) } : { operation }));
};
/** Why the two arms do not commute; the same whichever is named first. */
function between(left: (op: Op) => void, right: (op: Op) => void): readonly string[] {
  const why = conflictsBetween(changes(left), changes(right), "postgres").map((one) => one.why);
  expect(conflictsBetween(changes(right), changes(left), "postgres").map((one) => one.why)).toHaveLength(why.length);
  return why;
}
const column = (name: string, type: string = "integer") => ({ name, type });

describe("arms that commute", () => {
  it("tables of their own, columns of one table, an index beside a column", () => {
    expect(
      between(
        (op) => op.createTable("a", { columns: [column("id")] }),
        (op) => op.createTable("b", { columns: [column("id")] }),
      ),
    ).toEqual([]);
    expect(
      between(
        (op) => op.addColumn("users", column("nick", "text")),
        (op) => op.addColumn("users", column("born", "date")),
      ),
    ).toEqual([]);
    expect(
      between(
        (op) => op.addIndex("users", { name: "users_email", columns: ["email"] }),
        (op) => op.addColumn("users", column("born", "date")),
      ),
    ).toEqual([]);
  });

  it("two foreign keys to one table, and a change of another column of it", () => {
    const key = (name: string) => ({ name, columns: ["user_id"], references: { table: "users", columns: ["id"] } });
    expect(
      between(
        (op) => op.addForeignKey("posts", key("a")),
        (op) => op.addForeignKey("notes", key("b")),
      ),
    ).toEqual([]);
    expect(
      between(
        (op) => op.addForeignKey("posts", key("a")),
        (op) => op.dropColumn("users", column("legacy")),
      ),
    ).toEqual([]);
  });

  it("a new default beside an index on the column", () => {
    const defaulted = (op: Op) => op.alterColumn("users", "email", { type: "text", default: { from: null, to: sql`''` } });
    expect(between(defaulted, (op) => op.addIndex("users", { name: "i", columns: ["email"] }))).toEqual([]);
  });

  it("values that an enum only gains, beside a new column of its type", () => {
    const grown = (op: Op) => op.alterEnum("mood", { from: ["a"], to: ["a", "b"] });
    expect(between(grown, (op) => op.addColumn("users", column("mood", "mood")))).toEqual([]);
  });

  it("raw SQL on tables that the other arm does not touch, whatever columns are called", () => {
    expect(
      between(
        (op) => op.execute(sql`UPDATE users SET name = lower(name) WHERE id > 5`),
        (op) => op.execute(sql`INSERT INTO posts (id, name) SELECT id, name FROM drafts ORDER BY id`),
      ),
    ).toEqual([]);
    expect(
      between(
        (op) => op.execute(sql`UPDATE users SET "group" = 1 ORDER BY id`),
        (op) => op.createTable("order", { columns: [column("id")] }),
      ),
    ).toEqual([]);
  });

  it("code that shows what it sends", () => {
    const code = (op: Op) => op.run("fill", async (db) => void (await db.query("UPDATE users SET nick = email")));
    expect(between(code, (op) => op.addColumn("posts", column("title", "text")))).toEqual([]);
  });
});

describe("arms that do not commute", () => {
  it("both alter one column", () => {
    const widened = (to: string) => (op: Op) => op.alterColumn("users", "Email", { type: { from: "varchar(20)", to } });
    expect(between(widened("text"), widened("varchar(50)"))).toEqual(["both change users.Email"]);
  });

  it("one drops what the other uses", () => {
    const dropped = (op: Op) => op.dropColumn("users", column("email", "text"));
    expect(between(dropped, (op) => op.addIndex("users", { name: "i", columns: ["email"] }))).toEqual([
      "one drops users.email, the other uses it",
    ]);
    expect(between(dropped, (op) => op.addCheck("users", { name: "c", expression: sql`length(email) > 3` }))).toHaveLength(1);
    expect(
      between(
        (op) => op.dropTable("users", { columns: [column("id")] }),
        (op) => op.addColumn("users", column("born", "date")),
      ),
    ).toEqual(["one drops users, the other uses it"]);
    expect(
      between(
        (op) => op.dropUnique("users", { name: "u", columns: ["email"] }),
        (op) => op.addForeignKey("posts", { name: "f", columns: ["mail"], references: { table: "users", columns: ["email"] } }),
      ),
    ).toEqual(["one drops the key of users on (email), the other uses it"]);
  });

  it("one drops or retypes a column that the other's view reads", () => {
    const view = (op: Op) => op.createView("names", { definition: sql`SELECT u.email FROM users u` });
    const every = (op: Op) => op.createView("everybody", { definition: sql`SELECT * FROM users` });
    const dropped = (op: Op) => op.dropColumn("users", column("email", "text"));
    expect(between(dropped, view)).toEqual(["one changes users.email, which the view names of the other reads"]);
    expect(between(dropped, every)).toHaveLength(1);
    expect(between((op) => op.dropColumn("users", column("born", "date")), view)).toEqual([]);
  });

  it("both add the same name", () => {
    const added = (op: Op) => op.addColumn("users", column("nick", "text"));
    expect(between(added, added)).toEqual(["both add users.nick"]);
    expect(
      between(
        (op) => op.addIndex("a", { name: "the_index", columns: ["x"] }),
        (op) => op.addIndex("b", { name: "the_index", columns: ["y"] }),
      ),
    ).toEqual(["both add the_index"]);
    expect(
      between(
        (op) => op.createEnum("mood", ["a"]),
        (op) => op.createTable("mood", { columns: [column("id")] }),
      ),
    ).toHaveLength(1);
    expect(
      between(
        (op) => op.createExtension("citext"),
        (op) => op.createExtension("citext"),
      ),
    ).toEqual(["both add extension citext"]);
  });

  it("both change the values of an enum, or one does and the other uses the type", () => {
    const changed = (to: string[]) => (op: Op) => op.alterEnum("mood", { from: ["a", "b"], to });
    expect(between(changed(["a", "b", "c"]), changed(["a", "b", "d"]))).toEqual(["both change type mood"]);
    expect(between(changed(["a"]), (op) => op.addColumn("users", column("mood", "mood")))).toEqual([
      "one changes type mood, the other uses it",
    ]);
    const renamed = (from: string, to: string) => (op: Op) => op.renameEnumValue("mood", from, to);
    expect(between(renamed("a", "x"), renamed("b", "y"))).toEqual([]);
    expect(between(renamed("a", "x"), renamed("b", "x"))).toHaveLength(1);
  });

  it("one renames what the other uses, drops or renames too", () => {
    const renamed = (op: Op) => op.renameTable("users", "people");
    expect(between(renamed, (op) => op.addColumn("users", column("born", "date")))).toEqual(["one renames users, the other uses it"]);
    expect(between(renamed, (op) => op.renameTable("users", "accounts"))).toEqual(["both rename or drop users"]);
    const key = { name: "f", columns: ["user_id"], references: { table: "users", columns: ["id"] } };
    expect(between(renamed, (op) => op.dropForeignKey("posts", key))).toEqual(["one renames users, the other drops what uses it"]);
    expect(
      between(
        (op) => op.renameColumn("users", "email", "mail"),
        (op) => op.addUnique("users", { name: "u", columns: ["email"] }),
      ),
    ).toEqual(["one renames users.email, the other uses it"]);
  });

  it("values that are filled, and a constraint or another fill on them", () => {
    const filled = (op: Op) => op.backfill("users", { set: { nick: sql`lower(email)` } });
    expect(between(filled, (op) => op.backfill("users", { set: { email: sql`trim(email)` } }))).toEqual([
      "one changes users.email, the other uses it",
    ]);
    expect(between(filled, (op) => op.addUnique("users", { name: "u", columns: ["nick"] }))).toHaveLength(1);
    expect(between(filled, (op) => op.addIndex("users", { name: "i", columns: ["nick"] }))).toEqual([]);
  });

  it("raw SQL and code that speak of the same table can't be told", () => {
    const raw = (op: Op) => op.execute(sql`ALTER TABLE "Users" ADD CONSTRAINT c CHECK (born > '1900-01-01')`);
    expect(between(raw, (op) => op.addColumn("Users", column("nick", "text")))).toEqual(["can't be told: raw SQL or code speaks of Users"]);
    expect(between(raw, (op) => op.execute(sql`CREATE TRIGGER t BEFORE UPDATE ON "Users" EXECUTE FUNCTION f()`))).toHaveLength(1);
    const code = (op: Op) => op.run("fill", async (db) => void (await db.query(`UPDATE users SET nick = email`)));
    expect(between(code, (op) => op.addColumn("users", column("born", "date")))).toHaveLength(1);
    const dark = (op: Op) => op.execute(sql`DO $$ BEGIN PERFORM 1 FROM users; END $$`);
    expect(between(dark, (op) => op.execute(sql`UPDATE users SET a = 1`))).toHaveLength(1);
  });

  it("code that hands its session on may do anything", () => {
    const helper = async (_: unknown) => {};
    const handed = (op: Op) => op.run("fill", async (db) => helper(db));
    expect(between(handed, (op) => op.addColumn("users", column("born", "date")))).toEqual([
      "can't be told: what the code of op.run does is not known",
    ]);
  });

  it("only on engines that they are for", () => {
    const onMysql = (op: Op) => op.on("mysql", (inner) => inner.addColumn("users", column("nick", "text")));
    const added = (op: Op) => op.addColumn("users", column("nick", "text"));
    expect(between(onMysql, added)).toEqual([]);
    expect(conflictsBetween(changes(onMysql), changes(added), "mariadb")).toHaveLength(1);
  });
});
