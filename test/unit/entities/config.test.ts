import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { LimbeckError } from "../../../src/core/errors.ts";
import { type ConfigRequest, loadConfig } from "../../../src/entities/config.ts";
import { failureOf, useProjects } from "./projects.ts";

const { root } = useProjects();

const load = (project: string, request: Partial<ConfigRequest> = {}) => loadConfig({ cwd: join(root, project), env: {}, ...request });
const failure = (project: string, request: Partial<ConfigRequest> = {}): Promise<LimbeckError> => failureOf(load(project, request));

describe.each([{ entities: false }, { entities: true }])("a configuration, with entities: $entities", ({ entities }) => {
  it("is found in an ESM project, with import.meta, aliases and an initialize() that must not act", async () => {
    const found = await load("esm", { entities });
    expect(found).toMatchObject({ projectDir: join(root, "esm"), dialect: "postgres", flavor: "postgres" });
    expect(found.file).toBe(join(root, "esm/data-source.ts"));
    expect(found.options).toMatchObject({ host: "127.0.0.1", entities: [join(root, "esm/models/*.ts")] });
    expect(found.migrationsDirs).toEqual([join(root, "esm/revisions")]);
    expect(found.dataSource !== undefined).toBe(entities);
  });

  it("is found in a CommonJS project with imports from baseUrl and a naming strategy of its own", async () => {
    const found = await load("cjs", { entities });
    expect(found.options).toMatchObject({ type: "mysql", entities: [`${root}/cjs/src/database/../**/*.entity{.ts,.js}`] });
    expect(found.migrationsDirs).toEqual([join(root, "cjs/migrations")]);
  });

  it("is the data source beside a default export that is a function", async () => {
    expect((await load("nest", { entities })).options).toMatchObject({ database: "nest", port: "5432" });
  });

  it("may be options alone, a function, a promise, a getter", async () => {
    expect(await load("options", { entities })).toMatchObject({ flavor: "mariadb", dialect: "mysql", options: { database: "shop" } });
    expect((await load("function", { entities })).options.database).toBe("shop");
    expect((await load("accessor", { entities })).options.database).toBe("held");
  });

  it("may be JavaScript, compiled or written", async () => {
    expect((await load("built", { entities })).options.database).toBe("built");
    expect((await load("named", { entities })).options.database).toBe("named");
  });

  it("may await at the top, in the files it imports too", async () => {
    expect((await load("awaiting", { entities })).options).toMatchObject({ host: "db.internal", database: "vault" });
  });

  it("with two data sources asks which", async () => {
    const error = await failure("several", { entities });
    expect(error).toMatchObject({ outcome: "usage", code: "several-data-sources", details: { exports: ["main", "reports"] } });
    expect((await load("several", { entities, exportName: "reports" })).options.database).toBe("reports");
    expect(await failure("several", { entities, exportName: "other" })).toMatchObject({ code: "no-such-export" });
  });

  it("that throws is an error with its message and place", async () => {
    const error = await failure("throwing", { entities });
    expect(error).toMatchObject({ outcome: "usage", code: "module-threw" });
    expect(error.message).toContain("DATABASE_URL is not set");
    expect(error.message).toContain(`${join(root, "throwing/ormconfig.ts")}:6:9`);
  });

  it("that exits is an error, and this process goes on", async () => {
    expect(await failure("exiting", { entities })).toMatchObject({ outcome: "usage", code: "config-exits" });
  });

  it("of a database that is not supported, or of none, says so", async () => {
    expect(await failure("sqlite", { entities })).toMatchObject({ outcome: "usage", code: "unsupported-database" });
    expect(await failure("typeless", { entities })).toMatchObject({ outcome: "usage", code: "type-missing" });
  });

  it("with a syntax error in an entity names file, line, column and text", async () => {
    const error = await failure("broken", { entities });
    expect(error).toMatchObject({
      outcome: "usage",
      code: "syntax-error",
      details: { file: join(root, "broken/item.ts"), line: 5, text: "  @Column( name: string;" },
    });
    expect(error.message).toContain("item.ts:5:16");
  });
});

describe("the place of the configuration", () => {
  it("is listed when none is found", async () => {
    const error = await failure("empty");
    expect(error).toMatchObject({ outcome: "usage", code: "no-config" });
    expect(error.message).toContain("src/database/data-source{.ts,.mts,.cts,.js,.mjs,.cjs}");
    expect(error.hint).toContain("limbeck init");
  });

  it("may be named, with or without its ending", async () => {
    expect((await load("empty", { file: "../options/ormconfig" })).options.database).toBe("shop");
    expect(await failure("empty", { file: "elsewhere.ts" })).toMatchObject({ code: "config-missing" });
  });
});

describe("a URL given from outside", () => {
  it("takes the place of the configuration's own, the argument before the environment", async () => {
    const env = { LIMBECK_URL: "postgres://ci@db/env" };
    const fromEnv = await load("esm", { env, entities: false });
    expect(fromEnv.options).toMatchObject({ url: "postgres://ci@db/env" });
    expect(fromEnv.options).not.toHaveProperty("host");
    expect((await load("esm", { env, url: "embedded:data", entities: false })).options.url).toBe("embedded:data");
  });

  it("must be of the same family, and is never shown", async () => {
    const error = await failure("esm", { url: "mysql://root:secret@db/x", entities: false });
    expect(error).toMatchObject({ outcome: "usage", code: "url-differs" });
    expect(error.message + error.hint).not.toContain("secret");
  });
});
