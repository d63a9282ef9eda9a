/** A revision as the graph knows it. */
export interface Node {
  readonly id: string;
  readonly parents: readonly string[];
  /** revisions, by id or label, that must have run before, without being parents */
  readonly dependsOn: readonly string[];
  readonly labels: readonly string[];
  readonly file?: string;
}
