import { common, location } from "../context.ts";
import { fleetOf, fleetText } from "../fleet.ts";
import { interruptible } from "../interrupt.ts";
import { output } from "../output.ts";
import { progress } from "../progress.ts";
import type { Register } from "../register.ts";
import { movedText, plannedText } from "../text/move.ts";
import { type MoveFlags, moveOptions, moving, scripted } from "./upgrade.ts";

export const downgrade: Register = (program, done) => {
  common(
    moving(program.command("downgrade").argument("<revision>", "-1, base, an id, REV-1, label@base; A:B with --sql")).description(
      "Take the database back to a revision.",
    ),
    "limbeck downgrade -1",
    "limbeck downgrade base --dry-run",
    "limbeck downgrade head:504e --sql > downgrade.sql",
  ).action(async (target: string, flags: MoveFlags) => {
    const app = await import("../../app/downgrade.ts");
    const out = output(flags);
    const bar = progress(out);
    const fleet = fleetOf(flags, bar.target);
    if (flags.sql) {
      scripted(await app.downgradeScript(location(flags), target, moveOptions(flags)), out);
      return;
    }
    if (flags.dryRun) {
      const plan = await app.downgradePlan(location(flags), target, moveOptions(flags));
      out.result(plan, () => plannedText(plan.revisions, out, "nothing to do: the database is there already"));
      return;
    }
    if (fleet !== null) {
      const { downgradeFleet } = await import("../../app/move/fleet.ts");
      const sailed = await interruptible(out, (signal) =>
        downgradeFleet(location(flags), target, { ...moveOptions(flags), signal }, fleet),
      ).finally(bar.end);
      out.result({ targets: sailed.targets }, () => fleetText(sailed, out));
      done(sailed.exitCode);
      return;
    }
    const result = await interruptible(out, (signal) =>
      app.downgrade(location(flags), target, { ...moveOptions(flags), signal, onEvent: bar.event }),
    ).finally(bar.end);
    out.result(result, () => movedText("reverted", result.reverted, result.heads, out));
  });
};
