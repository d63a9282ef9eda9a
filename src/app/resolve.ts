import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { integrity, usage } from "../core/errors.ts";
import { reverseAll } from "../core/operations/index.ts";
import { pointText } from "../core/point.ts";
import type { Point } from "../core/revision.ts";
import { placeOf } from "../diff/labels.ts";
import { type Answers, resolve } from "../diff/resolve.ts";
import { forgetModule } from "../entities/load/index.ts";
import { resolveOne } from "../graph/target.ts";
import { loadRevision } from "./project/load.ts";
import { fileOf, type Location, openProject } from "./project/project.ts";
import { type AnswerFlags, answersOf, noAnswers } from "./write/answers.ts";
import { writeWhole } from "./write/whole.ts";

export interface ResolveResult {
  readonly id: string;
  readonly file: string;
  readonly resolved: readonly string[];
  readonly open: readonly Point[];
}

/** Rewrites a revision's file by the reviewer's answers, in both directions. Without answers, `ask` asks for each open rename, of whatever. */
export async function resolveRevision(
  location: Location,
  target: string,
  flags: AnswerFlags,
  ask?: (point: Point) => Promise<"rename" | "drop" | null>,
): Promise<ResolveResult> {
  const project = await openProject(location);
  const file = fileOf(project, resolveOne(project.graph, new Set(), target));
  const before = await loadRevision(file);
  const answers: Answers = noAnswers(flags) ? await asked(before.id, before.review, ask) : answersOf(flags);

  const { rules } = project.dialect;
  const upgrade = resolve(before.upgrade.operations, before.review, answers, { rules });
  // a way back that is the exact reverse stays one; one that somebody has edited is rewritten by the same answers
  const untouched = isDeepStrictEqual(before.downgrade.operations, reverseAll(before.upgrade.operations).operations);
  const downgrade = untouched
    ? reverseAll(upgrade.operations)
    : resolve(before.downgrade.operations, before.review, answers, { rules, direction: "downgrade" });
  const { editRevision } = await import("../revision/write/edit.ts");
  const source = readFileSync(file.file, "utf8");
  const text = await editRevision(source, {
    review: upgrade.review,
    upgrade: { before: before.upgrade.operations, after: upgrade.operations },
    downgrade: { before: before.downgrade.operations, after: downgrade.operations },
  });
  writeWhole(file.file, text);
  forgetModule(file.file);
  const after = await loadRevision(file);
  if (!isDeepStrictEqual(after.upgrade.operations, upgrade.operations)) {
    writeWhole(file.file, source);
    throw integrity("write-mismatch", `The answers could not be written into ${file.file}; it is as it was.`, "edit the file by hand", {
      file: file.file,
    });
  }
  return {
    id: before.id,
    file: relative(location.cwd, file.file),
    resolved: [
      ...upgrade.resolved.map((point) => `${point.id} ${pointText(point)}`),
      // no point asks for it: it is the rows' need
      ...Object.entries(answers.fill ?? {}).map(([column, sql]) => `${column} is filled with ${sql}`),
    ],
    open: upgrade.review,
  };
}

async function asked(id: string, points: readonly Point[], ask: ((point: Point) => Promise<"rename" | "drop" | null>) | undefined) {
  if (ask === undefined) {
    const open = points.map((point) => `${point.id} ${pointText(point)}`).join(", ");
    throw usage(
      "no-answer",
      `Nothing was answered. Open in ${id}: ${open || "nothing"}.`,
      `limbeck resolve ${id} --rename TABLE.OLD:NEW  or  --all drop`,
    );
  }
  const given: Answers[] = [];
  for (const point of points) {
    // how values convert is no question of yes and no
    if (point.kind === "using" || point.from === undefined || point.to === undefined) continue;
    const answer = await ask(point);
    if (answer !== null) given.push(answerTo(point, point.from, point.to, answer));
  }
  return {
    renames: given.flatMap(({ renames = [] }) => renames),
    renameTables: given.flatMap(({ renameTables = [] }) => renameTables),
    drops: given.flatMap(({ drops = [] }) => drops),
    dropTables: given.flatMap(({ dropTables = [] }) => dropTables),
  };
}

function answerTo(point: Point, from: string, to: string, answer: "rename" | "drop"): Answers {
  const renames = answer === "rename";
  if (point.kind === "renameTable" || point.kind === "renameView")
    return renames ? { renameTables: [{ from, to }] } : { dropTables: [from] };
  const table = placeOf(point);
  return renames ? { renames: [{ table, from, to }] } : { drops: [{ table, column: from }] };
}
