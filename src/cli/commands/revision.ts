import type { AnswerFlags } from "../../app/write/answers.ts";
import { type Common, common, location } from "../context.ts";
import { output } from "../output.ts";
import type { Register } from "../register.ts";
import { draftText } from "../text/draft.ts";
import { answerFlags, answering } from "./resolve.ts";

interface Options extends Common, AnswerFlags {
  readonly message?: string;
  readonly autogenerate?: boolean;
  readonly empty?: boolean;
  readonly head?: string;
  readonly splice?: boolean;
  readonly branchLabel?: readonly string[];
  readonly dependsOn?: readonly string[];
  readonly revId?: string;
  readonly versionPath?: string;
  readonly dryRun?: boolean;
  readonly offline?: boolean;
  readonly allowEmpty?: boolean;
  readonly names?: boolean;
  readonly proof?: boolean;
  readonly amend?: boolean;
}

const collect = (value: string, list: readonly string[] = []): readonly string[] => [...list, value];

export const revision: Register = (program) => {
  common(
    answering(
      program
        .command("revision")
        .description("Write a new revision file.")
        .option("-m, --message <text>", "what it does")
        .option("--autogenerate", "fill it with the differences between the entities and the database")
        .option("--empty", "leave it empty, to be written by hand")
        .option("--head <revision>", "the revision it follows, when there are several heads")
        .option("--splice", "let it follow a revision that is not a head")
        .option("--branch-label <label>", "name the branch that begins here", collect)
        .option("--depends-on <revision>", "a revision that must be applied before", collect)
        .option("--rev-id <id>", "the id, instead of a random one")
        .option("--version-path <dir>", "which of the folders to write to")
        .option("--amend", "do the newest revision anew, as long as nobody else can have applied it")
        .option("--dry-run", "show the file, write nothing")
        .option("--offline", "compare with the replayed revisions instead of a database")
        .option("--allow-empty", "write the file even when nothing differs")
        .option("--names", "take in differences that are of names only")
        .option("--no-proof", "write it without having tried it on a copy of its tables"),
    ),
    'limbeck revision --autogenerate -m "add exam language"',
    'limbeck revision --empty -m "seed roles" --rev-id 002',
    "limbeck revision --autogenerate --dry-run",
    'limbeck revision --autogenerate --drop-table posts_backup_2019 -m "left-overs"',
    "limbeck revision --amend --autogenerate",
    'limbeck revision --autogenerate --offline -m "add exam language"',
  ).action(async (options: Options) => {
    const create = options.amend
      ? (await import("../../app/write/amend.ts")).amendRevision
      : (await import("../../app/revision.ts")).createRevision;
    const out = output(options);
    const { message, head, branchLabel, dependsOn, revId, versionPath } = options;
    const result = await create(location(options), {
      ...(message === undefined ? {} : { message }),
      ...(head === undefined ? {} : { head }),
      ...(revId === undefined ? {} : { id: revId }),
      ...(versionPath === undefined ? {} : { versionPath }),
      labels: branchLabel ?? [],
      dependsOn: dependsOn ?? [],
      splice: options.splice === true,
      autogenerate: options.autogenerate === true || (options.empty !== true && options.offline === true),
      offline: options.offline === true,
      dryRun: options.dryRun === true,
      allowEmpty: options.allowEmpty === true,
      names: options.names === true,
      proof: options.proof !== false,
      answers: answerFlags(options),
    });
    const { text, notes, ...document } = result;
    for (const note of notes) out.note(note);
    out.result(document.id === null ? { id: null, upgrade: [] } : document, () => draftText(result, out));
  });
};
