import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { refused, usage } from "../../core/errors.ts";
import { checksum } from "../../revision/checksum.ts";
import { loadRevision } from "../project/load.ts";
import { fileOf, type Project } from "../project/project.ts";

/** A file, and where it is to be. */
export interface Move {
  readonly from: string;
  readonly to: string;
}

/** Copies into `replaced/` of their folder, imports put right; each must say there what it says where it is. */
export async function copyAway(project: Project, ids: readonly string[]): Promise<readonly Move[]> {
  const moves = ids.map((id) => {
    const { file } = fileOf(project, id);
    const folder = project.configuration.migrationsDirs.find((dir) => file.startsWith(`${dir}/`)) ?? dirname(file);
    const move = { from: file, to: join(folder, "replaced", basename(file)) };
    return { ...move, id, text: withImportsFrom(readFileSync(file, "utf8"), move) };
  });
  // what an interrupted squash has copied already is in nobody's way
  const taken = moves.find(({ to, text }) => existsSync(to) && readFileSync(to, "utf8") !== text);
  if (taken !== undefined) throw usage("file-exists", `${taken.to} exists already, and is another file.`, "move it away");
  const written: string[] = [];
  try {
    for (const { id, from, to, text } of moves) {
      const { header } = fileOf(project, id);
      const sums = checksum(await loadRevision({ header, file: from, sourceHash: "" }));
      mkdirSync(dirname(to), { recursive: true });
      written.push(to);
      writeFileSync(to, text);
      if (checksum(await loadRevision({ header, file: to, sourceHash: "" })) === sums) continue;
      throw refused(
        "not-squashable",
        `Revision ${id} does something else when its file stands in ${dirname(to)}.`,
        "import by absolute names there",
        { revision: id },
      );
    }
  } catch (error) {
    for (const file of written) rmSync(file, { force: true });
    throw error;
  }
  return moves;
}

/** Relative imports, as they are to be written from another folder. */
function withImportsFrom(text: string, { from, to }: Move): string {
  return text.replace(
    /(\bfrom\s+|\bimport\s*\(?\s*|\brequire\s*\(\s*)(["'])(\.{1,2}\/[^"']*)\2/g,
    (_, head: string, quote: string, path: string) => {
      const target = relative(dirname(to), join(dirname(from), path));
      return `${head}${quote}${target.startsWith(".") ? target : `./${target}`}${quote}`;
    },
  );
}
