import { createInterface } from "node:readline/promises";
import type { Point } from "../core/revision.ts";
import { printable } from "./output.ts";

/** Asks one review point on the terminal: yes renames, no drops, nothing leaves it open. */
export async function ask(point: Point): Promise<"rename" | "drop" | null> {
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const evidence = point.evidence.map((line) => `    ${line}`).join("\n");
    const question = `${point.table}: was ${point.from} renamed to ${point.to}?\n${evidence}\n  y = rename, n = drop and add, Enter = leave open: `;
    const answer = (await prompt.question(printable(question).replaceAll("\\u000a", "\n"))).trim().toLowerCase();
    return answer === "y" || answer === "yes" ? "rename" : answer === "n" || answer === "no" ? "drop" : null;
  } finally {
    prompt.close();
  }
}

/** Nothing but yes is a yes. */
export async function confirm(question: string): Promise<boolean> {
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await prompt.question(`${question} y/N `)).trim());
  } finally {
    prompt.close();
  }
}
