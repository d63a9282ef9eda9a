import type { RevisionGraph } from "./graph.ts";

/** `branch@symbol+steps`, taken apart. Relative to what is applied when the symbol is empty. */
export interface Expression {
  readonly text: string;
  readonly branch: string | null;
  readonly symbol: string;
  readonly steps: number;
}

const relative = /^(.*?)([+-]\d+)$/s;

export function parseExpression(graph: RevisionGraph, text: string): Expression {
  const at = text.indexOf("@");
  const branch = at < 0 ? null : text.slice(0, at);
  const rest = text.slice(at + 1);
  const found = relative.exec(rest);
  // an id may itself end in what looks like steps: release-2
  if (found === null || graph.nodes.has(rest) || graph.labels.has(rest)) return { text, branch, symbol: rest, steps: 0 };
  return { text, branch, symbol: found[1] ?? "", steps: Number(found[2]) };
}

export function isRelative(expression: Expression): boolean {
  return expression.symbol === "" && expression.steps !== 0;
}

/** Words that stand for a place in any graph. */
export function isPlace(word: string): boolean {
  return ["base", "heads", "head", "current"].includes(word);
}
