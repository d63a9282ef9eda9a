import { type Common, common, location } from "../context.ts";
import { output } from "../output.ts";
import type { Register } from "../register.ts";
import { historyText } from "../text/history.ts";

interface Options extends Common {
  readonly resolveDependencies?: boolean;
}

const resolveDependencies = ["--resolve-dependencies", "leave out heads that others depend on"] as const;

export const heads: Register = (program) => {
  common(
    program
      .command("heads")
      .description("The newest revision of every branch.")
      .option(...resolveDependencies),
    "limbeck heads",
    "limbeck heads -v",
  ).action(async (options: Options) => {
    const app = await import("../../app/history.ts");
    const out = output(options);
    const { heads: ids, revisions, missing } = await app.heads(location(options), options.resolveDependencies === true);
    for (const text of missing) out.note(text);
    out.result({ heads: ids }, () => historyText(revisions, { ...out, graph: false }));
  });
};

export const branches: Register = (program) => {
  common(
    program
      .command("branches")
      .description("The revisions where branches part, and the heads they lead to.")
      .option(...resolveDependencies),
    "limbeck branches -v",
  ).action(async (options: Options) => {
    const app = await import("../../app/history.ts");
    const out = output(options);
    const result = await app.branches(location(options), options.resolveDependencies === true);
    for (const text of result.missing) out.note(text);
    out.result({ heads: result.heads, branches: result.branches }, () => historyText(result.revisions, { ...out, graph: false }));
  });
};
