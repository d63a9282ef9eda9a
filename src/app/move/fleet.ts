import { exitCodes, usage } from "../../core/errors.ts";
import { downgradeChooser } from "../downgrade.ts";
import { type Location, openProject, type Project } from "../project/project.ts";
import { upgradeChooser } from "../upgrade.ts";
import { inLanes, type Told, toldOf } from "./lanes.ts";
import { type Choose, type MoveOptions, moveAt } from "./move.ts";
import { chooseTargets, type Target, type TargetChoice } from "./targets.ts";

/** The same run on many databases or schemas. */
export interface FleetOptions extends TargetChoice {
  /** how many at once */
  readonly concurrency: number;
  /** goes first and alone; the first target */
  readonly canary?: string;
  /** after so many failures no further target is begun */
  readonly maxFailures: number;
  readonly onTarget?: (result: TargetResult, ended: number, total: number) => void;
}

export interface TargetResult {
  readonly target: string;
  /** "not-begun": others failed before its turn, or the run was interrupted */
  readonly state: "done" | "nothing" | "failed" | "not-begun";
  /** what ran; of a target that failed, its journal knows */
  readonly revisions: readonly string[];
  readonly heads: readonly string[];
  readonly ms: number;
  readonly error: Told | null;
}

export interface FleetResult {
  readonly targets: readonly TargetResult[];
  /** 0, or the worst of theirs */
  readonly exitCode: number;
}

export function upgradeFleet(location: Location, targets: readonly string[], options: MoveOptions, fleet: FleetOptions) {
  return moveFleet(location, "upgrade", upgradeChooser(targets), options, fleet);
}

export function downgradeFleet(location: Location, target: string, options: MoveOptions, fleet: FleetOptions) {
  return moveFleet(location, "downgrade", downgradeChooser(target), options, fleet);
}

/** Configuration, files and graph are read once; each target has its own session, lock and journal. */
async function moveFleet(
  location: Location,
  direction: "upgrade" | "downgrade",
  choose: Choose,
  options: MoveOptions,
  fleet: FleetOptions,
): Promise<FleetResult> {
  const project = await openProject(location, { whole: true });
  const run = async (at: Project) => {
    const { moved, heads } = await moveAt(location, at, direction, choose, options);
    return { revisions: moved.map(({ id }) => id), heads };
  };
  return sail(chooseTargets(project, fleet), fleet, run, options.signal);
}

type Work = (project: Project) => Promise<Pick<TargetResult, "revisions" | "heads">>;

/** The canary, then the others, so many at once, until too many have failed. */
async function sail(targets: readonly Target[], fleet: FleetOptions, work: Work, signal?: AbortSignal): Promise<FleetResult> {
  const canary = canaryOf(targets, fleet.canary);
  const order = [canary, ...targets.filter((one) => one !== canary)];
  const results = new Map<Target, TargetResult>();
  const codes: number[] = [];
  const sailOne = async (target: Target) => {
    const { code, ...result } = await attempt(target, work);
    if (code !== 0) codes.push(code);
    results.set(target, result);
    fleet.onTarget?.(result, results.size, targets.length);
  };
  await sailOne(canary);
  const goesOn = () => codes.length < fleet.maxFailures && !signal?.aborted;
  if (codes.length === 0) await inLanes(order.slice(1), fleet.concurrency, sailOne, goesOn);
  if (signal?.aborted) codes.push(exitCodes.interrupted);
  return { targets: targets.map((target) => results.get(target) ?? notBegun(target)), exitCode: Math.max(0, ...codes) };
}

function canaryOf(targets: readonly Target[], name: string | undefined): Target {
  const found = name === undefined ? targets[0] : targets.find((target) => target.name === name);
  if (found !== undefined) return found;
  throw usage("unknown-target", `The canary "${name}" is not among the chosen targets.`, "--canary NAME: one of those that --target names");
}

async function attempt({ name, project }: Target, work: Work): Promise<TargetResult & { readonly code: number }> {
  const started = performance.now();
  const result = { target: name, revisions: [], heads: [], error: null };
  const ms = () => Math.round(performance.now() - started);
  try {
    const done = await work(project);
    return { ...result, ...done, state: done.revisions.length === 0 ? "nothing" : "done", ms: ms(), code: 0 };
  } catch (error) {
    const { exitCode, ...told } = toldOf(error);
    return { ...result, state: "failed", ms: ms(), error: told, code: exitCode };
  }
}

const notBegun = ({ name }: Target): TargetResult => ({
  target: name,
  state: "not-begun",
  revisions: [],
  heads: [],
  ms: 0,
  error: null,
});
