import { type Common, common, location } from "../context.ts";
import { output, printable } from "../output.ts";
import type { Register } from "../register.ts";

interface Options extends Common {
  readonly message?: string;
  readonly revId?: string;
  readonly branchLabel?: readonly string[];
}

const collect = (value: string, list: readonly string[] = []): readonly string[] => [...list, value];

export const merge: Register = (program) => {
  common(
    program
      .command("merge")
      .argument("<revisions...>", "heads, or two or more revisions")
      .description("Join several heads in one revision.")
      .option("-m, --message <text>", "what it does")
      .option("--rev-id <id>", "the id, instead of a random one")
      .option("--branch-label <label>", "name the branch that begins here", collect),
    'limbeck merge heads -m "join grading and todos"',
  ).action(async (revisions: string[], options: Options) => {
    const app = await import("../../app/merge.ts");
    const out = output(options);
    const { message, revId, branchLabel } = options;
    const result = await app.merge(location(options), revisions, {
      ...(message === undefined ? {} : { message }),
      ...(revId === undefined ? {} : { id: revId }),
      labels: branchLabel ?? [],
    });
    out.result(result, () => `${result.id} joins ${result.parents.join(", ")}\n${printable(result.file)}`);
  });
};
