import { integrity } from "../core/errors.ts";
import type { Revision } from "../core/revision.ts";
import { importModule } from "../entities/load/index.ts";
import { declared } from "../revision/declare.ts";
import type { RevisionFile } from "../revision/directory.ts";

/** Runs a revision file and records its operations. */
export async function loadRevision({ header, file }: RevisionFile): Promise<Revision> {
  const module = await importModule(file);
  const found = declared(module);
  if (found === null) {
    throw integrity("no-revision", `${file} exports no revision.`, "a revision file ends in: export default revision({ … })", { file });
  }
  if (found.id !== header.id) {
    throw integrity(
      "header-differs",
      `The head of ${file} says ${header.id}, running it says ${found.id}.`,
      "write the id as a plain string",
      { file },
    );
  }
  return found;
}

export async function loadRevisions(files: readonly RevisionFile[]): Promise<readonly Revision[]> {
  const loaded: Revision[] = [];
  for (const file of files) loaded.push(await loadRevision(file));
  return loaded;
}
