import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openEmbedded } from "../../src/connect/embedded.ts";
import type { Db } from "../../src/core/db.ts";
import { canonical } from "../../src/dialect/postgres/canonical.ts";
import { identify } from "../../src/dialect/postgres/identify.ts";
import { introspect } from "../../src/dialect/postgres/introspect/index.ts";
import { normalize } from "../../src/dialect/postgres/normalize.ts";

describe("the embedded PostgreSQL", () => {
  const dir = mkdtempSync(join(tmpdir(), "limbeck-read-"));
  let db: Db;
  beforeAll(async () => {
    db = await openEmbedded(join(dir, "data"), process.cwd());
  });
  afterAll(async () => {
    await db?.close();
    rmSync(dir, { recursive: true, force: true });
  });

  it("is read and asked like any other, with its one session", async () => {
    await db.query(`CREATE TYPE mood AS ENUM ('a', 'b');
      CREATE TABLE exams (id serial PRIMARY KEY, score integer DEFAULT 1 + 1, mood mood DEFAULT 'a', CONSTRAINT ck CHECK (score > 0 AND mood <> 'b'), CONSTRAINT other CHECK (score < 9));
      CREATE INDEX i ON exams (score) WHERE score > 5; CREATE VIEW v AS SELECT * FROM exams`);
    const server = await identify(db);
    expect(server).toMatchObject({ flavor: "postgres", defaultSchema: "public", embedded: true });
    const had = normalize((await introspect(db, server, { schemas: [], ignore: [] })).schema, server);
    const [table] = had.tables;
    const written = {
      ...had,
      tables: had.tables.map((one) => ({
        ...one,
        columns: one.columns.map((column) => (column.name === "score" ? { ...column, default: "(1+1)" } : column)),
        checks: [
          { name: "ck", expression: "(score>0) and mood != 'b'" },
          { name: "other", expression: "not_there(score)" },
        ],
        indexes: [{ name: "i", columns: ["score"], where: "(score)>5" }],
      })),
      views: [{ name: "v", definition: "select id, score, mood from exams", indexes: [] }],
    };
    const { wanted, notCompared } = await canonical(db, server, normalize(written, server), had);
    expect(notCompared.map(({ what }) => what)).toEqual(["check exams.other"]);
    expect(wanted.tables[0]).toEqual(table);
    expect(wanted.views[0]?.definition).toBe(had.views[0]?.definition);
    expect(await db.query("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'limbeck%'")).toEqual([]);
    expect((await introspect(db, server, { schemas: [], ignore: [] })).schema.tables).toHaveLength(1);
  });
});
