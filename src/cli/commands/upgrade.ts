import type { Command } from "commander";
import type { MoveOptions } from "../../app/move/move.ts";
import { type Common, common, location, seconds } from "../context.ts";
import { type FleetFlags, fleetOf, fleetText, sailing } from "../fleet.ts";
import { interruptible } from "../interrupt.ts";
import { type Output, output, printable } from "../output.ts";
import { progress } from "../progress.ts";
import type { Register } from "../register.ts";
import { movedText, plannedText } from "../text/move.ts";

export interface MoveFlags extends Common, FleetFlags {
  readonly sql?: boolean;
  readonly dryRun?: boolean;
  readonly transaction?: string;
  readonly lockTimeout?: string;
  readonly statementTimeout?: string;
  readonly wait?: string;
  readonly safe?: boolean;
  readonly skipCode?: boolean;
}

/** What `upgrade` and `downgrade` have in common. */
export function moving(command: Command): Command {
  return sailing(command)
    .option("--sql", "write the script to stdout instead of running it; connects to nothing")
    .option("--dry-run", "show what would run")
    .option("--transaction <mode>", "each revision in one transaction, all in one, or none")
    .option("--lock-timeout <seconds>", "how long a statement waits for a lock (5)")
    .option("--statement-timeout <seconds>", "how long a statement may run")
    .option("--wait <seconds>", "how long to wait for another run to end (60)")
    .option("--safe", "refuse statements that lose data")
    .option("--skip-code", "with --sql: leave out steps written in code");
}

export function moveOptions(flags: MoveFlags): MoveOptions {
  const lockTimeout = seconds("--lock-timeout", flags.lockTimeout);
  const statementTimeout = seconds("--statement-timeout", flags.statementTimeout);
  const wait = seconds("--wait", flags.wait);
  return {
    ...(flags.transaction === undefined ? {} : { transaction: flags.transaction }),
    ...(lockTimeout === undefined ? {} : { lockTimeout }),
    ...(statementTimeout === undefined ? {} : { statementTimeout }),
    ...(wait === undefined ? {} : { wait }),
    safe: flags.safe === true,
    skipCode: flags.skipCode === true,
  };
}

/** The script alone on stdout, so that it can be piped; what is missing from it is said beside. */
export function scripted({ sql, leftOut }: { readonly sql: string; readonly leftOut: readonly string[] }, out: Output): void {
  out.script(sql, { leftOut });
  for (const step of leftOut) out.note(`left out of the script, a step written in code: ${printable(step)}`);
}

export const upgrade: Register = (program, done) => {
  common(
    moving(program.command("upgrade").argument("<revisions...>", "head, heads, an id, +1, REV+1, label@head; A:B with --sql")).description(
      "Bring the database to a revision.",
    ),
    "limbeck upgrade head",
    "limbeck upgrade +1 --dry-run",
    "limbeck upgrade 504e:head --sql > upgrade.sql",
    "limbeck upgrade head --target 'tenant_*' --concurrency 8",
  ).action(async (targets: string[], flags: MoveFlags) => {
    const app = await import("../../app/upgrade.ts");
    const out = output(flags);
    const bar = progress(out);
    const fleet = fleetOf(flags, bar.target);
    if (flags.sql) {
      scripted(await app.upgradeScript(location(flags), targets, moveOptions(flags)), out);
      return;
    }
    if (flags.dryRun) {
      const plan = await app.upgradePlan(location(flags), targets, moveOptions(flags));
      out.result(plan, () => plannedText(plan.revisions, out, "nothing to do: the database is there already"));
      return;
    }
    if (fleet !== null) {
      const { upgradeFleet } = await import("../../app/move/fleet.ts");
      const sailed = await interruptible(out, (signal) =>
        upgradeFleet(location(flags), targets, { ...moveOptions(flags), signal }, fleet),
      ).finally(bar.end);
      out.result({ targets: sailed.targets }, () => fleetText(sailed, out));
      done(sailed.exitCode);
      return;
    }
    const result = await interruptible(out, (signal) =>
      app.upgrade(location(flags), targets, { ...moveOptions(flags), signal, onEvent: bar.event }),
    ).finally(bar.end);
    out.result(result, () => movedText("applied", result.applied, result.heads, out));
  });
};
