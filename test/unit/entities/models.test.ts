import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type ConfigRequest, loadConfig } from "../../../src/entities/config.ts";
import { readModels } from "../../../src/entities/models.ts";
import { failureOf, useProjects } from "./projects.ts";

const { root } = useProjects();

const read = async (project: string, request: Partial<ConfigRequest> = {}) =>
  readModels(await loadConfig({ cwd: join(root, project), env: {}, ...request }));

describe("the models of a project", () => {
  it("may import each other in an ESM project, columns typed by their properties alone", async () => {
    const { schema, source } = await read("esm");
    expect(schema.tables.map(({ name }) => name)).toEqual(["author", "book"]);
    expect(schema.tables[0]?.columns).toEqual([
      { name: "id", type: "integer", autoIncrement: true },
      { name: "name", type: "character varying" },
      { name: "born", type: "timestamp without time zone" },
    ]);
    expect(schema.tables[1]?.foreignKeys[0]).toMatchObject({ columns: ["authorId"], references: { table: "author", columns: ["id"] } });
    expect(source.get("book")).toEqual([`Book (${join(root, "esm/models/book.ts")})`]);
  });

  it("are the same when the configuration was loaded without them", async () => {
    expect((await read("esm", { entities: false })).schema).toEqual((await read("esm")).schema);
  });

  it("are found by a glob and named by the project's naming strategy", async () => {
    const { schema } = await read("cjs");
    expect(schema.tables).toMatchObject([
      {
        name: "user_account",
        columns: [
          { name: "id", type: "int" },
          { name: "role", type: "enum('admin','guest')", default: "'guest'" },
        ],
        primaryKey: { columns: ["id"] },
      },
    ]);
  });

  it("may be compiled JavaScript", async () => {
    expect((await read("built")).schema.tables).toMatchObject([{ name: "note", columns: [{ name: "id", type: "integer" }] }]);
  });

  it("may be EntitySchemas, in lists and objects, in a schema of their own", async () => {
    const { schema, usedSchemas, metadataTable } = await read("entity-schema");
    expect(schema.tables).toMatchObject([
      { schema: "blog", name: "shape", columns: [{ name: "id", type: "uuid", default: "uuid_generate_v4()" }] },
      { schema: "blog", name: "tag", columns: [{ name: "id" }, { name: "label", type: "character varying(40)" }] },
    ]);
    expect(schema).toMatchObject({ namespaces: ["blog"], extensions: ["uuid-ossp"] });
    expect(usedSchemas).toEqual(["blog"]);
    expect(metadataTable).toEqual({ schema: "blog", name: "typeorm_metadata" });
  });

  it("may share a table, also with a relation's join table", async () => {
    const { schema, source } = await read("shared-table", { file: "agreeing.ts" });
    expect(schema.tables.map(({ name, columns }) => [name, columns.map((column) => column.name)])).toEqual([
      ["membership", ["team_id", "user_id", "role"]],
      ["team", ["id"]],
      ["user", ["id", "name", "hash"]],
    ]);
    expect(schema.tables[0]?.foreignKeys.map(({ references }) => references.table).sort()).toEqual(["team", "user"]);
    expect(source.get("user")).toEqual([
      `User (${join(root, "shared-table/agreeing.ts")})`,
      `UserSecret (${join(root, "shared-table/agreeing.ts")})`,
    ]);
  });
});

describe("models that cannot be read", () => {
  it("are named when two classes disagree about their table", async () => {
    const error = await failureOf(read("shared-table", { file: "disagreeing.ts" }));
    expect(error).toMatchObject({
      outcome: "usage",
      code: "entities-disagree",
      details: { table: "note" },
    });
    expect(error.message).toContain('column "text"');
  });

  it("are named with their file when there is no primary key", async () => {
    const error = await failureOf(read("keyless"));
    expect(error).toMatchObject({
      outcome: "usage",
      code: "no-primary-key",
      details: { entity: "Heap", file: join(root, "keyless/entities/heap.ts") },
    });
  });

  it("are named with column and file when a type cannot be known", async () => {
    const error = await failureOf(read("untyped"));
    expect(error).toMatchObject({
      outcome: "usage",
      code: "unknown-type",
      details: { entity: "Box", column: "content", file: join(root, "untyped/entities/box.ts") },
    });
  });

  it("are missed when there are none, and autoLoadEntities is explained", async () => {
    const error = await failureOf(read("nest"));
    expect(error).toMatchObject({ outcome: "usage", code: "no-entities" });
    expect(error.hint).toContain("autoLoadEntities");
  });

  it("name the line of a syntax error", async () => {
    expect(await failureOf(read("broken"))).toMatchObject({ code: "syntax-error", details: { line: 5 } });
  });
});
