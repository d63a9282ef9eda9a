import { LimbeckError } from "../../../src/core/errors.ts";
import type { RevisionGraph } from "../../../src/graph/graph.ts";
import { planDowngrade, planStamp, planUpgrade } from "../../../src/graph/plan.ts";
import { resolveDowngrade, resolveStamp, resolveUpgrade } from "../../../src/graph/target.ts";
import { ancestors, headsAmong } from "../../../src/graph/walk.ts";

export interface Played {
  readonly did: readonly string[];
  readonly heads: readonly string[];
}

/** What a command does to a database that stands at `at`. */
export function play(graph: RevisionGraph, at: readonly string[], command: string): Played {
  const applied = ancestors(graph, at);
  const [verb = "", ...targets] = command.split(" ");
  if (verb === "stamp") {
    const { add, remove, heads } = planStamp(graph, applied, resolveStamp(graph, applied, targets));
    return { did: [...remove, ...add], heads };
  }
  if (verb === "upgrade") {
    const did = planUpgrade(graph, applied, resolveUpgrade(graph, applied, targets));
    return { did, heads: headsAmong(graph, new Set([...applied, ...did])) };
  }
  const did = planDowngrade(graph, applied, resolveDowngrade(graph, applied, targets[0] ?? ""));
  return { did, heads: headsAmong(graph, new Set([...applied].filter((id) => !did.includes(id)))) };
}

export function failure(work: () => unknown): LimbeckError {
  try {
    work();
  } catch (error) {
    if (error instanceof LimbeckError) return error;
    throw error;
  }
  throw new Error("it did not fail");
}
