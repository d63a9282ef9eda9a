import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { transformSync } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Operation } from "../../../src/core/operation.ts";
import { reverseAll } from "../../../src/core/operations/index.ts";
import { record } from "../../../src/core/record.ts";
import type { Header, Revision } from "../../../src/core/revision.ts";
import { sql } from "../../../src/core/sql.ts";
import * as limbeck from "../../../src/index.ts";
import { declared } from "../../../src/revision/declare.ts";
import { readHeader } from "../../../src/revision/header.ts";
import { editRevision } from "../../../src/revision/write/edit.ts";
import { writeRevision } from "../../../src/revision/write/index.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

const header: Header = {
  id: "504e237d4188",
  parents: ["7b40e9699400"],
  dependsOn: [],
  labels: ["grading"],
  replaces: [],
  message: 'says "hello", it\'s \\ done */ ${x} \u202e',
  createdAt: "2026-11-21T04:10:00Z",
  review: [
    {
      id: "r1",
      kind: "rename",
      table: "question_banks",
      from: "created_by",
      to: "created_by_id",
      confidence: 0.94,
      evidence: ["same type", "same position", "same foreign key to users"],
    },
  ],
};

const { operations: upgrade } = record((op) => {
  op.createTable("exams", {
    columns: [
      { name: "id", type: "integer", autoIncrement: true },
      { name: "title", type: "character varying(200)", comment: "`quoted` ${not} \\ \n a value" },
    ],
    primaryKey: { name: "PK_exams", columns: ["id"] },
  });
  op.addColumn("todos", { name: "exam_id", type: "integer", nullable: true });
  op.addColumn(
    { schema: "app", table: "todos" },
    { name: "a column with a long name", type: "integer", default: sql`nextval('some_sequence'::regclass)` },
    { fill: sql`0` },
  );
  op.dropColumn("question_banks", { name: "created_by", type: "integer" });
  op.addColumn("question_banks", { name: "created_by_id", type: "integer" });
  op.alterColumn(
    "exams",
    "title",
    { type: { from: "character varying(200)", to: "character varying(400)" }, default: { from: null, to: sql`'x'` } },
    { using: sql`left(title, 3)`, fill: sql`'none'` },
  );
  op.createEnum("stepstatus", ["active", "completed", "blocked", "alternative", "and one more to be too long"]);
  op.alterEnum("stepstatus", {
    from: ["a"],
    to: ["a", "b"],
    columns: [
      { table: "steps", column: "status", default: { from: sql`'a'`, to: sql`'b'` } },
      { table: "others", column: "status" },
    ],
  });
  op.createView("names", { definition: sql`SELECT id,\n  title\nFROM exams` });
  op.execute(sql`UPDATE exams SET title = 'a long statement that does not fit on a line of eighty characters'`);
  op.execute(sql`UPDATE exams\nSET title = ''`);
  op.addForeignKey("todos", { name: "fk", columns: ["exam_id"], references: { table: "exams", columns: ["id"] }, onDelete: "SET NULL" });
  op.addIndex("todos", { name: "ix", columns: ["exam_id"] }, { online: false });
  op.addIndex(
    "todos",
    { name: "an index with a name that is long", columns: ["exam_id", { column: "created_by", order: "desc" }] },
    { online: false },
  );
  op.addColumn("todos", { name: "points", type: "integer" }, { fill: sql`0`, online: false });
});
const { operations: downgrade } = reverseAll(upgrade.filter(({ kind }) => kind !== "execute"));

/** Runs the text of a revision file, as a loader would. */
function load(source: string): Revision {
  const { code } = transformSync(source, { loader: "ts", format: "cjs" });
  const module = { exports: {} as Record<string, unknown> };
  new Function("require", "module", "exports", code)(() => limbeck, module, module.exports);
  const found = declared(module.exports);
  if (found === null) throw new Error("no revision");
  return found;
}

describe("a written revision", () => {
  let source = "";
  let dir = "";
  beforeAll(async () => {
    source = await writeRevision({ header, upgrade, downgrade });
    dir = mkdtempSync(join(tmpdir(), "limbeck-write-"));
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it("records exactly what was drafted when it is run", () => {
    const back = load(source);
    expect(back.upgrade.operations).toEqual(upgrade);
    expect(back.downgrade.operations).toEqual(downgrade);
    expect({ ...back, upgrade: undefined, downgrade: undefined }).toEqual({ ...header, upgrade: undefined, downgrade: undefined });
  });

  it("has a head that is read without running it", () => {
    expect(readHeader(source, "x.ts")).toEqual(header);
  });

  it("is left alone by a formatter", () => {
    writeFileSync(join(dir, "biome.json"), '{ "root": true, "formatter": { "indentStyle": "space" }, "files": { "includes": ["**"] } }');
    writeFileSync(join(dir, "revision.ts"), source);
    execFileSync(
      join(root, "node_modules/.bin/biome"),
      ["format", "--write", "--vcs-enabled=false", "--config-path", dir, join(dir, "revision.ts")],
      { stdio: "ignore" },
    );
    expect(readFileSync(join(dir, "revision.ts"), "utf8")).toBe(source);
  });

  it("says above the statement what a reviewer is asked", () => {
    expect(source).toContain(
      "// r1: a rename? As written, the values of created_by are lost.\n    // Keep them:  limbeck resolve 504e --rename question_banks.created_by:created_by_id",
    );
  });

  it("is edited statement by statement, the rest left as it was", async () => {
    const renamed: Operation[] = upgrade.flatMap((operation): Operation[] => {
      if (operation.kind === "dropColumn")
        return [{ kind: "renameColumn", table: "question_banks", from: "created_by", to: "created_by_id" }];
      return operation.kind === "addColumn" && operation.table === "question_banks" ? [] : [operation];
    });
    const commented = source.replace("    op.createEnum(", "    // a reviewer's word\n    op.createEnum(");
    const edited = await editRevision(commented, {
      review: [],
      upgrade: { before: upgrade, after: renamed },
      downgrade: { before: downgrade, after: downgrade },
    });
    expect(load(edited).upgrade.operations).toEqual(renamed);
    expect(load(edited).downgrade.operations).toEqual(downgrade);
    expect(edited).toContain("    // a reviewer's word\n    op.createEnum(");
    expect(edited).not.toContain("r1");
    expect(edited).toContain('    op.renameColumn("question_banks", "created_by", "created_by_id");\n');
  });

  it("refuses to edit what is not a plain list of statements", async () => {
    const looped = source.replace("  upgrade(op) {\n", "  upgrade(op) {\n    for (const x of [1]) op.dropSchema(String(x));\n");
    await expect(editRevision(looped, { review: [], upgrade: { before: upgrade, after: [] } })).rejects.toThrow("not a plain list");
  });

  it("is not written where it would be no TypeScript, as between the marks of a conflict", async () => {
    const halves = source.replace("  upgrade(op) {\n", "<<<<<<< ours\n  upgrade(op) {\n=======\n");
    await expect(editRevision(halves, { parents: ["9f1c2a7d4e03"] })).rejects.toMatchObject({
      outcome: "integrity",
      code: "not-typescript",
      message: expect.stringMatching(/Merge conflict marker/),
      hint: expect.stringMatching(/report/),
    });
  });

  it("cannot say code again that it does not know", async () => {
    const { operations } = record((op) => op.run("count them", async () => {}));
    await expect(writeRevision({ header, upgrade: operations, downgrade: [] })).rejects.toMatchObject({
      code: "code-unknown",
      message: expect.stringContaining('op.run("count them")'),
    });
  });

  it("without operations has nothing that a linter would mind", async () => {
    expect(await writeRevision({ header: { ...header, review: [] }, upgrade: [], downgrade: [] })).toContain(
      "  upgrade() {},\n\n  downgrade() {},\n",
    );
  });
});
