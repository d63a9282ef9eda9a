import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { integrity, usage } from "../../core/errors.ts";
import type { Operation } from "../../core/operation.ts";
import type { Header } from "../../core/revision.ts";
import { forgetModule } from "../../entities/load/index.ts";
import { isPlace } from "../../graph/expression.ts";
import { loadRevision } from "../project/load.ts";
import type { Project } from "../project/project.ts";
import { writeWhole } from "./whole.ts";

/** An id that somebody chose: it must be readable in revision arguments, and new. */
export function checkId({ graph }: Project, id: string): string {
  if (!/^[A-Za-z0-9_.]{1,255}$/.test(id)) {
    throw usage(
      "bad-id",
      `"${id}" is no id for a revision.`,
      "letters, digits, _ and . only: + - @ and : have a meaning in revision arguments",
    );
  }
  if (isPlace(id)) throw usage("bad-id", `"${id}" has a meaning of its own in revision arguments.`, "choose another --rev-id");
  if (graph.nodes.has(id) || graph.standIns.has(id))
    throw integrity("duplicate-revision", `There is a revision ${id} already.`, "choose another --rev-id", { id });
  const labelled = graph.labels.get(id);
  if (labelled !== undefined)
    throw integrity("duplicate-label", `"${id}" is a label of ${labelled} already.`, "choose another --rev-id", { label: id });
  return id;
}

/** Labels that somebody chose: what can't be typed as a revision argument, or means something else there, names no branch. */
export function checkLabels({ graph }: Project, labels: readonly string[]): readonly string[] {
  for (const label of labels) {
    if (!/^[^\s@:+\p{C}-][^\s@:+\p{C}]*$/u.test(label) || isPlace(label)) {
      throw usage(
        "bad-label",
        `"${label}" is no label for a branch.`,
        "no blanks, no + @ or :, no - at its beginning, and not head, heads, base or current: these have a meaning in revision arguments",
      );
    }
    const holder = graph.labels.get(label) ?? (graph.nodes.has(label) ? label : undefined);
    if (holder === undefined) continue;
    throw integrity(
      "duplicate-label",
      graph.nodes.has(label) ? `"${label}" is the id of a revision.` : `The label "${label}" stands on ${holder} already.`,
      "choose another --branch-label",
      { label, revisions: [holder] },
    );
  }
  return labels;
}

export function freshId({ graph }: Project): string {
  for (;;) {
    const id = randomBytes(6).toString("hex");
    if (!graph.nodes.has(id)) return id;
  }
}

/** `YYYYMMDDHHmm_<id>_<slug>.ts`; the order of revisions comes from their parents, the name is for people. */
export function fileName({ id, message, createdAt }: Header): string {
  const slug = message
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_|_$/g, "")
    .slice(0, 40)
    .replace(/_$/, "");
  return `${createdAt.replace(/\D/g, "").slice(0, 12)}_${id}${slug === "" ? "" : `_${slug}`}.ts`;
}

/** Writes the file and reads it back: what it records must be what was drafted. */
export async function writeProved(file: string, text: string, header: Header, upgrade: readonly Operation[]): Promise<void> {
  if (existsSync(file)) throw usage("file-exists", `${file} exists already.`, "choose another --rev-id or message");
  mkdirSync(dirname(file), { recursive: true });
  writeWhole(file, text);
  const back = await loadRevision({ header, file, sourceHash: "" }).catch((error: unknown) => {
    rmSync(file);
    throw error;
  });
  if (isDeepStrictEqual(back.upgrade.operations, upgrade)) return;
  rmSync(file);
  throw integrity(
    "write-mismatch",
    `What was written to ${file} is not what was to be written; the file was removed.`,
    "please report this, with --dry-run's output",
  );
}

/** The same in the place of an older file; when it fails, that one is there as it was. */
export async function replaceProved(old: string, file: string, text: string, header: Header, upgrade: readonly Operation[]): Promise<void> {
  const aside = `${old}.${process.pid}.before`;
  renameSync(old, aside);
  forgetModule(old);
  try {
    await writeProved(file, text, header, upgrade);
  } catch (error) {
    renameSync(aside, old);
    throw error;
  }
  rmSync(aside);
}
