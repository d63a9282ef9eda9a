import { describe, expect, it } from "vitest";
import { engines } from "../support/databases.ts";
import { ormconfig, useProject } from "../support/project.ts";
import { revisionFile } from "./shell.ts";

const ids = ["\u001b[31mred\u0007", "line\nbreak", "\u202etxt.exe", "a b${1}*/ `x`", "__proto__"];
/** Control characters and marks that turn the writing direction; a line's end is one. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const obeyed = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

describe.each(engines)("revisions written by hand with hostile ids, on %s", (engine) => {
  const file = (id: string, parents: readonly string[]) =>
    revisionFile(
      "ID",
      parents,
      "op.execute(sql`SELECT 1`, { undo: sql`SELECT 1` });",
      "",
      `\n  labels: [${JSON.stringify(`label ${id}`)}],`,
    )
      .replace('"ID"', JSON.stringify(id))
      .replace("about ID", JSON.stringify(`about ${id}`).slice(1, -1));
  const project = useProject(engine, {
    "ormconfig.ts": ormconfig(engine),
    ...Object.fromEntries(ids.map((id, i) => [`migrations/m${i}.ts`, file(id, ids.slice(Math.max(0, i - 1), i))])),
    "migrations/fork.ts": file("fork\u001b[2J", ids.slice(1, 2)),
  });
  const saysPlainly = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await project.run(...args);
    expect([args, code, obeyed.exec(stdout + stderr)?.[0]]).toEqual([args, expect.any(Number), undefined]);
    return stdout;
  };

  it("show no terminal what it would obey, whatever the command", async () => {
    for (const command of ["history", "history -v", "history --graph", "heads -v", "branches -v", "current -v", "upgrade heads --dry-run"])
      await saysPlainly(...command.split(" "));
    expect(await saysPlainly("upgrade", "heads", "-v")).toContain("\\u001b[31mred");
    for (const command of ["upgrade heads", "current -v", "history -i", "check", "doctor", "downgrade base --dry-run", "merge heads -m x"])
      await saysPlainly(...command.split(" "));
    expect(await saysPlainly("downgrade", "base")).toContain("reverted");
  });

  it("nor does a journal that somebody else has written", async () => {
    await project.run("upgrade", "heads");
    const hostile = engine === "postgres" ? "'x' || chr(27) || '[2J'" : "concat('x', char(27), '[2J')";
    await project.database.db.query(
      `UPDATE limbeck_revision SET id = ${hostile}, error = ${hostile}, message = ${hostile}, status = 'applying' WHERE id = '__proto__'`,
    );
    for (const command of ["current -v", "doctor", "upgrade heads", "repair", "history -i"]) await saysPlainly(...command.split(" "));
    expect(await saysPlainly("current")).toContain("x\\u001b[2J");
  });
});
