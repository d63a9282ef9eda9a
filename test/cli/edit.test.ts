import { describe, expect, it } from "vitest";
import { ormconfig, useProjectWithout } from "../support/project.ts";
import { revisionFile, start } from "./shell.ts";

describe("edit", () => {
  const project = useProjectWithout({
    "ormconfig.ts": ormconfig("postgres"),
    "migrations/1.ts": revisionFile("r001", []),
    "editor.cjs":
      'const fs = require("node:fs"); fs.appendFileSync(process.argv.at(-1), "// " + process.argv[2] + "\\n"); console.log("saved");',
    "broken.cjs": "process.exit(3);",
  });
  const edit = (revision: string, env: Readonly<Record<string, string>>) =>
    start(project, ["edit", revision, "--json"], { VISUAL: "", EDITOR: "", ...env }).ended;

  it("opens the file of the revision in the editor, with the editor's own arguments", async () => {
    const run = await edit("head", { EDITOR: `${process.execPath} editor.cjs --wait` });
    expect(run).toMatchObject({ code: 0, json: { id: "r001", file: "migrations/1.ts" }, stderr: expect.stringContaining("saved") });
    expect(project.read("migrations/1.ts")).toMatch(/\/\/ --wait\n$/);
  });

  it("names the file where there is no editor, or where it fails", async () => {
    expect(await edit("r001", {})).toMatchObject({
      code: 2,
      json: { error: { code: "no-editor", hint: expect.stringMatching(/migrations\/1\.ts/) } },
    });
    const failed = await edit("r001", { VISUAL: `${process.execPath} broken.cjs`, EDITOR: "never" });
    expect(failed).toMatchObject({ code: 1, json: { error: { code: "editor-failed", message: expect.stringMatching(/ended with 3/) } } });
  });
});
