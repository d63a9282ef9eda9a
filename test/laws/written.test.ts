import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { transformSync } from "esbuild";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Operation } from "../../src/core/operation.ts";
import { reverseAll } from "../../src/core/operations/index.ts";
import type { Header, Revision } from "../../src/core/revision.ts";
import * as limbeck from "../../src/index.ts";
import { declared } from "../../src/revision/declare.ts";
import { readHeader } from "../../src/revision/header.ts";
import { editRevision } from "../../src/revision/write/edit.ts";
import { writeRevision } from "../../src/revision/write/index.ts";
import { type Gen, mysqlShape, pick, postgresShape, someSchema, someText } from "../support/arbitrary.ts";
import { someOperations } from "../support/arbitrary-operations.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

interface Draft {
  readonly header: Header;
  readonly upgrade: readonly Operation[];
  readonly downgrade: readonly Operation[];
}

/** Code is not data: a step in code is only ever written by people. */
const writable = (operations: readonly Operation[]) => operations.filter(({ kind }) => kind !== "run");

function someDraft(gen: Gen): Draft {
  const shape = pick(gen, [postgresShape, mysqlShape]);
  const schema = someSchema(gen, shape);
  const upgrade = writable(someOperations(gen, shape, schema, 8));
  const header: Header = {
    id: pick(gen, ["504e237d4188", "002", "it's an id"]),
    parents: pick(gen, [[], ["7b40e9699400"], ["7b40e9699400", "a parent with a long name", "another one with a name that is long"]]),
    dependsOn: [],
    labels: pick(gen, [[], ["grading"]]),
    replaces: [],
    message: someText(gen),
    createdAt: "2026-11-21T04:10:00Z",
    review: pick(gen, [
      [],
      upgrade
        .filter((operation) => operation.kind === "dropColumn")
        .map(({ table, column }, i) => ({
          id: `r${i + 1}`,
          kind: "rename" as const,
          table,
          from: column.name,
          to: someText(gen),
          confidence: 0.94,
          evidence: ["same type", someText(gen)],
        })),
    ]),
  };
  return { header, upgrade, downgrade: writable(reverseAll(upgrade).operations) };
}

/** Runs the text of a revision file, as a loader would. */
function load(source: string): Revision {
  const { code } = transformSync(source, { loader: "ts", format: "cjs" });
  const module = { exports: {} as Record<string, unknown> };
  new Function("require", "module", "exports", code)(() => limbeck, module, module.exports);
  const found = declared(module.exports);
  if (found === null) throw new Error("no revision");
  return found;
}

const drafts = (numRuns: number): readonly Draft[] => fc.sample(fc.gen(), { numRuns, seed: 7 }).map(someDraft);

describe("a written revision", () => {
  it("says exactly what was drafted, to those who run it and to those who read its head", async () => {
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (gen) => {
        const draft = someDraft(gen);
        const source = await writeRevision(draft);
        const { upgrade, downgrade, ...header } = load(source);
        expect(upgrade.operations).toStrictEqual(draft.upgrade);
        expect(downgrade.operations).toStrictEqual(draft.downgrade);
        expect(header).toStrictEqual(draft.header);
        expect(readHeader(source, "x.ts")).toStrictEqual(draft.header);
        // nothing in it turns the writing direction or ends a line unseen
        expect(source).not.toMatch(/[\u2028\u2029\u202a-\u202e\u2066-\u2069]/);
      }),
      { numRuns: 150 },
    );
  });

  it("says after an edit exactly what it was to say", async () => {
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (gen) => {
        const draft = someDraft(gen);
        const other = someDraft(gen);
        const kept = draft.upgrade.filter(() => pick(gen, [true, true, false]));
        const after = [...kept, ...other.upgrade.slice(0, 2)];
        const edited = await editRevision(await writeRevision(draft), {
          review: [],
          parents: other.header.parents,
          upgrade: { before: draft.upgrade, after },
          downgrade: { before: draft.downgrade, after: other.downgrade },
        });
        const { upgrade, downgrade, ...header } = load(edited);
        expect(upgrade.operations).toStrictEqual(after);
        expect(downgrade.operations).toStrictEqual(other.downgrade);
        expect(header).toStrictEqual({ ...draft.header, review: [], parents: other.header.parents });
      }),
      { numRuns: 60 },
    );
  });
});

describe("many written revisions", () => {
  let dir = "";
  const files = () => readdirSync(join(dir, "migrations")).map((file) => join(dir, "migrations", file));
  const run = (tool: string, ...args: readonly string[]) =>
    execFileSync(join(root, "node_modules/.bin", tool), args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

  const output = (work: () => string): string => {
    try {
      return work();
    } catch (error) {
      return String((error as { stdout?: unknown }).stdout);
    }
  };

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), "limbeck-written-"));
    mkdirSync(join(dir, "migrations"));
    for (const [i, draft] of drafts(40).entries()) {
      writeFileSync(join(dir, "migrations", `r${i}.ts`), await writeRevision(draft));
      const half = { ...draft, upgrade: draft.upgrade.slice(1) };
      const edited = await editRevision(await writeRevision(draft), {
        review: [],
        upgrade: { before: draft.upgrade, after: half.upgrade },
      });
      writeFileSync(join(dir, "migrations", `e${i}.ts`), edited);
    }
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it("are TypeScript that the strictest compiler takes", () => {
    const compilerOptions = {
      strict: true,
      noUnusedLocals: true,
      noUnusedParameters: true,
      typeRoots: [join(root, "node_modules/@types")],
      paths: { limbeck: [join(root, "src/index.ts")] },
    };
    const config = { extends: join(root, "tsconfig.json"), compilerOptions, include: ["migrations"] };
    writeFileSync(join(dir, "tsconfig.json"), JSON.stringify(config));
    expect(output(() => run("tsc", "--noEmit", "-p", dir))).toBe("");
  });

  it("are left alone by a formatter", () => {
    writeFileSync(
      join(dir, "biome.json"),
      '{ "root": true, "formatter": { "indentStyle": "space" }, "files": { "includes": ["**"], "maxSize": 10000000 } }',
    );
    const before = files().map((file) => readFileSync(file, "utf8"));
    run("biome", "format", "--write", "--vcs-enabled=false", "--config-path", dir, join(dir, "migrations"));
    expect(files().map((file) => readFileSync(file, "utf8"))).toEqual(before);
  });
});
