import { type Common, common, location } from "../context.ts";
import { output } from "../output.ts";
import type { Register } from "../register.ts";
import { historyText } from "../text/history.ts";

interface Options extends Common {
  readonly revRange?: string;
  readonly indicateCurrent?: boolean;
  readonly graph?: boolean;
}

export const history: Register = (program) => {
  common(
    program
      .command("history")
      .description("The revisions, newest first.")
      .option("-r, --rev-range <A:B>", "only this range; an end may be left out, or be `current`")
      .option("-i, --indicate-current", "mark what the database has")
      .option("--graph", "draw the branches"),
    "limbeck history",
    "limbeck history -r base:current -v",
    "limbeck history -i --json",
  ).action(async (options: Options) => {
    const app = await import("../../app/history.ts");
    const out = output(options);
    const { missing, ...result } = await app.history(location(options), {
      ...(options.revRange === undefined ? {} : { range: options.revRange }),
      indicate: options.indicateCurrent === true,
    });
    for (const text of missing) out.note(text);
    out.result(result, () => historyText(result.revisions, { ...out, graph: options.graph === true }));
  });
};
