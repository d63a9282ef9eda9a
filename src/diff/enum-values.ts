import type { Operation } from "../core/operation.ts";
import { tidy } from "./equal.ts";
import { on, tableOf } from "./on.ts";
import { choose, type Question } from "./renames.ts";
import { similarity } from "./similarity.ts";

/** A value that goes and one that comes in its place, or with a name like it. */
export function enumValueQuestions(operations: readonly Operation[]): readonly Question[] {
  return operations.flatMap((operation) => {
    if (operation.kind === "alterEnum") {
      const { schema, name, from, to } = operation;
      return questionsOf({ schema, table: name }, from, to);
    }
    if (operation.kind !== "alterColumn") return [];
    const [from, to] = [valuesOf(operation.from.type), valuesOf(operation.to.type)];
    if (from === null || to === null) return [];
    return questionsOf({ ...on(tableOf(operation)), column: operation.to.name }, from.map(unquoted), to.map(unquoted));
  });
}

interface Where {
  readonly schema?: string | undefined;
  readonly table: string;
  readonly column?: string;
}

function questionsOf({ schema, table, column }: Where, before: readonly string[], after: readonly string[]): readonly Question[] {
  const gone = before.filter((value) => !after.includes(value));
  const come = after.filter((value) => !before.includes(value));
  const candidates = gone
    .flatMap((from) => come.map((to) => ({ from: `-${from}`, to: `+${to}`, ...likeness(from, to, before, after) })))
    .filter(({ confidence }) => confidence >= 0.5)
    .sort((a, b) => b.confidence - a.confidence);
  return choose(candidates).map(({ from, to, confidence, because }) => {
    const others = candidates.filter((other) => other.from === from && other.to !== to).map((other) => other.to.slice(1));
    return tidy<Question>({
      kind: "renameEnumValue",
      schema,
      table,
      column,
      from: from.slice(1),
      to: to.slice(1),
      confidence,
      evidence: because,
      alternatives: others.length === 0 ? undefined : others,
      stake: `rows that hold ${from.slice(1)} stand in the way of the change`,
      keeps: undefined,
    });
  });
}

function likeness(from: string, to: string, before: readonly string[], after: readonly string[]) {
  const position = before.indexOf(from) === after.indexOf(to);
  const same = before.length === after.length;
  const alike = similarity(from, to);
  const confidence = (position ? 0.5 : 0) + (position && same ? 0.1 : 0) + alike * 0.5;
  return {
    confidence: Math.round(Math.min(0.95, confidence) * 100) / 100,
    because: [...(position ? ["same position among the values"] : []), ...(alike >= 0.4 ? ["similar name"] : [])],
  };
}

/** The literals in `enum('a','b')`; null when it is no such type. */
export function valuesOf(type: string): readonly string[] | null {
  const list = /^enum\((.*)\)$/is.exec(type)?.[1];
  return list === undefined ? null : (list.match(/'(?:[^']|'')*'/g) ?? []);
}

export const unquoted = (literal: string): string => literal.slice(1, -1).replaceAll("''", "'");
