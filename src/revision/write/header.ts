import type { Header } from "../../core/revision.ts";
import { literal } from "./literal.ts";

/** The head of a revision as lines of its object, in the one order that is read without running the file. */
export function headerLines(header: Header): string {
  const { id, parents, dependsOn, labels, replaces, message, createdAt, typeorm, adopted, review } = header;
  const some = <T>(list: readonly T[]) => (list.length === 0 ? undefined : list);
  const fields = {
    id,
    parents,
    dependsOn: some(dependsOn),
    labels: some(labels),
    replaces: some(replaces),
    message,
    createdAt,
    typeorm,
    adopted,
    review: some(review),
  };
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `  ${field(name, value)},\n`)
    .join("");
}

export function field(name: string, value: unknown): string {
  return `${name}: ${literal(value, 2, 4 + name.length, 1)}`;
}
