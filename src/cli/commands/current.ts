import { exitCodes } from "../../core/errors.ts";
import { type Common, common, location } from "../context.ts";
import { output, printable } from "../output.ts";
import type { Register } from "../register.ts";
import { historyText } from "../text/history.ts";

interface Options extends Common {
  readonly check?: boolean;
}

export const current: Register = (program, done) => {
  common(
    program
      .command("current")
      .description("The revisions that the database is at.")
      .option("--check", "exit with 3 when it is not at all heads"),
    "limbeck current",
    "limbeck current --check && echo up to date",
  ).action(async (options: Options) => {
    const app = await import("../../app/current.ts");
    const out = output(options);
    const { revisions, ...result } = await app.current(location(options));
    out.result(result, () =>
      [
        historyText(revisions, { ...out, graph: false }) || (result.unknown.length > 0 ? "" : "(nothing applied)"),
        ...result.unknown.map(
          (id) => `${out.paint("red", printable(id))} is applied, but no file has it\n  limbeck doctor says what to do`,
        ),
        ...(result.interrupted === null ? [] : [interrupted(result.interrupted)]),
        ...(out.verbose && result.pending.length > 0 ? [`pending: ${result.pending.join(", ")}`] : []),
      ]
        .filter((line) => line !== "")
        .join("\n"),
    );
    done(options.check && !result.atHead ? exitCodes.differences : 0);
  });
};

function interrupted(row: { id: string; direction: string; done: number; total: number; error: string | null }): string {
  const why = row.error === null ? "" : `: ${printable(row.error)}`;
  return `${row.direction} of ${row.id} stopped after ${row.done} of ${row.total} statements${why}\n  go on with: limbeck upgrade head`;
}
