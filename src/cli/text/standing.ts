import type { CurrentResult, TargetStanding } from "../../app/current.ts";
import { type Output, printable } from "../output.ts";

export function interruptedText({ id, direction, done, total, error }: NonNullable<CurrentResult["interrupted"]>): string {
  const why = error === null ? "" : `: ${printable(error)}`;
  return `${direction} of ${printable(id)} stopped after ${done} of ${total} statements${why}\n  go on with: limbeck upgrade head`;
}

const colours = { "at head": "green", behind: "yellow", "half way": "red", unknown: "red", failed: "red" } as const;
type State = keyof typeof colours;

/** A line for each target, and the sum. */
export function standingsText(targets: readonly TargetStanding[], out: Output): string {
  const width = Math.max(...targets.map(({ target }) => printable(target).length));
  const states = targets.map((one) => stateOf(one));
  const sums = (Object.keys(colours) as State[]).map((state) => [state, states.filter((one) => one === state).length] as const);
  return [
    ...targets.map((one, i) => {
      const state = states[i] ?? "failed";
      return `${printable(one.target).padEnd(width)}  ${out.paint(colours[state], state.padEnd(8))}  ${detailOf(one, out)}`.trimEnd();
    }),
    sums.flatMap(([state, sum]) => (sum > 0 ? `${sum} ${state}` : [])).join(", "),
  ].join("\n");
}

function stateOf({ standing }: TargetStanding): State {
  if (standing === null) return "failed";
  if (standing.interrupted !== null) return "half way";
  if (standing.unknown.length > 0) return "unknown";
  return standing.atHead ? "at head" : "behind";
}

function detailOf({ standing, error }: TargetStanding, out: Output): string {
  if (standing === null) return error === null ? "" : printable(`${error.code}: ${error.message}`).replaceAll("\n", "\n    ");
  const { heads, pending, unknown, interrupted } = standing;
  return [
    `at ${heads.map(printable).join(", ") || "base"}`,
    interrupted === null
      ? ""
      : `${interrupted.direction} of ${printable(interrupted.id)} after ${interrupted.done} of ${interrupted.total}`,
    unknown.length === 0 ? "" : `no file has ${unknown.map(printable).join(", ")}`,
    pending.length === 0 ? "" : out.paint("dim", `${pending.length} pending`),
  ]
    .filter((part) => part !== "")
    .join("  ");
}
