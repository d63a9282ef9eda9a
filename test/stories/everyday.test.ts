import { describe, expect, it } from "vitest";
import { engines } from "../support/databases.ts";
import { ormconfig, useProject } from "../support/project.ts";

const exam = (more: string) => `import { Column, Entity, PrimaryGeneratedColumn } from "typeorm";

@Entity("exams") export class Exam {
  @PrimaryGeneratedColumn() id!: number;
  @Column({ length: 200 }) title: string;
  ${more}
}
`;
const category = `import { Column, Entity, PrimaryGeneratedColumn } from "typeorm";

@Entity("categories") export class Category {
  @PrimaryGeneratedColumn() id!: number;
  @Column({ length: 80, unique: true }) name: string;
}
`;
const nullable = '@Column({ type: "varchar", length: 10, nullable: true }) language!: string | null;';
const required = '@Column({ type: "varchar", length: 10, default: "en" }) language!: string;';

describe.each(engines)("the everyday loop, on %s", (engine) => {
  const project = useProject(engine, { "ormconfig.ts": ormconfig(engine), "models/exam.ts": exam(nullable) });
  const ids = (list: { id: string }[]) => list.map(({ id }) => id);

  it("starts: a numbered revision, applied", async () => {
    const draft = await project.json(0, "revision", "--autogenerate", "-m", "exams", "--rev-id", "001");
    expect(draft).toMatchObject({ id: "001", parents: [], message: "exams", review: [] });
    expect(draft.upgrade.map(({ kind }: { kind: string }) => kind)).toEqual(["createTable"]);
    expect((await project.json(3, "check")).pending).toEqual(["001"]);
    expect(ids((await project.json(0, "upgrade", "head")).applied)).toEqual(["001"]);
    await project.database.db.query("INSERT INTO exams (title, language) VALUES ('Final', NULL), ('Oral', 'de')");
  });

  it("finds nothing when nothing has changed, and writes nothing", async () => {
    expect(await project.json(0, "revision", "--autogenerate", "-m", "nothing")).toEqual({ id: null, upgrade: [] });
    expect((await project.json(0, "history")).revisions).toHaveLength(1);
  });

  it("finds a new entity and a column that is required now", async () => {
    project.write({ "models/exam.ts": exam(required), "models/category.ts": category });
    const draft = await project.json(0, "revision", "--autogenerate", "-m", "categories, required language", "--rev-id", "002");
    expect(draft.upgrade.map(({ kind }: { kind: string }) => kind).sort()).toEqual(["alterColumn", "createTable"]);
  });

  it("does not write a second revision before the first is applied", async () => {
    const run = await project.run("revision", "--autogenerate", "-m", "too early");
    expect(run.code).not.toBe(0);
    expect(run.stderr).toMatch(/Target database is not up to date/);
  });

  it("refuses to make a column required that rows leave empty, and changes nothing", async () => {
    const run = await project.run("upgrade", "head");
    expect(run.code).toBe(4);
    expect(run.stderr).toMatch(/exams\.language/);
    expect((await project.json(0, "current")).heads).toEqual(["001"]);
    expect(await project.json(0, "resolve", "002", "--fill", "exams.language='en'")).toMatchObject({
      resolved: ["exams.language is filled with 'en'"],
      open: [],
    });
    await project.json(0, "upgrade", "head");
    expect(await project.database.db.query("SELECT title, language FROM exams ORDER BY id")).toEqual([
      { title: "Final", language: "en" },
      { title: "Oral", language: "de" },
    ]);
    expect((await project.json(0, "check")).clean).toBe(true);
  });

  it("goes down and up by steps", async () => {
    expect(ids((await project.json(0, "downgrade", "-1")).reverted)).toEqual(["002"]);
    expect((await project.json(0, "current")).pending).toEqual(["002"]);
    expect((await project.run("current", "--check")).code).toBe(3);
    expect(ids((await project.json(0, "upgrade", "+1")).applied)).toEqual(["002"]);
    expect((await project.run("current", "--check")).code).toBe(0);
  });

  it("shows where things are", async () => {
    expect((await project.json(0, "heads")).heads).toEqual(["002"]);
    expect(ids((await project.json(0, "history")).revisions)).toEqual(["002", "001"]);
    const { stdout } = await project.run("history", "-v", "-i");
    expect(stdout).toMatch(/Revision 002 .*\(head\).*\(current\)/);
    expect(stdout).toMatch(/categories, required language/);
    expect((await project.run("show", "002")).stdout).toMatch(/categories/);
  });

  it("writes the way as a script, without a connection", async () => {
    const { code, stdout } = await project.run(
      "upgrade",
      "001:head",
      "--sql",
      "--url",
      engine === "postgres" ? "postgres://nobody@127.0.0.1:1/x" : "mysql://nobody@127.0.0.1:1/x",
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/CREATE TABLE .categories/);
    expect(stdout).not.toMatch(/CREATE TABLE .exams/);
    expect((await project.run("upgrade", "head", "--sql")).stdout).toMatch(/CREATE TABLE .exams/);
    expect((await project.run("downgrade", "002:001", "--sql")).stdout).toMatch(/DROP TABLE .categories/);
  });

  it("stamps and says what it can't find", async () => {
    expect(await project.json(0, "stamp", "001")).toEqual({ heads: ["001"] });
    expect(await project.json(0, "stamp", "head")).toEqual({ heads: ["002"] });
    const run = await project.run("upgrade", "zzzz");
    expect(run.code).toBe(6);
    expect(run.stderr).toMatch(/zzzz/);
  });
});
