import { compare } from "./equal.ts";

/** `createdAt`, `created_at`, `CREATED-AT` → created, at */
export function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, "$1 $2")
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
}

/** The same words in another case or naming style. */
export const sameInAnotherStyle = (a: string, b: string): boolean => wordsOf(a).join("") === wordsOf(b).join("");

/** 0: nothing in common, 1: the same words. */
export function similarity(a: string, b: string): number {
  if (sameInAnotherStyle(a, b)) return 1;
  return Math.max(
    sharedWords(wordsOf(a), wordsOf(b)),
    sharedPairs(a.toLowerCase(), b.toLowerCase()),
    affix(a.toLowerCase(), b.toLowerCase()),
  );
}

/** A plural counts as its word. */
function sharedWords(a: readonly string[], b: readonly string[]): number {
  const [left, right] = [new Set(a.map(stem)), new Set(b.map(stem))];
  const common = [...left].filter((word) => right.has(word)).length;
  return common === 0 ? 0 : (2 * common) / (left.size + right.size);
}

const stem = (word: string): string => (word.length > 3 ? word.replace(/(?:e?s)$/, "") : word);

/** Pairs of neighbouring letters that both names have (Dice). */
function sharedPairs(a: string, b: string): number {
  const rest = pairsOf(b);
  const total = pairsOf(a).length + rest.length;
  let common = 0;
  for (const pair of pairsOf(a)) {
    const at = rest.indexOf(pair);
    if (at >= 0) {
      rest.splice(at, 1);
      common++;
    }
  }
  return total === 0 ? 0 : (2 * common) / total;
}

const pairsOf = (text: string): string[] =>
  Array.from({ length: Math.max(0, text.length - 1) }, (_, i) => text.slice(i, i + 2)).sort(compare);

/** One name begins or ends with the other. */
function affix(a: string, b: string): number {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return short.length >= 3 && (long.startsWith(short) || long.endsWith(short)) ? 0.7 : 0;
}
