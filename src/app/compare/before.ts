import type { Server } from "../../core/db.ts";
import { Builder } from "../../core/operations/builder.ts";
import type { Recorded } from "../../run/journal.ts";
import type { Step } from "../../run/step.ts";
import type { Project } from "../project/project.ts";
import { historySchema } from "./compare.ts";
import { advance } from "./replay.ts";

/**
 * Each step with the schema that it meets, as the history has it; only for engines that need it. What the journal keeps of a revision
 * spares its file; a script has no journal.
 */
export async function withBefore(
  { dialect, ...project }: Project,
  server: Server,
  applied: ReadonlySet<string>,
  steps: readonly Step[],
  recorded: () => Promise<ReadonlyMap<string, Recorded>> = async () => new Map(),
): Promise<readonly Step[]> {
  if (!dialect.needsBefore || steps.length === 0) return steps;
  const { schema } = await historySchema({ dialect, ...project }, server, applied, await recorded());
  const builder = new Builder(dialect.normalize(schema, server));
  return steps.map((step) => {
    const before = builder.schema();
    advance(builder, step.operations, server.flavor);
    return { ...step, before };
  });
}
