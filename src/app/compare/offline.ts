import type { NotCompared } from "../../dialect/dialect.ts";
import { type Doubt, withoutUnsettled } from "../../diff/unsettled.ts";
import type { Project } from "../project/project.ts";
import { type Comparison, compareOffline } from "./compare.ts";

/** Models against what the revisions say, where no server can be asked: what only one could settle is said and left out. */
export async function compareWithRevisions(project: Project): Promise<Comparison> {
  const found = await compareOffline(project, new Set(project.graph.order));
  const { operations, doubts } = withoutUnsettled(found.difference.operations);
  return {
    ...found,
    difference: { ...found.difference, operations },
    notCompared: [...found.notCompared, ...notReplayed(found.opaque), ...doubts.map(unsettled)],
  };
}

export const notReplayed = (opaque: readonly string[]): readonly NotCompared[] =>
  opaque.map((what) => ({ what, because: "what it did to the schema can't be replayed in memory" }));

export const unsettled = ({ what, from, to }: Doubt): NotCompared => ({
  what,
  because: `once ${from}, once ${to}: only a server can tell whether that is the same`,
});
