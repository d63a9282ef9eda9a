import { transformSync as swc } from "@swc/core";
import { transformSync as esbuild } from "esbuild";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { LimbeckError } from "../../../src/core/errors.ts";
import { readHeader } from "../../../src/revision/header.ts";

const source = `import { revision, sql } from "limbeck";

export default revision({
  id: "504e237d4188",
  parents: ["7b40e9699400", "aaaa"],
  dependsOn: ["bbbb"],
  labels: ["exams"],
  message: "say \\"hello\\", {world}: 'it\\u2019s' // no comment",
  createdAt: "2026-11-21T04:10:00Z",
  review: [
    { id: "r1", kind: "rename", table: "question_banks", from: "created_by", to: "created_by_id", confidence: 0.94, evidence: ["same type"] },
  ],

  upgrade(op) {
    op.execute(sql\`SELECT 1\`);
  },

  downgrade(op) {},
});
`;
const header = {
  id: "504e237d4188",
  parents: ["7b40e9699400", "aaaa"],
  dependsOn: ["bbbb"],
  labels: ["exams"],
  message: "say \"hello\", {world}: 'it\u2019s' // no comment",
  createdAt: "2026-11-21T04:10:00Z",
  review: [
    {
      id: "r1",
      kind: "rename",
      table: "question_banks",
      from: "created_by",
      to: "created_by_id",
      confidence: 0.94,
      evidence: ["same type"],
    },
  ],
  replaces: [],
};

const singleQuotes = `/* export default revision({ id: 'old' }) */
import { revision } from 'limbeck'

export default revision( {
  // the id
  'id': '504e237d4188',
  parents: [
    '7b40e9699400', /* merged */
    'aaaa'
  ], dependsOn: ["bbbb"], labels: [ 'exams', ],
  message:
    \`say "hello", {world}: 'it\u2019s' // no comment\`,
  createdAt: '2026-11-21T04:10:00Z',
  review: [{ id: 'r1', kind: 'rename', table: 'question_banks', from: 'created_by', to: 'created_by_id', confidence: .94, evidence: ['same type'] }],
  async upgrade(op) {},
})
`;

const typescript = (module: ts.ModuleKind, target: ts.ScriptTarget) =>
  ts.transpileModule(source, { compilerOptions: { module, target } }).outputText;

describe("the head of a revision file", () => {
  it.each([
    ["as it is written", source],
    ["after a formatter that likes single quotes", singleQuotes],
    ["with CRLF", source.replaceAll("\n", "\r\n")],
    ["with a byte order mark", `\uFEFF${source}`],
    ["declared first, exported later", source.replace("export default revision(", "const made: Revision = revision(")],
    ["compiled by tsc to CommonJS", typescript(ts.ModuleKind.CommonJS, ts.ScriptTarget.ES2022)],
    ["compiled by tsc to old CommonJS", typescript(ts.ModuleKind.CommonJS, ts.ScriptTarget.ES5)],
    ["compiled by tsc to ESM", typescript(ts.ModuleKind.ESNext, ts.ScriptTarget.ES2022)],
    ["compiled by swc to CommonJS", swc(source, { jsc: { parser: { syntax: "typescript" } }, module: { type: "commonjs" } }).code],
    ["compiled by swc to ESM", swc(source, { jsc: { parser: { syntax: "typescript" } }, module: { type: "es6" } }).code],
    ["compiled by esbuild to CommonJS", esbuild(source, { loader: "ts", format: "cjs" }).code],
    ["compiled by esbuild to ESM", esbuild(source, { loader: "ts", format: "esm" }).code],
  ])("is read %s", (_, text) => {
    expect(readHeader(text, "f.ts")).toEqual(header);
  });

  it.each(["export default revision(", "exports.default = (0, limbeck_1.revision)(", "module.exports.default = revision("])(
    "that begins with %s is read in one go only where nothing is unusual",
    (begin) => {
      const usual = `\n${begin}{\n  id: "aaaa",\n  parents: ["b", "c"],\n  message: "it's",\n  createdAt: "2026",\n\n  upgrade() {},\n});\n`;
      const plain = {
        id: "aaaa",
        parents: ["b", "c"],
        message: "it's",
        createdAt: "2026",
        dependsOn: [],
        labels: [],
        review: [],
        replaces: [],
      };
      expect(readHeader(usual, "f.ts")).toEqual(plain);
      expect(readHeader(usual.replace("\n\n  upgrade", "\n  upgrade").replaceAll("  ", "    "), "f.ts")).toEqual(plain);
      expect(readHeader(usual.replace('"it\'s"', '"a \\"b\\""'), "f.ts")).toEqual({ ...plain, message: 'a "b"' });
      expect(readHeader(usual.replace("  message:", '  labels: ["x"],\n  message:'), "f.ts")).toEqual({ ...plain, labels: ["x"] });
      expect(readHeader(usual.replace('["b", "c"]', '["b, c", "d\\"", ]'), "f.ts")).toEqual({ ...plain, parents: ["b, c", 'd"'] });
      expect(readHeader(usual.replace('["b", "c"]', "[]"), "f.ts")).toEqual({ ...plain, parents: [] });
      expect(readHeader(`/*${usual}*/`, "f.ts")).toBeNull();
    },
  );

  it("may be short", () => {
    const text = 'export default revision({ id: "aaaa", parents: [], upgrade(op) {} });';
    expect(readHeader(text, "f.ts")).toEqual({
      id: "aaaa",
      parents: [],
      dependsOn: [],
      labels: [],
      message: "",
      createdAt: "",
      review: [],
      replaces: [],
    });
  });

  it.each([
    ["a computed value", "  id: makeId(),\n", 2, "a plain string, number, array or object"],
    ["a template with a value in it", "  id: `a$" + "{x}`,\n", 2, "a string with nothing computed in it"],
    ["an open string", '  id: "aaaa,\n', 2, "a closed string"],
    ["no id", "  parents: [],\n", 1, "`id` as a string, before `upgrade`"],
    ["a number for an id", "  id: 7,\n", 1, "`id` as a string, before `upgrade`"],
    ["parents that are no strings", '  id: "a",\n  parents: [1],\n', 1, "`parents` as an array of strings"],
    ["a spread", '  id: "a",\n  ...common,\n', 3, "a name"],
    ["a missing comma", '  id: "a"\n  parents: [],\n', 3, "a comma after id"],
    ["a review that is no point", '  id: "a",\n  review: [{}],\n', 1, "`review` as an array of points, each with `id`, `kind` and `table`"],
  ])("with %s is an error that names file, line and what was expected", (_, fields, line, expected) => {
    const error = failure(`export default revision({\n${fields}  upgrade(op) {},\n});\n`);
    expect(error).toMatchObject({ outcome: "integrity", code: "unreadable-header", details: { file: "f.ts", line, expected } });
  });

  it("must be written into the call", () => {
    const error = failure('import { revision } from "limbeck";\n\nexport default revision(build());\n');
    expect(error.message).toContain("f.ts:3: the head of the revision cannot be read: expected `export default revision({`");
  });
});

describe("a file in the folder", () => {
  it.each([
    [
      "a helper",
      'export const revision = 3; // call revision( elsewhere\nexport function find(id) { return "export default revision({"; }',
      false,
    ],
    ["one of TypeORM's migrations", "export class Init1700000000000 implements MigrationInterface { name = 'revision(' }", false],
    ["a commented-out revision", '/*\nexport default revision({\n  id: "aaaa" })\n*/', false],
    ["a revision", source, true],
    ["a revision that is computed", 'import { revision } from "limbeck";\nexport default revision(build());', true],
  ])("that is %s: holds a revision %s", (_, text, holds) => {
    expect(holdsRevision(text)).toBe(holds);
  });
});

/** It does also when its head can't be read. */
function holdsRevision(text: string): boolean {
  try {
    return readHeader(text, "f.ts") !== null;
  } catch {
    return true;
  }
}

function failure(text: string): LimbeckError {
  try {
    readHeader(text, "f.ts");
  } catch (error) {
    if (error instanceof LimbeckError) return error;
    throw error;
  }
  throw new Error("it was read");
}
