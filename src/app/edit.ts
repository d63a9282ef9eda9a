import { spawnSync } from "node:child_process";
import { relative } from "node:path";
import { failed, usage } from "../core/errors.ts";
import { resolveOne } from "../graph/target.ts";
import { appliedFor } from "./history.ts";
import { fileOf, type Location, openProject } from "./project/project.ts";

/** Opens the file of a revision in the user's editor, and waits for it. */
export async function editRevisionFile(
  location: Location,
  target: string,
  editor: string | undefined,
): Promise<{ readonly id: string; readonly file: string }> {
  const project = await openProject(location);
  const id = resolveOne(project.graph, (await appliedFor(project, target)) ?? new Set(), target);
  const { file } = fileOf(project, id);
  const [program, ...args] = (editor ?? "").split(/\s+/).filter((word) => word !== "");
  if (program === undefined) {
    throw usage("no-editor", "Neither VISUAL nor EDITOR says which editor to open.", `EDITOR=vi limbeck edit ${id}\nThe file is ${file}`, {
      id,
      file,
    });
  }
  // on stderr, so that --json has stdout for itself
  const { status, error } = spawnSync(program, [...args, file], { stdio: ["inherit", 2, "inherit"] });
  if (status !== 0) {
    throw failed(
      "editor-failed",
      `"${editor}" ended with ${status ?? error?.message ?? "a signal"}.`,
      `the file is ${file}`,
      { id, file },
      error,
    );
  }
  return { id, file: relative(location.cwd, file) };
}
