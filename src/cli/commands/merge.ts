import { usage } from "../../core/errors.ts";
import { type Common, common, location } from "../context.ts";
import { output, printable } from "../output.ts";
import type { Register } from "../register.ts";
import { conflictLines } from "../text/conflicts.ts";

interface Options extends Common {
  readonly message?: string;
  readonly revId?: string;
  readonly branchLabel?: readonly string[];
  readonly accept?: readonly string[];
  readonly rebase?: boolean;
}

const collect = (value: string, list: readonly string[] = []): readonly string[] => [...list, value];

export const merge: Register = (program) => {
  common(
    program
      .command("merge")
      .argument("<revisions...>", "heads, or two or more revisions")
      .description("Join several heads in one revision. Operations of the arms that do not commute are listed and refused.")
      .option("-m, --message <text>", "what it does")
      .option("--rev-id <id>", "the id, instead of a random one")
      .option("--branch-label <label>", "name the branch that begins here", collect)
      .option("--accept <code>", "go on in spite of: conflict", collect)
      .option("--rebase", "write no revision: put the second arm on top of the first by rewriting its parents"),
    'limbeck merge heads -m "join grading and todos"',
    "limbeck merge heads --accept conflict",
    "limbeck merge 504e 9f1c --rebase",
  ).action(async (revisions: string[], options: Options) => {
    const out = output(options);
    const { message, revId, branchLabel, accept = [] } = options;
    if (options.rebase) {
      if (message ?? revId ?? branchLabel)
        throw usage("bad-option", "--rebase writes no new revision.", "leave -m, --rev-id and --branch-label out");
      const app = await import("../../app/merge/rebase.ts");
      const result = await app.rebase(location(options), revisions, accept);
      out.result(result, () =>
        [
          ...result.moved.map(({ id, file, parents }) => `${id} follows ${parents.join(", ")} now\n${printable(file)}`),
          ...conflictLines(result.conflicts, out),
        ].join("\n"),
      );
      return;
    }
    const app = await import("../../app/merge.ts");
    const result = await app.merge(location(options), revisions, {
      ...(message === undefined ? {} : { message }),
      ...(revId === undefined ? {} : { id: revId }),
      labels: branchLabel ?? [],
      accept,
    });
    out.result(result, () =>
      [`${result.id} joins ${result.parents.join(", ")}`, printable(result.file), ...conflictLines(result.conflicts, out)].join("\n"),
    );
  });
};
