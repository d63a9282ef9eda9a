import { afterEach, describe, expect, it } from "vitest";
import type { Operation } from "../../src/core/operation.ts";
import type { Revision } from "../../src/core/revision.ts";
import type { Column } from "../../src/core/schema.ts";
import { compile } from "../../src/dialect/postgres/compile/index.ts";
import { prechecks } from "../../src/dialect/postgres/prechecks/index.ts";
import type { LiveOptions } from "../../src/run/options.ts";
import { run } from "../../src/run/run.ts";
import { stepOf } from "../../src/run/step.ts";
import { engines, useDatabase } from "../support/databases.ts";
import { optionsFor } from "./dialects.ts";

const id: Column = { name: "id", type: "integer" };
const table = {
  columns: [id, { name: "name", type: "text", nullable: true }],
  uniques: [],
  indexes: [],
  foreignKeys: [],
  checks: [],
  exclusions: [],
} as const;
const create: Operation = { kind: "createTable", table: "people", definition: { name: "people", ...table } };
const require: Operation = {
  kind: "alterColumn",
  table: "people",
  from: { name: "name", type: "text", nullable: true },
  to: { name: "name", type: "text" },
};
const nobody: Operation = { kind: "execute", sql: "INSERT INTO people (id) VALUES (1)" };

function revision(name: string, ...operations: readonly Operation[]): Revision {
  const head = { id: name, parents: [], dependsOn: [], labels: [], message: "", createdAt: "", review: [], replaces: [] };
  return { ...head, upgrade: { operations, code: [] }, downgrade: { operations: [], code: [] } };
}

describe.runIf(engines.includes("postgres"))("questions to the data", () => {
  const database = useDatabase("postgres");
  const upgrade = (revisions: readonly Revision[], more: Partial<LiveOptions> = {}) => {
    const options = optionsFor("postgres", more);
    return run(database.db, { ...options, dialect: { ...options.dialect, compile, prechecks } }, async ({ applied }) =>
      revisions.filter((one) => !applied.has(one.id)).map((one) => stepOf(one, "upgrade", one.id, one.id)),
    );
  };
  const tables = async () =>
    (await database.db.query("SELECT relname AS name FROM pg_class WHERE relname IN ('people', 'other') ORDER BY 1")).map(
      ({ name }) => name,
    );
  afterEach(() =>
    database.db.batch(["DROP TABLE IF EXISTS people", "DROP TABLE IF EXISTS other", "DROP TABLE IF EXISTS limbeck_revision"]),
  );

  it("come before anything runs, under the names that things have then", async () => {
    await database.db.query("CREATE TABLE people (id integer, nick text)");
    await database.db.query("INSERT INTO people (id) VALUES (1), (2)");
    const revisions = [
      revision("a", { ...create, table: "other", definition: { name: "other", ...table } }),
      revision("b", { kind: "renameColumn", table: "people", from: "nick", to: "name" }),
      revision("c", require),
    ];
    await expect(upgrade(revisions)).rejects.toMatchObject({
      code: "precheck-failed",
      details: { checks: [{ revision: "c", op: 0, code: "nulls", count: 2 }], applied: [] },
    });
    expect(await tables()).toEqual(["people"]);
  });

  it("wait for the revision's turn where an earlier one puts the rows there", async () => {
    const revisions = [revision("a", create), revision("b", nobody), revision("c", require)];
    await expect(upgrade(revisions)).rejects.toMatchObject({
      code: "precheck-failed",
      message: expect.stringContaining("standing: a, b."),
      details: { checks: [{ revision: "c", code: "nulls", count: 1 }], applied: ["a", "b"] },
    });
    await database.db.query("UPDATE people SET name = 'somebody'");
    expect((await upgrade(revisions)).done.map((done) => done.id)).toEqual(["c"]);
  });

  it("undo the whole run where it is one transaction", async () => {
    const revisions = [revision("a", create), revision("b", nobody), revision("c", require)];
    await expect(upgrade(revisions, { transaction: "all" })).rejects.toMatchObject({
      code: "precheck-failed",
      message: expect.stringContaining("Nothing was changed."),
    });
    expect(await tables()).toEqual([]);
  });

  it("find nothing in a table that the run makes", async () => {
    await upgrade([revision("a", create), revision("b", require)]);
    expect(await tables()).toEqual(["people"]);
  });
});
