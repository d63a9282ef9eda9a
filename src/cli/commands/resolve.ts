import type { Command } from "commander";
import type { AnswerFlags } from "../../app/write/answers.ts";
import { pointText } from "../../core/point.ts";
import { ask } from "../ask.ts";
import { type Common, common, location } from "../context.ts";
import { output, printable } from "../output.ts";
import type { Register } from "../register.ts";

const collect = (value: string, list: readonly string[] = []): readonly string[] => [...list, value];

/** The flags that answer review points, here and on `revision --autogenerate`. */
export function answering(command: Command): Command {
  return command
    .option("--rename <TABLE.OLD:NEW>", "the column was renamed: keep its values; may be repeated", collect)
    .option("--rename-table <OLD:NEW>", "the table was renamed: keep its rows; may be repeated", collect)
    .option("--drop <TABLE.COLUMN>", "the column is really dropped; may be repeated", collect)
    .option("--drop-table <TABLE>", "the table is really dropped; may be repeated", collect)
    .option("--all <answer>", "answer every rename question alike: rename or drop")
    .option("--fill <TABLE.COLUMN=EXPR>", "the value of rows that have none; may be repeated", collect)
    .option("--using <TABLE.COLUMN=EXPR>", "how the old value becomes the new type; may be repeated", collect);
}

export function answerFlags(options: AnswerFlags): AnswerFlags {
  const { rename, renameTable, drop, dropTable, all, fill, using } = options;
  const given = { rename, renameTable, drop, dropTable, all, fill, using };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

export const resolve: Register = (program) => {
  common(
    answering(
      program.command("resolve").argument("<revision>").description("Answer the review points of a revision, and rewrite its file."),
    ),
    "limbeck resolve 504e --rename question_banks.created_by:created_by_id",
    "limbeck resolve head --fill exams.language=\"'en'\"",
    "limbeck resolve 504e --all drop",
  ).action(async (revision: string, options: Common & AnswerFlags) => {
    const app = await import("../../app/resolve.ts");
    const out = output(options);
    const given = answerFlags(options);
    const interactive = process.stdin.isTTY === true && !out.json;
    const result = await app.resolveRevision(location(options), revision, given, interactive ? ask : undefined);
    out.result(result, () =>
      [
        ...result.resolved.map((what) => `${out.paint("green", "answered")} ${printable(what)}`),
        ...result.open.map((point) => `${out.paint("yellow", "open")} ${printable(`${point.id} ${point.kind} ${pointText(point)}`)}`),
        printable(result.file),
      ].join("\n"),
    );
  });
};
