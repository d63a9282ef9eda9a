import { exitCodes, usage } from "../../core/errors.ts";
import { type Common, common, location } from "../context.ts";
import { choosing, chosen, type FleetFlags } from "../fleet.ts";
import { output, printable } from "../output.ts";
import type { Register } from "../register.ts";
import { historyText } from "../text/history.ts";
import { interruptedText, standingsText } from "../text/standing.ts";

interface Options extends Common, Pick<FleetFlags, "target" | "targets" | "concurrency"> {
  readonly check?: boolean;
}

export const current: Register = (program, done) => {
  common(
    choosing(program.command("current"))
      .description("The revisions that the database is at.")
      .option("--check", "exit with 3 when it is not at all heads"),
    "limbeck current",
    "limbeck current --check && echo up to date",
    "limbeck current --target '*'",
  ).action(async (options: Options) => {
    const app = await import("../../app/current.ts");
    const out = output(options);
    if (options.target !== undefined || options.targets !== undefined) {
      const { targets, exitCode } = await app.currentFleet(location(options), chosen(options));
      out.result({ targets: targets.map(({ standing, ...rest }) => ({ ...rest, ...standing })) }, () => standingsText(targets, out));
      const behind = targets.some(({ standing }) => standing?.atHead === false);
      done(Math.max(exitCode, options.check && behind ? exitCodes.differences : 0));
      return;
    }
    if (options.concurrency !== undefined) {
      throw usage("bad-option", "--concurrency is about several targets.", "--target NAME, or --targets FILE");
    }
    const { revisions, missing, ...result } = await app.current(location(options));
    for (const text of missing) out.note(text);
    out.result(result, () =>
      [
        historyText(revisions, { ...out, graph: false }) || (result.unknown.length > 0 ? "" : "(nothing applied)"),
        ...result.unknown.map(
          (id) => `${out.paint("red", printable(id))} is applied, but no file has it\n  limbeck doctor says what to do`,
        ),
        ...(result.interrupted === null ? [] : [interruptedText(result.interrupted)]),
        ...(out.verbose && result.pending.length > 0 ? [`pending: ${result.pending.join(", ")}`] : []),
      ]
        .filter((line) => line !== "")
        .join("\n"),
    );
    done(options.check && !result.atHead ? exitCodes.differences : 0);
  });
};
