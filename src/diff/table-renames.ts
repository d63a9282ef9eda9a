import type { CreateTable, DropTable, Operation } from "../core/operation.ts";
import { keyOf, labelOf, type Table } from "../core/schema.ts";
import { compare, tidy } from "./equal.ts";
import type { Evidence } from "./evidence.ts";
import { familyOf } from "./families.ts";
import { targetOf } from "./on.ts";
import { choose, type Question } from "./renames.ts";
import { sameInAnotherStyle, similarity } from "./similarity.ts";

/** Tables that go and tables that come with nearly the same columns. */
export function tableQuestions(operations: readonly Operation[]): readonly Question[] {
  const gone = operations.filter((operation): operation is DropTable => operation.kind === "dropTable").map(({ definition }) => definition);
  const come = operations
    .filter((operation): operation is CreateTable => operation.kind === "createTable")
    .map(({ definition }) => definition);
  const candidates = gone
    .flatMap((from) =>
      come.flatMap((to) => {
        const evidence = judgeTables(from, to);
        return evidence === null ? [] : [{ from, to, ...evidence }];
      }),
    )
    .sort((a, b) => b.confidence - a.confidence || compare(keyOf(a.from), keyOf(b.from)) || compare(keyOf(a.to), keyOf(b.to)));
  return choose(candidates)
    .sort((a, b) => compare(keyOf(a.from), keyOf(b.from)))
    .map(({ from, to, confidence, because }) => {
      const others = candidates.filter((other) => other.from === from && other.to !== to).map((other) => labelOf(other.to));
      return tidy<Question>({
        kind: "renameTable",
        schema: undefined,
        table: labelOf(from),
        column: undefined,
        from: labelOf(from),
        to: labelOf(to),
        confidence,
        evidence: because,
        alternatives: others.length === 0 ? undefined : others,
        stake: `all rows of ${labelOf(from)}`,
        keeps: undefined,
      });
    });
}

/** Two sets of columns that are alike are one table under two names; two names that are alike are not enough. */
export function judgeTables(from: Table, to: Table): Evidence | null {
  const shared = from.columns.filter((column) =>
    to.columns.some((other) => sameInAnotherStyle(other.name, column.name) && familyOf(other.type) === familyOf(column.type)),
  ).length;
  const columns = (2 * shared) / (from.columns.length + to.columns.length);
  const targets = (table: Table) =>
    table.foreignKeys
      .map((key) => keyOf(targetOf(key)))
      .sort(compare)
      .join();
  const sameTargets = from.foreignKeys.length > 0 && targets(from) === targets(to);
  const likeness = similarity(from.name, to.name);
  if (columns < 0.5 && !(sameTargets && likeness >= 0.5)) return null;
  const because: string[] = [];
  if (shared > 0) because.push(`${shared} of ${from.columns.length} columns have the same name and sort of type`);
  if (from.name === to.name) because.push("same name in another schema");
  else if (sameInAnotherStyle(from.name, to.name)) because.push("same name in another style");
  else if (likeness >= 0.4) because.push("similar name");
  if (sameTargets) because.push("same foreign keys");
  const score = columns * 0.6 + likeness * 0.3 + (sameTargets ? 0.1 : 0);
  const confidence = Math.round(Math.min(0.99, score) * 100) / 100;
  return confidence < 0.5 ? null : { confidence, because };
}
