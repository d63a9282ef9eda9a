import { failed, integrity, LimbeckError } from "../../core/errors.ts";
import type { Revision } from "../../core/revision.ts";
import { placeOf } from "../../entities/load/explain.ts";
import { importModule } from "../../entities/load/index.ts";
import { declared } from "../../revision/declare.ts";
import type { RevisionFile } from "../../revision/directory.ts";

/** Runs a revision file and records its operations. */
export async function loadRevision({ header, file }: RevisionFile): Promise<Revision> {
  const module = await importModule(file);
  const found = recorded(module, header.id, file);
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

/** Recording runs the user's code: what it throws is told with its place. */
function recorded(module: Readonly<Record<string, unknown>>, id: string, file: string): Revision | null {
  try {
    return declared(module);
  } catch (error) {
    const at = placeOf(error) ?? file;
    if (error instanceof LimbeckError) {
      throw new LimbeckError(error.outcome, error.code, `${at} ${error.message}`, error.hint, { ...error.details, file, at }, error);
    }
    throw failed(
      "revision-threw",
      `Revision ${id} threw while its operations were recorded: ${error instanceof Error ? error.message : String(error)}\n    at ${at}`,
      "upgrade(op) and downgrade(op) only record, they see no database: put code that works on data into op.run(title, async (db) => …)",
      { revision: id, file, at },
      error,
    );
  }
}
