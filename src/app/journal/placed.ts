import type { RevisionRecord } from "../../run/step.ts";
import type { Project } from "../project/project.ts";

/** What the journal says of a revision's place: the names that count, for a parent may have been put into a squash, or be said by its label. */
export function placed({ graph }: Project, record: RevisionRecord): RevisionRecord {
  const node = graph.nodes.get(record.id);
  return node === undefined ? record : { ...record, parents: node.parents, depends_on: node.dependsOn };
}
