import type { Command } from "commander";
import type { FleetOptions, FleetResult, TargetResult } from "../app/move/fleet.ts";
import type { TargetChoice } from "../app/move/targets.ts";
import { usage } from "../core/errors.ts";
import { type Output, printable } from "./output.ts";

export interface FleetFlags {
  readonly target?: readonly string[];
  readonly targets?: string;
  readonly concurrency?: string;
  readonly canary?: string;
  readonly maxFailures?: string;
}

/** The flags of a command that looks at many databases. */
export function choosing(command: Command): Command {
  return command
    .option("--target <name...>", "run on these of the configuration's targets; * stands for any text")
    .option("--targets <file>", "the targets, a line each or JSON, instead of the configuration's")
    .option("--concurrency <n>", "how many targets at once (4)");
}

/** The flags of a command that changes many databases. */
export function sailing(command: Command): Command {
  return choosing(command)
    .option("--canary <name>", "the target that goes first and alone (the first one)")
    .option("--max-failures <n>", "begin no further target after so many failures (1)");
}

/** Null when the command is for the one database of the data source. */
export function fleetOf(
  flags: FleetFlags & { readonly sql?: boolean; readonly dryRun?: boolean },
  onTarget: NonNullable<FleetOptions["onTarget"]>,
): FleetOptions | null {
  const { target, targets, canary } = flags;
  if (target === undefined && targets === undefined) {
    const alone = (["concurrency", "canary", "maxFailures"] as const).find((name) => flags[name] !== undefined);
    if (alone === undefined) return null;
    throw usage("bad-option", "--concurrency, --canary and --max-failures are about several targets.", "--target NAME, or --targets FILE");
  }
  if (flags.sql || flags.dryRun) {
    throw usage("bad-option", "--sql and --dry-run are about one database.", "leave out --target; a script is the same for all of them");
  }
  return {
    ...chosen(flags),
    ...(canary === undefined ? {} : { canary }),
    maxFailures: count("--max-failures", flags.maxFailures, 1),
    onTarget,
  };
}

/** Which targets, and how many at once. */
export function chosen({ target, targets, concurrency }: FleetFlags): TargetChoice & { readonly concurrency: number } {
  return {
    names: target ?? [],
    ...(targets === undefined ? {} : { file: targets }),
    concurrency: count("--concurrency", concurrency, 4),
  };
}

function count(flag: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw usage("bad-option", `${flag} takes a number from 1 on, not "${text}".`, `${flag} ${otherwise}`);
}

const colours = { done: "green", nothing: "dim", failed: "red", "not-begun": "yellow" } as const;

/** A line each, and the sum. */
export function fleetText({ targets }: FleetResult, out: Output): string {
  const width = Math.max(...targets.map(({ target }) => printable(target).length));
  const sums = (["done", "nothing", "failed", "not-begun"] as const)
    .map((state) => [state, targets.filter((one) => one.state === state).length] as const)
    .filter(([, sum]) => sum > 0);
  return [
    ...targets.map((one) => `${printable(one.target).padEnd(width)}  ${targetText(one, out)}`),
    sums.map(([state, sum]) => `${sum} ${state}`).join(", "),
  ].join("\n");
}

export function targetText({ state, revisions, heads, ms, error }: TargetResult, out: Output): string {
  const ran = revisions.length === 0 ? "" : `${revisions.length} revision${revisions.length === 1 ? "" : "s"}`;
  const at = state === "done" || state === "nothing" ? `at ${heads.map(printable).join(", ") || "base"}` : "";
  const why = error === null ? "" : printable(`${error.code}: ${error.message}`).replaceAll("\n", "\n    ");
  const time = state === "not-begun" ? "" : `${ms} ms`;
  return [out.paint(colours[state], state.padEnd(9)), ran, at, why, out.paint("dim", time)].filter((part) => part !== "").join("  ");
}
